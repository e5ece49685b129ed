// A server with TLS that speaks HTTP/2 and HTTP/1.1, and a proxy, for the tests of HTTP.

import http from 'node:http';
import http2 from 'node:http2';
import net from 'node:net';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const beside = (name) => fileURLToPath(new URL(name, import.meta.url));

// Of the server itself: whoever takes this file for an authority trusts it. It is no secret.
export const certificateFile = beside('certificate.pem');
// The same, but for clients only.
export const clientCertificateFile = beside('client-certificate.pem');

async function listening(server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server.address().port;
}

// Promise of close(), which ends its connections, too.
function closer(server) {
  const sockets = new Set();
  for (const event of ['connection', 'secureConnection']) {
    server.on(event, (socket) => {
      sockets.add(socket);
      socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    });
  }
  return async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  };
}

/**
 * /bytes/N has N bytes, whatever else the number of bytes that were sent to it.
 * Promise of { url, seen: { requests: ['2.0 GET /path'], connections }, close() }.
 */
export async function startSecureServer(file = certificateFile) {
  const seen = { requests: [], connections: 0 };
  const key = readFileSync(file.replace(/\.pem$/, '-key.pem'));
  const options = { key, cert: readFileSync(file), allowHTTP1: true };
  const server = http2.createSecureServer(options, async (request, response) => {
    seen.requests.push(`${request.httpVersion} ${request.method} ${request.url}`);
    let size = 0;
    for await (const part of request) size += part.length;
    const [, wanted] = /^\/bytes\/(\d+)/.exec(request.url) ?? [];
    response.end(wanted ? Buffer.alloc(Number(wanted)) : String(size));
  });
  server.on('secureConnection', () => seen.connections++);
  const close = closer(server);
  const port = await listening(server);
  return { url: `https://127.0.0.1:${port}/`, seen, close };
}

/** A proxy. Promise of { url, seen: ['GET http://...', 'CONNECT host:port'], close() }. */
export async function startProxy() {
  const seen = [];
  const server = http.createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    const { method, headers } = request;
    const passed = http.request(request.url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    request.pipe(passed);
  });
  server.on('connect', (request, socket) => {
    seen.push(`CONNECT ${request.url}`);
    const [host, port] = request.url.split(':');
    const tunnel = net.connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      tunnel.pipe(socket).pipe(tunnel);
    });
    tunnel.on('error', () => socket.destroy());
    socket.on('error', () => tunnel.destroy());
  });
  const close = closer(server);
  return { url: `http://127.0.0.1:${await listening(server)}/`, seen, close };
}
