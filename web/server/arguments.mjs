// The command line of the development server: text in, options of startServer out.

import { parseArgs } from 'node:util';
import { longestDelay, readRange } from './ranges.mjs';

export const usage =
  'usage: node web/server/main.mjs [--host 127.0.0.1] [--port N] [--delay MIN..MAX] [--help]';

export const help = `${usage}

Serves the page, the compiled programs and the flag servers until Ctrl-C.

  --host HOST       address to listen on (127.0.0.1: this machine only)
  --port N          port to listen on, 0 for any free one (8000, or the next free one up to 8099)
  --delay MIN..MAX  seconds that the servers DELAY and ERROR wait before they answer (0.5..5)
  --help            this text

  /                 the page                     /local/br/br.gif  a flag, at once
  /build/           the compiled programs        /delay/br/br.gif  a flag after the delay
  /src/, /include/  the C sources, to read       /error/br/br.gif  the same, a quarter are errors
  /vendor/          the page's libraries         each has its country's name in metadata.json
  /log              what the flag servers did, as JSON; DELETE clears it
  /tuned/MIN..MAX/SHARE/local/br/br.gif (and delay, error)
                    the same with a delay of your own, in seconds, and a share of errors, 0 to 1`;

export class UsageError extends Error {}

// { help: true } or { host, port, delay } with only what was given.
export function readArguments(words) {
  const values = parse(words);
  if (values.help) return { help: true };
  return {
    ...(values.host !== undefined && { host: readHost(values.host) }),
    ...(values.port !== undefined && { port: readPort(values.port) }),
    ...(values.delay !== undefined && { delay: readDelay(values.delay) }),
  };
}

function parse(words) {
  try {
    return parseArgs({
      args: words,
      options: {
        host: { type: 'string' },
        port: { type: 'string' },
        delay: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error.message.split(/\. |\n/)[0]);
  }
}

function readHost(text) {
  if (text === '') throw new UsageError('--host is an address or a name, such as 127.0.0.1');
  return text;
}

function readPort(text) {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) {
    throw new UsageError(`--port is a number from 0 to 65535, not '${text}'`);
  }
  return port;
}

function readDelay(text) {
  const range = readRange(text);
  if (range) return range;
  throw new UsageError(
    `--delay is MIN..MAX in seconds, such as 0.5..5, at most ${longestDelay}, not '${text}'`,
  );
}
