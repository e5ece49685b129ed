// The command `node web/server/make-flags.mjs`: makes the flags that the cache lacks, and ends.

import { runCommand } from './command.mjs';

await runCommand(async (say) => {
  const { flagSize, loadFlags } = await import('./flags.mjs');
  const { flagsFolder } = await import('./places.mjs');
  const flags = await loadFlags({ report: say });
  console.log(`${flags.size} flags of ${flagSize.width}x${flagSize.height} in ${flagsFolder}`);
});
