// The switching seam by itself: by assembly and by ucontext natively, and AArch64's assembly in qemu.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { inNewFolder, runProcess } from './support/scenarios.mjs';

const project = fileURLToPath(new URL('..', import.meta.url));
const shared = ['tests/switch/check.c', 'src/switch/stacks.c', 'src/switch/overrun.c'];
const options = [
  '-std=c11',
  '-O2',
  '-g',
  '-Wall',
  '-Wextra',
  '-Werror',
  '-D_GNU_SOURCE',
  '-Iinclude',
  '-Isrc',
];

const kinds = {
  'x86-64 assembly': {
    compiler: ['gcc'],
    sources: ['-DSP__SWITCH_INLINE', 'src/switch/switch_asm.c'],
    behaviours: 7,
    only: 'x64',
  },
  ucontext: { compiler: ['gcc'], sources: ['src/switch/switch_ucontext.c'], behaviours: 5 },
  'AArch64 assembly, in qemu': {
    compiler: ['aarch64-linux-gnu-gcc', '-static'],
    sources: ['-DSP__SWITCH_INLINE', 'src/switch/switch_asm.c'],
    behaviours: 7,
    runner: ['qemu-aarch64'],
  },
};

async function run(words, where) {
  const result = await runProcess(words[0], words.slice(1), where).catch((error) => {
    throw new Error(
      `${words[0]} did not start (apt-get install gcc-aarch64-linux-gnu qemu-user?)`,
      {
        cause: error,
      },
    );
  });
  assert.equal(result.exit, '0', `${words.join(' ')}\n${result.stdout}${result.stderr}`);
  return result.stdout;
}

for (const [name, kind] of Object.entries(kinds)) {
  const skip = kind.only && kind.only !== process.arch && `this machine is ${process.arch}`;
  test(
    `switching by ${name} keeps registers, aligns and guards stacks`,
    { skip, timeout: 120_000 },
    () =>
      inNewFolder(async (folder) => {
        const program = `${folder}/check`;
        await run(
          [...kind.compiler, ...options, ...shared, ...kind.sources, '-pthread', '-o', program],
          project,
        );
        const lines = (await run([...(kind.runner ?? []), program], folder)).trim().split('\n');
        assert.equal(lines.length, kind.behaviours);
        for (const line of lines) assert.match(line, /^ok /);
      }),
  );
}

test('without probes of the compiler a guard is wider than a large frame', () =>
  inNewFolder(async (folder) => {
    const program = `${project}build/native/steps/leap_without_probes`;
    const { stdout, stderr, exit } = await runProcess(program, [], folder);
    assert.equal(stdout, 'leaping\n');
    assert.match(stderr, /^spindle: stack overflow in task 'wide', leap\(\)/);
    assert.notEqual(exit, '0');
  }));

test('a C library without makecontext is refused where it would be needed', () =>
  inNewFolder(async (folder) => {
    const configure = (choice) =>
      runProcess(
        'cmake',
        ['-S', project, '-B', folder, '-DCMAKE_C_COMPILER=musl-gcc', ...only, choice],
        folder,
      );
    const only = ['DEMOS', 'TESTS', 'BENCH'].map((part) => `-DSPINDLE_${part}=OFF`);
    const { stderr, exit } = await configure('-DSPINDLE_SWITCH=ucontext');
    assert.match(stderr, /this C library has no\s+makecontext/);
    assert.notEqual(exit, '0');
    const byAssembly = await configure('-DSPINDLE_SWITCH=asm');
    assert.equal(byAssembly.exit, '0', byAssembly.stderr);
  }));
