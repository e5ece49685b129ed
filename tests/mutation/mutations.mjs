// Answers with a field that is not as it should be: the status line, headers, the framing, the coding, trailers,
// and an end at every byte. Those of a seed have two of these at once.
//
// A case is { name, tags, word, send, then }: the asker's word (tests/mutation/asks.c), the bytes of the first
// answer, in one or more pieces, and what becomes of the connection: close, reset, linger (closed unless it is used again) or stall. Tags name the mutations.

import { deflateSync, gzipSync } from 'node:zlib';
import { seededRandom } from '../support/server-random.mjs';

const bytes = (text) => (Buffer.isBuffer(text) ? text : Buffer.from(text, 'latin1'));
const join = (...parts) => Buffer.concat(parts.map(bytes));

// What a mutated answer may hide behind its body: nobody may see it.
export const hidden = 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nHIDDEN';

const body = 'first answer';
const length = `Content-Length: ${body.length}`;
const chunks = 'Transfer-Encoding: chunked';
const chunked = `5\r\nfirst\r\n7\r\n answer\r\n0\r\n\r\n`;

const answer = (line, headers, content) =>
  join(`${line}\r\n`, ...headers.map((one) => join(one, '\r\n')), '\r\n', content);
const ok = 'HTTP/1.1 200 OK';
const plain = (headers, content = body) => answer(ok, [length, ...headers], content);

// --- fields of an answer, each a Map { tag: [what is sent, what becomes of the connection] }

const lines = {
  'no-reason': 'HTTP/1.1 200',
  'empty-reason': 'HTTP/1.1 200 ',
  'long-reason': `HTTP/1.1 200 ${'x'.repeat(2000)}`,
  'reason-latin1': 'HTTP/1.1 200 caf\xe9',
  'reason-tab': 'HTTP/1.1 200 a\tb',
  'reason-nul': 'HTTP/1.1 200 a\0b',
  'reason-control': 'HTTP/1.1 200 a\x01b',
  'two-spaces': 'HTTP/1.1  200 OK',
  'tab-for-space': 'HTTP/1.1\t200 OK',
  'no-space': 'HTTP/1.1200 OK',
  'space-before': ' HTTP/1.1 200 OK',
  'lower-case': 'http/1.1 200 OK',
  'other-protocol': 'ICY 200 OK',
  rtsp: 'RTSP/1.0 200 OK',
  'http-1.0': 'HTTP/1.0 200 OK',
  'http-1.2': 'HTTP/1.2 200 OK',
  'http-1.9': 'HTTP/1.9 200 OK',
  'http-0.9': 'HTTP/0.9 200 OK',
  'http-2': 'HTTP/2 200 OK',
  'http-2.0': 'HTTP/2.0 200 OK',
  'http-3': 'HTTP/3 200 OK',
  'http-4.2': 'HTTP/4.2 200 OK',
  'http-11': 'HTTP/11 200 OK',
  'http-1.10': 'HTTP/1.10 200 OK',
  'http-1.': 'HTTP/1. 200 OK',
  'http-.1': 'HTTP/.1 200 OK',
  'http-x': 'HTTP/x.y 200 OK',
  'no-version': 'HTTP 200 OK',
  'status-of-1-digit': 'HTTP/1.1 2 OK',
  'status-of-2-digits': 'HTTP/1.1 20 OK',
  'status-of-4-digits': 'HTTP/1.1 2000 OK',
  'status-000': 'HTTP/1.1 000 OK',
  'status-099': 'HTTP/1.1 099 OK',
  'status-600': 'HTTP/1.1 600 OK',
  'status-999': 'HTTP/1.1 999 OK',
  'status-negative': 'HTTP/1.1 -200 OK',
  'status-plus': 'HTTP/1.1 +200 OK',
  'status-hex': 'HTTP/1.1 0x200 OK',
  'status-letters': 'HTTP/1.1 abc OK',
  'status-and-letters': 'HTTP/1.1 200abc OK',
  'status-and-dot': 'HTTP/1.1 200.5 OK',
  'status-empty': 'HTTP/1.1  OK',
  'status-missing': 'HTTP/1.1',
  'status-404': 'HTTP/1.1 404 Not Found',
  'status-500': 'HTTP/1.1 500 No',
  'status-300': 'HTTP/1.1 300 Many',
  'status-205': 'HTTP/1.1 205 Reset',
  'status-206': 'HTTP/1.1 206 Part',
  'status-407': 'HTTP/1.1 407 Proxy',
  'status-401': 'HTTP/1.1 401 Who',
  'status-408': 'HTTP/1.1 408 Timeout',
  'status-417': 'HTTP/1.1 417 Expectation',
  'status-421': 'HTTP/1.1 421 Misdirected',
  'line-empty': '',
  'line-junk': 'junk',
};

const headers = {
  'header-empty': ['X-Own:'],
  'header-spaces': ['X-Own:  \t a b \t '],
  'header-no-space': ['X-Own:a'],
  'header-empty-name': [': a'],
  'header-space-in-name': ['X Own: a'],
  'header-space-before-colon': ['X-Own : a'],
  'header-tab-before-colon': ['X-Own\t: a'],
  'header-bytes-in-name': ['X-\xe9: a'],
  'header-control-in-name': ['X-\x01: a'],
  'header-nul-in-name': ['X-\0: a'],
  'header-separator-in-name': ['X(own): a'],
  'header-quotes-in-name': ['"X-Own": a'],
  'header-at-in-name': ['X@Own: a'],
  'header-bytes': ['X-Own: caf\xe9'],
  'header-nul': ['X-Own: a\0b'],
  'header-control': ['X-Own: a\x01b'],
  'header-delete': ['X-Own: a\x7fb'],
  'header-escape': ['X-Own: a\x1bb'],
  'header-carriage-return': ['X-Own: a\rb'],
  'header-carriage-return-at-end': ['X-Own: a\r'],
  'header-line-feed': ['X-Own: a\nX-Two: b'],
  'header-twice': ['X-Own: a', 'X-Own: b'],
  'header-without-colon': ['X-Own'],
  'header-folded': ['X-Own: a', ' b'],
  'header-folded-tab': ['X-Own: a', '\tb'],
  'header-folded-empty': ['X-Own: a', ' '],
  'header-folded-colon': ['X-Own: a', ' X-Two: b'],
  'header-many': Array.from({ length: 500 }, (_, i) => `X-${i}: a`),
  'header-very-many': Array.from({ length: 3000 }, (_, i) => `X-${i}: a`),
  'header-is-status-line': ['HTTP/1.1 404 Not Found'],
  'header-is-status-line-with-colon': ['HTTP/1.1: 404'],
  'connection-close': ['Connection: close'],
  'connection-close-capitals': ['CONNECTION: CLOSE'],
  'connection-close-in-list': ['Connection: x, close'],
  'connection-keep-alive': ['Connection: keep-alive'],
  'connection-both': ['Connection: close, keep-alive'],
  'connection-junk': ['Connection: ,,;\xff'],
  'connection-upgrade': ['Connection: upgrade', 'Upgrade: h2c'],
  upgrade: ['Upgrade: h2c'],
  'keep-alive-zero': ['Keep-Alive: timeout=0, max=0'],
  'keep-alive-negative': ['Keep-Alive: timeout=-5'],
  'keep-alive-huge': ['Keep-Alive: timeout=99999999999999999999'],
  'keep-alive-junk': ['Keep-Alive: timeout=abc'],
  'retry-after-junk': ['Retry-After: -1'],
  'set-cookie-junk': ['Set-Cookie: =;=;\x01'],
  'alt-svc-junk': ['Alt-Svc: h3=":0"; ma=-1'],
  'strict-transport': ['Strict-Transport-Security: max-age=junk'],
  'content-range-junk': ['Content-Range: bytes 5-1/0'],
  'last-modified-junk': ['Last-Modified: never'],
  'date-junk': ['Date: Thu, 99 Foo 0000 99:99:99 GMT'],
  'www-authenticate': ['WWW-Authenticate: Negotiate'],
  'location-on-200': ['Location: /elsewhere'],
  'trailer-announced': ['Trailer: content-length'],
};

const lengths = {
  'length-twice': [length, length],
  'length-twice-differing': [length, 'Content-Length: 5'],
  'length-twice-shorter-first': ['Content-Length: 5', length],
  'length-list': [`Content-Length: 12, 12`],
  'length-list-differing': [`Content-Length: 12, 5`],
  'length-plus': ['Content-Length: +12'],
  'length-negative': ['Content-Length: -12'],
  'length-minus-one': ['Content-Length: -1'],
  'length-hex': ['Content-Length: 0xc'],
  'length-zeros': ['Content-Length: 0000000000000000000012'],
  'length-empty': ['Content-Length:'],
  'length-letters': ['Content-Length: abc'],
  'length-and-letters': ['Content-Length: 12abc'],
  'length-and-semicolon': ['Content-Length: 12;'],
  'length-and-comma': ['Content-Length: 12,'],
  'length-point': ['Content-Length: 12.0'],
  'length-exponent': ['Content-Length: 12e0'],
  'length-space-inside': ['Content-Length: 1 2'],
  'length-spaces': ['Content-Length: \t 12 \t '],
  'length-quotes': ['Content-Length: "12"'],
  'length-2^63': ['Content-Length: 9223372036854775808'],
  'length-2^63-1': ['Content-Length: 9223372036854775807'],
  'length-2^64': ['Content-Length: 18446744073709551616'],
  'length-2^64+12': ['Content-Length: 18446744073709551628'],
  'length-2^32+12': ['Content-Length: 4294967308'],
  'length-huge': [`Content-Length: 1${'0'.repeat(50)}`],
  'length-folded': ['Content-Length:', ' 12'],
  'length-folded-more': ['Content-Length: 1', ' 2'],
  'length-space-before-colon': ['Content-Length : 12'],
  'length-nul': ['Content-Length: 12\0'],
  'length-other-case': ['content-LENGTH: 12'],
  'length-underscore': ['Content_Length: 12'],
  'length-zero': ['Content-Length: 0'],
  'length-less': ['Content-Length: 5'],
  'length-more': ['Content-Length: 13'],
  'length-none': [],
};

const transfers = {
  'coding-capitals': ['Transfer-Encoding: CHUNKED'],
  'coding-spaces': ['Transfer-Encoding: \t chunked \t'],
  'coding-list-empty': ['Transfer-Encoding: , chunked,'],
  'coding-parameter': ['Transfer-Encoding: chunked;a=b'],
  'coding-quotes': ['Transfer-Encoding: "chunked"'],
  'coding-twice': [chunks, chunks],
  'coding-twice-in-list': ['Transfer-Encoding: chunked, chunked'],
  'coding-identity': ['Transfer-Encoding: identity'],
  'coding-identity-chunked': ['Transfer-Encoding: identity, chunked'],
  'coding-identity-line': ['Transfer-Encoding: identity', chunks],
  'coding-unknown': ['Transfer-Encoding: own'],
  'coding-unknown-chunked': ['Transfer-Encoding: own, chunked'],
  'coding-unknown-line': ['Transfer-Encoding: own', chunks],
  'coding-chunked-unknown': ['Transfer-Encoding: chunked, own'],
  'coding-chunked-identity': ['Transfer-Encoding: chunked, identity'],
  'coding-xchunked': ['Transfer-Encoding: xchunked'],
  'coding-chunkedx': ['Transfer-Encoding: chunkedx'],
  'coding-chunked-x': ['Transfer-Encoding: chunked x'],
  'coding-vertical-tab': ['Transfer-Encoding: \x0bchunked'],
  'coding-nul': ['Transfer-Encoding: chunked\0'],
  'coding-empty': ['Transfer-Encoding:'],
  'coding-folded': ['Transfer-Encoding:', ' chunked'],
  'coding-space-before-colon': ['Transfer-Encoding : chunked'],
  'coding-and-length': [chunks, length],
  'length-and-coding': [length, chunks],
  'coding-and-length-shorter': [chunks, 'Content-Length: 5'],
  'length-shorter-and-coding': ['Content-Length: 5', chunks],
  'length-zero-and-coding': ['Content-Length: 0', chunks],
  'coding-identity-and-length': ['Transfer-Encoding: identity', length],
  'coding-in-te': ['TE: chunked'],
};

// What stands in place of the chunks.
const chunkings = {
  'chunks-capitals': 'C\r\nfirst answer\r\n0\r\n\r\n',
  'chunks-leading-zeros': '00c\r\nfirst answer\r\n0\r\n\r\n',
  'chunks-many-zeros': `${'0'.repeat(30)}c\r\nfirst answer\r\n0\r\n\r\n`,
  'chunks-last-of-zeros': 'c\r\nfirst answer\r\n0000\r\n\r\n',
  'chunks-0x': '0xc\r\nfirst answer\r\n0\r\n\r\n',
  'chunks-plus': '+c\r\nfirst answer\r\n0\r\n\r\n',
  'chunks-negative': '-c\r\nfirst answer\r\n0\r\n\r\n',
  'chunks-empty-size': '\r\nfirst answer\r\n0\r\n\r\n',
  'chunks-space-before': ' c\r\nfirst answer\r\n0\r\n\r\n',
  'chunks-space-behind': 'c \r\nfirst answer\r\n0\r\n\r\n',
  'chunks-tab-behind': 'c\t\r\nfirst answer\r\n0\r\n\r\n',
  'chunks-junk-behind': 'cx\r\nfirst answer\r\n0\r\n\r\n',
  'chunks-space-inside': '0 c\r\nfirst answer\r\n0\r\n\r\n',
  'chunks-extension': 'c;a=b\r\nfirst answer\r\n0\r\n\r\n',
  'chunks-extension-quoted': 'c;a="b;\\"c"\r\nfirst answer\r\n0\r\n\r\n',
  'chunks-extension-empty': 'c;\r\nfirst answer\r\n0\r\n\r\n',
  'chunks-extension-bytes': 'c;\xe9=\xff\r\nfirst answer\r\n0\r\n\r\n',
  'chunks-extension-nul': 'c;a\0b\r\nfirst answer\r\n0\r\n\r\n',
  'chunks-extension-spaces': 'c ; a = b\r\nfirst answer\r\n0\r\n\r\n',
  'chunks-extension-line-feed': 'c;a\nb\r\nfirst answer\r\n0\r\n\r\n',
  'chunks-extension-carriage-return': 'c;a\rb\r\nfirst answer\r\n0\r\n\r\n',
  'chunks-extension-1000': `c;${'x'.repeat(1000)}\r\nfirst answer\r\n0\r\n\r\n`,
  'chunks-extension-on-last': 'c\r\nfirst answer\r\n0;a=b\r\n\r\n',
  'chunks-line-feeds': 'c\nfirst answer\n0\n\n',
  'chunks-line-feed-size': 'c\nfirst answer\r\n0\r\n\r\n',
  'chunks-line-feed-data': 'c\r\nfirst answer\n0\r\n\r\n',
  'chunks-line-feed-last': 'c\r\nfirst answer\r\n0\n\r\n',
  'chunks-line-feed-end': 'c\r\nfirst answer\r\n0\r\n\n',
  'chunks-carriage-returns': 'c\rfirst answer\r0\r\r',
  'chunks-no-line-break': 'c\r\nfirst answer0\r\n\r\n',
  'chunks-junk-after-data': 'c\r\nfirst answerjunk\r\n0\r\n\r\n',
  'chunks-data-longer': '5\r\nfirst answer\r\n0\r\n\r\n',
  'chunks-data-shorter': 'd\r\nfirst answer\r\n0\r\n\r\n',
  'chunks-15-digits': `${'f'.repeat(15)}\r\nfirst answer`,
  'chunks-16-digits': `${'f'.repeat(16)}\r\nfirst answer\r\n0\r\n\r\n`,
  'chunks-17-digits': '1000000000000000c\r\nfirst answer\r\n0\r\n\r\n',
  'chunks-2^32': '10000000c\r\nfirst answer\r\n0\r\n\r\n',
  'chunks-2^63': '800000000000000c\r\nfirst answer\r\n0\r\n\r\n',
  'chunks-none': '0\r\n\r\n',
  'chunks-not': body,
  'chunks-first-empty-then-more': '0\r\n\r\nc\r\nfirst answer\r\n0\r\n\r\n',
  trailer: 'c\r\nfirst answer\r\n0\r\nX-Own: a\r\n\r\n',
  'trailer-length': 'c\r\nfirst answer\r\n0\r\nContent-Length: 5\r\n\r\n',
  'trailer-coding': 'c\r\nfirst answer\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n',
  'trailer-content-encoding': 'c\r\nfirst answer\r\n0\r\nContent-Encoding: gzip\r\n\r\n',
  'trailer-location': 'c\r\nfirst answer\r\n0\r\nLocation: /elsewhere\r\n\r\n',
  'trailer-connection': 'c\r\nfirst answer\r\n0\r\nConnection: close\r\n\r\n',
  'trailer-without-colon': 'c\r\nfirst answer\r\n0\r\njunk\r\n\r\n',
  'trailer-empty-name': 'c\r\nfirst answer\r\n0\r\n: a\r\n\r\n',
  'trailer-space-in-name': 'c\r\nfirst answer\r\n0\r\nX Own: a\r\n\r\n',
  'trailer-folded': 'c\r\nfirst answer\r\n0\r\nX-Own: a\r\n b\r\n\r\n',
  'trailer-first-folded': 'c\r\nfirst answer\r\n0\r\n X-Own: a\r\n\r\n',
  'trailer-nul': 'c\r\nfirst answer\r\n0\r\nX-Own: a\0b\r\n\r\n',
  'trailer-control': 'c\r\nfirst answer\r\n0\r\nX-Own: a\x01b\r\n\r\n',
  'trailer-line-feeds': 'c\r\nfirst answer\r\n0\r\nX-Own: a\n\n',
  'trailer-status-line': 'c\r\nfirst answer\r\n0\r\nHTTP/1.1 404 Not Found\r\n\r\n',
  'trailer-many': `c\r\nfirst answer\r\n0\r\n${'X: a\r\n'.repeat(500)}\r\n`,
};

const zipped = gzipSync(body);
const inflated = deflateSync(body);
const withBit = (from, at, bit) => {
  const copy = Buffer.from(from);
  copy[at] ^= 1 << bit;
  return copy;
};

// --- whole answers

function* statusCases() {
  for (const [tag, line] of Object.entries(lines)) {
    yield { tag, send: answer(line, [length, 'X-Own: a'], body), then: 'linger' };
    yield { tag: `${tag}-until-close`, send: answer(line, ['X-Own: a'], body), then: 'close' };
  }
  for (const [tag, line] of Object.entries({
    '204-with-body': '204 No Content',
    '304-with-body': '304 Not Modified',
    '205-with-body': '205 Reset Content',
    '100-with-body': '100 Continue',
  })) {
    const whole = answer(`HTTP/1.1 ${line}`, [length], body);
    yield { tag, send: whole, then: 'linger' };
    yield { tag: `${tag}-hidden`, send: answer(`HTTP/1.1 ${line}`, [], hidden), then: 'linger' };
    yield {
      tag: `${tag}-chunked`,
      send: answer(`HTTP/1.1 ${line}`, [chunks], chunked),
      then: 'linger',
    };
  }
}

function* headCases() {
  const heads = {
    'head-without-body': plain(['X-Own: a'], ''),
    'head-with-body': plain(['X-Own: a']),
    'head-hidden': plain(['X-Own: a'], hidden),
    'head-chunked': answer(ok, [chunks], ''),
    'head-chunked-with-body': answer(ok, [chunks], chunked),
    'head-without-length': answer(ok, [], ''),
    'head-gzip': answer(ok, ['Content-Encoding: gzip', length], ''),
    'head-length-conflict': answer(ok, ['Content-Length: 5', length], ''),
    'head-404': answer('HTTP/1.1 404 No', [length], ''),
  };
  for (const [tag, send] of Object.entries(heads))
    yield { tag, send, then: 'linger', word: 'HEAD' };
}

const hints = 'HTTP/1.1 103 Early Hints\r\nX-Own: hint\r\n\r\n';

function* informingCases() {
  const before = {
    'informs-100': 'HTTP/1.1 100 Continue\r\n\r\n',
    'informs-102': 'HTTP/1.1 102 Processing\r\n\r\n',
    'informs-103': hints,
    'informs-199': 'HTTP/1.1 199 Own\r\n\r\n',
    'informs-five-times': hints.repeat(5),
    'informs-99-times': hints.repeat(99),
    'informs-with-length': `HTTP/1.1 103 Early Hints\r\n${length}\r\n\r\n`,
    'informs-with-coding': `HTTP/1.1 103 Early Hints\r\n${chunks}\r\n\r\n`,
    'informs-with-content-encoding': 'HTTP/1.1 103 Early Hints\r\nContent-Encoding: gzip\r\n\r\n',
    'informs-with-close': 'HTTP/1.1 103 Early Hints\r\nConnection: close\r\n\r\n',
    'informs-http-1.0': 'HTTP/1.0 100 Continue\r\n\r\n',
    'informs-without-reason': 'HTTP/1.1 100\r\n\r\n',
    'informs-line-feeds': 'HTTP/1.1 100 Continue\n\n',
    'informs-location': 'HTTP/1.1 103 Early Hints\r\nLocation: /elsewhere\r\n\r\n',
    'informs-without-colon': 'HTTP/1.1 103 Early Hints\r\njunk\r\n\r\n',
    'informs-101': 'HTTP/1.1 101 Switching Protocols\r\n\r\n',
    'informs-101-upgrade': 'HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: own\r\n\r\n',
    'blank-line-before': '\r\n',
    'blank-lines-before': '\r\n\r\n\r\n',
    'line-feed-before': '\n',
    'space-line-before': ' \r\n',
    'junk-before': 'junk\r\n',
    'nul-before': '\0',
    'answer-before': hidden,
  };
  for (const [tag, first] of Object.entries(before)) {
    const last = plain(['X-Own: a']);
    yield { tag, send: join(first, last), then: 'linger' };
    if (tag !== 'answer-before')
      yield { tag: `${tag}-in-pieces`, send: [bytes(first), last], then: 'linger' };
  }
}

function* fieldCases() {
  for (const [tag, list] of Object.entries(headers))
    yield { tag, send: plain(list), then: 'linger' };
  for (const [tag, list] of Object.entries(lengths)) {
    yield { tag, send: answer(ok, list, body), then: 'close' };
    yield { tag: `${tag}-kept`, send: answer(ok, list, join(body, hidden)), then: 'close' };
  }
  for (const [tag, list] of Object.entries(transfers)) {
    yield { tag: `${tag}-of-chunks`, send: answer(ok, list, chunked), then: 'close' };
    yield {
      tag: `${tag}-of-chunks-hidden`,
      send: answer(ok, list, chunked + hidden),
      then: 'close',
    };
    yield { tag: `${tag}-of-plain`, send: answer(ok, list, body), then: 'close' };
    yield {
      tag: `${tag}-http-1.0`,
      send: answer('HTTP/1.0 200 OK', list, chunked),
      then: 'close',
    };
  }
  for (const [tag, text] of Object.entries(chunkings)) {
    yield { tag, send: answer(ok, [chunks], text), then: 'close' };
    yield { tag: `${tag}-kept`, send: answer(ok, [chunks], text), then: 'linger' };
    yield { tag: `${tag}-hidden`, send: answer(ok, [chunks], text + hidden), then: 'close' };
  }
}

function* lineEndCases() {
  const text = plain(['X-Own: a']).toString('latin1');
  const end = text.indexOf('\r\n\r\n') + 4;
  const within = (change) => change(text.slice(0, end)) + text.slice(end);
  const ends = {
    'line-feeds': within((head) => head.replaceAll('\r\n', '\n')),
    'carriage-returns': within((head) => head.replaceAll('\r\n', '\r')),
    'line-feed-status': text.replace('\r\n', '\n'),
    'line-feed-end': within((head) => `${head.slice(0, -2)}\n`),
    'two-carriage-returns': within((head) => head.replaceAll('\r\n', '\r\r\n')),
    'carriage-return-alone-at-end': within((head) => `${head.slice(0, -4)}\r\r\n`),
  };
  for (const [tag, send] of Object.entries(ends)) yield { tag, send, then: 'linger' };
}

function* codingCases() {
  const packed = (coding, content, ...more) =>
    answer(
      ok,
      [`Content-Encoding: ${coding}`, `Content-Length: ${content.length}`, ...more],
      content,
    );
  for (let at = 0; at < zipped.length; at++) {
    yield {
      tag: `gzip-bit-${at}`,
      send: packed('gzip', withBit(zipped, at, at % 8)),
      then: 'linger',
    };
    yield { tag: `gzip-short-${at}`, send: packed('gzip', zipped.subarray(0, at)), then: 'linger' };
  }
  for (let at = 0; at < inflated.length; at++) {
    const bit = withBit(inflated, at, (at * 3) % 8);
    yield { tag: `deflate-bit-${at}`, send: packed('deflate', bit), then: 'linger' };
    yield {
      tag: `deflate-short-${at}`,
      send: packed('deflate', inflated.subarray(0, at)),
      then: 'linger',
    };
  }
  const codings = { br: 'br', zstd: 'zstd', compress: 'compress', 'gzip;q=1': 'gzip-parameter' };
  for (const [coding, name] of Object.entries(codings))
    yield { tag: `content-${name}`, send: packed(coding, zipped), then: 'linger' };
}

// --- an end at every byte

const representative = {
  length: plain(['X-Own: a']),
  chunked: answer(ok, [chunks, 'X-Own: a'], `${chunked.slice(0, -2)}X-T: b\r\n\r\n`),
  gzip: answer(ok, ['Content-Encoding: gzip', chunks], join('20\r\n', zipped, '\r\n0\r\n\r\n')),
  'until-close': answer(ok, ['X-Own: a'], body),
  hints: join(hints, plain([])),
};

function* cutCases() {
  for (const [kind, whole] of Object.entries(representative)) {
    for (let at = 0; at < whole.length; at++) {
      for (const then of ['close', 'reset'])
        yield {
          tag: `cut-${kind}-${then}-${at}`,
          send: whole.subarray(0, at),
          then,
          cut: { kind, at },
        };
    }
    for (let at = 0; at < whole.length; at += 7)
      yield {
        tag: `stall-${kind}-${at}`,
        send: whole.subarray(0, at),
        then: 'stall',
        word: 'HURRY',
      };
    yield {
      tag: `torn-${kind}`,
      send: [...whole].map((byte) => Buffer.from([byte])),
      then: 'close',
    };
  }
}

// --- two at once

function* pairs(seed, count) {
  const fraction = seededRandom(seed);
  const random = (count) => Math.floor(fraction() * count);
  const pick = (object) => {
    const entries = Object.entries(object);
    return entries[random(entries.length)];
  };
  for (let i = 0; i < count; i++) {
    const [lineTag, line] = random(3) === 0 ? pick(lines) : ['', ok];
    const [headerTag, more] = pick(headers);
    const isChunked = random(2) === 0;
    const [framingTag, framing] = isChunked ? pick(transfers) : pick(lengths);
    const [contentTag, content] =
      isChunked && random(2) === 0 ? pick(chunkings) : ['', isChunked ? chunked : body];
    const all = random(2) === 0 ? [...more, ...framing] : [...framing, ...more];
    const behind = random(3) === 0 ? hidden : '';
    yield {
      tag: [lineTag, headerTag, framingTag, contentTag, behind && 'hidden']
        .filter(Boolean)
        .join('+'),
      send: answer(line, all, join(content, behind)),
      then: ['close', 'reset', 'linger'][random(3)],
      word: ['GET', 'PIECES', 'HEAD'][random(3)],
    };
  }
}

// All of them, of which those with two mutations are made by the seed.
export function makeCases(seed, pairCount) {
  const made = [
    ...statusCases(),
    ...headCases(),
    ...informingCases(),
    ...fieldCases(),
    ...lineEndCases(),
    ...codingCases(),
    ...cutCases(),
    ...pairs(seed, pairCount),
  ];
  return made.map((one) => ({
    word: 'GET',
    ...one,
    send: (Array.isArray(one.send) ? one.send : [one.send]).map(bytes),
  }));
}
