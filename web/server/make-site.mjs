// The command `node web/server/make-site.mjs DIR`: puts the page and all it needs into a folder.

import { runCommand } from './command.mjs';

await runCommand(async (say) => {
  const [folder, ...rest] = process.argv.slice(2);
  if (!folder || folder.startsWith('-') || rest.length > 0) {
    say('which folder is the page to be put into?');
    process.stderr.write('usage: node web/server/make-site.mjs DIR\n');
    process.exit(2);
  }
  const { makeSite } = await import('./site.mjs');
  await makeSite(folder, { report: say });
  console.log(`the page is in ${folder}: any web server can serve it`);
});
