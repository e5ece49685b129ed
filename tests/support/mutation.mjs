// The cases of tests/mutation, asked natively, under Node and by curl, and what each says came of them.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unexplained } from '../mutation/differences.mjs';
import { makeCases } from '../mutation/mutations.mjs';
import { startHostile, whole } from './hostile-server.mjs';

// What the second request of a case is answered with, on whichever connection it comes.
const secondBody = (number) => `second ${number}`;

// Longer than it takes to read what came before.
const moment = 25;

// Serves the cases, at URL/number/request. The connection that a case ends is ended a moment after its bytes, so that they are
// read first; one that lingers is closed later. Promise of { url, port, close }.
async function serve(cases) {
  const busy = new WeakSet(); // connections with a second request
  const served = await startHostile({
    ask: [],
    answer: async ({ request, send, end, reset, rest, socket }) => {
      const [, number, turn] = request.target.split('/').map(Number);
      if (!(turn === 1)) {
        busy.add(socket);
        return send(whole(secondBody(number)));
      }
      const { send: pieces, then } = cases[number];
      for (const piece of pieces) {
        await send(piece);
        if (pieces.length > 1) await rest(1);
      }
      if (then === 'close' || then === 'reset') await rest(moment);
      if (socket.destroyed) return;
      if (then === 'linger') setTimeout(() => busy.has(socket) || end(), moment * 10);
      if (then === 'close') end();
      if (then === 'reset') reset();
    },
  });
  return {
    url: `http://127.0.0.1:${served.ports.URL}/`,
    port: served.ports.URL,
    close: served.close,
  };
}

const direct = { http_proxy: '', https_proxy: '', all_proxy: '', no_proxy: '' };

// Promise of { code, stdout, stderr }.
async function run(command, words, { input = '', environment = {} } = {}) {
  const child = spawn(command, words, { env: { ...process.env, ...direct, ...environment } });
  const said = { stdout: [], stderr: [] };
  for (const name of ['stdout', 'stderr'])
    child[name].on('data', (piece) => said[name].push(piece));
  child.stdin.end(input);
  const [code, signal] = await once(child, 'close');
  const textOf = (name) => Buffer.concat(said[name]).toString('latin1');
  return { code: signal ?? code, stdout: textOf('stdout'), stderr: textOf('stderr') };
}

const built = (target) =>
  fileURLToPath(new URL(`../../build/${target}/http/asks`, import.meta.url));

// The words that start a target's asker.
export const programOf = (target) =>
  target === 'node' ? [process.execPath, `${built('web')}.mjs`] : [built(target)];

// Outcomes of an asker: for each case those of its two requests, and the message of an error of the first.
async function askProgram(target, url, cases) {
  const [command, ...first] = programOf(target);
  const words = cases.map(({ word }) => word);
  const environment = { ASAN_OPTIONS: 'detect_leaks=1:detect_stack_use_after_return=1' };
  const { code, stdout, stderr } = await run(command, [...first, url, ...words], { environment });
  const outcomes = cases.map(() => ({ outcomes: ['none', 'none'], message: '' }));
  for (const line of stdout.split('\n').slice(0, -1)) {
    const [number, turn, outcome, message] = line.split('\t');
    outcomes[number].outcomes[turn - 1] = outcome;
    if (turn === '1') outcomes[number].message = message;
  }
  return { code, stderr, outcomes };
}

// --- curl

// What curl's exit codes are here. A line that is read as none is an answer of HTTP/0.9, which curl refuses.
function nameOf(exit, status, errorText) {
  switch (exit) {
    case 1:
    case 8:
    case 43:
    case 61:
      return 'SP_EPROTOCOL';
    case 18:
      return 'SP_ETRUNCATED';
    case 28:
      return 'SP_ETIMEDOUT';
    case 27:
    case 100:
      return 'SP_ETOOLARGE';
    case 52:
      return 'SP_ECONNRESET';
    case 56:
      if (/chunk/i.test(errorText)) return 'SP_EPROTOCOL';
      return status > 0 ? 'SP_ETRUNCATED' : 'SP_ECONNRESET';
    default:
      return `curl ${exit}`;
  }
}

const shown = (body) => {
  const text = [...body.subarray(0, 120)]
    .map((c) =>
      c >= 32 && c <= 126 && c !== 92
        ? String.fromCharCode(c)
        : `\\x${c.toString(16).padStart(2, '0')}`,
    )
    .join('');
  return body.length > 120 ? `${text}... ${body.length} bytes` : text;
};

// A host of its own for each case, so that none has another's connection.
function curlRequest(port, folder, number, turn, word) {
  const url = `http://c${number}.localhost:${port}/${number}/${turn}`;
  return [
    `url = "${url}"`,
    `output = "${folder}/${number}-${turn}"`,
    `write-out = "${number}\\t${turn}\\t%{exitcode}\\t%{response_code}\\t%header{x-own}\\t%{errormsg}\x1e"`,
    `max-time = ${word === 'HURRY' ? 1 : 20}`,
    ...(word === 'HEAD' ? ['head'] : []),
    'ipv4',
    'silent',
    'compressed',
    'no-buffer',
  ].join('\n');
}

// curl leaves the rest undone where a line of a head is no header: those are asked for once more.
async function askCurlSlice(port, folder, numbered) {
  let left = numbered.flatMap(([number, { word }]) => [
    [number, 1, word],
    [number, 2, 'GET'],
  ]);
  let said = '';
  while (left.length > 0) {
    const config = left.map((words) => curlRequest(port, folder, ...words)).join('\nnext\n');
    const { stdout } = await run('curl', ['-q', '-K', '-'], { input: config });
    const count = stdout.split('\x1e').length - 1;
    if (count === 0) throw new Error('curl says nothing');
    said += stdout;
    left = left.slice(count);
  }
  return said;
}

async function askCurl(port, cases) {
  const folder = await mkdtemp(join(tmpdir(), 'spindle-mutation-'));
  try {
    const numbered = [...cases.entries()];
    const slices = Array.from({ length: 12 }, (_, i) => numbered.filter(([n]) => n % 12 === i));
    const said = await Promise.all(slices.map((slice) => askCurlSlice(port, folder, slice)));
    const outcomes = cases.map(() => ({ outcomes: ['none', 'none'], message: '' }));
    for (const record of said.join('').split('\x1e').slice(0, -1)) {
      const [number, turn, exit, status, own, text] = record.split('\t');
      const body = await readFile(`${folder}/${number}-${turn}`).catch(() => Buffer.alloc(0));
      const isHead = cases[number].word === 'HEAD' && turn === '1';
      outcomes[number].outcomes[turn - 1] =
        exit === '0'
          ? `${Number(status)} ${own ? `[${shown(Buffer.from(own, 'latin1'))}] ` : ''}${isHead ? '' : shown(body)}`
          : nameOf(Number(exit), Number(status), text);
      if (turn === '1') outcomes[number].message = `${exit} ${text}`;
    }
    return { outcomes };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

// Promise of { cases, native: {...}, node, curl } for a seed; targets as they are built.
export async function askAll(seed, pairCount, targets = ['native', 'node', 'curl']) {
  const cases = makeCases(seed, pairCount);
  const server = await serve(cases);
  try {
    const asked = targets.map((target) =>
      target === 'curl' ? askCurl(server.port, cases) : askProgram(target, server.url, cases),
    );
    const all = await Promise.all(asked);
    return { cases, ...Object.fromEntries(targets.map((target, i) => [target, all[i]])) };
  } finally {
    await server.close();
  }
}

// Cases of which the second request has not its own answer.
export const disturbed = (all, target) =>
  all.cases
    .map(({ tag }, i) => ({
      tag,
      outcome: all[target].outcomes[i].outcomes[1],
      own: secondBody(i),
    }))
    .filter(({ outcome, own }) => outcome !== `200 ${own}`)
    .map(({ tag, outcome }) => `${tag}: then ${outcome}`);

// By hand: node tests/support/mutation.mjs SEED PAIRS    what no row explains, with this many pairs
async function main([seed, count]) {
  const all = await askAll(Number(seed), Number(count), ['native', 'native-asan', 'node', 'curl']);
  for (const name of ['native-asan', 'node', 'curl'])
    for (const text of unexplained(all, name)) console.log(text);
  for (const name of ['native', 'native-asan', 'node']) {
    for (const text of disturbed(all, name)) console.log(`${name}: ${text}`);
    if (all[name].code || all[name].stderr) console.log(name, all[name].code, all[name].stderr);
  }
  console.log(`${all.cases.length} cases`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.slice(2));
