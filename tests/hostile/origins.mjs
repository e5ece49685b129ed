// What is for one origin: names and passwords in URLs, and headers that a redirect must not carry elsewhere.

import { whole } from '../support/hostile-server.mjs';

const cors = [
  'Access-Control-Allow-Origin: *',
  'Access-Control-Allow-Headers: authorization, x-own',
  'Access-Control-Allow-Methods: *',
];
const ok = ({ send }) => send(whole('ok', cors));

// What each request but preflights brought of these headers.
const seesHeaders =
  (...names) =>
  ({ requests }) =>
    requests
      .filter(({ method }) => method !== 'OPTIONS')
      .map(({ origin, valueOf }) =>
        [origin, ...names.filter(valueOf).map((name) => `${name}=${valueOf(name)}`)].join(' '),
      )
      .join(', ');

const basic = ({ requests }) =>
  requests
    .map(({ target, valueOf }) => {
      const value = valueOf('authorization') ?? 'none';
      const [, coded] = value.match(/^Basic (.*)$/) ?? [];
      return `${target} ${coded ? Buffer.from(coded, 'base64') : value}`;
    })
    .join(', ');

const withUser = (user, ...ask) => ({
  ask: ['-u', ...ask, `http://${user}@127.0.0.1:PORT/path?a@b`],
  answer: ok,
  seen: basic,
});

const all = ['authorization', 'proxy-authorization', 'cookie', 'host', 'x-own'];
const given = [
  ...['-H', 'Authorization: Own secret', '-H', 'Proxy-Authorization: Own secret'],
  ...['-H', 'Cookie: a=secret', '-H', 'Host: own.example', '-H', 'X-Own: kept'],
];

const leadTo = (place, status) => ({
  answer: ({ request, send, ports }) =>
    send(
      request.target === '/' && request.method !== 'OPTIONS' && request.origin === 'URL'
        ? whole('', [`Location: ${place(ports)}`, ...cors], status)
        : whole('ok', cors),
    ),
});
const elsewhere = ({ OTHER }) => `http://127.0.0.1:${OTHER}/`;

export default {
  'user-and-password': withUser('user:secret'),
  'user-and-password-coded': withUser('us%40er:sec%3Aret%2f%zz'),
  'user-alone': withUser('secret'),
  'password-alone': withUser(':secret'),
  'password-with-colons': withUser('user:secret:s'),
  'password-with-at': withUser('user:secret@s'),
  'user-of-nothing': withUser(''),
  'user-and-own-header': withUser('user:secret', '-H', 'authorization: Own x'),
  'user-in-error': {
    ask: ['http://user:secret@127.0.0.1:PORT/', '-p', 'http://user:secret@127.0.0.1:PORT/'],
    answer: ({ end }) => end(whole('hello').subarray(0, -2)),
  },
  'user-in-location': {
    ask: ['-u', 'URL'],
    ...leadTo(({ URL }) => `http://user:secret@127.0.0.1:${URL}/next`, '302 Found'),
    seen: basic,
  },
  'user-and-redirect-elsewhere': {
    ask: ['-u', 'http://user:secret@127.0.0.1:PORT/'],
    ...leadTo(elsewhere, '302 Found'),
    seen: seesHeaders('authorization'),
  },
  'authorization-elsewhere': {
    ask: ['-H', 'Authorization: Own secret', '-H', 'X-Own: kept', 'URL'],
    ...leadTo(elsewhere, '302 Found'),
    seen: seesHeaders('authorization', 'x-own'),
  },
  'secrets-elsewhere': {
    ask: [...given, 'URL'],
    ...leadTo(elsewhere, '302 Found'),
    seen: seesHeaders(...all),
  },
  'secrets-elsewhere-307': {
    ask: [...given, '-d', 'text', 'URL'],
    ...leadTo(elsewhere, '307 Temporary Redirect'),
    seen: seesHeaders(...all),
  },
  'secrets-to-other-name': {
    ask: [...given, 'URL'],
    ...leadTo(({ URL }) => `http://localhost:${URL}/next`, '302 Found'),
    seen: seesHeaders(...all),
  },
  'secrets-at-home': {
    ask: [...given, 'URL'],
    ...leadTo(() => '/next', '302 Found'),
    seen: seesHeaders(...all),
  },
  'secrets-there-and-back': {
    ask: [...given, 'URL'],
    answer: ({ number, ports, send }) =>
      send(
        number === 3
          ? whole('ok')
          : whole(
              '',
              [`Location: http://127.0.0.1:${ports[number === 1 ? 'OTHER' : 'URL']}/${number}`],
              '302 Found',
            ),
      ),
    seen: seesHeaders(...all),
  },
};
