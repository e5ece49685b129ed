// The flag servers LOCAL, DELAY and ERROR: /{server}/{cc}/{cc}.gif and /{server}/{cc}/metadata.json.
// LOCAL answers at once, DELAY after a random time, ERROR so too and a quarter of it with an error.
// Under /tuned/MIN..MAX/SHARE/ they are there with another delay and another share of errors.

import { setTimeout as sleep } from 'node:timers/promises';
import { allowMethods, sendBytes, sendJson, sendText } from './answers.mjs';
import { countries } from './countries.mjs';
import { longestDelay, readRange, readShare } from './ranges.mjs';
import { now } from './request-log.mjs';
import { isFull, whenGone } from './connections.mjs';

export const flagServerNames = ['local', 'delay', 'error'];

const errorShare = 0.25;

// A function that answers a request whose path is a list of names, the first one a server's or
// 'tuned'.
export function flagServers({ flags, delay, random, log }) {
  return async (request, response, names) => {
    openToOtherOrigins(response);
    const asked = names[0] === 'tuned' ? readTuning(names) : { delay, errorShare, names };
    if (asked.refusal) return sendText(response, 400, asked.refusal);
    if (!allowMethods(request, response, ['GET', 'HEAD'])) return;
    if (isFull(request.socket)) return refuseMore(request, response);
    const [server, ...rest] = asked.names;
    const answer = answerFor(flags, rest);
    const plan = planFor(server, asked, random);
    const entry = log.begin({ server, path: `/${names.join('/')}`, delay: plan.delay });
    const gone = watchConnection(request, response, entry);
    if (!(await waitUnlessGone(plan.delay, gone))) return;
    if (plan.fails) sendText(response, 503, 'The ERROR server answers some so. Ask again.');
    else answer(response);
  };
}

function refuseMore(request, response) {
  response.setHeader('Connection', 'close');
  sendText(response, 503, 'Too many requests wait in this connection. Open others.');
}

// { delay, errorShare, names } of /tuned/MIN..MAX/SHARE/SERVER/..., or { refusal } with the reason.
function readTuning([, range, share, ...names]) {
  const tuning = { delay: readRange(range ?? ''), errorShare: readShare(share ?? ''), names };
  const use = 'Use /tuned/0.5..2/0.25/delay/br/br.gif:';
  if (!tuning.delay) {
    return { refusal: `${use} the delay is MIN..MAX in seconds, at most ${longestDelay}.` };
  }
  if (tuning.errorShare === null) {
    return { refusal: `${use} the share of errors is a number from 0 to 1.` };
  }
  if (!flagServerNames.includes(names[0])) {
    return { refusal: `${use} the servers are ${flagServerNames.join(', ')}.` };
  }
  return tuning;
}

function planFor(server, { delay: [shortest, longest], errorShare: share }, random) {
  if (server === 'local') return { delay: 0, fails: false };
  const delay = shortest + random() * (longest - shortest);
  return { delay, fails: server === 'error' && random() < share };
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
  const settle = (aborted) => {
    Object.assign(entry, { end: now(), status: aborted ? null : response.statusCode, aborted });
    if (aborted) gone.abort();
  };
  const over = whenGone(request.socket, () => settle(true));
  response.on('finish', () => {
    over();
    settle(false);
  });
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
