// Where a body ends: lengths, chunks and connections that are cut off.

import { chunk, head, whole } from '../support/hostile-server.mjs';

export default {
  'length-cut': {
    answer: ({ end }) => end(whole('hello world').subarray(0, -6)),
  },
  'chunks-cut': {
    answer: ({ end }) =>
      end(
        Buffer.concat([head(['Transfer-Encoding: chunked', 'Connection: close']), chunk('hello')]),
      ),
  },
  'until-close': {
    answer: ({ end }) => end(Buffer.concat([head(['Connection: close']), Buffer.from('hello')])),
  },
};
