// A server of bare sockets that answers as no server should: each case of tests/hostile/*.mjs says what.

import { readFileSync, readdirSync } from 'node:fs';
import net from 'node:net';
import { once } from 'node:events';
import { extname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';

const folder = fileURLToPath(new URL('../hostile/', import.meta.url));

// Promise of Map { name: case }, with the section of the file that it stands in. A case is
//   ask     the asker's words, see tests/hostile/asker.c; URL in them is the server's, OTHER another
//           origin's, PORT and OTHERPORT their ports. By default one GET of URL
//   answer  async (exchange): writes what the server sends. An exchange has
//             socket                         once the request has come; it is closed by whoever wants to
//             request                        { method, target, head, headers, body, origin }: text as Latin-1;
//                                            origin is 'URL' or 'OTHER'
//             number, turn                   of the request, from 1: in all, and on its connection
//             state                          what the case keeps for itself between requests
//             send(text or bytes), end(...), reset(), rest(milliseconds)
//   seen    (state): what the server saw of it, for the outcome; state.requests has the requests
//   early   answer is called as soon as the head of the request is there, its body may follow
export async function readCases() {
  const cases = new Map();
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.mjs'))) {
    const { default: ofFile } = await import(pathToFileURL(join(folder, name)));
    for (const [key, one] of Object.entries(ofFile)) {
      if (cases.has(key)) throw new Error(`two cases ${key}`);
      cases.set(key, { ask: ['URL'], section: name.slice(0, -'.mjs'.length), ...one });
    }
  }
  return cases;
}

// --- answers that are as they should be

export const bytesOf = (text) => (Buffer.isBuffer(text) ? text : Buffer.from(text, 'latin1'));

// An answer with its length.
export function whole(body = '', headers = [], status = '200 OK') {
  const bytes = bytesOf(body);
  const head = [`HTTP/1.1 ${status}`, `Content-Length: ${bytes.length}`, ...headers, '', ''];
  return Buffer.concat([bytesOf(head.join('\r\n')), bytes]);
}

// The head of an answer, without a length unless it is among the headers.
export const head = (headers = [], status = '200 OK') =>
  bytesOf([`HTTP/1.1 ${status}`, ...headers, '', ''].join('\r\n'));

export const chunk = (bytes) =>
  Buffer.concat([bytesOf(`${bytes.length.toString(16)}\r\n`), bytesOf(bytes), bytesOf('\r\n')]);

// --- requests

// { request, rest } once all of it is there, or its head if that is enough.
function takeRequest(bytes, isEarly) {
  const text = bytes.toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [line, ...lines] = text.slice(0, end).split('\r\n');
  const [method, target] = line.split(' ');
  const headers = lines.map((one) => one.split(/: ?(.*)/s).slice(0, 2));
  const valueOf = (name) => headers.find(([key]) => key.toLowerCase() === name)?.[1];
  const made = { method, target, head: text.slice(0, end), headers, valueOf };
  const after = end + 4;
  if (isEarly) return { request: { ...made, body: '' }, used: bytes.length };
  if (/chunked/i.test(valueOf('transfer-encoding') ?? '')) {
    const match = /^((?:[0-9a-f]+\r\n(?:(?!\r\n0\r\n)[^])*?\r\n)*?)0\r\n\r\n/i.exec(
      text.slice(after),
    );
    if (!match) return undefined;
    return { request: { ...made, body: joinChunks(match[1]) }, used: after + match[0].length };
  }
  const size = Number(valueOf('content-length') ?? 0);
  if (text.length < after + size) return undefined;
  return { request: { ...made, body: text.slice(after, after + size) }, used: after + size };
}

function joinChunks(text) {
  let body = '';
  for (let at = 0; at < text.length;) {
    const line = text.indexOf('\r\n', at);
    const size = parseInt(text.slice(at, line), 16);
    body += text.slice(line + 2, line + 2 + size);
    at = line + 2 + size + 2;
  }
  return body;
}

// --- the page that asks

const types = { '.mjs': 'text/javascript', '.wasm': 'application/wasm' };
const page = '<!doctype html><title>hostile</title><link rel="icon" href="data:,">';

function servePage(socket, target, programs) {
  const name = target.slice('/page/'.length);
  const body = name ? readFileSync(join(programs, name)) : page;
  const type = types[extname(name)] ?? 'text/html';
  socket.end(whole(body, [`Content-Type: ${type}`, 'Connection: close']));
}

// --- the server

function serveSocket(socket, one, place) {
  let bytes = Buffer.alloc(0);
  let working = Promise.resolve();
  let turns = 0;
  const answer = (request) => {
    if (request.target.startsWith('/page/'))
      return servePage(socket, request.target, place.programs);
    if (request.target === '/favicon.ico') return socket.end(whole());
    place.state.requests.push(request);
    const exchange = {
      socket,
      request,
      state: place.state,
      number: place.state.requests.length,
      turn: ++turns,
      ports: place.ports,
      send: (text) => new Promise((resolve) => socket.write(bytesOf(text), () => resolve())),
      end: (text = '') => socket.end(bytesOf(text)),
      reset: () => socket.resetAndDestroy(),
      rest: (milliseconds) => sleep(milliseconds),
    };
    return one.answer(exchange);
  };
  socket.setNoDelay(true);
  socket.on('error', () => {}); // peers reset, too
  socket.on('data', (piece) => {
    bytes = Buffer.concat([bytes, piece]);
    for (;;) {
      const taken = takeRequest(bytes, one.early);
      if (!taken) return;
      bytes = bytes.subarray(taken.used);
      working = working.then(() => answer({ ...taken.request, origin: place.origin }));
      working.catch((error) => place.state.faults.push(error));
    }
  });
}

// Serves one case, at two origins. Promise of { words, state, pageUrl, close() }.
export async function startHostile(one, programs) {
  const state = { requests: [], faults: [], connections: 0 };
  const ports = {};
  const sockets = new Set();
  const open = async (origin) => {
    const server = net.createServer({ allowHalfOpen: true }, (socket) => {
      state.connections++;
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      socket.on('end', () => socket.end());
      serveSocket(socket, one, { state, ports, programs, origin });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ports[origin] = server.address().port;
    return server;
  };
  const servers = [await open('URL'), await open('OTHER')];
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    await Promise.all(
      servers.map((server) => new Promise((resolve) => server.close(() => resolve()))),
    );
  };
  const words = one.ask.map((word) =>
    word
      .replace(/OTHERPORT/g, ports.OTHER)
      .replace(/PORT/g, ports.URL)
      .replace(/OTHER/g, `http://127.0.0.1:${ports.OTHER}/`)
      .replace(/URL/g, `http://127.0.0.1:${ports.URL}/`),
  );
  return { words, state, ports, pageUrl: `http://127.0.0.1:${ports.URL}/page/`, close };
}
