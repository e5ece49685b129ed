// Where the flags come from: the development server's LOCAL, DELAY and ERROR, or, on a host that has
// nothing but files, the files beside the page and a fetch that pretends the rest.

import { pageFolder } from './program.mjs';
import { pretend } from './pretended-server.mjs';
import { spread } from './spread-requests.mjs';

let found = null;

// Promise of whether the page comes from the development server; only that one keeps a log.
export function hasFlagServers() {
  found ??= isAnsweredWithJson('./log').catch(() => false);
  return found;
}

// Its body, which is empty, is read: Chromium's developer tools show the request as canceled else.
async function isAnsweredWithJson(url) {
  const answer = await fetch(url, { method: 'HEAD' });
  await answer.arrayBuffer();
  return answer.ok && /json/.test(answer.headers.get('content-type'));
}

// Promise of the options that make a program use the servers with these delays (seconds) and errors
// (a share): { env, fetch }.
export async function connectToServers({ delay: [shortest, longest], errorShare }) {
  const page = pageFolder().replace(/\/$/, '');
  if (!(await hasFlagServers())) {
    return {
      env: { SPINDLE_SERVER: page },
      fetch: pretend({ delay: [shortest, longest], errorShare }),
    };
  }
  const delays = `${shortest.toFixed(3)}..${longest.toFixed(3)}`;
  const env = { SPINDLE_SERVER: `${page}/tuned/${delays}/${errorShare.toFixed(3)}` };
  return { env, fetch: spread() };
}
