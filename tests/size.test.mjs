// What a page is sent: spinner, the smallest program, stays small.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipped, moduleSize } from '../bench/sizes.mjs';

const built = fileURLToPath(new URL('../build/web/', import.meta.url));
const most = 25_000; // bytes

test('spinner is at most 25 KB of wasm and JavaScript, gzip', () => {
  const { js, wasm, both } = moduleSize(`${built}spinner`, gzipped);
  assert.ok(both <= most, `${wasm} bytes of wasm and ${js} of JavaScript, more than ${most}`);
});
