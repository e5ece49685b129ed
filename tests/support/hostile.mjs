// tests/http.md and the cases of tests/hostile: reads the table, and asks for a case on a target.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { browserNames, launchBrowser, withPage } from './browser.mjs';
import { readCases, startHostile } from './hostile-server.mjs';
import { environmentOf, runProcess } from './scenarios.mjs';

const tableFile = fileURLToPath(new URL('../http.md', import.meta.url));
const built = (target) => fileURLToPath(new URL(`../../build/${target}/http/`, import.meta.url));

const columns = ['native', 'node', 'chromium', 'firefox'];

export const columnOf = (target) => target.replace(/-.*/, '');

// { rows: Map { name: { section, says, native: [outcome], node, chromium, firefox } }, problems }. A cell is an
// outcome in backticks, or several of them where an engine's versions differ.
export function readTable() {
  const rows = new Map();
  const problems = [];
  let section;
  for (const line of readFileSync(tableFile, 'utf8').split('\n')) {
    section = line.match(/^## (\S+)/)?.[1] ?? section;
    if (!/^\| `/.test(line)) continue;
    const cells = line.split(/(?<!\\)\|/).slice(1, -1);
    const [name, says, ...outcomes] = cells.map((cell) => cell.trim().replace(/\\\|/g, '|'));
    const row = { section, says };
    columns.forEach((column, i) => {
      row[column] = [...(outcomes[i] ?? '').matchAll(/`([^`]+)`/g)].map(([, outcome]) => outcome);
      if (row[column].length === 0) problems.push(`an open cell: ${name}, ${column}`);
    });
    if (!says || outcomes.length !== columns.length) problems.push(`not a row: ${line}`);
    if (rows.has(name.slice(1, -1))) problems.push(`two rows: ${name}`);
    rows.set(name.slice(1, -1), row);
  }
  return { rows, problems };
}

// The environment without a proxy of this machine's own.
const direct = { http_proxy: '', https_proxy: '', all_proxy: '', no_proxy: '' };

// Promise of { stdout, stderr } of the asker with these words.
export async function askProcess(target, words, environment = {}) {
  const program = `${built(target === 'node' ? 'web' : target)}asker`;
  const [command, ...first] = target === 'node' ? [process.execPath, `${program}.mjs`] : [program];
  const { stdout, stderr } = await runProcess(command, [...first, ...words], '/', {
    ...direct,
    ...environmentOf(target),
    ...environment,
  });
  return { stdout, stderr };
}

// Runs in the page.
async function askInPage(words) {
  const { default: create } = await import('/page/asker.mjs');
  const said = ['', '', ''];
  await new Promise((resolve, reject) => {
    const onOutput = (text, fd) => (said[fd] += text);
    create({ arguments: words, onOutput, onExit: resolve, onAbort: reject }).catch(() => {});
  });
  return { stdout: said[1], stderr: said[2] };
}

// Equal ones that follow each other stand once: '10 x 200 ok'.
function countEqual(outcomes) {
  const runs = [];
  for (const outcome of outcomes) {
    if (runs.at(-1)?.outcome === outcome) runs.at(-1).count++;
    else runs.push({ outcome, count: 1 });
  }
  return runs.map(({ outcome, count }) => (count > 1 ? `${count} x ${outcome}` : outcome));
}

// How a case goes on a target: `open(url, work)` has a page for it. Promise of { outcome, stderr, messages,
// faults }.
export async function askCase(one, target, open) {
  const server = await startHostile(one, built('web'));
  try {
    const { stdout, stderr } = open
      ? await open(server.pageUrl, (page) => page.evaluate(askInPage, server.words))
      : await askProcess(target, server.words);
    const lines = stdout.split('\n').slice(0, -1);
    const outcomes = countEqual(lines.map((line) => line.split('\t')[0]));
    const seen = one.seen?.(server.state);
    const named = [outcomes.join('; '), ...(seen === undefined ? [] : [`seen: ${seen}`])].join(
      '; ',
    );
    return {
      outcome: named
        .replaceAll(server.ports.URL, 'PORT')
        .replaceAll(server.ports.OTHER, 'OTHERPORT'),
      messages: lines.map((line) => line.split('\t')[1]),
      stderr,
      faults: server.state.faults,
    };
  } finally {
    await server.close();
  }
}

// By hand: node tests/support/hostile.mjs TARGET[,TARGET...] [CASE...]   what comes of cases
//          node tests/support/hostile.mjs serve CASE                 serves one, and prints the words
async function main([targets, ...names]) {
  const cases = await readCases();
  if (targets === 'serve') {
    console.log((await startHostile(cases.get(names[0]), built('web'))).words.join(' '));
    return;
  }
  for (const target of targets.split(',')) {
    const browser = browserNames.includes(target) && (await launchBrowser(target));
    const open = browser && ((url, work) => withPage(browser, url, work, { expectedFaults: /./ }));
    for (const name of names.length > 0 ? names : cases.keys()) {
      const { outcome, messages, stderr, faults } = await askCase(cases.get(name), target, open);
      console.log(`${name}\t${target}\t${outcome}\t${messages.join('; ')}${stderr}`, ...faults);
    }
    if (browser) await browser.close();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.slice(2));
