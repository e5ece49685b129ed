// Answers with a field that is not as it should be (tests/mutation): natively, under Node and by curl the same comes
// of each, but for what http.md has a row for; and no request is given what was not meant for it.
//
// By hand, with another seed: node tests/support/mutation.mjs SEED PAIRS

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { test } from 'node:test';
import { fromCurl, fromNode, unexplained } from './mutation/differences.mjs';
import { readTable } from './support/hostile.mjs';
import { startHostile } from './support/hostile-server.mjs';
import { askAll, disturbed, programOf } from './support/mutation.mjs';

const seed = 20261128;
const pairs = 300;
const time = { timeout: 240_000 };

const asked = askAll(seed, pairs, ['native', 'native-asan', 'node', 'curl']);
asked.catch(() => {}); // each test says so

test('a mutated answer is the same natively and under Node, or has a row', time, async () => {
  assert.deepEqual(unexplained(await asked, 'node'), []);
});

test('a mutated answer is the same natively and to curl, or has a row', time, async () => {
  assert.deepEqual(unexplained(await asked, 'curl'), []);
});

// Whether an engine's versions differ there, so that a difference need not be seen with each.
const varies = ({ native, node }) => native.length > 1 || node.length > 1;

test('each decided difference has a row, and is seen', time, async () => {
  await asked;
  const { rows } = readTable();
  const all = [...fromNode, ...fromCurl];
  assert.deepEqual(
    all.filter(({ row }) => !rows.has(row)).map(({ row }) => row),
    [],
  );
  assert.deepEqual(
    all
      .filter(({ row, used }) => used === 0 && !varies(rows.get(row)))
      .map(({ row, tags }) => `${row} ${tags}`),
    [],
  );
});

for (const target of ['native', 'native-asan', 'node']) {
  test(`${target}: the next request has its own answer after each`, time, async () => {
    const all = await asked;
    assert.deepEqual(disturbed(all, target), []);
    assert.equal(all[target].stderr, '');
    assert.equal(all[target].code, 0);
  });
}

test('native-asan: the same comes of each as natively', time, async () => {
  assert.deepEqual(unexplained(await asked, 'native-asan'), []);
});

// --- what has no end

const megabyte = 1 << 20;
const floodMax = 200 * megabyte;

// Each is sent again and again behind its beginning, 200 MB of it at most.
const chunkedHead = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
const floods = {
  'a header': ['HTTP/1.1 200 OK\r\nX: ', 'x'.repeat(100_000)],
  headers: ['HTTP/1.1 200 OK\r\n', `X: ${'x'.repeat(996)}\r\n`.repeat(100)],
  'a status line': ['HTTP/1.1 200 ', 'x'.repeat(100_000)],
  'heads that inform': ['', 'HTTP/1.1 103 Hints\r\nX: 1\r\n\r\n'.repeat(4000)],
  'blank lines': ['', '\r\n'.repeat(50_000)],
  'a chunk extension': [`${chunkedHead}2;`, 'x'.repeat(100_000)],
  'chunk extensions': [chunkedHead, `1;${'x'.repeat(1000)}\r\nx\r\n`.repeat(100)],
  'zeros of a chunk size': [chunkedHead, '0'.repeat(100_000)],
  trailers: [`${chunkedHead}0\r\n`, `X: ${'x'.repeat(996)}\r\n`.repeat(100)],
  'a trailer': [`${chunkedHead}0\r\nX: `, 'x'.repeat(100_000)],
};

const flooding = ([beginning, again], onSecond) => ({
  ask: ['URL'],
  answer: async ({ socket, send, number, end }) => {
    if (number > 1) onSecond();
    if (number > 1) return end('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecond');
    const closed = new Promise((resolve) => socket.once('close', resolve));
    const piece = Buffer.from(again);
    await send(beginning);
    for (let sent = 0; sent < floodMax && !socket.destroyed; sent += piece.length)
      await Promise.race([send(piece), closed]);
    end();
  },
});

// The most memory that the process had, in bytes. It is asked for with the second request, which waits.
function peakOf({ pid }) {
  try {
    return (
      Number(/VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024
    );
  } catch {
    return 0;
  }
}

async function askFlood(target, flood) {
  let peak = 0;

  const server = await startHostile(flooding(flood, () => (peak = peakOf(child))));
  const [command, ...words] = programOf(target);
  const child = spawn(command, [...words, ...server.words, 'SMALL'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let stdout = '';
  child.stdout.on('data', (text) => (stdout += text));
  try {
    const [code] = await once(child, 'close');
    assert.equal(code, 0);
    return { peak, outcome: stdout.split('\t')[2] };
  } finally {
    await server.close();
  }
}

// What a process without a flood takes is far below: 20 MB natively, 90 MB under Node.
const bounds = { native: 100 * megabyte, node: 250 * megabyte };
for (const target of ['native', 'node']) {
  for (const [name, flood] of Object.entries(floods)) {
    test(`${target}: ${name} without an end is kept in bounds`, time, async () => {
      const { peak, outcome } = await askFlood(target, flood);
      assert.match(outcome, /^SP_/);
      assert.ok(peak > 0 && peak < bounds[target], `${peak / megabyte} MB`);
    });
  }
}
