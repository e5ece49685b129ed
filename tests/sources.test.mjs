// The shape of the sources: who includes whom, how large a file may be, and which words are not used.

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
const allSources = ['include', 'src'].flatMap((folder) => filesIn(folder, /\.([chS]|m?js)$/));
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

// Words that were replaced by the field's own, which are named beside them. `except` is where the word means something
// else: the alphabet, a redirect, a socket's watcher.
const retiredWords = [
  { pattern: /sp__(host_)?signal/, instead: 'sp__cond' },
  { pattern: /sp__switch_barriers/, instead: 'sp__unsuspendable_depth' },
  { pattern: /sp__handle/, instead: 'sp__runnable' },
  {
    pattern: /letter/i,
    instead: 'message',
    except: /^(src\/demos\/.*|src\/host\/uv\/http\/framing\.c|include\/spindle\.h)$/,
  },
  { pattern: /inbox/i, instead: 'mailbox' },
  { pattern: /sp__kept/, instead: 'sp__loop_owned' },
  { pattern: /sp__watch(?!er)/, instead: 'sp__observer' },
  { pattern: /(?<![a-z])watch/i, instead: 'observer', except: /^src\/(host|demos)\// },
  { pattern: /sp__task_hop/, instead: 'sp__task_hand_off' },
  { pattern: /(?<![a-z])hops?(?![a-z])/i, instead: 'handoff', except: /^src\/host\/uv\/http\// },
  { pattern: /sp__order/, instead: 'submission, discipline or order_seed' },
  { pattern: /sp__place/, instead: 'context, slot or index' },
  { pattern: /sp__awaits/, instead: 'sp__await_frame' },
  { pattern: /sp__awaited/, instead: 'sp__await_iter' },
  { pattern: /let_go|letGo/, instead: 'unref' },
  { pattern: /(?<!curl)_share(?![a-z])/, instead: '_ref' },
  { pattern: /give_back|giveBack/, instead: 'release or free' },
  { pattern: /(?<![a-z])crews?(?![a-z])/i, instead: 'downloader' },
  { pattern: /squad/i, instead: 'batch' },
  { pattern: /forem[ae]n/i, instead: 'worker' },
  { pattern: /(?<![A-Z])MOST_|_MOST(?![A-Z])/, instead: 'x_MAX' },
  { pattern: /\b(is|are) let be\b/, instead: 'does nothing if NULL' },
  { pattern: /\b(is|are) through with\b/, instead: 'is done with' },
  { pattern: /\bstands? there twice\b/, instead: 'is listed twice' },
];

// With a comment's lines joined, so that no word is hidden by a line's end.
const joinLines = (text) => text.replace(/\s*\n\s*(\*(?!\/)|\/\/)?\s*/g, ' ');

function findRetiredWords(path, text) {
  const joined = joinLines(text);
  return retiredWords
    .filter(({ pattern, except }) => !except?.test(path) && pattern.test(joined))
    .map(({ pattern, instead }) => {
      const { index } = pattern.exec(joined);
      const found = joined.slice(Math.max(0, index - 30), index + 40);
      return `${path}: "... ${found} ..." is to say: ${instead}`;
    });
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

  it("use the field's words", () => {
    assert.ok(allSources.length > 150);
    const found = allSources.flatMap((path) => findRetiredWords(path, read(path)));
    assert.deepEqual(found, []);
  });

  it('have retired words found by this test, also at a line end, but not where they are kept', () => {
    const texts = {
      'sp__handle *handle;': 1,
      'static void run_letters(void)': 1,
      'size_t FLAGS_MOST, MOST_ADDED;': 1,
      '/* NULL is\n * let be. */': 1,
      '// C is through\n// with it': 1,
      'sp_handle handle; struct sp__watcher { int shared; }; const UTMOST = 1;': 0,
    };
    for (const [text, count] of Object.entries(texts)) {
      assert.equal(findRetiredWords('src/host/uv/x.c', text).length, count, text);
    }
    assert.equal(findRetiredWords('src/core/x.c', 'int hops;').length, 1);
    assert.equal(findRetiredWords('src/host/uv/http/x.c', 'int hops;').length, 0);
  });

  it('need each exception for a retired word', () => {
    for (const { pattern, except } of retiredWords.filter((word) => word.except)) {
      const used = allSources.some((path) => except.test(path) && pattern.test(read(path)));
      assert.ok(used, String(pattern));
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
