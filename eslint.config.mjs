// What eslint looks at: the JavaScript that people write here, not what the compiler makes.

import js from '@eslint/js';
import globals from 'globals';

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
    files: ['web/server/**/*.mjs', 'tests/**/*.mjs', 'bench/**/*.mjs', '*.mjs'],
    languageOptions: { globals: globals.node },
  },
  {
    files: ['web/page/**/*.{js,mjs}'],
    languageOptions: { globals: { ...globals.browser, ...globals.worker } },
  },
  {
    files: ['src/**/*.{js,mjs}', 'bench/programs/*.js'],
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    rules: {
      // Pieces that Emscripten's linker puts together: what one defines another uses.
      'no-undef': 'off',
      'no-unused-vars': 'off',
      // Its library functions have to be written in full.
      'object-shorthand': 'off',
    },
  },
];
