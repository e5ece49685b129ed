// Content codings: bodies that are cut off, damaged, or coded otherwise than they say.

import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { chunk, head, whole } from '../support/hostile-server.mjs';

const text = 'hello there';
const gzipped = gzipSync(text);
const long = gzipSync(Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * i) >> 3)));

// A member that no zlib made: what is left of it when it is cut or damaged is the same everywhere.
const stored = (bytes, isLast) => {
  const head = Buffer.from([isLast ? 1 : 0, 0, 0, 0, 0]);
  head.writeUInt16LE(bytes.length, 1);
  head.writeUInt16LE(~bytes.length & 0xffff, 3);
  return Buffer.concat([head, Buffer.from(bytes)]);
};
const memberHeader = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
const invalidBlock = Buffer.from([7]);

const coded = (body, coding = 'gzip') => whole(body, [`Content-Encoding: ${coding}`]);
const sent = (bytes) => ({
  answer: ({ send, end }) => (/\nConnection: close\r/.test(bytes) ? end(bytes) : send(bytes)),
});
const answered = (bytes, ...ask) => ({ ...sent(bytes), ask: [...ask, 'URL'] });
const twice = (bytes) => ({ ...sent(bytes), ask: ['URL', '-p', 'URL'] });

// One byte of it is another.
const changed = (bytes, at) => {
  const copy = Buffer.from(bytes);
  copy[at < 0 ? copy.length + at : at] ^= 0x55;
  return copy;
};

const chunked = (body) =>
  Buffer.concat([
    head(['Content-Encoding: gzip', 'Transfer-Encoding: chunked', 'Connection: close']),
    chunk(body),
    Buffer.from('0\r\n\r\n'),
  ]);
const untilClose = (body) =>
  Buffer.concat([head(['Content-Encoding: gzip', 'Connection: close']), body]);

export default {
  gzip: twice(coded(gzipped)),
  'gzip-long': twice(coded(long)),
  'x-gzip': twice(coded(gzipped, 'x-gzip')),
  'gzip-in-capitals': twice(coded(gzipped, 'GZIP')),
  'gzip-cut-in-trailer': twice(coded(gzipped.subarray(0, -4))),
  'gzip-without-trailer': twice(coded(gzipped.subarray(0, -8))),
  'gzip-without-trailer-chunked': twice(chunked(gzipped.subarray(0, -8))),
  'gzip-without-trailer-until-close': twice(untilClose(gzipped.subarray(0, -8))),
  'gzip-cut-in-data': twice(
    coded(Buffer.concat([memberHeader, stored(Buffer.alloc(1000, 'x'), true)]).subarray(0, -500)),
  ),
  'gzip-cut-in-head': twice(coded(gzipped.subarray(0, 5))),
  'gzip-wrong-crc': twice(coded(changed(gzipped, -8))),
  'gzip-wrong-size': twice(coded(changed(gzipped, -4))),
  'gzip-wrong-data': twice(
    coded(Buffer.concat([memberHeader, stored('hello', false), invalidBlock, gzipped])),
  ),
  'gzip-wrong-head': twice(coded(changed(gzipped, 0))),
  'gzip-wrong-method': twice(coded(changed(gzipped, 2))),
  'gzip-members': twice(coded(Buffer.concat([gzipSync('one '), gzipSync('two')]))),
  'gzip-members-cut': twice(coded(Buffer.concat([gzipSync('one '), gzipped.subarray(0, -5)]))),
  'gzip-zeros-behind': twice(coded(Buffer.concat([gzipped, Buffer.alloc(500)]))),
  'gzip-text-behind': twice(coded(Buffer.concat([gzipped, Buffer.from('more')]))),
  'gzip-empty-body': twice(coded('')),
  'gzip-of-nothing': twice(coded(gzipSync(''))),
  'gzip-of-little-elsewhere': {
    ...sent(whole(gzipSync('hi'), ['Content-Encoding: gzip', 'Access-Control-Allow-Origin: *'])),
    ask: ['OTHER', '-p', 'OTHER'],
  },
  'gzip-plain-text': twice(coded('not compressed at all')),
  'gzip-head-request': answered(
    head(['Content-Encoding: gzip', 'Content-Length: 99']),
    '-X',
    'HEAD',
  ),
  'gzip-no-content': answered(head(['Content-Encoding: gzip'], '204 No Content')),
  'gzip-bomb': answered(coded(gzipSync(Buffer.alloc(30_000_000))), '-m', '1000000'),
  'gzip-bomb-in-pieces': answered(coded(gzipSync(Buffer.alloc(30_000_000))), '-m', '1000000', '-p'),
  'gzip-after-redirect': {
    answer: ({ request, send }) =>
      send(
        request.target === '/next'
          ? whole('plain')
          : whole(
              gzipped.subarray(0, 9),
              ['Location: /next', 'Content-Encoding: gzip'],
              '302 Found',
            ),
      ),
  },
  deflate: twice(coded(deflateSync(text), 'deflate')),
  'deflate-raw': twice(coded(deflateRawSync(text), 'deflate')),
  'deflate-cut': twice(coded(deflateSync(text).subarray(0, -2), 'deflate')),
  'deflate-raw-cut': twice(coded(deflateRawSync(text).subarray(0, -2), 'deflate')),
  'deflate-wrong-check': twice(coded(changed(deflateSync(text), -1), 'deflate')),
  'coding-unknown': twice(coded('as it is', 'x-foo')),
  'coding-identity': twice(coded('as it is', 'identity')),
  'coding-empty': twice(coded('as it is', '')),
  'codings-two': twice(coded(gzipSync(gzipped), 'gzip, gzip')),
  'codings-two-lines': twice(
    whole(gzipSync(deflateSync(text)), ['Content-Encoding: deflate', 'Content-Encoding: gzip']),
  ),
  'codings-two-cut': twice(coded(gzipSync(gzipped.subarray(0, -3)), 'gzip, gzip')),
  'codings-one-unknown': twice(coded('as it is', 'x-foo, gzip')),
  'codings-six': twice(coded('whatever', 'gzip, gzip, gzip, gzip, gzip, gzip')),
};
