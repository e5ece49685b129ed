// Fields of a response that are not what they should be: what differs between engines, and what all but one would
// take. mutation.test.mjs found them, and names these where native, Node and curl differ.

import { whole } from '../support/hostile-server.mjs';

const ok = 'HTTP/1.1 200 OK';
const chunks = '2\r\nok\r\n0\r\n\r\n';

// Such an answer and the end of its connection, then one as it should be.
const first = (text) => ({
  ask: ['URL', 'URL'],
  answer: async ({ number, send, end, state }) => {
    if (number > 1) return send(whole('second'));
    await send(text);
    setTimeout(() => state.requests.length > 1 || end(), 100);
  },
});
const headed = (headers, body = 'ok', line = ok) =>
  first([line, ...headers, '', body].join('\r\n'));
const length = 'Content-Length: 2';
const chunked = 'Transfer-Encoding: chunked';

export default {
  // Status lines
  'line-in-lower-case': headed([length], 'ok', 'http/1.1 200 OK'),
  'line-of-http-2': headed([length], 'ok', 'HTTP/2 200 OK'),
  'line-of-rtsp': headed([length], 'ok', 'RTSP/1.0 200 OK'),
  'line-with-nul': headed([length], 'ok', 'HTTP/1.1 200 O\0K'),
  'line-and-more-digits': headed([length], 'ok', 'HTTP/1.1 200abc OK'),
  'line-of-status-099': headed([length], 'ok', 'HTTP/1.1 099 OK'),
  'line-after-blank-line': headed([length], 'ok', `\r\n${ok}`),
  'lines-end-in-line-feeds': first(`${ok}\nContent-Length: 2\n\nok`),
  'lines-end-in-carriage-returns': first(`${ok}\rContent-Length: 2\r\rok`),

  // Headers
  'name-with-space': headed(['X One: 1', length]),
  'name-of-nothing': headed([': 1', length]),
  'name-with-space-behind': headed(['X-One : 1', length]),
  'value-with-control': headed(['X-One: a\x01b', length]),
  'value-with-carriage-return': headed(['X-One: a\rb', length]),

  // Lengths
  'length-and-letters': headed(['Content-Length: 2x']),
  'length-of-hex-digits': headed(['Content-Length: 0x2']),
  'length-list-of-two': headed(['Content-Length: 2, 1']),
  'length-twice-the-same': headed([length, length]),
  'length-twice-not-the-same': headed([length, 'Content-Length: 1']),
  'length-of-20-digits': headed(['Content-Length: 18446744073709551618']),
  'length-in-two-lines': headed(['Content-Length: 2', ' 2']),
  'length-and-tab': headed(['Content-Length: 2\t']),
  'length-and-chunks': headed([length, chunked], chunks),
  'length-and-identity': headed(['Transfer-Encoding: identity', length]),

  // Transfer codings
  'coding-is-unknown': headed(['Transfer-Encoding: own'], chunks),
  'coding-behind-chunks': headed(['Transfer-Encoding: chunked, identity'], chunks),
  'coding-and-tab': headed(['Transfer-Encoding: chunked\t'], chunks),

  // Chunks
  'chunk-size-and-space': headed([chunked], '2 \r\nok\r\n0\r\n\r\n'),
  'chunk-of-no-size': headed([chunked], 'ok'),
  'chunk-size-of-zeros': headed([chunked], `${'0'.repeat(30)}2\r\nok\r\n0\r\n\r\n`),
  'chunk-size-of-16-digits': headed([chunked], `${'f'.repeat(16)}\r\nok\r\n0\r\n\r\n`),
  'chunk-longer-than-said': headed([chunked], '1\r\nok\r\n0\r\n\r\n'),
  'chunk-in-line-feeds': headed([chunked], '2\nok\n0\n\n'),
  'chunk-last-without-line-feed': headed([chunked], '2\r\nok\r\n0\r\n\r'),

  // Informing heads
  'informs-and-closes': first(`HTTP/1.1 103 Early\r\nConnection: close\r\n\r\n${whole('ok')}`),
  'informs-of-http-1.0': first(`HTTP/1.0 100 Continue\r\n\r\n${whole('ok')}`),
  'switches-to-nothing': {
    ask: ['URL', 'URL'],
    answer: async ({ number, send, rest }) => {
      if (number > 1) return send(whole('second'));
      await send('HTTP/1.1 101 Switching Protocols\r\n\r\n');
      await rest(20);
      await send(whole('hidden'));
    },
  },
  // An answer to nothing, on a connection that waits for its next request.
  'answer-unasked': {
    ask: ['URL', '-w', '0.2', 'URL'],
    answer: async ({ number, send, rest }) => {
      if (number > 1) return send(whole('second'));
      await send(whole('ok'));
      await rest(50);
      await send(whole('hidden'));
    },
  },
};
