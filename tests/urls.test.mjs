// What a server is asked for, whatever the URL looks like: what the URL standard says, for which Node's URL stands.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askProcess } from './support/hostile.mjs';
import { startHostile, whole } from './support/hostile-server.mjs';
import { seededRandom } from './support/server-random.mjs';

const answer = ({ send }) => send(whole());

// Pieces that mean something in a URL, and some that do not. (A caret is in http.md.)
const pieces = [
  ...['/', '//', '.', '..', '/.', '/..', '/./', '/../', '%2e', '%2E', '.%2e', '%2e.', '/%2e%2e/'],
  ...[
    ' ',
    '"',
    '<',
    '>',
    '`',
    '{',
    '}',
    '|',
    '[',
    ']',
    '\\',
    "'",
    '!',
    '$',
    '&',
    '(',
    ')',
    '*',
    '+',
  ],
  ...[',', ';', '=', ':', '@', '~', '_', '-', '%', '%41', '%zz', '%%', '%C3%BC', '\x7f'],
  ...[
    '?',
    '?',
    '#',
    'a',
    'b',
    'name',
    '1',
    'ü',
    '日本',
    '\u{1f600}',
    'e\u0301',
    '\u00a0',
    '\u200d',
  ],
];

// A query of nothing is sent by some.
const bare = (target) => target.replace(/\?$/, '');

function randomTargets(seed, count) {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    const length = 1 + Math.floor(random() * 12);
    const chosen = Array.from({ length }, () => pieces[Math.floor(random() * pieces.length)]);
    return `/${chosen.join('')}`;
  });
}

for (const target of ['native', 'node']) {
  test(
    `${target}: a server is asked for what the URL standard says`,
    { timeout: 90_000 },
    async () => {
      const targets = [
        ...pieces.map((piece) => `/${piece}`),
        '?',
        '?a b',
        '',
        ' ',
        ...randomTargets(1, 500),
      ];
      const server = await startHostile({ ask: [], answer });
      try {
        const origin = `http://127.0.0.1:${server.ports.URL}`;
        await askProcess(
          target,
          targets.map((one) => origin + one.replaceAll('\\', '\\x5c')),
        );
        const asked = server.state.requests.map((request) => request.target);
        const expected = targets.map((one) => {
          const { pathname, search } = new URL(origin + one);
          return pathname + search;
        });
        assert.equal(asked.length, expected.length);
        targets.forEach((one, i) => assert.equal(bare(asked[i]), bare(expected[i]), one));
      } finally {
        await server.close();
      }
    },
  );
}

// In the C locale, which knows no letter beyond ASCII: a proxy is told the name.
test('native: a host of any script is asked for by its name in ASCII', async () => {
  const names = [
    'bücher',
    'BÜCHER',
    'faß',
    '日本語',
    'bücher。de',
    'ｂücher',
    'ελλάς',
    'münchen:8080',
  ];
  const urls = names.map((name) => `http://${name}${name.includes(':') ? '' : '.example'}/`);
  const server = await startHostile({ ask: [], answer });
  try {
    await askProcess('native', urls, {
      http_proxy: `http://127.0.0.1:${server.ports.URL}`,
      LC_ALL: 'C',
    });
    const asked = server.state.requests.map((request) => request.target);
    assert.deepEqual(
      asked,
      urls.map((url) => new URL(url).href),
    );
  } finally {
    await server.close();
  }
});
