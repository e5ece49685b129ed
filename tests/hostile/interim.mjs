// What comes before an answer, and answers that come before the request has gone.

import { whole } from '../support/hostile-server.mjs';

const before = (heads, ...ask) => ({
  ask: [...ask, 'URL'],
  answer: ({ send }) => send(heads + whole('hello').toString('latin1')),
});
const hint = 'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n';

export default {
  'interim-100': before('HTTP/1.1 100 Continue\r\n\r\n'),
  'interim-100-to-post': before('HTTP/1.1 100 Continue\r\n\r\n', '-d', 'text'),
  'interim-103-twice': before(hint + hint),
  'interim-199': before('HTTP/1.1 199 Own\r\nX-One: 1\r\n\r\n'),
  'interim-for-ever': {
    ask: ['-t', '10', 'URL'],
    answer: async ({ send, socket }) => {
      for (let i = 0; i < 20_000 && !socket.destroyed; i++) await send(hint);
    },
  },
  'interim-only': { answer: ({ end }) => end(hint) },
  'interim-101': {
    answer: ({ end }) =>
      end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: own\r\nConnection: upgrade\r\n\r\nhello'),
  },

  // The body is three megabytes, of which the server reads nothing.
  'early-413-reset': {
    ask: ['-s', '3000000', 'URL'],
    early: true,
    answer: async ({ send, rest, reset, state, socket }) => {
      if (state.requests.length > 1) return;
      socket.pause();
      await send(whole('too large', ['Connection: close'], '413 Content Too Large'));
      await rest(100);
      reset();
    },
  },
  'early-413-close': {
    ask: ['-s', '3000000', 'URL'],
    early: true,
    answer: ({ end, state, socket }) => {
      if (state.requests.length > 1) return;
      socket.pause();
      end(whole('too large', ['Connection: close'], '413 Content Too Large'));
    },
  },
};
