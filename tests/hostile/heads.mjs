// Heads: status lines and headers that are not what they should be.

import { whole } from '../support/hostile-server.mjs';

// A whole answer with a head of these lines.
const lines = (...all) => `${all.join('\r\n')}\r\nContent-Length: 2\r\n\r\nok`;

// Sends it again and again, until nobody listens.
async function flood({ socket, send }, text) {
  const closed = new Promise((resolve) => socket.once('close', resolve));
  while (!socket.destroyed) await Promise.race([send(text), closed]);
}

export default {
  'first-header-folded': {
    answer: ({ send }) => send(lines('HTTP/1.1 200 OK', '\tX-One: 1')),
  },
  // The same for a handle or a connection that was used before.
  'first-header-folded-later': {
    ask: ['URL', 'URL', 'URL', 'URL'],
    answer: ({ number, send }) =>
      send(number % 2 === 1 ? whole('ok', ['X-One: 1']) : lines('HTTP/1.1 200 OK', '\tX-One: 1')),
  },
  'first-header-folded-after-redirect': {
    ask: ['URL', 'URL', 'URL'],
    answer: ({ request, number, send }) =>
      send(
        request.target === '/next'
          ? lines('HTTP/1.1 200 OK', ' X-One: 1')
          : number === 1
            ? whole('ok')
            : whole('', ['Location: /next'], '302 Found'),
      ),
  },
  'first-header-folded-after-hints': {
    ask: ['URL', 'URL'],
    answer: ({ number, send }) =>
      send(
        number === 1
          ? whole('ok')
          : `HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n${lines('HTTP/1.1 200 OK', ' X: 1')}`,
      ),
  },
  'hints-folded': {
    ask: ['URL', 'URL'],
    answer: ({ number, send }) =>
      send(
        number === 1
          ? whole('ok')
          : `HTTP/1.1 103 Early Hints\r\n Link: </x>\r\n\r\n${lines('HTTP/1.1 200 OK', 'X: 1')}`,
      ),
  },
  'header-folded': {
    ask: ['-i', 'x-one', 'URL', 'URL'],
    answer: ({ send }) => send(lines('HTTP/1.1 200 OK', 'X-One: 1', '  and 2')),
  },
  'header-without-colon': {
    answer: ({ send }) => send(lines('HTTP/1.1 200 OK', 'X-One')),
  },
  'trailer-folded': {
    ask: ['URL', 'URL'],
    answer: ({ send }) =>
      send(
        'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\tX: 1\r\nY: 2\r\n\r\n',
      ),
  },
  'header-of-40-kilobytes': {
    ask: ['-i', 'x-other', 'URL'],
    answer: ({ send }) =>
      send(lines('HTTP/1.1 200 OK', `X-Long: ${'x'.repeat(40_000)}`, 'X-Other: here')),
  },
  'header-of-70-kilobytes': {
    answer: ({ send }) => send(lines('HTTP/1.1 200 OK', `X-Long: ${'x'.repeat(70_000)}`)),
  },
  'header-of-120-kilobytes': {
    answer: ({ send }) => send(lines('HTTP/1.1 200 OK', `X-Long: ${'x'.repeat(120_000)}`)),
  },
  'header-without-end': {
    answer: async (exchange) => {
      await exchange.send('HTTP/1.1 200 OK\r\nX-Long: ');
      await flood(exchange, 'x'.repeat(100_000));
    },
  },
  'headers-of-70-kilobytes': {
    answer: ({ send }) =>
      send(
        lines(
          'HTTP/1.1 200 OK',
          ...Array.from({ length: 700 }, (_, i) => `X-${i}: ${'x'.repeat(93)}`),
        ),
      ),
  },
  'headers-without-end': {
    answer: async (exchange) => {
      await exchange.send('HTTP/1.1 200 OK\r\n');
      await flood(exchange, `X-More: ${'x'.repeat(1000)}\r\n`.repeat(100));
    },
  },
  'hints-without-end': {
    ask: ['-t', '5', 'URL'],
    answer: (exchange) =>
      flood(exchange, 'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n'.repeat(1000)),
  },
  'trailers-without-end': {
    ask: ['-t', '5', '-m', '1000000', 'URL'],
    answer: async (exchange) => {
      await exchange.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n');
      await flood(exchange, `X-More: ${'x'.repeat(1000)}\r\n`.repeat(100));
    },
  },
  'header-with-bytes': {
    ask: ['-i', 'x-latin', '-i', 'x-utf', '-i', 'x-tab', 'URL'],
    answer: ({ send }) =>
      send(lines('HTTP/1.1 200 OK', 'X-Latin: caf\xe9', 'X-Utf: caf\xc3\xa9', 'X-Tab: a\tb')),
  },
  'header-with-nul': {
    answer: ({ send }) => send(lines('HTTP/1.1 200 OK', 'X-Nul: a\0b')),
  },
  'header-sent-with-bytes': {
    ask: [
      ...['-H', 'X-Latin: caf\\xe9', '-H', 'X-Utf: café', '-H', 'X-Far: 日本', '-H', 'X-Tab: a\tb'],
      'URL',
    ],
    answer: ({ send }) => send(whole('ok')),
    seen: ({ requests }) =>
      ['x-latin', 'x-utf', 'x-far', 'x-tab']
        .map((name) => Buffer.from(requests[0]?.valueOf(name) ?? 'none', 'latin1').toString('hex'))
        .join(' '),
  },
  ...Object.fromEntries(
    [
      ['line-break', '\\x0d\\x0aX-More: 1'],
      ['line-feed', '\\x0a'],
      ['carriage-return', '\\x0d'],
      ['control', '\\x01'],
      ['delete', '\\x7f'],
    ].map(([name, text]) => [
      `header-sent-with-${name}`,
      { ask: ['-H', `X-Own: a${text}b`, 'URL'], answer: ({ send }) => send(whole('ok')) },
    ]),
  ),
};
