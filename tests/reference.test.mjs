// The API reference: every public function has its contract, in one order, and doxygen takes it without a warning.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isInOrder, keywordsOf, readHeader } from '../tools/docs/header.mjs';
import { inNewFolder, runProcess } from './support/scenarios.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
const header = readFileSync(`${root}include/spindle.h`, 'utf8');

const functionsOf = (text) =>
  readHeader(text)
    .sections.flatMap(({ items }) => items)
    .filter(({ kind }) => kind === 'function');

// What is wrong with the contract of a function, in words; nothing where nothing is.
function faultOf({ name, returns, comment }) {
  if (!comment) return `${name} has no comment`;
  const keywords = keywordsOf(comment);
  if (!isInOrder(keywords)) return `${name}: ${keywords.join(', ')}`;
  const says = keywords.includes('Returns');
  if (says !== (returns !== 'void'))
    return `${name} ${says ? 'returns nothing' : 'says no Returns'}`;
  return null;
}

const faultsIn = (text) => functionsOf(text).map(faultOf).filter(Boolean);

test("spindle.h's functions have their contracts in one order", () => {
  assert.ok(functionsOf(header).length > 150, 'the functions are found');
  assert.deepEqual(faultsIn(header), []);
});

test('a contract that is missing, incomplete or in another order is noticed', () => {
  const faults = {
    'int sp_a(void);': ['sp_a has no comment'],
    '/* Does it. */\nint sp_a(void);': ['sp_a says no Returns'],
    '/* Does it.\n * Returns it. */\nvoid sp_a(void);': ['sp_a returns nothing'],
    '/* Does it.\n * Suspends.\n * Returns it. */\nint sp_a(void);': ['sp_a: Suspends, Returns'],
    '/* Does it.\n * Returns it.\n * Errors: one. */\n#define sp_a(...) sp_a_from(__VA_ARGS__, SP_HERE "sp_a")\nint sp_a_from(int b, const char *where);':
      [],
  };
  for (const [text, expected] of Object.entries(faults)) {
    assert.deepEqual(faultsIn(`/* head */\n\n${text}\n`), expected, text);
  }
});

test('a call is shown as a program sees it, without its place', () => {
  const [gather] = functionsOf(header).filter(({ name }) => name === 'sp_gather');
  assert.deepEqual(gather.parameters, [
    'sp_future *const *futures',
    'size_t count',
    'int *results',
  ]);
  const names = functionsOf(header).map(({ name }) => name);
  assert.deepEqual(
    names.filter((name) => /_from$|^sp__/.test(name)),
    [],
  );
});

test('./run docs makes the reference, which has each function', { timeout: 300_000 }, async () => {
  const { stderr, exit } = await runProcess(`${root}run`, ['docs'], root);
  assert.equal(exit, '0', stderr);
  const pages = readdirSync(`${root}build/docs`).filter((file) => /^group__.*\.html$/.test(file));
  const text = pages.map((page) => readFileSync(`${root}build/docs/${page}`, 'utf8')).join('');
  const missing = functionsOf(header).filter(({ name }) => !text.includes(`${name}()</h2>`));
  assert.deepEqual(missing, []);
});

test('a public function without a comment is an error', { timeout: 300_000 }, async () => {
  await inNewFolder(async (folder) => {
    const settings = readFileSync(`${root}tools/docs/Doxyfile`, 'utf8');
    const own = `INPUT = ${folder}/spindle.h\nOUTPUT_DIRECTORY = ${folder}\n`;
    writeFileSync(`${folder}/Doxyfile`, settings + own);
    writeFileSync(`${folder}/spindle.h`, `${header}\n\nint sp_undocumented(void);\n`);
    const { stderr, exit } = await runProcess('doxygen', [`${folder}/Doxyfile`], root);
    assert.notEqual(exit, '0');
    assert.match(stderr, /sp_undocumented.* is not documented/);
  });
});
