// What sp_fetch has from libcurl and from the engines: TLS, HTTP/2, proxies; what it keeps in memory;
// and the module option `fetch`.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { browserNames, withBrowser, withPage } from './support/browser.mjs';
import { startFixture } from './support/fixture-server.mjs';
import { startHostile, whole } from './support/hostile-server.mjs';
import { runProcess, startScenarioServer } from './support/scenarios.mjs';
import {
  certificateFile,
  clientCertificateFile,
  startProxy,
  startSecureServer,
} from './support/secure-server.mjs';

const built = (target) =>
  fileURLToPath(new URL(`../build/${target}/http/fetcher`, import.meta.url));
const native = built('native');
const web = `${built('web')}.mjs`;

const commands = { native: [native], node: [process.execPath, web] };

// The environment without a proxy of this machine's own.
const direct = { http_proxy: '', https_proxy: '', all_proxy: '', no_proxy: '' };

async function run(target, words, environment = {}) {
  const [command, ...first] = commands[target];
  const { stdout, stderr } = await runProcess(command, [...first, ...words], '/', {
    ...direct,
    ...environment,
  });
  assert.equal(stderr, '');
  return stdout.split('\n').slice(0, -1);
}

async function withAll(starts, work) {
  const started = [];
  try {
    for (const start of starts) started.push(await start());
    await work(...started);
  } finally {
    for (const { close } of started.reverse()) await close();
  }
}

const trust = {
  native: { SSL_CERT_FILE: certificateFile },
  node: { NODE_EXTRA_CA_CERTS: certificateFile },
};

for (const target of ['native', 'node']) {
  test(`${target}: a certificate that nobody vouches for is refused`, () =>
    withAll([startSecureServer], async ({ url, seen }) => {
      const [line] = await run(target, [url]);
      assert.match(line, /^SP_ETLS GET https:.*certificate/);
      assert.deepEqual(seen.requests, []);
    }));

  test(`${target}: one whose authority is known is taken`, () =>
    withAll([startSecureServer], async ({ url }) => {
      const lines = await run(target, [`${url}bytes/100000`], trust[target]);
      assert.deepEqual(lines, [`200 ${url}bytes/100000 100000`]);
    }));
}

for (const target of ['native', 'node']) {
  const trusted = {
    native: { SSL_CERT_FILE: clientCertificateFile },
    node: { NODE_EXTRA_CA_CERTS: clientCertificateFile },
  };
  const start = () => startSecureServer(clientCertificateFile);
  test(`${target}: one that is for clients only is refused`, () =>
    withAll([start], async ({ url, seen }) => {
      const [line] = await run(target, [url], trusted[target]);
      assert.match(line, /^SP_ETLS GET https:/);
      assert.deepEqual(seen.requests, []);
    }));
}

for (const target of ['native', 'node']) {
  test(`${target}: so it is where an http URL leads to it`, () =>
    withAll([startSecureServer, startFixture], async ({ url }, fixture) => {
      const asked = `${fixture.url}redirect-to/302?to=${encodeURIComponent(`${url}bytes/100`)}`;
      const lines = await run(target, [asked], trust[target]);
      assert.equal(lines.length, 1);
      assert.match(lines[0], /^200 .* 100$/);
    }));
}

test('native: requests share one connection where the server has HTTP/2', () =>
  withAll([startSecureServer], async ({ url, seen }) => {
    const urls = Array.from({ length: 20 }, (_, i) => `${url}bytes/${i}`);
    const lines = await run('native', urls, trust.native);
    assert.equal(lines.length, 20);
    assert.ok(
      seen.requests.every((request) => request.startsWith('2.0 ')),
      seen.requests[0],
    );
    assert.equal(seen.connections, 1);
  }));

test('native: a body is sent in pieces by HTTP/2', () =>
  withAll([startSecureServer], async ({ url, seen }) => {
    const lines = await run('native', ['send', url, url, url], trust.native);
    assert.deepEqual(lines, Array(3).fill(`200 ${url} 6`));
    assert.deepEqual(seen.requests, Array(3).fill('2.0 PUT /'));
  }));

test('native: an answer that is not read holds up no other of that server', () =>
  withAll([startSecureServer], async ({ url }) => {
    const urls = Array.from(
      { length: 10 },
      (_, i) => `${url}bytes/${i === 0 ? 90_000_000 : 3_000_000 + i}`,
    );
    const lines = await run('native', ['hold', ...urls], trust.native);
    assert.equal(lines.length, 10);
    assert.ok(
      lines.every((line) => /^200 .* 1$/.test(line)),
      lines.join('\n'),
    );
  }));

test('native: http_proxy, https_proxy and no_proxy are those of the environment', () =>
  withAll([startFixture, startSecureServer, startProxy], async (fixture, secure, proxy) => {
    const environment = { http_proxy: proxy.url, https_proxy: proxy.url, ...trust.native };
    assert.deepEqual(await run('native', [`${fixture.url}ok`], environment), [
      `200 ${fixture.url}ok 3`,
    ]);
    assert.deepEqual(await run('native', [`${secure.url}bytes/5`], environment), [
      `200 ${secure.url}bytes/5 5`,
    ]);
    const { host } = new URL(secure.url);
    assert.deepEqual(proxy.seen, [`GET ${fixture.url}ok`, `CONNECT ${host}`]);
    const around = { ...environment, no_proxy: '127.0.0.1' };
    assert.deepEqual(await run('native', [`${fixture.url}ok`], around), [`200 ${fixture.url}ok 3`]);
    assert.equal(proxy.seen.length, 2);
  }));

for (const [after, when] of Object.entries({ 0: 'at all', 1: 'when it comes to that' }))
  test(`native: a socket that the kernel does not watch ${when} is an error that says why`, () =>
    withAll([startFixture], async ({ url }) => {
      const full = { LD_PRELOAD: `${dirname(native)}/full_epoll.so`, FULL_EPOLL_AFTER: after };
      const [line] = await run('native', [url], full);
      assert.match(line, /^SP_EIO GET .*too many watched sockets \(fs\.epoll\.max_user_watches\)/);
    }));

test('native: where the kernel watches one socket, none takes the place of one that is watched', () =>
  withAll([startFixture], async ({ url }) => {
    const full = { LD_PRELOAD: `${dirname(native)}/full_epoll.so`, FULL_EPOLL_AT: '1' };
    const program = join(dirname(native), 'insister');
    const { stdout, stderr, exit } = await runProcess(program, [`${url}ok`], '/', {
      ...direct,
      ...full,
    });
    assert.deepEqual([stderr, exit], ['', '0']);
    assert.match(stdout, /^ok\s+refused\n$/);
  }));

const residentOf = (pid) =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024;

async function residentWith(urls) {
  const child = spawn(native, ['hold', ...urls], { env: { ...process.env, ...direct } });
  await sleep(800);
  const bytes = residentOf(child.pid);
  await once(child, 'close');
  return bytes;
}

test('native: fifty answers of a megabyte that are held take a few megabytes', () =>
  withAll([startFixture], async ({ url }) => {
    const held = `${url}flood/1000000`;
    const more = (await residentWith(Array(50).fill(held))) - (await residentWith([held]));
    assert.ok(more < 10e6, `${more} bytes`);
  }));

const packed = gzipSync(Buffer.alloc(40_000_000));

async function startPackedServer() {
  const server = createServer((request, response) => {
    const headers = { 'Content-Encoding': 'gzip', 'Content-Length': packed.length };
    response.writeHead(200, headers).end(packed);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${server.address().port}/`, close };
}

test('native: what is compressed is unpacked no further than it is read', () =>
  withAll([startPackedServer], async ({ url }) => {
    const more = (await residentWith(Array(10).fill(url))) - (await residentWith([url]));
    assert.ok(more < 10e6, `${more} bytes`);
  }));

test('native: all of it is, in the end', () =>
  withAll([startPackedServer], async ({ url }) => {
    assert.deepEqual(await run('native', ['pieces', url]), [`200 ${url} 40000000`]);
  }));

// The module as a page has it, in this process.
async function runHere(words, options) {
  const { default: create } = await import(web);
  let text = '';
  await new Promise((resolve) => {
    create({ arguments: words, onOutput: (piece) => (text += piece), onExit: resolve, ...options });
  });
  return text;
}

test('node: the option `fetch` is used in place of the global one', async () => {
  const asked = [];
  const text = await runHere(['http://example.invalid/made-up'], {
    fetch: async (request) => {
      asked.push(`${request.method} ${request.url}`);
      return new Response('made up');
    },
  });
  assert.equal(text, '200 http://example.invalid/made-up 7\n');
  assert.deepEqual(asked, ['GET http://example.invalid/made-up']);
});

test('node: what the option `fetch` fails with is the message', async () => {
  const text = await runHere(['http://example.invalid/'], {
    fetch: async () => {
      throw new TypeError('no such thing here');
    },
  });
  assert.equal(text, 'SP_ENETWORK GET http://example.invalid/: no such thing here\n');
});

// A response with this body, which is no body of fetch's: the stream of a page's own.
const streaming = (chunk) => () => {
  const start = (controller) => {
    controller.enqueue(chunk);
    controller.close();
  };
  return new Response(new ReadableStream({ start }));
};
const madeUp = {
  'a response of type error': {
    answer: () => Response.error(),
    says: /^SP_ENETWORK GET .*: unexpected response type error$/,
  },
  'a body of strings': {
    answer: streaming('hello'),
    says: /^SP_EPROTOCOL GET .*must return a body of Uint8Array, not string$/,
  },
  'a body of an ArrayBuffer': {
    answer: streaming(new ArrayBuffer(5)),
    says: /^SP_EPROTOCOL GET .*must return a body of Uint8Array, not object$/,
  },
  'no response': {
    answer: () => undefined,
    says: /^SP_EPROTOCOL GET .*the module's fetch option returned no Response$/,
  },
};
for (const [what, { answer, says }] of Object.entries(madeUp)) {
  for (const how of [[], ['pieces']]) {
    test(`node: ${what} of the option \`fetch\` is an error ${how}`, async () => {
      const text = await runHere([...how, 'http://example.invalid/'], {
        fetch: async () => answer(),
      });
      assert.match(text.trim(), says);
    });
  }
}

test('node: a redirect of the option `fetch` is followed', async () => {
  const asked = [];
  const text = await runHere(['http://example.invalid/from'], {
    fetch: async ({ url }) => {
      asked.push(new URL(url).pathname);
      const headers = { Location: '/to' };
      return asked.length === 1
        ? new Response('', { status: 301, headers })
        : new Response('made up');
    },
  });
  assert.equal(text, '200 http://example.invalid/from 7\n');
  assert.deepEqual(asked, ['/from', '/to']);
});

test('node: nothing limits the time of an exchange but its own timeout', async () => {
  const { setTimeout: set } = Socket.prototype;
  const limits = [];
  Socket.prototype.setTimeout = function (milliseconds, ...more) {
    limits.push(milliseconds);
    return set.call(this, milliseconds, ...more);
  };
  const answer = async ({ send, rest }) => {
    await rest(50);
    await send(whole('hello').subarray(0, -2));
    await rest(50);
    await send('lo');
  };
  try {
    await withAll([() => startHostile({ ask: ['URL'], answer })], async ({ words: [url] }) => {
      assert.equal(await runHere(['pieces', url], {}), `200 ${url} 5\n`);
    });
  } finally {
    Socket.prototype.setTimeout = set;
  }
  assert.deepEqual(
    limits.filter((milliseconds) => milliseconds > 0),
    [],
  );
});

test('node: a redirect after a body in pieces is followed without waiting for its own body', () =>
  withAll([startFixture], async ({ url, seen }) => {
    const text = await runHere(['send', `${url}redirect-stall/here`], {});
    assert.equal(text, `200 ${url}redirect-stall/here 3\n`);
    await sleep(200);
    assert.deepEqual(seen.stalled.here, { opened: 1, closed: 1 });
  }));

test('node: who came first begins first, but nobody waits for a host that is full', async () => {
  const begun = [];
  const urls = ['a/1', 'a/2', 'a/3', 'b/1', 'b/2', 'a/4'].map((name) => `http://${name}`);
  await runHere(['3,2', ...urls], {
    fetch: async ({ url }) => {
      begun.push(url.slice('http://'.length));
      await sleep(50 + 10 * begun.length);
      return new Response('made up');
    },
  });
  assert.deepEqual(begun, ['a/1', 'a/2', 'b/1', 'a/3', 'b/2', 'a/4']);
});

// Whether one that waits may begin yet is asked of its signal first.
async function looksAtWaiting(limits, urls) {
  const { prototype } = AbortSignal;
  const aborted = Object.getOwnPropertyDescriptor(prototype, 'aborted');
  let looks = 0;
  const get = function () {
    looks++;
    return aborted.get.call(this);
  };
  Object.defineProperty(prototype, 'aborted', { ...aborted, get });
  try {
    const text = await runHere([limits, ...urls], { fetch: async () => new Response('made up') });
    assert.deepEqual(
      text.split('\n').slice(0, -1).sort(),
      urls.map((url) => `200 ${url} 7`).sort(),
    );
  } finally {
    Object.defineProperty(prototype, 'aborted', aborted);
  }
  return looks;
}

for (const [limits, hosts] of [
  ['10,0', 1],
  ['10,0', 100],
  ['0,10', 1],
  ['0,10', 20],
  ['10,5', 5],
]) {
  test(`node: twice as many requests cost twice as much: ${limits}, hosts: ${hosts}`, async () => {
    const urls = Array.from({ length: 800 }, (_, i) => `http://host-${i % hosts}.invalid/${i}`);
    const half = await looksAtWaiting(limits, urls.slice(400));
    const all = await looksAtWaiting(limits, urls);
    assert.ok(all < 2.5 * half, `${half} looks, then ${all}`);
  });
}

// A page that came by https, whose files are those of the build.
const page = 'https://page.invalid/';
const types = { html: 'text/html', mjs: 'text/javascript', wasm: 'application/wasm' };

async function serveSecurePage(opened) {
  await opened.setRequestInterception(true);
  opened.on('request', (request) => {
    const { href, pathname } = new URL(request.url());
    if (!href.startsWith(page)) return request.continue();
    if (pathname === '/favicon.ico') return request.respond({ status: 204 });
    const name = pathname === '/' ? 'index.html' : pathname.slice(1);
    const body = pathname === '/' ? '<!doctype html>' : readFileSync(join(dirname(web), name));
    const contentType = types[name.split('.').pop()];
    return request.respond({ status: 200, contentType, body });
  });
}

// Runs in the page.
async function runInPage(words, answer) {
  const { default: create } = await import('/fetcher.mjs');
  let text = '';
  const made = answer && { fetch: async () => new Response(answer) };
  await new Promise((resolve) => {
    create({ arguments: words, onOutput: (piece) => (text += piece), onExit: resolve, ...made });
  });
  return text;
}

for (const name of browserNames) {
  test(`${name}: http from a page that came by https, and the option \`fetch\``, () =>
    withBrowser(name, async (browser) => {
      const url = 'http://elsewhere.invalid/';
      const run = async (opened) => [
        await opened.evaluate(runInPage, [url]),
        await opened.evaluate(runInPage, ['pieces', url], 'made up'),
      ];
      const options = { expectedFaults: /./, before: serveSecurePage };
      const [refused, made] = await withPage(browser, page, run, options);
      const reason = 'blocked as mixed content: an https page cannot request http';
      assert.equal(refused, `SP_ENOTSUP GET ${url}: ${reason}\n`);
      assert.equal(made, `200 ${url} 7\n`);
    }));
}

for (const name of browserNames) {
  test(`${name}: two thousand requests at once are all answered`, () =>
    withAll([startFixture, () => startScenarioServer(dirname(web))], (fixture, server) =>
      withBrowser(name, async (browser) => {
        const urls = Array.from({ length: 2000 }, (_, i) => `${fixture.url}ok?${i}`);
        const ask = (opened) => opened.evaluate(runInPage, urls);
        const options = { expectedFaults: /./, seconds: 240 };
        const text = await withPage(browser, server.url, ask, options);
        const lines = text.split('\n').slice(0, -1);
        assert.deepEqual(
          lines.filter((line) => !line.startsWith('200 ')),
          [],
        );
        assert.equal(lines.length, 2000);
      }),
    ));
}
