// An HTTP server for the tests of sp_fetch: it answers well, badly, late or not at all.
// By hand: node tests/support/fixture-server.mjs

import http from 'node:http';
import net from 'node:net';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';

// A page from another origin may send anything and see everything. A browser takes no '*' for the
// Authorization header.
const CORS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': 'GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS',
  'Access-Control-Expose-Headers': '*',
  'Cross-Origin-Resource-Policy': 'cross-origin',
};

/** The body of /bytes/N: byte i is i * 31 + (i >> 8), modulo 256. */
export function deterministicBytes(count) {
  const bytes = Buffer.alloc(count);
  for (let i = 0; i < count; i++) bytes[i] = i * 31 + (i >> 8);
  return bytes;
}

function answer(response, status, headers = {}, body = '') {
  response.writeHead(status, { 'Content-Length': Buffer.byteLength(body), ...headers });
  response.end(body);
}

function json(response, value) {
  answer(response, 200, { 'Content-Type': 'application/json' }, JSON.stringify(value));
}

const text = (response, body, headers = {}) =>
  answer(response, 200, { 'Content-Type': 'text/plain', ...headers }, body);

async function bodyOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
}

// What was asked, as JSON; with ?raw the body as it came.
async function echo({ request, response, query }) {
  const body = await bodyOf(request);
  if (query.has('raw')) {
    const type = request.headers['content-type'] ?? 'application/octet-stream';
    answer(response, 200, { 'Content-Type': type }, body);
    return;
  }
  const { method, url, headers } = request;
  json(response, { method, url, headers, size: body.length, body: body.toString() });
}

// The body as it comes, sent back as it comes.
function mirror({ request, response }) {
  response.writeHead(200);
  response.flushHeaders();
  request.pipe(response);
}

async function sizeOfBody({ request, response }) {
  text(response, `${(await bodyOf(request)).length} bytes came`);
}

function status({ response, rest }) {
  const bodiless = ['204', '205', '304'].includes(rest);
  if (bodiless) response.writeHead(Number(rest)).end();
  else answer(response, Number(rest), {}, `status ${rest}\n`);
}

function redirectHops({ response, rest }) {
  const hops = Number(rest);
  answer(response, 302, { Location: hops > 1 ? `/redirect/${hops - 1}` : '/ok' });
}

// /redirect-to/STATUS?to=URL, or else to /echo.
function redirectTo({ response, rest, query }) {
  answer(response, Number(rest), { Location: query.get('to') ?? '/echo' });
}

// Nothing comes later when the client has gone.
function later(response, seconds, then) {
  setTimeout(() => response.destroyed || then(), seconds * 1000).unref();
}

function slow({ response, query }) {
  later(response, Number(query.get('seconds') ?? 1), () => text(response, 'slow\n'));
}

function drip({ response, query }) {
  const bytes = deterministicBytes(Number(query.get('bytes') ?? 10));
  const pause = Number(query.get('seconds') ?? 1) / Math.max(1, bytes.length);
  response.writeHead(200, { 'Content-Length': bytes.length });
  response.flushHeaders();
  const send = (i) => {
    if (i === bytes.length) return response.end();
    response.write(bytes.subarray(i, i + 1));
    return later(response, pause, () => send(i + 1));
  };
  send(0);
}

function truncated({ response }) {
  response.writeHead(200, { 'Content-Length': 1000 });
  response.write('only this', () => response.socket.destroySoon());
}

function truncatedChunked({ response }) {
  response.writeHead(200, { 'Transfer-Encoding': 'chunked' });
  response.write('only this', () => response.socket.destroySoon());
}

// /gzip, or the bytes of /bytes/N: /gzip/N.
function gzip({ response, rest }) {
  const body = gzipSync(rest ? deterministicBytes(Number(rest)) : 'gzip '.repeat(1000));
  text(response, body, { 'Content-Encoding': 'gzip' });
}

function garbage({ request }) {
  request.socket.end('this is not HTTP at all\r\n\r\n');
}

// Heads that no server should send: a trailer that looks like the head of another answer, a 100 in
// the middle of a head, a second Location that is empty.
const oddHeads = {
  trailer:
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-First: 1\r\n\r\n' +
    '5\r\nhello\r\n0\r\nHTTP/1.1 302: x\r\nLocation: /bytes/9\r\n\r\n',
  continue: 'HTTP/1.1 200 OK\r\nX-First: 1\r\nHTTP/1.1 100: x\r\nContent-Length: 5\r\n\r\nhello',
  location:
    'HTTP/1.1 302 Found\r\nLocation: /bytes/5\r\nLocation:\r\nX-First: 1\r\nContent-Length: 0\r\n\r\n',
};

function oddHead({ request, rest }) {
  request.socket.end(oddHeads[rest]);
}

function hang({ response, seen }) {
  seen.opened++;
  response.on('close', () => seen.closed++);
}

// /stall/NAME: the head and the first bytes of an answer that never ends; /stalled/NAME says how many
// of that name were opened and closed.
function stalledAs(seen, name) {
  return (seen.stalled[name] ??= { opened: 0, closed: 0 });
}

function stall({ response, rest, seen }) {
  hang({ response, seen: stalledAs(seen, rest) });
  response.writeHead(200);
  response.write('first');
}

// /redirect-stall/NAME: a 303 whose own body never ends; /stalled/NAME counts it, too.
function redirectStall({ request, response, rest, seen }) {
  request.resume();
  hang({ response, seen: stalledAs(seen, rest) });
  response.writeHead(303, { Location: '/ok' });
  response.write('first');
}

// /flood/N: N bytes, as fast as they are read; /flooded says how many the last one could send.
function flood({ response, rest, seen }) {
  const piece = deterministicBytes(65536);
  const size = Number(rest);
  seen.flooded = 0;
  response.writeHead(200, { 'Content-Length': size });
  const go = () => {
    while (seen.flooded < size && !response.destroyed) {
      const more = piece.subarray(0, size - seen.flooded);
      seen.flooded += more.length;
      if (!response.write(more)) return response.once('drain', go);
    }
    return response.end();
  };
  go();
}

// An answer whose length is not told: /chunked/N.
async function chunked({ response, rest }) {
  const bytes = deterministicBytes(Number(rest));
  for (let from = 0; from < bytes.length; from += 1000) {
    response.write(bytes.subarray(from, from + 1000));
  }
  response.end();
}

// /early/STATUS: an answer that does not wait for the body.
function early({ response, rest }) {
  answer(response, Number(rest), {}, 'early\n');
}

// How many of these were open at once, at most; /most says it.
function crowd({ response, seen }) {
  seen.most = Math.max(seen.most, ++seen.atOnce);
  response.on('close', () => seen.atOnce--);
  later(response, 0.05, () => text(response, 'ok\n'));
}

// A cookie for pages of any origin, and what comes back.
const forCookies = (request, response) => {
  response.setHeader('Access-Control-Allow-Origin', request.headers.origin ?? '*');
  response.setHeader('Access-Control-Allow-Credentials', 'true');
};

function setCookie({ request, response, rest }) {
  forCookies(request, response);
  text(response, 'set\n', { 'Set-Cookie': `${rest}=1; Path=/` });
}

function showCookies({ request, response }) {
  forCookies(request, response);
  text(response, request.headers.cookie ?? 'none');
}

// No page of another origin may see this.
function noCors({ response }) {
  response.removeHeader('Access-Control-Allow-Origin');
  text(response, 'not for pages\n');
}

const PATHS = {
  ok: ({ response }) => text(response, 'ok\n', { 'X-Test': 'known' }),
  echo,
  mirror,
  size: sizeOfBody,
  status,
  redirect: redirectHops,
  'redirect-to': redirectTo,
  'redirect-loop': ({ response }) => answer(response, 302, { Location: '/redirect-loop' }),
  'redirect-307': ({ response }) => answer(response, 307, { Location: '/echo' }),
  'redirect-stall': redirectStall,
  slow,
  drip,
  truncated,
  'truncated-chunked': truncatedChunked,
  reset: ({ request }) => request.socket.destroy(),
  bytes: ({ response, rest }) => answer(response, 200, {}, deterministicBytes(Number(rest))),
  gzip,
  empty: ({ response }) => response.writeHead(204).end(),
  garbage,
  'odd-head': oddHead,
  hang,
  stall,
  stalled: ({ response, rest, seen }) => json(response, stalledAs(seen, rest)),
  flood,
  flooded: ({ response, seen }) => text(response, String(seen.flooded)),
  chunked,
  early,
  crowd,
  most: ({ response, seen }) => {
    text(response, String(seen.most));
    seen.most = 0;
  },
  'set-cookie': setCookie,
  cookies: showCookies,
  'no-cors': noCors,
  connections: ({ response, seen }) => text(response, String(seen.connections)),
  closed: ({ response, seen }) => json(response, { opened: seen.opened, closed: seen.closed }),
};

function preflight(request, response) {
  const headers = request.headers['access-control-request-headers'] ?? '*';
  response.writeHead(204, { 'Access-Control-Allow-Headers': headers }).end();
}

function route(seen, request, response) {
  const { pathname, searchParams: query } = new URL(request.url, 'http://fixture');
  const [, name, rest = ''] = pathname.split('/');
  const isPreflight = request.headers['access-control-request-method'] !== undefined;
  for (const [header, value] of Object.entries(CORS)) response.setHeader(header, value);
  if (request.method === 'OPTIONS' && isPreflight) return preflight(request, response);
  seen.requests.push(`${request.method} ${request.url}`);
  if (!Object.hasOwn(PATHS, name)) return answer(response, 404, {}, 'no such path\n');
  return PATHS[name]({ request, response, query, rest, seen });
}

async function listening(server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${server.address().port}/`;
}

async function closed(server) {
  server.close();
  await once(server, 'close');
}

/** The URL of a port where nobody listens any more. */
async function unusedUrl() {
  const server = net.createServer();
  const url = await listening(server);
  await closed(server);
  return url;
}

/**
 * Starts the server on a free port of 127.0.0.1.
 * url, refusedUrl: end in '/'. seen: {connections, requests, opened, closed}, counted as they come;
 * requests are 'METHOD /path', opened and closed count the clients of /hang. close() ends every
 * connection.
 */
export async function startFixture() {
  const seen = {
    connections: 0,
    requests: [],
    opened: 0,
    closed: 0,
    stalled: {},
    atOnce: 0,
    most: 0,
  };
  const server = http.createServer(async (request, response) => {
    try {
      await route(seen, request, response);
    } catch {
      response.destroy(); // the client went away
    }
  });
  const sockets = new Set();
  server.on('connection', (socket) => {
    seen.connections++;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const refusedUrl = await unusedUrl();
  const url = await listening(server);
  // The same server as another one: http://127.0.0.2 with the same port.
  const twin = net.createServer((socket) => server.emit('connection', socket));
  twin.listen(new URL(url).port, '127.0.0.2');
  await once(twin, 'listening');
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    await Promise.all([closed(server), closed(twin)]);
  };
  return { url, refusedUrl, seen, close };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { url, refusedUrl, close } = await startFixture();
  console.log(url);
  console.log(`refused: ${refusedUrl}`);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, close);
}
