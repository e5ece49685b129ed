// What a page is sent: spinner, the smallest program, stays small.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipped, moduleSize } from '../bench/sizes.mjs';

const built = fileURLToPath(new URL('../build/web/', import.meta.url));
const most = 25_700; // bytes

// What Emscripten itself adds differs from one to the next; the limit is for this one.
const limited = '3.1.6';
const [, emscripten] = readFileSync(join(built, 'spindle.stamp'), 'utf8').split('\n');
const version = readFileSync(join(emscripten, 'emscripten-version.txt'), 'utf8').replace(
  /["\s]/g,
  '',
);
const skip = version === limited ? false : `built by Emscripten ${version}, not ${limited}`;

test('spinner is at most 25.7 KB of wasm and JavaScript, gzip', { skip }, () => {
  const { js, wasm, both } = moduleSize(`${built}spinner`, gzipped);
  assert.ok(both <= most, `${wasm} bytes of wasm and ${js} of JavaScript, more than ${most}`);
});
