// Each command of ./run in a new clone of what is committed: it installs and builds what it needs, does its
// work, and leaves nothing behind that git would see. Building takes minutes, so the clone is one for all of
// them; the page's packages are taken away again before each command that needs them.
//
// `test` is left out: it would run this file, too, and everything else a second time.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startProcess } from './support/program-process.mjs';
import { until } from './support/until.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const place = mkdtempSync(join(tmpdir(), 'spindle-clone-'));
const clone = join(place, 'spindle');
const seconds = 1500; // that a command may take, on a machine that does other things as well

const git = (...words) => execFileSync('git', words, { encoding: 'utf8', stdio: 'pipe' });
const isCheckout = existsSync(join(root, '.git'));

const tried = new Set();
const start = (...words) => startProcess(['./run', ...words], { cwd: clone, seconds });

const assertClean = () => assert.equal(git('-C', clone, 'status', '--porcelain'), '');

// Promise of what a command prints; it has to exit with 0.
async function run(...words) {
  tried.add(words[0]);
  const { stdout, stderr, exit } = await start(...words).ended;
  assert.equal(exit, '0', `./run ${words.join(' ')}\n${stdout}${stderr}`);
  assertClean();
  return stdout;
}

async function runWithoutModules(...words) {
  rmSync(join(clone, 'node_modules'), { recursive: true, force: true });
  return run(...words);
}

const commandsIn = (help) => [...help.matchAll(/^ {2}([a-z]+)/gm)].map(([, name]) => name);

const reason = isCheckout ? false : 'these files are no git checkout: there is nothing to clone';

describe('in a new clone', { skip: reason, timeout: 2 * seconds * 1000 }, () => {
  before(() => git('clone', '-q', root, clone));
  after(() => rmSync(place, { recursive: true, force: true }));

  for (const words of [
    [],
    ['biuld'],
    ['build', 'nothing'],
    ['native'],
    ['site'],
    ['fuzz', '--target', 'nothing'],
    ['bench', 'nothing'],
  ])
    test(`./run ${words.join(' ')} says how it is called, and builds nothing`, async () => {
      const { stdout, stderr, exit } = await start(...words).ended;
      assert.deepEqual([stdout, exit], ['', '2'], stderr);
      assert.match(stderr, /^usage: /m);
      const made = existsSync(join(clone, 'build')) ? readdirSync(join(clone, 'build')) : [];
      assert.deepEqual(made, []);
    });

  test('./run help lists its commands', async () =>
    assert.ok(commandsIn(await run('help')).length > 5));

  for (const [group, row] of Object.entries({
    http: '20 flags, memory at most',
    web: 'an empty turn of the loop, Chromium',
    size: 'spinner, native',
    native: 'raw switch, one way',
  }))
    test(`./run bench ${group} measures a row`, async () => {
      const printed = await run('bench', group, '--only', row, '--rounds', '7');
      assert.match(printed, new RegExp(`^${row}, .*\n  spindle +\\d`, 'm'));
    });

  test('./run fuzz compares programs with CPython', async () => {
    const printed = await runWithoutModules('fuzz', '--seeds', '1..2');
    assert.match(printed, /^2 of 2 programs equal on native, \d+/);
  });

  test('./run native spinner', async () =>
    assert.match(await run('native', 'spinner'), /Answer: 42\n$/));

  test('./run node spinner', async () =>
    assert.match(await run('node', 'spinner'), /Answer: 42\n$/));

  test('./run site puts the page into a folder', async () => {
    const folder = join(place, 'site');
    await runWithoutModules('site', folder);
    assert.ok(existsSync(join(folder, 'index.html')));
  });

  test('./run docs makes the API reference', async () => {
    await run('docs');
    assert.ok(existsSync(join(clone, 'build', 'docs', 'index.html')));
  });

  test('./run demo --check sees that the page is well', async () =>
    assert.match(await runWithoutModules('demo', '--check'), /all is well\n$/));

  test('./run demo serves the page until Ctrl-C', async () => {
    const { child, ended } = start('demo', '--port', '0');
    let printed = '';
    child.stdout.on('data', (text) => (printed += text));
    const urlIn = () => /http:\S+/.exec(printed)?.[0];
    await until(() => urlIn() || child.exitCode !== null, 'the URL of the page', seconds);
    assert.match(await (await fetch(urlIn())).text(), /<title>/);
    child.kill('SIGINT');
    const { exit, stderr } = await ended;
    assert.equal(exit, '0', stderr);
    assertClean();
  });

  test('./run build builds the programs', async () => {
    await run('build');
    for (const program of ['native/flags2', 'web/flags2.mjs'])
      assert.ok(existsSync(join(clone, 'build', program)), program);
  });

  test('no command of ./run help was left out', async () => {
    const listed = new Set(commandsIn(await run('help')));
    assert.deepEqual(listed, tried.add('test'));
  });
});
