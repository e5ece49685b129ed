// The macros that copy an argument: what does not tell its size is refused by each compiler, in C and in C++.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { inNewFolder, runProcess } from './support/scenarios.mjs';

const project = fileURLToPath(new URL('..', import.meta.url));
const warnings = ['-Wall', '-Wextra', '-Wpedantic', '-Wshadow', '-Werror'];
const compilers = [
  ['gcc', '-std=c11'],
  ['clang', '-std=c11'],
  ['g++', '-std=c++11'],
  ['clang++', '-std=c++11'],
  ['g++', '-std=c++20'],
];

const program = (statements) => `
#include "spindle.h"
#ifdef __cplusplus
struct job { job() {} job(const job &other) : id(other.id) {} int id; };
#endif
struct point { int x, y; };
int work(void *arg);
int work(void *arg) { return ((struct point *)arg)->x; }
int produce(sp_generator *self, void *arg);
int produce(sp_generator *self, void *arg) { return sp_yield(self, arg); }
int main(int x, char **words)
{
  struct point one = {1, 2}, *many = &one;
  const struct point constant = {3, 4};
  int numbers[3] = {1, 2, 3};
  short few[sizeof(void *) / sizeof(short)] = {1};
  void *anything = many;
  const void *constants = &constant;
  sp_task_group group;
  (void)x, (void)words, (void)numbers, (void)few, (void)anything, (void)constants, (void)group, (void)produce;
  ${statements}
  return 0;
}
`;

const compile = ([compiler, standard], statements) =>
  inNewFolder((folder) => {
    const source = `${folder}/copies.${standard.includes('++') ? 'cpp' : 'c'}`;
    writeFileSync(source, program(statements));
    const options = [standard, ...warnings, `-I${project}include`, '-fsyntax-only'];
    return runProcess(compiler, [...options, source], folder);
  });

const accepted = {
  'an object': 'sp_create_task_copy(work, &one);',
  'a pointer': 'sp_create_task_copy(work, many);',
  'an element': 'sp_create_task_copy(work, many + 0);',
  'a constant': 'sp_create_task_copy(work, &constant);',
  'an array': 'sp_create_task_copy(work, &numbers);',
  'for a group': '(void)sp_task_group_spawn_copy(&group, work, &constant);',
  'for a generator': 'sp_generator_new_copy(produce, &constant);',
  'a literal':
    '#ifndef __cplusplus\n  sp_create_task_copy(work, &(struct point){.x = x, .y = 2});\n#endif',
  'for a loop': 'sp_run_coroutine_threadsafe_copy(sp_loop_running(), work, &constant);',
};

const refused = {
  'a pointer to void': 'sp_create_task_copy(work, anything);',
  'a constant one': 'sp_create_task_copy(work, constants);',
  'a string': 'sp_create_task_copy(work, "world");',
  'an array that becomes a pointer': 'sp_create_task_copy(work, numbers);',
  'one as large as a pointer': 'sp_create_task_copy(work, few);',
  nothing: 'sp_create_task_copy(work, NULL);',
  'an object itself': 'sp_create_task_copy(work, one);',
  'a pointer to void, for a group': '(void)sp_task_group_spawn_copy(&group, work, anything);',
};

for (const compiler of compilers) {
  const name = compiler.join(' ');

  test(`${name} takes pointers to one object`, async () => {
    for (const [what, statement] of Object.entries(accepted)) {
      const { stderr, exit } = await compile(compiler, statement);
      assert.equal(exit, '0', `${what}\n${stderr}`);
    }
  });

  test(`${name} refuses what does not tell its size`, async () => {
    for (const [what, statement] of Object.entries(refused)) {
      const { stderr, exit } = await compile(compiler, statement);
      assert.notEqual(exit, '0', what);
      if (what !== 'an object itself') {
        assert.match(
          stderr,
          /no[_ ]pointer[_ ]to[_ ]one[_ ]object[_ ]of[_ ]a[_ ]known[_ ]type/,
          what,
        );
      }
    }
  });
}

test('C++ refuses what has a copy constructor of its own', async () => {
  const { stderr, exit } = await compile(
    ['g++', '-std=c++11'],
    'job own; sp_create_task_copy(work, &own);',
  );
  assert.notEqual(exit, '0');
  assert.match(stderr, /of a known type that is trivially copyable/);
});
