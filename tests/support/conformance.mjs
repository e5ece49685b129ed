// CPython's tests and the behaviours that show the same here: reads tests/conformance.md, checks that
// it is whole and true, and counts.
//
//   node tests/support/conformance.mjs                 check, and say how many rows are shown
//   node tests/support/conformance.mjs names FOLDER    write tests/behaviours/cpython-tests.txt anew
//                                                      from FOLDER, CPython's Lib/test/test_asyncio

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const tests = fileURLToPath(new URL('../', import.meta.url));
const tableFile = join(tests, 'conformance.md');
const namesFile = join(tests, 'behaviours', 'cpython-tests.txt');

const pythonFiles = [
  ...['tasks', 'futures', 'futures2', 'locks', 'queues', 'taskgroups', 'timeouts', 'waitfor'],
  ...['runners', 'threads', 'base_events', 'eager_task_factory', 'graph', 'context'],
].map((name) => `test_${name}.py`);

// A test is known by "FILE CLASS METHOD".

export const readNames = () => readFileSync(namesFile, 'utf8').trimEnd().split('\n');

export function namesOfCPython(folder) {
  return pythonFiles.flatMap((file) => {
    let owner;
    const lines = readFileSync(join(folder, file), 'utf8').split('\n');
    return lines.flatMap((line) => {
      owner = line.match(/^(?:class|def) (\w+)/)?.[1] ?? owner;
      const method = line.match(/^ {4}(?:async )?def (test\w*)\(/)?.[1];
      return method ? [`${file} ${owner} ${method}`] : [];
    });
  });
}

// { rows: [{ test, reason } or { test, scenario, behaviour }], left: [{ owned, methods }], problems }
export function readTable() {
  const rows = [];
  const problems = [];
  const [table, rest] = readFileSync(tableFile, 'utf8').split('\n## Out of the scope\n');
  let file, owner;
  for (const line of table.split('\n')) {
    file = line.match(/^## (\S+)$/)?.[1] ?? file;
    owner = line.match(/^### (\S+)$/)?.[1] ?? owner;
    if (!line.startsWith('| test')) continue;
    const [, method, demand, shownBy] = line.split('|').map((cell) => cell.trim());
    const test = `${file} ${owner} ${method}`;
    const [, reason] = shownBy.match(/^not in C: (\S.*)$/) ?? [];
    const [, scenario, behaviour] = shownBy.match(/^`(\w+)\/(\w+)`$/) ?? [];
    if (!demand || !(reason || behaviour)) problems.push(`not a row: ${line}`);
    else rows.push({ test, reason, scenario, behaviour });
  }
  const items = rest.replace(/\n +/g, ' ').matchAll(/^- (\S+ \S+): (.*)$/gm);
  const left = [...items].map(([, owned, methods]) => ({ owned, methods: methods.split(', ') }));
  return { rows, left, problems };
}

// "all" and "all others" leave every method that has no row.
const isLeft = (left, test) =>
  left.some(({ owned, methods }) => {
    if (!test.startsWith(`${owned} `)) return false;
    return methods[0].startsWith('all') || methods.includes(test.split(' ')[2]);
  });

// The behaviours that a scenario's expected trace says are well.
function shownBehaviours(scenario) {
  const expected = join(tests, 'scenarios', `${scenario}.txt`);
  const source = join(tests, 'scenarios', `${scenario}.c`);
  if (!existsSync(expected) || !existsSync(source)) return new Set();
  const lines = readFileSync(expected, 'utf8').matchAll(/^ok (\w+)$/gm);
  return new Set([...lines].map(([, name]) => name));
}

// { problems: [sentence], open: [row], counts: { shown, applicable, notInC, left } }
export function checkTable() {
  const names = readNames();
  const { rows, left, problems } = readTable();
  const known = new Set(names);
  const inTable = new Set();
  for (const { test } of rows) {
    if (inTable.has(test)) problems.push(`two rows: ${test}`);
    if (!known.has(test)) problems.push(`no such test of CPython's: ${test}`);
    inTable.add(test);
  }
  const others = names.filter((test) => !inTable.has(test));
  problems.push(...others.filter((test) => !isLeft(left, test)).map((test) => `no row: ${test}`));

  const scenarios = new Map(rows.map(({ scenario }) => [scenario, shownBehaviours(scenario)]));
  const applicable = rows.filter(({ behaviour }) => behaviour);
  const open = applicable.filter((row) => !scenarios.get(row.scenario).has(row.behaviour));
  const counts = {
    shown: applicable.length - open.length,
    applicable: applicable.length,
    notInC: rows.length - applicable.length,
    left: others.length,
  };
  return { problems, open, counts };
}

export const describe = ({ shown, applicable, notInC, left }) =>
  `CPython's tests: ${shown} shown of ${applicable} applicable, ${notInC} not in C, ` +
  `${left} out of the scope`;

function main([command, folder]) {
  if (command === 'names' && folder) {
    writeFileSync(namesFile, `${namesOfCPython(folder).join('\n')}\n`);
    return 0;
  }
  const { problems, open, counts } = checkTable();
  for (const { test, scenario, behaviour } of open)
    console.log(`open: ${scenario}/${behaviour} for ${test}`);
  for (const problem of problems) console.log(problem);
  console.log(describe(counts));
  return open.length + problems.length > 0 ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  process.exitCode = main(process.argv.slice(2));
