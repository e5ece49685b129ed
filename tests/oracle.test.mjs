// The oracle: random programs have the same trace on CPython 3.14's asyncio and on every target, and
// so have the short ones in regressions/. tests/oracle/README.md says how.

import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { compare } from './oracle/compare.mjs';
import { generate } from './oracle/generate.mjs';
import { loadReference } from './oracle/reference.mjs';
import { shrink } from './oracle/shrink.mjs';
import { openTarget } from './oracle/targets.mjs';

const seeds = 400;
const counts = { 'native-asan': 200, 'native-ucontext': 200, firefox: 200 }; // the others: all
const shown = 3; // differences that are reported in full
const time = { timeout: 120_000 };

const folder = new URL('oracle/regressions/', import.meta.url);
const regressions = readdirSync(folder).map((name) => ({
  id: `regressions/${name}`,
  text: readFileSync(new URL(name, folder), 'utf8'),
}));
const programs = Array.from({ length: seeds }, (_, i) => ({
  id: String(i + 1),
  text: generate(i + 1),
}));

const expected = new Map(); // id -> CPython's trace
let reference;
before(async () => {
  reference = await loadReference();
  for (const { id, text } of [...regressions, ...programs])
    expected.set(id, reference.traceOf(text));
});

const targets = ['native', 'native-asan', 'native-ucontext', 'node', 'chromium', 'firefox'];
for (const target of targets) {
  test(`oracle: the traces of CPython, on ${target}`, time, async () => {
    const some = [...regressions, ...programs.slice(0, counts[target] ?? seeds)];
    const runner = await openTarget(target);
    const results = await runner.run(some).finally(runner.close);
    const reports = some
      .map(({ id, text }) => [id, compare(text, expected.get(id), results.get(id)).report])
      .filter(([, report]) => report !== '')
      .map(([id, report]) => `${id}: ${report}`);
    const text = `${reports.length} of ${some.length} differ\n${reports.slice(0, shown).join('\n\n')}`;
    assert.equal(reports.length, 0, text);
  });
}

// What the lines of a trace say of each operation of its program: Map from its name to outcomes.
function outcomes() {
  const found = new Map();
  for (const { id, text } of programs) {
    const lines = text.split('\n').map((line) => line.trim().replace('?', '').split(' ')[0]);
    for (const [, number, outcome] of expected.get(id).matchAll(/^\S+ \S+ (\d+) ?(.*)$/gm)) {
      const name = lines[number - 1];
      if (!found.has(name)) found.set(name, new Set());
      found
        .get(name)
        .add(
          /^! SP_ECANCELED/.test(outcome)
            ? 'cancelled'
            : outcome.slice(0, 2) === '! '
              ? 'failed'
              : outcome === 'skip'
                ? 'skipped'
                : 'well',
        );
    }
  }
  return found;
}

test('oracle: the programs reach every operation, and cancel every wait', () => {
  const found = outcomes();
  const missing = (names, outcome) => names.filter((name) => !found.get(name)?.has(outcome));
  const never = reference.operations().filter((name) => !found.has(name));
  assert.deepEqual(never, [], 'operations that no program comes to');
  const waits =
    'await sleep call gather gatherall wait waitfor shield acquire ewait cwait cwaitfor bwait put get ' +
    'join next with group timeout each advance';
  assert.deepEqual(missing(waits.split(' '), 'cancelled'), [], 'waits that nobody cancels');
  const failing =
    'await gather waitfor shield release cwait notify bwait tryput tryget taskdone put get next throw ' +
    'close group timeout each with call set fail result reschedule wait raise advance';
  assert.deepEqual(missing(failing.split(' '), 'failed'), [], 'operations that never fail');
});

test('oracle: a program has one trace on CPython', () => {
  for (const { id, text } of programs.slice(0, 20))
    assert.equal(reference.traceOf(text), expected.get(id), `seed ${id}`);
});

test('oracle: a seed makes one program', () => {
  assert.equal(generate(7), generate(7));
  assert.notEqual(generate(7), generate(8));
});

test('oracle: a difference is shown with the operations that led to it', () => {
  const program = 'coroutine main\n  sleep 1\n  sleep 0\nend\n';
  const [left, right] = ['0 t0 begin\n1 t0 2\n1 t0 3\n', '0 t0 begin\n1 t0 2\n2 t0 3\n'];
  assert.deepEqual(compare(program, left, { trace: left }), { equal: true, events: 3, report: '' });
  const { equal, events, report } = compare(program, left, { trace: right });
  assert.deepEqual([equal, events], [false, 2]);
  assert.match(
    report,
    /line 3 .*\n {2}0 t0 begin\n {2}1 t0 2 +sleep 1\nCPython:\n {2}1 t0 3 +sleep 0\n/,
  );
  assert.match(report, /\nspindle:\n {2}2 t0 3 +sleep 0\n/);
  assert.match(
    compare(program, left, { fault: 'SIGSEGV' }).report,
    /did not come to its end: SIGSEGV/,
  );
});

test('oracle: a program is made as short as the difference allows', async () => {
  const needed = (text) => /try[^]*await t1[^]*finally/.test(text) && text.includes('spawn t1');
  const text = `lock l0
coroutine a1
  sleep 1
end
coroutine main
  loop 3
    spawn t1 a1 eager
    with l0
      try
        sleep 0.5
        await t1
      except any
        reraise
      finally
        sleep 0
      end
    end
  end
end
`;
  const short = await shrink(text, (texts) => Promise.resolve(texts.map(needed)));
  assert.equal(
    short,
    'coroutine a1\nend\ncoroutine main\n  spawn t1 a1\n  try\n    await t1\n  finally\n  end\nend\n',
  );
});
