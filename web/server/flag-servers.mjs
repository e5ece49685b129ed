// The flag servers LOCAL, DELAY and ERROR: /{server}/{cc}/{cc}.gif and /{server}/{cc}/metadata.json.
// LOCAL answers at once, DELAY after a random time, ERROR so too and a quarter of it with an error.

import { setTimeout as sleep } from 'node:timers/promises';
import { allowMethods, sendBytes, sendJson, sendText } from './answers.mjs';
import { countries } from './countries.mjs';
import { now } from './request-log.mjs';

export const flagServerNames = ['local', 'delay', 'error'];

const errorShare = 0.25;

// A function that answers a request whose path is a list of names, the first one a server's.
export function flagServers({ flags, delay: [shortest, longest], random, log }) {
  const drawDelay = () => shortest + random() * (longest - shortest);
  const plans = {
    local: () => ({ delay: 0, fails: false }),
    delay: () => ({ delay: drawDelay(), fails: false }),
    error: () => ({ delay: drawDelay(), fails: random() < errorShare }),
  };

  return async (request, response, names) => {
    openToOtherOrigins(response);
    if (!allowMethods(request, response, ['GET', 'HEAD'])) return;
    const answer = answerFor(flags, names.slice(1));
    const { delay, fails } = plans[names[0]]();
    const entry = log.begin({ server: names[0], path: `/${names.join('/')}`, delay });
    const gone = watchConnection(request, response, entry);
    if (!(await waitUnlessGone(delay, gone))) return;
    if (fails) sendText(response, 503, 'The ERROR server answers a quarter so. Ask again.');
    else answer(response);
  };
}

function openToOtherOrigins(response) {
  response.setHeader('Access-Control-Allow-Origin', '*');
  response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
}

// The function that sends what stands at {cc}/{file}, or that it is not there.
function answerFor(flags, [code, file, ...rest]) {
  const country = countries.get(code);
  if (country && rest.length === 0) {
    if (file === `${code}.gif`) return (to) => sendBytes(to, 200, 'image/gif', flags.get(code));
    if (file === 'metadata.json') {
      return (to) => sendJson(to, { country: country.country, code });
    }
  }
  return (to) =>
    sendText(to, 404, 'No flag here: use br/br.gif or br/metadata.json, a code of ISO 3166-1.');
}

// An AbortSignal that fires if the client goes away; fills in the end of the log's entry either way.
function watchConnection(request, response, entry) {
  const gone = new AbortController();
  const { socket } = request;
  const settle = (aborted) => {
    socket.off('close', onClose);
    response.off('finish', onFinish);
    Object.assign(entry, { end: now(), status: aborted ? null : response.statusCode, aborted });
    if (aborted) gone.abort();
  };
  const onClose = () => settle(true);
  const onFinish = () => settle(false);
  socket.on('close', onClose);
  response.on('finish', onFinish);
  return gone.signal;
}

// True after `seconds`, false as soon as the signal fires.
async function waitUnlessGone(seconds, signal) {
  if (seconds === 0) return !signal.aborted;
  try {
    await sleep(Math.ceil(seconds * 1000) + 1, undefined, { signal });
    return true;
  } catch (error) {
    if (error.name === 'AbortError') return false;
    throw error;
  }
}
