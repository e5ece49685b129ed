// The program of many tasks as a person runs it, natively and under Node; inspect.test.mjs runs it in
// a page.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { programCommand, programTargets, startProcess } from './support/program-process.mjs';

const time = { timeout: 60_000 };
const smallestStack = { native: 16384, node: 512 };

for (const target of programTargets) {
  describe(`stress on ${target}`, () => {
    const start = (...words) => startProcess([...programCommand(target, 'stress'), ...words], {});

    for (const [mode, atLeast] of Object.entries({ sleep: 500, yield: 5000 })) {
      const words = ['-n', '500', '--seconds', '1.5', `--${mode}`, '--json'];
      test(`500 tasks that ${mode} are counted and measured`, time, async () => {
        const { stdout, stderr, exit } = await start(...words).ended;
        assert.equal(exit, '0');
        const { tasks, seconds, switches, ...seen } = JSON.parse(stdout);
        assert.equal(tasks, 500);
        assert.ok(seconds >= 1.5 && seconds < 10, `${seconds} s`);
        assert.ok(switches >= atLeast, `${switches} switches`);
        assert.ok(seen.switch_ns > 1 && seen.switch_ns < 1e6, `${seen.switch_ns} ns a switch`);
        const least = seen.switch_ns - 0.05; // it is rounded
        assert.ok(least * switches < seconds * 1e9, 'busy no longer than it ran');
        assert.equal(seen.task_memory, smallestStack[target]);
        assert.equal(seen.mode, mode);
        assert.match(
          stderr,
          new RegExp(`^500 tasks that ${mode}: after \\d\\.\\d s \\d+ switches`),
        );
      });
    }

    test('says every second how it goes, and at the end', time, async () => {
      const { stdout, stderr, exit } = await start('-n', '10', '--seconds', '2.2').ended;
      const line =
        /^10 tasks that sleep: after (\d\.\d) s (\d+) switches of \d+ ns, \d+ bytes a task$/;
      const said = stdout.trimEnd().split('\n');
      const seen = said.map((text) => line.exec(text) ?? assert.fail(text));
      const at = seen.map(([, seconds]) => Math.floor(seconds));
      assert.deepEqual([at, stderr, exit], [[1, 2, 2], '', '0']);
      const counts = seen.map(([, , switches]) => Number(switches));
      assert.deepEqual(
        counts.slice().sort((a, b) => a - b),
        counts,
      );
    });

    test('Ctrl-C ends it with its report', time, async () => {
      const { child, shows, ended } = start('-n', '20000', '--seconds', '600');
      await shows(/after 1\.\d s/);
      child.kill('SIGINT');
      const pressed = performance.now();
      const { stdout, stderr, exit } = await ended;
      assert.ok(performance.now() - pressed < 5000, `${performance.now() - pressed} ms`);
      assert.equal(exit, '130');
      assert.equal(stderr, '');
      assert.match(
        stdout.trimEnd().split('\n').at(-1),
        /^20000 tasks that sleep: after \d+\.\d s /,
      );
    });

    for (const words of [
      '-n',
      '-n 0',
      '-n 1.5',
      '-n 1000001',
      '-n x',
      '--seconds',
      'x',
      '--seconds -1',
    ]) {
      test(`'${words}' is no way to call it`, time, async () => {
        const { stdout, stderr, exit } = await start(...words.split(' ')).ended;
        assert.deepEqual([stdout, exit], ['', '2']);
        assert.match(stderr, /^usage: stress \[-n TASKS\]/);
      });
    }
  });
}
