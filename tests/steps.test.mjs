// No list, queue or chain of the core is gone through again for each that is in it: four times as many
// take little more than four times as many steps (a heap's take some more), counted and not timed.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../build/native/steps/steps', import.meta.url));
const run = (...words) => execFileSync(program, words, { encoding: 'utf8' });
const stepsOf = (name, count) => Number(run(name, String(count)));

for (const name of run().trim().split('\n')) {
  test(`steps of ${name}`, { timeout: 120_000 }, () => {
    const [few, many] = [stepsOf(name, 1000), stepsOf(name, 4000)];
    assert.ok(few > 1000, `${few} steps for 1,000: was anything counted?`);
    assert.ok(many < 5 * few, `${few} steps for 1,000, ${many} for 4,000`);
  });
}
