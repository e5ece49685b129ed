// The development server: the page, the compiled programs and the flag servers on one port.

import { createServer } from 'node:http';
import { allowMethods, rawBadRequest, sendJson, sendText, setCommonHeaders } from './answers.mjs';
import { flagServerNames, flagServers } from './flag-servers.mjs';
import { loadFlags } from './flags.mjs';
import { listen } from './listen.mjs';
import { isOwnHost } from './own-host.mjs';
import { flagsFolder, projectFolder } from './places.mjs';
import { createRequestLog } from './request-log.mjs';
import { MalformedPath, namesOfPath } from './request-path.mjs';
import { staticFiles } from './static-files.mjs';

// Promise of { url, port, log, close() }. Everything has a default:
//   host      address to listen on
//   port      exactly this one; 0 any free one; undefined the first free one from 8000 on
//   delay     [shortest, longest] delay of DELAY and ERROR in seconds
//   random    where delays and errors come from, a function like Math.random
//   root      the folder in which web/, build/web/ and src/ are served
//   flags     the folder that keeps the GIFs
//   logLimit  how many requests the log remembers
//   report    called with a line when something takes time or fails
// `log` is the array that /log shows; close() ends open connections and resolves when all is shut.
export async function startServer({
  host = '127.0.0.1',
  port,
  delay = [0.5, 5],
  random = Math.random,
  root = projectFolder,
  flags: folder = flagsFolder,
  logLimit,
  report = () => {},
} = {}) {
  const flags = await loadFlags({ folder, report });
  const log = createRequestLog(logLimit);
  const route = routes({ root, flags, delay, random, log });
  const server = createServer(answerWith(route, host, report));
  server.on('clientError', refuse);
  await listen(server, host, port);
  return {
    url: urlOf(server.address()),
    port: server.address().port,
    log: log.entries,
    close: () => closeServer(server),
  };
}

function routes({ root, flags, delay, random, log }) {
  const serveFlags = flagServers({ flags, delay, random, log });
  const serveFile = staticFiles(root);
  return (request, response, names) => {
    if ([...flagServerNames, 'tuned'].includes(names[0])) {
      return serveFlags(request, response, names);
    }
    if (names.length === 1 && names[0] === 'log') return serveLog(request, response, log);
    return serveFile(request, response, names);
  };
}

function serveLog(request, response, log) {
  if (!allowMethods(request, response, ['GET', 'HEAD', 'DELETE'])) return;
  if (request.method === 'DELETE') log.clear();
  sendJson(response, log.entries);
}

function answerWith(route, host, report) {
  return async (request, response) => {
    setCommonHeaders(response);
    if (!isOwnHost(request.headers.host, host)) return refuseHost(response);
    try {
      await route(request, response, namesOfPath(request.url));
    } catch (error) {
      if (error instanceof MalformedPath) sendText(response, 400, error.message);
      else sendFault(request, response, error, report);
    }
  };
}

function sendFault(request, response, error, report) {
  report(`${request.method} ${request.url} failed: ${error.stack}`);
  if (response.headersSent) response.destroy();
  else sendText(response, 500, 'The development server failed; its terminal says why.');
}

// A page of another site whose name leads here must not read what is served.
function refuseHost(response) {
  sendText(response, 421, 'This server goes by its address or as localhost, not by that name.');
}

function refuse(error, socket) {
  if (socket.writable) socket.end(rawBadRequest());
  else socket.destroy();
}

// Where a browser on this machine finds the server, also if it listens on every address.
function urlOf({ address, port }) {
  const host = { '0.0.0.0': '127.0.0.1', '::': '::1' }[address] ?? address;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}/`;
}

function closeServer(server) {
  return new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
}
