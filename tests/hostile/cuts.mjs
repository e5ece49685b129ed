// Bodies that end in ways that are none, and what comes behind them.

import { chunk, head, whole } from '../support/hostile-server.mjs';

const chunked = (...more) =>
  Buffer.concat([head(['Transfer-Encoding: chunked']), ...more.map((one) => Buffer.from(one))]);
const thenReset = (bytes) => ({
  answer: async ({ send, rest, reset }) => {
    await send(bytes);
    await rest(50);
    reset();
  },
});
const thenClosed = (bytes) => ({ answer: ({ end }) => end(bytes) });

export default {
  'cut-until-close-reset': thenReset(Buffer.concat([head(), Buffer.from('hello')])),
  // What the program finds when it was busy meanwhile.
  'cut-until-close-reset-at-once': {
    ask: ['URL', '-b', '0.2', 'URL'],
    answer: async ({ number, send, rest, reset }) => {
      if (number === 1) return send(whole('ok'));
      await rest(80);
      await send(Buffer.concat([head(), Buffer.from('hello')]));
      await rest(20);
      reset();
    },
  },
  'cut-length-reset': thenReset(whole('hello world').subarray(0, -6)),
  'cut-chunks-reset': thenReset(chunked(chunk('hello'))),
  'cut-within-chunk': thenClosed(chunked('a\r\nhello')),
  'cut-within-chunk-size': thenClosed(chunked(chunk('hello'), '1')),
  'cut-before-last-line': thenClosed(chunked(chunk('hello'), '0\r\n')),
  'cut-head': thenClosed('HTTP/1.1 200 OK\r\nContent-Le'),
  'cut-status-line': thenClosed('HTTP/1.1 2'),
  'cut-all': thenClosed(''),
  'chunk-size-wrong': thenClosed(chunked(chunk('hello'), 'xyz\r\nhello\r\n0\r\n\r\n')),
  'length-and-more': {
    ask: ['URL', '-w', '0.1', 'URL'],
    answer: ({ number, send }) =>
      send(
        number === 1
          ? `${whole('ok')}HTTP/1.1 404 No\r\nContent-Length: 3\r\n\r\nbad`
          : whole('ok'),
      ),
  },
};
