// One HTTP request over a bare socket, so that no client tidies the path up before it is sent.

import { connect } from 'node:net';

// Promise of { status, head, body } of whatever the server wrote before it closed.
export function rawRequest(port, path, { method = 'GET', host = '127.0.0.1', headers = [] } = {}) {
  const lines = [`Host: ${host}`, 'Connection: close', ...headers];
  const request = [`${method} ${path} HTTP/1.1`, ...lines, '', ''].join('\r\n');
  return new Promise((resolve, reject) => {
    const parts = [];
    const socket = connect(port, '127.0.0.1', () => socket.write(request, 'latin1'));
    socket.setTimeout(5000, () => socket.destroy(new Error(`no answer to ${path} in 5 s`)));
    socket.on('data', (part) => parts.push(part));
    socket.on('error', reject);
    socket.on('close', () => resolve(parseAnswer(Buffer.concat(parts).toString('latin1'))));
  });
}

function parseAnswer(text) {
  const [head, ...rest] = text.split('\r\n\r\n');
  return { status: Number(head.split(' ')[1]), head, body: rest.join('\r\n\r\n') };
}
