// Bytes that are not ASCII, in URLs and headers: the same go out and come in everywhere.

import { bytesOf, whole } from '../support/hostile-server.mjs';

const hex = (text) => bytesOf(text).toString('hex');
const asked = (...ask) => ({
  ask,
  answer: ({ send }) => send(whole('ok')),
  seen: ({ requests }) => requests[0]?.target ?? 'nothing',
});
const told = (...ask) => ({
  ask: [...ask, 'URL'],
  answer: ({ send }) => send(whole('ok')),
  seen: ({ requests }) => hex(requests[0]?.valueOf('x-own') ?? ''),
});
const answered = (value) => ({
  ask: ['-i', 'x-own', 'URL'],
  answer: ({ send }) => send(whole('ok', [`X-Own: ${value}`])),
});

export default {
  'octets-header-latin1': answered('caf\xe9'),
  'octets-header-utf8': answered('caf\xc3\xa9'),
  'octets-header-tab': answered('a\tb'),
  'octets-sent-latin1': told('-H', 'X-Own: caf\\xe9'),
  'octets-sent-utf8': told('-H', 'X-Own: caf\\xc3\\xa9'),
  'octets-sent-japanese': told('-H', 'X-Own: \\xe6\\x97\\xa5\\xe6\\x9c\\xac'),
  'octets-escaped': asked('URLcaf%c3%A9'),
  'octets-own-host': {
    ask: ['-H', 'Host: own.example', 'URL'],
    answer: ({ send }) => send(whole('ok')),
    seen: ({ requests }) => requests.map(({ valueOf }) => valueOf('host')).join(' '),
  },
};
