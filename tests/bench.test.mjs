// The benchmark suite: what it makes of samples, how it is called, and that it measures.

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { groupNames, readArguments } from '../bench/arguments.mjs';
import { Bench } from '../bench/bench.mjs';
import { Missing, measureRow, median, spread, targetOf, toJson } from '../bench/measure.mjs';
import { section, withSections } from '../bench/results.mjs';
import { Suite } from '../bench/suite.mjs';
import { formatFigure, tableRow } from '../bench/table.mjs';
import { startProcess } from './support/program-process.mjs';
import { until } from './support/until.mjs';

const time = { timeout: 60_000 };
const main = fileURLToPath(new URL('../bench/main.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'spindle-bench-test-'));
after(() => rmSync(folder, { recursive: true }));

const start = (...words) => startProcess([process.execPath, main, ...words], {});
const failed = (name, error) => assert.fail(`${name}: ${error.message}`);

// A measure that gives these one after the other.
function samples(...values) {
  let next = 0;
  return async () => values[next++ % values.length];
}
const row = (more) => ({ name: 'a row', unit: 'ns', ours: samples(2), ...more });
const measured = (more, options) => measureRow(row(more), { rounds: 7, failed, ...options });

describe('a figure', () => {
  test('is the median of its samples, in numerical order', () => {
    assert.equal(median([9, 10, 1]), 9);
    assert.equal(median([4, 1, 3, 2]), 2.5);
  });

  test('has a spread that one stray sample does not change', () => {
    assert.equal(spread([10, 10, 10, 10, 10, 10, 90]), 0);
    assert.equal(spread([8, 9, 10, 11, 12]), 0.2);
    assert.equal(spread([0, 0, 0]), 0);
  });

  test('is shown with three digits that count', () => {
    const shown = [0, 0.1234, 4.567, 78.91, 1234.5].map(formatFigure);
    assert.deepEqual(shown, ['0', '0.123', '4.57', '78.9', '1235']);
  });
});

describe('a row', () => {
  test('is measured in turns, and each round begins with another one', async () => {
    const order = [];
    const measure = (name) => async () => order.push(name);
    await measured({ ours: measure('o'), peers: { a: measure('a'), b: measure('b') } });
    const rounds = order.join('').match(/.../g);
    assert.deepEqual(rounds, ['oab', 'abo', 'boa', 'oab', 'abo', 'boa', 'oab']);
  });

  test('has as many rounds as it asks for, if it asks for more', async () => {
    let count = 0;
    const ours = async () => ++count;
    assert.equal((await measured({ ours, rounds: 11 })).rounds, 11);
    assert.equal(count, 11);
    assert.equal((await measured({ ours, rounds: 3 })).rounds, 7);
  });

  test('names a peer that is missing, and does without', async () => {
    const result = await measured({
      peers: { here: samples(6), gone: new Missing('libgone-dev') },
    });
    assert.match(tableRow(result), /gone +missing \(libgone-dev\)/);
    assert.match(tableRow(result), /here +6\.00 +3\.00 x/);
    assert.deepEqual(toJson([result]).rows[0].peers, { here: 6, gone: null });
  });

  test('goes on without a contender that fails, which has no further turn', async () => {
    const failures = [];
    let turns = 0;
    const fails = async () => {
      turns++;
      throw new Error('broken');
    };
    const options = { failed: (name, error) => failures.push([name, error.message]) };
    const result = await measured({ peers: { bad: fails, good: samples(3) } }, options);
    assert.deepEqual(failures, [['bad', 'broken']]);
    assert.equal(turns, 1);
    assert.match(tableRow(result), /bad +failed/);
    assert.deepEqual(toJson([result]).rows[0].peers, { bad: null, good: 3 });
  });

  test('takes no sample that is not a number', async () => {
    const failures = [];
    const options = { failed: (name, error) => failures.push(error.message) };
    const result = await measured({ ours: samples(NaN) }, options);
    assert.deepEqual(failures, ['no figure: NaN']);
    assert.equal(toJson([result]).rows[0].ours, null);
  });

  test('is JSON of the figures, its target and its spread', async () => {
    const target = [{ peer: 'p', times: 0.5 }];
    const result = await measured({ ours: samples(1, 2, 3), target, peers: { p: samples(8) } });
    assert.deepEqual(toJson([result]), {
      rows: [
        {
          name: 'a row',
          unit: 'ns',
          ours: 2,
          target: 4,
          peers: { p: 8 },
          spread: result.ours.spread,
        },
      ],
    });
    assert.ok(result.ours.spread > 0);
  });
});

describe('a target', () => {
  const relative = [
    { peer: 'curl', times: 0.8 },
    { peer: 'aiohttp', times: 0.2 },
  ];

  test('is what the row says, or none', () => {
    assert.equal(targetOf(3.5, {}), 3.5);
    assert.equal(targetOf(null, {}), null);
    assert.equal(targetOf(undefined, {}), null);
  });

  test('that is a share of peers is the smallest of them', () => {
    assert.equal(targetOf(relative, { curl: 10, aiohttp: 20 }), 4);
    assert.equal(targetOf(relative, { curl: 10, aiohttp: 100 }), 8);
  });

  test('that is a share of peers is one of those that are there', () => {
    assert.equal(targetOf(relative, { curl: 10, aiohttp: null }), 8);
    assert.equal(targetOf(relative, { curl: null }), null);
  });

  test('that is a figure and a share of peers is the smallest of them', () => {
    assert.equal(targetOf([3, ...relative], { curl: 10, aiohttp: 20 }), 3);
    assert.equal(targetOf([5, ...relative], { curl: 10, aiohttp: 20 }), 4);
    assert.equal(targetOf([5, ...relative], { curl: null }), 5);
  });

  test('is met or missed', async () => {
    assert.match(tableRow(await measured({ target: 2 })), /target 2\.00: met/);
    assert.match(tableRow(await measured({ target: 1.9 })), /target 1\.90: missed/);
  });
});

describe('the command line', () => {
  test('chooses one group, or all', () => {
    assert.deepEqual(readArguments(['http']).groups, ['http']);
    assert.deepEqual(readArguments([]).groups, groupNames);
  });

  for (const [words, why] of Object.entries({
    nativ: "no group 'nativ', but these: native web http size",
    'native web': 'one group or all: native, web',
    '--jsn x': "what is '--jsn'?",
    '--json': '--json needs a value',
    '--json /no/such/folder/x.json': "'/no/such/folder/x.json' cannot be written: ENOENT",
    '--json /': "'/' cannot be written: it is a folder",
    '--rounds 6': "--rounds takes a number, at least 7: '6'",
    '--rounds x': "--rounds takes a number, at least 7: 'x'",
    '--results --only x': '--results keeps whole tables: not with --only',
  })) {
    test(`'${words}' is no way to call it`, time, async () => {
      const { stdout, stderr, exit } = await start(...words.split(' ')).ended;
      assert.deepEqual([stdout, exit], ['', '2']);
      assert.ok(stderr.startsWith(`bench: ${why}`), stderr);
      assert.match(stderr, /^usage: \.\/run bench \[native\|web\|http\|size\]/m);
    });
  }

  test('says when no row has the wanted name', time, async () => {
    const { stderr, exit } = await start('native', '--only', 'no such row').ended;
    assert.deepEqual([stderr.trim(), exit], ["bench: no row has 'no such row' in its name", '2']);
  });
});

describe('a program', () => {
  const bench = new Bench();
  after(() => bench.end());

  test("gives its last line's figure", async () => {
    assert.equal(await bench.program('printf', 'words\n1\n2.5\n')(), 2.5);
  });

  test('that fails is shown with its command and what it printed', async () => {
    const run = bench.program('sh', '-c', 'echo to stdout; echo to stderr >&2; exit 3');
    const shown =
      'sh -c echo to stdout; echo to stderr >&2; exit 3\nexit status 3\nto stdout\n\nto stderr';
    await assert.rejects(run, { message: shown });
  });

  test('that does not exist is named', async () => {
    await assert.rejects(bench.program('/no/such/program', 'x'), /^Error: \/no\/such\/program x\n/);
  });

  test('without a figure is shown with what it printed', async () => {
    await assert.rejects(
      bench.program('echo', 'no figure'),
      /its last line is no figure:\nno figure/,
    );
    await assert.rejects(bench.program('true'), /its last line is no figure/);
  });
});

describe('a run', () => {
  async function run(module, options) {
    const said = { printed: [], complaints: [] };
    const suite = new Suite({
      rounds: 7,
      only: '',
      print: (text) => said.printed.push(text),
      complain: (text) => said.complaints.push(text),
      ...options,
    });
    await suite.run('size', module(suite.bench));
    const inside = existsSync(suite.bench.folder);
    await suite.end();
    return { suite, said, inside };
  }

  test('goes on behind a program that fails, and counts it', async () => {
    const { suite, said } = await run((bench) => ({
      title: 'Some',
      rows: async () => [row({ name: 'bad', ours: bench.program('false') }), row({ name: 'good' })],
    }));
    assert.equal(suite.failures, 1);
    assert.deepEqual(said.complaints, ['bench: bad: spindle failed: false\nexit status 1']);
    assert.deepEqual(
      toJson(suite.results).rows.map(({ name, ours }) => [name, ours]),
      [
        ['bad', null],
        ['good', 2],
      ],
    );
  });

  test('counts a group that has no rows because it fails', async () => {
    const { suite, said } = await run(() => ({
      title: 'Some',
      rows: () => Promise.reject(new Error('no server')),
    }));
    assert.equal(suite.failures, 1);
    assert.deepEqual(said.complaints, ['bench: the group size failed: no server']);
  });

  test('has a folder until its end, when what is to be stopped is stopped, the last one first', async () => {
    const stopped = [];
    const { suite, inside } = await run((bench) => ({
      title: 'Some',
      rows: async () => {
        for (const name of ['first', 'second']) bench.after(() => stopped.push(name));
        return [row()];
      },
    }));
    assert.deepEqual(stopped, ['second', 'first']);
    assert.deepEqual([inside, existsSync(suite.bench.folder)], [true, false]);
  });

  test('measures only the rows that are wanted', async () => {
    const rows = async () => [row({ name: 'one thing' }), row({ name: 'another' })];
    const { suite } = await run(() => ({ title: 'Some', rows }), { only: 'other' });
    assert.deepEqual(
      suite.results.map(({ name }) => name),
      ['another'],
    );
  });
});

describe('RESULTS.md', () => {
  const about = { date: '2026-01-02', machine: 'a machine', versions: ['gcc 12.2.0'] };

  test('has a section with machine, versions, table, targets and how figures are taken', async () => {
    const results = [
      await measured({ name: 'fast', target: 2, peers: { p: samples(5) }, note: 'so.' }),
      await measured({ name: 'slow', target: 1, peers: { q: new Missing('q-dev') } }),
    ];
    assert.equal(
      section({ title: 'Some', results, ...about }),
      `## Some

2026-01-02, on a machine.

gcc 12.2.0.

| what | spindle | target | spread | peers |
| --- | --- | --- | --- | --- |
| fast, ns | 2.00 | 2.00, met | 0 % | p 5.00 (2.50 x) |
| slow, ns | 2.00 | 1.00, **missed** | 0 % | q missing (q-dev) |

Targets missed: slow.

How they are taken:

- fast: so.
`,
    );
  });

  test('keeps the sections that were not measured, in their order', () => {
    const before = withSections('', ['## B\n\nold b\n', '## A\n\nold a\n'], ['A', 'B', 'C']);
    const now = withSections(before, ['## C\n\nnew c\n', '## A\n\nnew a\n'], ['A', 'B', 'C']);
    const sections = now.split(/^(?=## )/m).slice(1);
    assert.deepEqual(sections, ['## A\n\nnew a\n\n', '## B\n\nold b\n\n', '## C\n\nnew c\n']);
    assert.equal(now.match(/^# What was measured$/gm).length, 1);
  });
});

describe('./run bench', () => {
  const foldersOf = (pid) =>
    ['/dev/shm', tmpdir()]
      .filter(existsSync)
      .flatMap((parent) => readdirSync(parent))
      .filter((name) => name.startsWith(`spindle-bench-${pid}-`));

  // The child that runs this program, or undefined.
  const childOf = (pid, program) =>
    readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .split(' ')
      .filter(Boolean)
      .find((child) => readFileSync(`/proc/${child}/cmdline`, 'utf8').includes(program));

  test('measures a row of the native group', time, async () => {
    const json = join(folder, 'figures.json');
    const { stdout, stderr, exit } = await start('native', '--only', 'raw', '--json', json).ended;
    assert.deepEqual([stderr, exit], ['', '0']);
    assert.match(stdout, /^Native +figure +ratio +spread$/m);
    assert.match(stdout, /^raw switch, one way, ns\n {2}spindle +\d/m);
    const { rows } = JSON.parse(readFileSync(json, 'utf8'));
    assert.equal(rows.length, 1);
    const [{ name, unit, ours, target, peers, spread: apart }] = rows;
    assert.deepEqual([name, unit, target], ['raw switch, one way', 'ns', 3.5]);
    assert.ok(ours > 0.1 && ours < 1000, `${ours} ns`);
    assert.ok(apart >= 0 && apart < 10, `spread ${apart}`);
    assert.deepEqual(Object.keys(peers), ['fcontext', 'ucontext']);
    for (const figure of Object.values(peers)) assert.ok(figure === null || figure > 0);
  });

  test('is ended by Ctrl-C with what it has started, and leaves no folder', time, async () => {
    const { child, ended } = start('native', '--only', 'sleeps');
    let started;
    await until(() => (started = childOf(child.pid, 'bench/sleeps')), 'a program that runs');
    assert.equal(foldersOf(child.pid).length, 1);
    child.kill('SIGINT');
    const { exit } = await ended;
    assert.equal(exit, '130');
    assert.ok(!existsSync(`/proc/${started}`), 'its program runs on');
    assert.deepEqual(foldersOf(child.pid), []);
  });
});
