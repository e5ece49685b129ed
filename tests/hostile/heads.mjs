// Heads: status lines and headers that are not what they should be.

import { whole } from '../support/hostile-server.mjs';

// A whole answer with a head of these lines.
const lines = (...all) => `${all.join('\r\n')}\r\nContent-Length: 2\r\n\r\nok`;

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
};
