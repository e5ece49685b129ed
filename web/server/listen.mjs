// Finding a port: exactly the one that was asked for, or the first free one of the usual range.

import { once } from 'node:events';

const firstPort = 8000;
const lastPort = 8099;

// Resolves once `server` listens; throws an Error that says what to do.
export async function listen(server, host, port) {
  if (port !== undefined) return listenOn(server, host, port);
  for (let candidate = firstPort; candidate <= lastPort; candidate++) {
    if (await listensOn(server, host, candidate)) return;
  }
  throw new Error(
    `every port from ${firstPort} to ${lastPort} on ${host} is taken: choose another with --port`,
  );
}

async function listenOn(server, host, port) {
  if (await listensOn(server, host, port)) return;
  throw new Error(
    `port ${port} on ${host} is taken: end what listens there, or choose another with --port`,
  );
}

async function listensOn(server, host, port) {
  try {
    server.listen({ host, port });
    await once(server, 'listening');
    return true;
  } catch (error) {
    if (error.code === 'EADDRINUSE') return false;
    throw new Error(`cannot listen on ${host} port ${port}: ${error.message}`);
  }
}
