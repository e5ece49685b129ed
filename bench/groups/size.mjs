// How large the programs are: as modules for a page, and natively.

import { gzipped, moduleSize, raw, strippedSize } from '../sizes.mjs';

export const title = 'Size';

const note = {
  gzip: 'zlib, level 9; the .mjs and the .wasm each by itself, 1 KB is 1,000 bytes',
  native: 'dynamically linked, by `strip`',
};

const kilobytes = (bytes) => bytes / 1000;

export async function rows(bench) {
  const web = `${bench.root}build/web/`;
  const native = `${bench.root}build/native/`;
  const fiber = `${web}bench/hello_fiber`;

  const ofModule = (path, sizeOf, part) => async () => kilobytes(moduleSize(path, sizeOf)[part]);
  const ofBinary = (path) => async () => kilobytes(strippedSize(path, bench.folder));

  const spinner = (name, sizeOf, part, target = null) => ({
    name: `spinner, ${name}`,
    unit: 'KB',
    target,
    note: note.gzip,
    ours: ofModule(`${web}spinner`, sizeOf, part),
    peers: { 'an Emscripten fiber': ofModule(fiber, sizeOf, part) },
  });

  const program = (name) => ({
    name: `${name}, wasm + JS, gzip`,
    unit: 'KB',
    target: null,
    note: note.gzip,
    ours: ofModule(`${web}${name}`, gzipped, 'both'),
    peers: {},
  });

  return [
    spinner('wasm + JS, gzip', gzipped, 'both', 25),
    spinner('wasm, gzip', gzipped, 'wasm'),
    spinner('JS, gzip', gzipped, 'js'),
    spinner('wasm + JS', raw, 'both'),
    spinner('wasm', raw, 'wasm'),
    spinner('JS', raw, 'js'),
    ...['flags_sequential', 'flags', 'flags2', 'flags3', 'stress', 'spinner_threads'].map(program),
    {
      name: 'spinner, native',
      unit: 'KB',
      target: null,
      note: note.native,
      ours: ofBinary(`${native}spinner`),
      peers: { 'a libuv timer': ofBinary(`${native}bench/hello_uv`) },
    },
  ];
}
