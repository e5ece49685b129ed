// What the README shows is what was compiled.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';

const read = (path) => readFileSync(new URL(path, import.meta.url), 'utf8');

const withoutHead = (program) => program.replace(/^\/\*[^]*?\*\/\n/, '');

test("the README's program is the scenario `readme`, which runs on every target", () => {
  const [, shown] = read('../README.md').match(/```c\n([^]*?)```/);
  assert.equal(withoutHead(read('scenarios/readme.c')), shown);
});

test("the examples' programs and outputs are those of the scenarios `example_*`", () => {
  const shown = [
    ...read('../docs/examples.md').matchAll(
      /^`tests\/scenarios\/(\w+)\.c`:\n\n```c\n([^]*?)```\n\n```text\n([^]*?)```$/gm,
    ),
  ].map(([, name, program, output]) => ({ name, program, output }));
  const names = readdirSync(new URL('scenarios/', import.meta.url))
    .filter((file) => /^example_\w+\.c$/.test(file))
    .map((file) => file.replace('.c', ''));
  assert.deepEqual(shown.map(({ name }) => name).sort(), names.sort());
  for (const { name, program, output } of shown) {
    assert.equal(withoutHead(read(`scenarios/${name}.c`)), program, name);
    assert.equal(read(`scenarios/${name}.txt`), output, name);
  }
});

test("the README names each of spindle.h's functions that a program calls", () => {
  const header = read('../include/spindle.h').replace(/\/\*[^]*?\*\/|^typedef .*$/gm, '');
  const declared = [...header.matchAll(/\b(sp_(?!_)[a-z_]+)(?=\()/g)].map(([, name]) => name);
  const functions = new Set(declared.map((name) => name.replace(/_from$/, '')));
  const readme = read('../README.md');
  // In the header only: what belongs to one that is named.
  const exceptions = ['sp_strerror', 'sp_error_name', 'sp_has_threads', 'sp_response_header'];
  const missing = [...functions].filter(
    (name) => !readme.includes(name) && !exceptions.includes(name),
  );
  assert.deepEqual(missing, []);
});
