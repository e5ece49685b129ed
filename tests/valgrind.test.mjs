// Valgrind, which knows nothing of the stacks and their guards, runs programs as they are and finds no
// fault: no bad access, nothing lost.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startFixture } from './support/fixture-server.mjs';
import { argumentsFor, inNewFolder, readScenarios, runProcess } from './support/scenarios.mjs';

const programs = fileURLToPath(new URL('../build/native/scenarios/', import.meta.url));
const options = [
  '-q',
  '--error-exitcode=99',
  '--leak-check=full',
  '--errors-for-leak-kinds=definite',
];
const chosen = (
  'cancel errors fetch fetch_pieces fetch_sessions file_cancel file_close futures order threads ' +
  'timers'
).split(' ');

for (const scenario of readScenarios().filter(({ name }) => chosen.includes(name))) {
  test(`valgrind finds no fault in ${scenario.name}`, { timeout: 120_000 }, () =>
    inNewFolder(async (folder) => {
      const program = programs + scenario.name;
      assert.ok(existsSync(program), `not built: ${program}: run ./run build`);
      const fixture = await startFixture();
      try {
        const words = [...options, program, ...argumentsFor(scenario, fixture, 'process')];
        const { stdout, stderr, exit } = await runProcess('valgrind', words, folder);
        assert.equal(exit, '0', stderr);
        assert.equal(stdout, scenario.expected);
      } finally {
        await fixture.close();
      }
    }),
  );
}
