// Connections that die under a request: what is sent again, and what arrived all the same.

import { whole } from '../support/hostile-server.mjs';

// Firefox tries ten times where it has nothing to lose.
const methods = ({ requests }) =>
  requests.length > 4
    ? `${requests[0].method} many times`
    : requests.map(({ method }) => method).join(' ');

// The first request of each connection is answered, a later one finds it reset.
const keptThenReset = (...ask) => ({
  ask: ['URL', '-w', '0.1', ...ask, 'URL'],
  answer: ({ turn, send, reset }) => (turn === 1 ? send(whole('ok')) : reset()),
  seen: methods,
});

export default {
  'get-on-reset': keptThenReset(),
  'head-on-reset': keptThenReset('-X', 'HEAD'),
  'put-on-reset': keptThenReset('-X', 'PUT', '-d', 'text'),
  'delete-on-reset': keptThenReset('-X', 'DELETE'),
  'options-on-reset': keptThenReset('-X', 'OPTIONS'),
  'post-on-reset': keptThenReset('-d', 'text'),
  'patch-on-reset': keptThenReset('-X', 'PATCH', '-d', 'text'),
  'own-method-on-reset': keptThenReset('-X', 'CHICKEN'),
  'post-in-pieces-on-reset': keptThenReset('-D', 'text in pieces'),
  'put-in-pieces-on-reset': keptThenReset('-X', 'PUT', '-D', 'text in pieces'),

  // The same, closed in order.
  'post-on-close': {
    ...keptThenReset('-d', 'text'),
    answer: ({ turn, send, end }) => (turn === 1 ? send(whole('ok')) : end()),
  },
  'get-on-close': {
    ...keptThenReset(),
    answer: ({ turn, send, end }) => (turn === 1 ? send(whole('ok')) : end()),
  },

  // What is repeated fails again.
  'get-reset-again': {
    ask: ['URL', '-w', '0.1', 'URL'],
    answer: ({ number, send, reset }) => (number === 1 ? send(whole('ok')) : reset()),
    seen: methods,
  },
  // A new connection is no reason to try again.
  'get-reset-at-first': {
    answer: ({ reset }) => reset(),
    seen: methods,
  },
  'post-reset-at-first': {
    ask: ['-d', 'text', 'URL'],
    answer: ({ reset }) => reset(),
    seen: methods,
  },
  // Nor is an answer that has begun.
  'get-reset-in-head': {
    ask: ['URL', '-w', '0.1', 'URL'],
    answer: async ({ turn, send, rest, reset }) => {
      if (turn === 1) return send(whole('ok'));
      await send('HTTP/1.1 200 OK\r\n');
      await rest(100);
      reset();
    },
    seen: methods,
  },

  // A connection that its server has closed in the meantime is not used.
  'post-after-close': {
    ask: ['URL', '-w', '0.3', '-d', 'text', 'URL'],
    answer: async ({ number, send, rest, end }) => {
      await send(whole('ok'));
      if (number > 1) return;
      await rest(100);
      end();
    },
    seen: methods,
  },
  'post-after-reset': {
    ask: ['URL', '-w', '0.3', '-d', 'text', 'URL'],
    answer: async ({ number, send, rest, reset }) => {
      await send(whole('ok'));
      if (number > 1) return;
      await rest(100);
      reset();
    },
    seen: methods,
  },

  // All of the answer, then a reset, while the program is busy.
  'answer-then-reset': {
    ask: ['-n', '10', '-b', '0.1', 'URL'],
    answer: async ({ send, rest, reset }) => {
      await rest(60);
      send(whole('all of it'));
      reset();
    },
  },
  'large-answer-then-reset': {
    ask: ['-n', '5', '-b', '0.1', 'URL'],
    answer: async ({ send, rest, reset }) => {
      await rest(60);
      await send(whole(Buffer.alloc(50_000, 'x')));
      reset();
    },
  },
};
