// What eslint looks at: the JavaScript that people write here, not what the compiler makes.

import js from '@eslint/js';
import globals from 'globals';
import { readdirSync, readFileSync } from 'node:fs';

// src/host/js is one program in pieces, which Emscripten's linker puts together: what one piece defines
// (a name at its top, a library's `$name`, a C function that is kept for JavaScript) another may use.
const host = new URL('src/host/js/', import.meta.url);
const textsOf = (folder, ending) =>
  readdirSync(folder)
    .filter((name) => ending.test(name))
    .map((name) => readFileSync(new URL(name, folder), 'utf8'));
const namesIn = (texts, pattern) =>
  texts.flatMap((text) => [...text.matchAll(pattern)].map((found) => found.slice(1).find(Boolean)));
const pieces = [
  ...namesIn(
    textsOf(host, /[.]m?js$/),
    /^(?:async )?(?:const|let|function) (\w+)|^ +\$(\w+)(?<!__\w+):/gm,
  ),
  ...namesIn(
    [host, new URL('src/switch/', import.meta.url)].flatMap((folder) => textsOf(folder, /[.]c$/)),
    /^EMSCRIPTEN_KEEPALIVE [^(]*?(sp__\w+)\((?!\()/gm,
  ).map((name) => `_${name}`),
];

// What Emscripten's own JavaScript has for them: while it links, and in the module.
const emscripten = `
  LibraryManager mergeInto hasExportedSymbol hasExportedFunction addAtExit
  ASYNCIFY_STACK_SIZE DISABLE_EXCEPTION_CATCHING FILESYSTEM SUPPORT_LONGJMP
  Module Asyncify ENV FS HEAPU8 HEAPU32 wasmMemory wasmModule wasmTable
  ABORT ENVIRONMENT_IS_PTHREAD ExitStatus abort addOnPostRun err out
  quit_ readyPromiseReject runtimeKeepaliveCounter spindleProgram
  UTF8ToString lengthBytesUTF8 stringToUTF8 stackRestore stackSave
  exceptionCaught exceptionLast uncaughtExceptionCount
  _exit _free _main _malloc ___funcs_on_exit ___set_stack_limits
  _asyncify_start_unwind _asyncify_stop_unwind _asyncify_start_rewind _asyncify_stop_rewind
`.match(/\S+/g);
const asGlobals = (names) => Object.fromEntries(names.map((name) => [name, 'writable']));

export default [
  { ignores: ['build/', 'node_modules/'] },
  js.configs.recommended,
  {
    rules: {
      eqeqeq: 'error',
      'no-var': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: ['web/server/**/*.mjs', 'tests/**/*.mjs', 'bench/**/*.mjs', 'tools/**/*.mjs', '*.mjs'],
    languageOptions: { globals: globals.node },
  },
  {
    files: ['web/page/**/*.{js,mjs}'],
    languageOptions: { globals: { ...globals.browser, ...globals.worker } },
  },
  {
    files: ['src/host/js/*.{js,mjs}'],
    languageOptions: {
      globals: {
        ...globals.browser,
        ...globals.node,
        ...asGlobals([...pieces, ...emscripten]),
      },
    },
    rules: {
      'no-redeclare': ['error', { builtinGlobals: false }],
      'no-unused-vars': ['error', { varsIgnorePattern: '^spindle', argsIgnorePattern: '^_' }],
      // Emscripten's library functions have to be written in full.
      'object-shorthand': 'off',
    },
  },
  {
    files: ['bench/programs/*.js'],
    languageOptions: {
      globals: {
        ...globals.browser,
        ...asGlobals([...emscripten, 'spindle', '_turns_taken']),
      },
    },
    rules: { 'object-shorthand': 'off' },
  },
];
