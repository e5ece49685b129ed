// What a page is told of a program that runs, under Node and in browsers, and how long it is kept
// waiting for that and by a program of very many tasks.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { projectFolder } from '../web/server/places.mjs';
import { browserNames, withBrowser, withPage } from './support/browser.mjs';
import { compiledPrograms, compiledScenarios, startScenarioServer } from './support/scenarios.mjs';

const file = 'tests/scenarios/inspected.c';
const source = readFileSync(join(projectFolder, file), 'utf8').split('\n');
const lineOf = (code) => source.findIndex((line) => line.includes(code)) + 1;

// --- a program that waits until its sleeper is cancelled

// Runs where the program does: under Node, or in the page.
async function observe(url) {
  const { default: create } = await import(url);
  const seen = {};
  let end;
  const exit = new Promise((resolve) => (end = resolve));
  const onOutput = (text) => {
    if (text.includes('begins')) seen.during = program.tasks();
  };
  const program = await create({ arguments: ['600'], onOutput, onExit: end });
  seen.before = program.tasks();
  const isReady = () => {
    const { length, [length - 1]: last } = program.tasks();
    return last.state === 'waiting';
  };
  while (!isReady()) await new Promise((resolve) => setTimeout(resolve, 5));
  seen.statistics = [program.statistics(), program.statistics()];
  seen.tasks = program.tasks();
  seen.few = program.tasks(2);
  seen.none = program.tasks(0);
  await new Promise((resolve) => setTimeout(resolve, 100));
  seen.later = program.tasks();
  const sleeper = seen.tasks.find(({ coroutine }) => coroutine === 'sleeps');
  seen.cancelled = [program.cancel(), program.cancel(0), program.cancel(sleeper.id)];
  seen.asked = program.tasks();
  seen.exit = await exit;
  seen.after = [program.tasks(), program.statistics(), program.cancel(seen.tasks[0].id)];
  return seen;
}

const observers = {
  node: async (work) =>
    work(await observe(pathToFileURL(join(compiledScenarios, 'inspected.mjs')))),
};
for (const name of browserNames) {
  observers[name] = async (work) => {
    const server = await startScenarioServer();
    try {
      const look = (page) => page.evaluate(observe, '/inspected.mjs');
      work(await withBrowser(name, (browser) => withPage(browser, server.url, look)));
    } finally {
      await server.close();
    }
  };
}

const zeros = { tasks: 0, switches: 0, iterations: 0, taskMemory: 0, time: 0, busy: 0 };
const without = (tasks) =>
  tasks.map((task) =>
    Object.fromEntries(Object.entries(task).filter(([key]) => key !== 'seconds')),
  );

for (const [target, observeThere] of Object.entries(observers)) {
  it(`a program can be looked at while it runs, ${target}`, { timeout: 90_000 }, () =>
    observeThere((seen) => {
      const [main, sleeper, locks, joins, gathers, asks] = seen.tasks.map(({ id }) => id);
      const waits = (id, name, coroutine, call, code, awaitedBy) => ({
        ...{ id, name, coroutine, state: 'waiting', call, file, line: lineOf(code), awaitedBy },
        cancelling: false,
      });
      assert.deepEqual(
        without(seen.tasks),
        [
          waits(main, 'Task-1', 'run', 'sp_gather_all', 'sp_gather_all(', []),
          waits(sleeper, 'the sleeper "🦆"', 'sleeps', 'sp_sleep', 'sp_sleep(', [joins, gathers]),
          waits(locks, 'Task-2', 'locks', 'sp_lock_acquire', 'sp_lock_acquire(', [gathers]),
          waits(joins, 'Task-3', 'joins', 'sp_await', 'sp_await(', [main]),
          waits(gathers, 'Task-4', 'gathers', 'sp_gather', 'sp_gather(tasks', [main]),
          waits(asks, 'Task-5', 'asks', 'sp_lock_acquire', 'sp_lock_acquire(', [main]),
        ],
        'each task, what it waits for and who waits for it',
      );
      assert.equal(new Set(seen.tasks.map(({ id }) => id)).size, 6, 'ids are unique');

      assert.deepEqual(
        without(seen.before),
        [
          {
            ...{ id: main, name: 'Task-1', coroutine: 'run', state: 'new', call: '', file },
            ...{ line: lineOf('sp_run('), awaitedBy: [], cancelling: false },
          },
        ],
        'before its first turn a program has a task that has not begun',
      );
      assert.deepEqual(
        seen.during.map(({ state }) => state),
        ['running', 'new', 'new', 'new', 'new', 'new'],
        'while a task prints, it runs',
      );

      assert.deepEqual(
        without(seen.few),
        without(seen.tasks)
          .slice(0, 2)
          .map((task) => ({ ...task, awaitedBy: [] })),
        'of a list that is cut, only those in it are named',
      );
      assert.deepEqual(seen.none, []);

      for (const [i, { seconds }] of seen.later.entries()) {
        const passed = seconds - seen.tasks[i].seconds;
        assert.ok(seen.tasks[i].seconds >= 0, `it has waited for ${seen.tasks[i].seconds} s`);
        assert.ok(passed > 0.09 && passed < 30, `in 0.1 s it waited ${passed} s longer`);
      }

      const [first, second] = seen.statistics;
      assert.equal(first.tasks, 6);
      assert.ok(first.switches >= 6 && first.switches < 60, `${first.switches} switches`);
      assert.ok(first.iterations >= 2 && first.iterations < 60, `${first.iterations} iterations`);
      assert.equal(first.taskMemory, 7 * 65536, 'six stacks, and the generator’s');
      assert.ok(first.busy > 0 && first.busy < 30, `busy for ${first.busy} s`);
      assert.ok(second.time > first.time, 'the clock goes on');
      assert.deepEqual({ ...second, time: 0 }, { ...first, time: 0 }, 'between turns nothing runs');

      assert.deepEqual(seen.cancelled, [false, false, true], 'cancelling nobody, and the sleeper');
      assert.deepEqual(
        seen.asked.map(({ cancelling }) => cancelling),
        [false, true, false, false, false, false],
      );
      assert.equal(seen.exit, 0, 'its end frees the lock, and so the others end');
      assert.deepEqual(seen.after, [[], zeros, false], 'when it has ended there is nothing');
    }),
  );
}

// --- a program of many tasks

// Runs in the page, which looks at the program all the while. Gives how many tasks there were at most.
async function runStress(words, interrupted) {
  const { default: create } = await import('/stress.mjs');
  let end;
  let most = 0;
  const exit = new Promise((resolve) => (end = resolve));
  performance.mark('begins');
  const program = await create({ arguments: words, onOutput: () => {}, onExit: end });
  const all = Number(words[1]) + 1;
  const looking = setInterval(() => {
    const { tasks } = program.statistics();
    const areThere = tasks === all && most < all;
    most = Math.max(most, tasks);
    program.tasks();
    program.cancel(-1);
    if (interrupted && areThere) setTimeout(() => program.interrupt(), 500);
  }, 100);
  const code = await exit;
  clearInterval(looking);
  performance.mark('ended');
  return { code, most, words };
}

// What the page's main thread did meanwhile, as Chromium records it: each task of its event loop, by
// the processor time that it took, so that other programs on this machine do not count.
const timeline = 'disabled-by-default-devtools.timeline';

async function tasksOfThePage(page, work) {
  await page.tracing.start({
    categories: ['-*', 'devtools.timeline', timeline, 'blink.user_timing'],
  });
  const result = await work();
  const { traceEvents } = JSON.parse(Buffer.from(await page.tracing.stop()).toString());
  const [begins, ended] = ['begins', 'ended'].map((mark) =>
    traceEvents.find(({ cat, name }) => cat.includes('blink.user_timing') && name === mark),
  );
  const isMeant = ({ name, pid, tid, ts, dur }) =>
    name === 'RunTask' &&
    pid === begins.pid &&
    tid === begins.tid &&
    ts + dur >= begins.ts &&
    ts <= ended.ts;
  const milliseconds = traceEvents.filter(isMeant).map(({ tdur }) => tdur / 1000);
  return { ...result, milliseconds };
}

const longTask = 50; // ms, as browsers define it

describe('a program of many tasks does not keep a page waiting', { timeout: 240_000 }, () => {
  const cases = [
    ['10,000 tasks that sleep', ['-n', '10000', '--seconds', '1']],
    ['10,000 tasks that yield', ['-n', '10000', '--seconds', '1', '--yield']],
    ['100,000 tasks that sleep', ['-n', '100000', '--seconds', '1.5']],
    ['100,000 tasks that yield', ['-n', '100000', '--seconds', '1.5', '--yield']],
    ['100,000 tasks, interrupted', ['-n', '100000', '--seconds', '600'], true],
  ];
  for (const [what, words, interrupted = false] of cases) {
    it(`chromium: ${what}`, async () => {
      const server = await startScenarioServer(compiledPrograms);
      const run = (page) =>
        tasksOfThePage(page, () => page.evaluate(runStress, words, interrupted));
      try {
        const seen = await withBrowser('chromium', (browser) => withPage(browser, server.url, run));
        assert.equal(seen.code, interrupted ? 130 : 0);
        assert.equal(seen.most, Number(words[1]) + 1, 'tasks at once, with the main one');
        assert.deepEqual(seen.words, words, 'the arguments are still those that were given');
        const longest = Math.max(...seen.milliseconds);
        assert.ok(longest > 0.5 && longest < longTask, `the longest one took ${longest} ms`);
      } finally {
        await server.close();
      }
    });
  }
});
