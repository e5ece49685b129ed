// What the README shows is what was compiled.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const read = (path) => readFileSync(new URL(path, import.meta.url), 'utf8');

test("the README's program is the scenario `readme`, which runs on every target", () => {
  const [, shown] = read('../README.md').match(/```c\n([^]*?)```/);
  const compiled = read('scenarios/readme.c').replace(/^\/\*[^]*?\*\/\n/, '');
  assert.equal(compiled, shown);
});

test("the README names each of spindle.h's functions that a program calls", () => {
  const header = read('../src/spindle.h').replace(/\/\*[^]*?\*\/|^typedef .*$/gm, '');
  const declared = [...header.matchAll(/\b(sp_[a-z_]+)(?=\()/g)].map(([, name]) => name);
  const functions = new Set(declared.map((name) => name.replace(/_at$/, '')));
  const readme = read('../README.md');
  // In the header only: what belongs to one that is named.
  const exceptions = ['sp_strerror', 'sp_error_name', 'sp_has_threads', 'sp_response_header'];
  const missing = [...functions].filter(
    (name) => !readme.includes(name) && !exceptions.includes(name),
  );
  assert.deepEqual(missing, []);
});
