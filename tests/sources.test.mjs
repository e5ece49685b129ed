// The shape of the C sources: who includes whom, and how large a file may be.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { projectFolder } from '../web/server/places.mjs';

const run = promisify(execFile);
const libraryFolders = ['include', 'src/core', 'src/switch', 'src/host'];
const linesMost = 400;

function filesIn(folder, pattern) {
  return readdirSync(join(projectFolder, folder), { recursive: true })
    .map((name) => join(folder, name))
    .filter((path) => pattern.test(path))
    .sort();
}

const read = (path) => readFileSync(join(projectFolder, path), 'utf8');
const scripts = filesIn('src/host/js', /\.m?js$/);
const sources = libraryFolders.flatMap((folder) => filesIn(folder, /\.[ch]$/));
const headers = sources.filter((path) => path.endsWith('.h'));

function includesOf(path) {
  const names = [...read(path).matchAll(/^#include "(.+)"$/gm)].map(([, name]) => name);
  return names.map((name) => {
    const places = ['src', 'include', dirname(path)].map((folder) => normalize(join(folder, name)));
    return places.find((place) => existsSync(join(projectFolder, place))) ?? name;
  });
}

// The first circle that is found, as a list of files; undefined if there is none.
function findCircle(graph) {
  const done = new Set();
  const visit = (path, above) => {
    if (above.includes(path)) return [...above.slice(above.indexOf(path)), path];
    if (done.has(path)) return undefined;
    done.add(path);
    for (const included of graph.get(path) ?? []) {
      const circle = visit(included, [...above, path]);
      if (circle) return circle;
    }
    return undefined;
  };
  for (const path of graph.keys()) {
    const circle = visit(path, []);
    if (circle) return circle;
  }
  return undefined;
}

async function compileAlone(header) {
  const { stdout } = await run('pkg-config', ['--cflags', 'libuv', 'libcurl', 'zlib', 'libidn2']);
  const options = ['-std=c11', '-D_GNU_SOURCE', '-Wall', '-Wextra', '-Wpedantic', '-Werror'];
  const folders = ['-Iinclude', '-Isrc', ...stdout.split(/\s+/).filter(Boolean)];
  await run('gcc', [...options, ...folders, '-x', 'c', '-fsyntax-only', header], {
    cwd: projectFolder,
  });
}

describe('the sources of the library', () => {
  it('include each other without a circle', () => {
    const circle = findCircle(new Map(sources.map((path) => [path, includesOf(path)])));
    assert.equal(circle?.join(' -> '), undefined);
  });

  it('have a circle found by this test', () => {
    const graph = new Map([
      ['a', ['b']],
      ['b', ['c', 'd']],
      ['d', ['a']],
    ]);
    assert.deepEqual(findCircle(graph), ['a', 'b', 'd', 'a']);
  });

  it('have headers that compile alone', async () => {
    assert.ok(headers.length > 30);
    for (const header of headers) await compileAlone(header);
  });

  it(`have at most ${linesMost} lines, but for spindle.h`, () => {
    const long = [...sources, ...scripts].filter(
      (path) => path !== 'include/spindle.h' && read(path).split('\n').length > linesMost + 1,
    );
    assert.deepEqual(long, []);
  });

  it("have no host's header in the core, nor libuv's, libcurl's or Emscripten's", () => {
    for (const path of filesIn('src/core', /\.[ch]$/)) {
      const names = [...read(path).matchAll(/^#include [<"](.+)[>"]$/gm)].map(([, name]) => name);
      const foreign = names.filter((name) =>
        /^host\/(?!host\.h$)|^uv|^curl|^emscripten|^zlib|^idn2/.test(name),
      );
      assert.deepEqual(foreign, [], path);
    }
  });

  it('are all named in CMake', () => {
    const lists = ['src/CMakeLists.txt', 'src/host/uv/host.cmake', 'src/host/js/host.cmake'];
    const text = lists.map(read).join('\n');
    const unnamed = sources
      .filter((path) => path.endsWith('.c'))
      .map((path) => path.slice('src/'.length))
      .filter((path) => !text.includes(path));
    assert.deepEqual(unnamed, []);
  });
});

describe('the demos', () => {
  it("include spindle's public header and their own", () => {
    for (const path of filesIn('src/demos', /\.[ch]$/)) {
      for (const included of includesOf(path)) {
        assert.match(included, /^(include\/spindle\.h|src\/demos\/.+)$/, path);
      }
    }
  });
});
