// ./run bench: measures the groups, prints a table each, writes what is asked for. The exit status is
// 1 if anything failed; a peer that is not here is no failure.

import { writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { groupNames, readArgumentsOrExit } from './arguments.mjs';
import { toJson } from './measure.mjs';
import { writeResults } from './results.mjs';
import { Suite } from './suite.mjs';

const resultsFile = fileURLToPath(new URL('RESULTS.md', import.meta.url));

const options = readArgumentsOrExit(process.argv.slice(2));
const suite = new Suite(options);

let ending = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, async () => {
    if (ending) return;
    ending = true;
    await suite.end();
    process.exit(128 + constants.signals[signal]);
  });
}

const load = (name) => import(`./groups/${name}.mjs`);
try {
  for (const name of options.groups) await suite.run(name, await load(name));
} finally {
  if (!ending) await suite.end();
}
if (ending) await new Promise(() => {}); // the signal's handler ends the process

if (options.only && suite.results.length === 0 && suite.failures === 0) {
  console.error(`bench: no row has '${options.only}' in its name`);
  process.exit(2);
}
if (options.json)
  writeFileSync(options.json, `${JSON.stringify(toJson(suite.results), null, 2)}\n`);
if (options.results) {
  const modules = await Promise.all(groupNames.map(load));
  writeResults(
    resultsFile,
    suite.sections,
    modules.map(({ title }) => title),
  );
}
process.exit(suite.failures > 0 ? 1 : 0);
