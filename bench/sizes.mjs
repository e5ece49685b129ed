// How large a program is: as a page is sent it, and as it lies on a disk.

import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

export const gzipped = (path) => gzipSync(readFileSync(path), { level: 9 }).length;
export const raw = (path) => statSync(path).size;

// The two files of a module, by the path that they have in common.
export function moduleSize(path, sizeOf) {
  const [js, wasm] = [`${path}.mjs`, `${path}.wasm`].map(sizeOf);
  return { js, wasm, both: js + wasm };
}

export function strippedSize(path, folder) {
  const copy = join(folder, 'stripped');
  copyFileSync(path, copy);
  execFileSync('strip', [copy]);
  const size = raw(copy);
  rmSync(copy);
  return size;
}
