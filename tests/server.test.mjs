// The development server, seen from outside: what it serves, what it refuses, how its command ends.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { loadFlags } from '../web/server/flags.mjs';
import { startServer } from '../web/server/server.mjs';
import { runCommand, startCommand } from './support/server-command.mjs';
import { seededRandom } from './support/server-random.mjs';
import { rawRequest } from './support/server-raw.mjs';
import { makeServerRoot, secret } from './support/server-root.mjs';
import { until } from './support/until.mjs';

const pop20 = 'CN IN US ID BR PK NG BD RU JP MX PH VN ET EG DE IR TR CD FR'
  .toLowerCase()
  .split(' ');

async function get(url, options) {
  const response = await fetch(url, options);
  const bytes = Buffer.from(await response.arrayBuffer());
  const header = (name) => response.headers.get(name);
  return { status: response.status, header, bytes, text: bytes.toString() };
}

// Starts a server for one test, closes it afterwards, whatever happens.
async function withServer(options, test) {
  const server = await startServer({ port: 0, ...options });
  try {
    await test(server);
  } finally {
    await server.close();
  }
}

describe('static files', () => {
  let place, server;
  before(async () => {
    place = await makeServerRoot();
    server = await startServer({ port: 0, root: place.root });
  });
  after(async () => {
    await server.close();
    await place.remove();
  });
  const at = (path, options) => get(new URL(path, server.url), options);

  it('serves web/index.html as the page', async () => {
    const page = await at('/');
    assert.equal(page.status, 200);
    assert.match(page.header('content-type'), /^text\/html/);
    assert.match(page.text, /<title>page<\/title>/);
  });

  it('serves the page under its own name too, and with a query', async () => {
    assert.equal((await at('/index.html?again=1')).text, (await at('/')).text);
  });

  it('serves files of web/page in folders', async () => {
    const style = await at('/page/deep/style.css');
    assert.equal(style.status, 200);
    assert.match(style.header('content-type'), /^text\/css/);
  });

  it('serves a name with a blank and a percent sign', async () => {
    assert.equal((await at('/page/a%20b%25c.txt')).text, 'odd name\n');
  });

  it('follows a link that stays inside its folder', async () => {
    assert.equal((await at('/page/inside.mjs')).text, 'export const app = 1;\n');
  });

  it('serves compiled modules as JavaScript', async () => {
    assert.match((await at('/build/hello.mjs')).header('content-type'), /^text\/javascript/);
  });

  it('serves compiled programs as wasm', async () => {
    const program = await at('/build/hello.wasm');
    assert.equal(program.header('content-type'), 'application/wasm');
    assert.equal(program.text, '\0asm');
  });

  it('serves C sources as plain text', async () => {
    const source = await at('/include/spindle.h');
    assert.match(source.header('content-type'), /^text\/plain/);
    assert.equal(source.text, '/* the header */\n');
  });

  it('lets nothing be kept without asking again', async () => {
    assert.match((await at('/build/hello.mjs')).header('cache-control'), /no-cache|no-store/);
  });

  it('answers 304 to who has the file, and 200 once it has changed', async () => {
    const file = join(place.root, 'build/web/changing.mjs');
    await writeFile(file, 'old');
    const etag = (await at('/build/changing.mjs')).header('etag');
    const ask = () =>
      rawRequest(server.port, '/build/changing.mjs', { headers: [`If-None-Match: ${etag}`] });
    assert.equal((await ask()).status, 304);
    await writeFile(file, 'newer');
    assert.equal((await ask()).body, 'newer');
  });

  it('serves a range', async () => {
    const part = await at('/page/app.mjs', { headers: { Range: 'bytes=0-5' } });
    assert.equal(part.status, 206);
    assert.equal(part.text, 'export');
  });

  it('survives a range that makes no sense', async () => {
    assert.equal((await at('/page/app.mjs', { headers: { Range: 'bytes=900-' } })).status, 416);
    await at('/page/app.mjs', { headers: { Range: 'bytes=5-2' } });
    assert.equal((await at('/page/app.mjs')).status, 200);
  });

  it('answers HEAD with the length and no body', async () => {
    const head = await at('/page/app.mjs', { method: 'HEAD' });
    assert.equal(head.status, 200);
    assert.equal(head.header('content-length'), '22');
    assert.equal(head.bytes.length, 0);
  });

  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
    it(`refuses ${method} with 405 and says what is allowed`, async () => {
      const refused = await at('/page/app.mjs', { method });
      assert.equal(refused.status, 405);
      assert.equal(refused.header('allow'), 'GET, HEAD');
    });
  }

  it('says in plain text how to get a program that is not built', async () => {
    const missing = await at('/build/missing.mjs');
    assert.equal(missing.status, 404);
    assert.match(missing.header('content-type'), /^text\/plain/);
    assert.match(missing.text, /run build web/);
  });

  it('answers the icon that every browser asks for without an error', async () => {
    assert.equal((await at('/favicon.ico')).status, 204);
  });

  it('a broken percent code is answered with 400', async () => {
    assert.equal((await rawRequest(server.port, '/page/%zz')).status, 400);
    assert.equal((await rawRequest(server.port, '/page/%ff')).status, 400);
  });

  it('a request that is no HTTP is answered with 400', async () => {
    assert.equal((await rawRequest(server.port, 'no\0thing')).status, 400);
  });

  it('isolates the origin in every answer, also in refusals', async () => {
    const asked = [
      ['/'],
      ['/build/hello.wasm'],
      ['/missing'],
      ['/page/%zz'],
      ['/page/no\0thing'],
      ['/', { method: 'POST' }],
      ['/local/br/br.gif'],
      ['/local/xx/xx.gif'],
      ['/log'],
      ['/favicon.ico'],
    ];
    for (const [path, options] of asked) {
      const { head } = await rawRequest(server.port, path, options);
      assert.match(head, /^cross-origin-opener-policy: same-origin\r?$/im, path);
      assert.match(head, /^cross-origin-embedder-policy: require-corp\r?$/im, path);
      assert.match(head, /^cross-origin-resource-policy: (same|cross)-origin\r?$/im, path);
      assert.match(head, /^x-content-type-options: nosniff\r?$/im, path);
    }
  });
});

describe('nothing outside the served folders can be read:', () => {
  let place, server;
  before(async () => {
    place = await makeServerRoot();
    server = await startServer({ port: 0, root: place.root });
  });
  after(async () => {
    await server.close();
    await place.remove();
  });

  async function assertHidden(path) {
    const { status, body } = await rawRequest(server.port, path);
    assert.ok([400, 404].includes(status), `${path} gave ${status}`);
    assert.ok(!body.includes(secret) && !body.includes('root:'), `${path} gave the secret away`);
  }

  it('(the bare socket does read what is public)', async () => {
    const { status, body } = await rawRequest(server.port, '/page/app.mjs');
    assert.equal(status, 200);
    assert.match(body, /export const app/);
  });

  const climbs = ['..', '%2e%2e', '%2E%2e', '.%2e', '%252e%252e', '%c0%ae%c0%ae', '..;', '..%00'];
  const slashes = ['/', '%2f', '%2F', '%252f', '\\', '%5c', '%255c', '//'];
  for (const folder of ['page', 'build', 'src']) {
    for (const climb of climbs) {
      it(`up from /${folder}/ by ${climb} and any slash`, async () => {
        for (const slash of slashes) {
          for (const steps of [1, 2, 3]) {
            const up = Array(steps).fill(climb).join(slash);
            await assertHidden(`/${folder}/${up}${slash}secret.txt`);
            await assertHidden(`/${folder}${slash}${up}${slash}server${slash}main.mjs`);
          }
          const far = Array(12).fill(climb).join(slash);
          await assertHidden(`/${folder}/${far}${slash}etc${slash}passwd`);
        }
      });
    }
  }

  it('up from the top', async () => {
    for (const climb of climbs) {
      await assertHidden(`/${climb}/secret.txt`);
      await assertHidden(`/${climb}/${climb}/outside/secret.txt`);
    }
  });

  it('a path that climbs, or has a backslash or a control character, is answered with 400', async () => {
    const malformed = ['/page/../app.mjs', '/page/%2e%2e/x', '/page/./app.mjs', '/page\\app.mjs'];
    for (const path of [...malformed, '/page/%5capp.mjs', '/page/app.mjs%00', '/page/%0a']) {
      assert.equal((await rawRequest(server.port, path)).status, 400, path);
    }
  });

  it('absolute paths', async () => {
    await assertHidden('//etc/passwd');
    await assertHidden('/page//etc/passwd');
    await assertHidden('/page/%2fetc%2fpasswd');
    await assertHidden('/build/%2Fetc/passwd');
    await assertHidden(`/page/${join(place.top, 'outside/secret.txt')}`);
    await assertHidden('file:///etc/passwd');
    await assertHidden('http://127.0.0.1/package.json');
  });

  it('names cut by a NUL byte', async () => {
    await assertHidden('/page/secret.txt%00.mjs');
    await assertHidden('/page/app.mjs%00');
    await assertHidden('/page/app.mjs\0.txt');
  });

  const links = {
    'a link to a file of the system': '/page/passwd',
    'a link to a file outside': '/page/secret.txt',
    'a file behind a link to a folder outside': '/page/folder/secret.txt',
    'a link to the server beside the page': '/page/server/main.mjs',
    'a link to a folder whose name begins alike': '/build/sibling/secret.txt',
    'a link to a hidden file': '/page/hidden',
    'a hidden link to a public file': '/page/.visible',
    'a link to itself': '/page/loop',
  };
  for (const [what, path] of Object.entries(links)) {
    it(`${what} is not found`, async () => {
      await assertHidden(path);
      assert.equal((await rawRequest(server.port, path)).status, 404);
    });
  }

  it('a named pipe is not found and does not hang', async () => {
    assert.equal((await rawRequest(server.port, '/page/pipe')).status, 404);
  });

  const unserved = [
    '/page/.hidden',
    '/.git/config',
    '/package.json',
    '/node_modules/secret.txt',
    '/secret.txt',
    '/server/main.mjs',
    '/web/server/main.mjs',
    '/other.html',
    '/build/../secret.txt',
    '/flags/stamp.json',
    '/page/deep',
    '/page/',
    '/page',
    '/build/',
    '/page/app.mjs/',
    '/page//app.mjs',
  ];
  for (const path of unserved) {
    it(`${path} is not served`, () => assertHidden(path));
  }
});

describe('flags', () => {
  let server;
  before(async () => {
    server = await startServer({ port: 0, delay: [0, 0] });
  });
  after(() => server.close());
  const at = (path, options) => get(new URL(path, server.url), options);

  it('are GIFs of 320 by 240', async () => {
    const { status, header, bytes } = await at('/local/br/br.gif');
    assert.equal(status, 200);
    assert.equal(header('content-type'), 'image/gif');
    assert.equal(bytes.subarray(0, 6).toString(), 'GIF89a');
    assert.deepEqual([bytes.readUInt16LE(6), bytes.readUInt16LE(8)], [320, 240]);
  });

  it('say how long they are', async () => {
    const { header, bytes } = await at('/local/br/br.gif');
    assert.equal(header('content-length'), String(bytes.length));
  });

  it('differ from country to country', async () => {
    const all = await Promise.all(pop20.map((code) => at(`/local/${code}/${code}.gif`)));
    assert.equal(new Set(all.map(({ bytes }) => bytes.toString('latin1'))).size, 20);
  });

  it('are there for each of the twenty most populous countries', async () => {
    const all = await Promise.all(pop20.map((code) => at(`/local/${code}/${code}.gif`)));
    const missing = pop20.filter((code, i) => all[i].status !== 200);
    assert.deepEqual(missing, []);
  });

  it('are there for the 249 codes of ISO 3166-1 among all of two letters', async () => {
    const letters = [...'abcdefghijklmnopqrstuvwxyz'];
    let found = 0;
    for (const first of letters) {
      const codes = letters.map((second) => first + second);
      const all = await Promise.all(codes.map((code) => at(`/local/${code}/${code}.gif`)));
      found += all.filter(({ status }) => status === 200).length;
    }
    assert.equal(found, 249);
  });

  it('are the same on the three servers', async () => {
    await withServer({ delay: [0, 0], random: () => 0.9 }, async ({ url }) => {
      const names = ['local', 'delay', 'error'];
      const all = await Promise.all(names.map((name) => get(`${url}${name}/jp/jp.gif`)));
      for (const { bytes } of all) assert.ok(bytes.equals(all[0].bytes) && bytes.length > 500);
    });
  });

  it('have the name of their country beside them', async () => {
    const { header, text } = await at('/local/br/metadata.json');
    assert.match(header('content-type'), /^application\/json/);
    assert.deepEqual(JSON.parse(text), { country: 'Brazil', code: 'br' });
  });

  it('have names beyond ASCII in UTF-8', async () => {
    assert.equal(JSON.parse((await at('/delay/tr/metadata.json')).text).country, 'Türkiye');
  });

  for (const path of [
    '/local/xx/xx.gif',
    '/local/eu/eu.gif',
    '/local/gb-eng/gb-eng.gif',
    '/local/BR/BR.gif',
    '/local/br/cn.gif',
    '/local/br/br.gif/more',
    '/local/br',
    '/local/',
    '/local/xx/metadata.json',
    '/delay/constructor/constructor.gif',
    '/error/%2e%2e%2f/br.gif',
  ]) {
    it(`${path} is not found`, async () => {
      await withServer({ delay: [0, 0], random: () => 0.9 }, async ({ port }) => {
        const { status, head } = await rawRequest(port, path);
        assert.ok(status === 404 || (status === 400 && path.includes('%2e')), `${status}`);
        assert.match(head, /content-type: text\/plain/i);
      });
    });
  }

  it('may be used by pages of other origins, also when they are missing', async () => {
    for (const path of ['/local/br/br.gif', '/local/br/metadata.json', '/local/xx/xx.gif']) {
      const { header } = await at(path);
      assert.equal(header('access-control-allow-origin'), '*');
      assert.equal(header('cross-origin-resource-policy'), 'cross-origin');
    }
  });

  it('answer HEAD with the length and no body', async () => {
    const whole = await at('/local/br/br.gif');
    const head = await at('/local/br/br.gif', { method: 'HEAD' });
    assert.equal(head.header('content-length'), String(whole.bytes.length));
    assert.equal(head.bytes.length, 0);
  });

  it('refuse POST with 405', async () => {
    const refused = await at('/local/br/br.gif', { method: 'POST' });
    assert.equal(refused.status, 405);
    assert.equal(refused.header('allow'), 'GET, HEAD');
  });
});

describe('delays', () => {
  it('LOCAL answers at once', async () => {
    await withServer({ delay: [60, 60] }, async ({ url, log }) => {
      const began = performance.now();
      await get(`${url}local/br/br.gif`);
      assert.ok(performance.now() - began < 1000);
      assert.equal(log[0].delay, 0);
    });
  });

  for (const name of ['delay', 'error']) {
    it(`${name.toUpperCase()} answers after the delay it drew, within the range`, async () => {
      await withServer({ delay: [0.05, 0.1] }, async ({ url, log }) => {
        for (const code of ['br', 'cn', 'de']) {
          const began = performance.now();
          await get(`${url}${name}/${code}/${code}.gif`);
          const took = (performance.now() - began) / 1000;
          const { delay } = log.at(-1);
          assert.ok(delay >= 0.05 && delay <= 0.1, `drew ${delay}`);
          assert.ok(took >= delay && took < delay + 1, `drew ${delay}, took ${took}`);
        }
      });
    });
  }

  it('come from the random numbers that were given', async () => {
    const numbers = [0, 0.5, 1];
    await withServer({ delay: [0.02, 0.04], random: () => numbers.shift() }, async (server) => {
      for (const code of ['br', 'cn', 'de']) await get(`${server.url}delay/${code}/${code}.gif`);
      assert.deepEqual(
        server.log.map(({ delay }) => Number(delay.toFixed(6))),
        [0.02, 0.03, 0.04],
      );
    });
  });

  it('of requests at the same time overlap', async () => {
    await withServer({ delay: [0.1, 0.2] }, async ({ url, log }) => {
      const began = performance.now();
      await Promise.all(pop20.map((code) => get(`${url}delay/${code}/${code}.gif`)));
      const took = (performance.now() - began) / 1000;
      const delays = log.map(({ delay }) => delay);
      const sum = delays.reduce((a, b) => a + b);
      assert.ok(took >= Math.max(...delays) && took < sum / 2, `took ${took} of ${sum}`);
    });
  });

  it('hold for metadata too', async () => {
    await withServer({ delay: [0.05, 0.05] }, async ({ url }) => {
      const began = performance.now();
      await get(`${url}delay/br/metadata.json`);
      assert.ok(performance.now() - began >= 50);
    });
  });
});

describe('the ERROR server', () => {
  it('fails a quarter of the answers: 109 of these 400', async () => {
    await withServer({ delay: [0, 0], random: seededRandom(7) }, async ({ url }) => {
      const statuses = [];
      for (let i = 0; i < 400; i++) statuses.push((await get(`${url}error/br/br.gif`)).status);
      assert.equal(statuses.filter((status) => status === 503).length, 109);
      assert.equal(statuses.filter((status) => status === 200).length, 291);
    });
  });

  it('gives its errors a short text', async () => {
    await withServer({ delay: [0, 0], random: () => 0.1 }, async ({ url }) => {
      const { status, header, text } = await get(`${url}error/br/br.gif`);
      assert.equal(status, 503);
      assert.match(header('content-type'), /^text\/plain/);
      assert.ok(text.length > 10 && text.length < 200);
    });
  });

  it('is the only one that fails', async () => {
    await withServer({ delay: [0, 0], random: () => 0 }, async ({ url }) => {
      assert.equal((await get(`${url}error/br/br.gif`)).status, 503);
      assert.equal((await get(`${url}local/br/br.gif`)).status, 200);
      assert.equal((await get(`${url}delay/br/br.gif`)).status, 200);
    });
  });
});

describe('the tuned servers', () => {
  const status = (url) => get(url).then((answer) => answer.status);

  it('wait as long as their path says', async () => {
    await withServer({ delay: [60, 60] }, async ({ url, log }) => {
      assert.equal(await status(`${url}tuned/0.05..0.1/0/delay/br/br.gif`), 200);
      assert.ok(log[0].delay >= 0.05 && log[0].delay <= 0.1, `drew ${log[0].delay}`);
      assert.ok(log[0].end - log[0].start >= log[0].delay);
    });
  });

  it('fail as often as their path says', async () => {
    await withServer({ random: seededRandom(7) }, async ({ url }) => {
      const failures = async (share) => {
        const asked = Array.from({ length: 100 }, () =>
          status(`${url}tuned/0..0/${share}/error/br/br.gif`),
        );
        return (await Promise.all(asked)).filter((answered) => answered === 503).length;
      };
      assert.equal(await failures('0'), 0);
      assert.equal(await failures('1'), 100);
      const some = await failures('0.6');
      assert.ok(some > 40 && some < 80, `${some} of 100`);
    });
  });

  it('only delay and fail where the untuned ones do', async () => {
    await withServer({ random: () => 0 }, async ({ url, log }) => {
      assert.equal(await status(`${url}tuned/9..9/1/local/br/br.gif`), 200);
      assert.equal(await status(`${url}tuned/0..0/1/delay/br/br.gif`), 200);
      assert.deepEqual(
        log.map(({ server, delay }) => ({ server, delay })),
        [
          { server: 'local', delay: 0 },
          { server: 'delay', delay: 0 },
        ],
      );
    });
  });

  it('serve the same bytes to everybody', async () => {
    await withServer({}, async ({ url }) => {
      const plain = await get(`${url}local/br/br.gif`);
      const tuned = await get(`${url}tuned/0..0/0/error/br/br.gif`);
      assert.ok(tuned.bytes.equals(plain.bytes));
      assert.equal(tuned.header('access-control-allow-origin'), '*');
      assert.equal(tuned.header('cross-origin-resource-policy'), 'cross-origin');
    });
  });

  for (const [tuning, about] of [
    ['', /MIN\.\.MAX/],
    ['1/0.5/delay/br/br.gif', /MIN\.\.MAX/],
    ['2..1/0.5/delay/br/br.gif', /MIN\.\.MAX/],
    ['-1..1/0.5/delay/br/br.gif', /MIN\.\.MAX/],
    ['0..1e3/0.5/delay/br/br.gif', /MIN\.\.MAX/],
    ['0..3601/0.5/delay/br/br.gif', /3600/],
    ['0..1', /share/],
    ['0..1/1.01/delay/br/br.gif', /share/],
    ['0..1/-0.5/delay/br/br.gif', /share/],
    ['0..1/x/delay/br/br.gif', /share/],
    ['0..1/0.5/', /local, delay, error/],
    ['0..1/0.5/other/br/br.gif', /local, delay, error/],
    ['0..1/0.5/tuned/0..1/0.5/delay/br/br.gif', /local, delay, error/],
  ]) {
    it(`refuse /tuned/${tuning} with 400 and say why`, async () => {
      await withServer({}, async ({ url, log }) => {
        const refused = await get(`${url}tuned/${tuning}`);
        assert.equal(refused.status, 400);
        assert.match(refused.text, about);
        assert.equal(log.length, 0);
      });
    });
  }
});

describe('the libraries of the page', () => {
  let server;
  before(async () => {
    server = await startServer({ port: 0 });
  });
  after(() => server.close());

  for (const [name, type] of [
    ['uPlot.iife.min.js', /^text\/javascript/],
    ['uPlot.min.css', /^text\/css/],
    ['client-zip.js', /^text\/javascript/],
  ]) {
    it(`${name} is served`, async () => {
      const library = await get(`${server.url}vendor/${name}`);
      assert.equal(library.status, 200);
      assert.match(library.header('content-type'), type);
      assert.ok(library.bytes.length > 500);
    });
  }

  it('are all that is served of the packages', async () => {
    for (const path of ['', 'package.json', 'uplot/package.json', 'constructor', 'README.md']) {
      assert.equal((await get(`${server.url}vendor/${path}`)).status, 404, path);
    }
  });
});

describe('the log', () => {
  it('has an entry for each answer of a flag server', async () => {
    await withServer({ delay: [0.02, 0.02], random: () => 0 }, async ({ url, log }) => {
      await get(`${url}local/br/br.gif`);
      await get(`${url}error/cn/metadata.json`);
      assert.equal(log.length, 2);
      const [first, second] = log;
      assert.equal(first.server, 'local');
      assert.equal(first.path, '/local/br/br.gif');
      assert.equal(first.status, 200);
      assert.equal(first.aborted, false);
      assert.equal(second.server, 'error');
      assert.equal(second.status, 503);
      assert.equal(second.delay, 0.02);
      assert.ok(second.start >= first.end && second.end - second.start >= 0.02);
    });
  });

  it('has no entry for static files', async () => {
    await withServer({}, async ({ url, log }) => {
      await get(url);
      assert.equal(log.length, 0);
    });
  });

  it('is read at /log and cleared by DELETE', async () => {
    await withServer({}, async ({ url, log }) => {
      await get(`${url}local/br/br.gif`);
      assert.deepEqual(JSON.parse((await get(`${url}log`)).text), log);
      assert.equal((await get(`${url}log`, { method: 'DELETE' })).status, 200);
      assert.deepEqual(JSON.parse((await get(`${url}log`)).text), []);
      assert.equal((await get(`${url}log`, { method: 'POST' })).status, 405);
    });
  });

  it('forgets the oldest entries', async () => {
    await withServer({ logLimit: 3 }, async ({ url, log }) => {
      for (const code of pop20.slice(0, 5)) await get(`${url}local/${code}/${code}.gif`);
      assert.deepEqual(
        log.map(({ path }) => path),
        ['/local/us/us.gif', '/local/id/id.gif', '/local/br/br.gif'],
      );
    });
  });

  it('says that a client went away during the delay, and the delay ends with it', async () => {
    await withServer({ delay: [60, 60] }, async ({ port, log }) => {
      const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout');
      const socket = connect(port, '127.0.0.1');
      const before = timers().length;
      socket.write('GET /delay/br/br.gif HTTP/1.1\r\nHost: localhost\r\n\r\n');
      await until(() => log.length === 1, 'the request to arrive');
      assert.equal(log[0].end, null);
      assert.ok(timers().length > before, 'the delay is a timer');
      socket.destroy();
      await until(() => log[0].aborted, 'the log to say aborted');
      assert.equal(log[0].status, null);
      assert.ok(log[0].end - log[0].start < 5);
      await until(() => timers().length <= before, 'the timer to be gone');
    });
  });

  it('says so too when fetch is aborted', async () => {
    await withServer({ delay: [60, 60] }, async ({ url, log }) => {
      const abort = new AbortController();
      const asked = fetch(`${url}delay/br/br.gif`, { signal: abort.signal });
      await until(() => log.length === 1, 'the request to arrive');
      abort.abort();
      await assert.rejects(asked, { name: 'AbortError' });
      await until(() => log[0].aborted, 'the log to say aborted');
    });
  });
});

describe('the cache of flags', () => {
  const size = { width: 16, height: 12 };
  let folder;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'spindle-flags-'));
  });
  after(() => rm(folder, { recursive: true }));

  // How many flags a load made, told from the line it reports.
  async function madeBy(options) {
    let made = 0;
    const report = (line) => (made = Number(/^made (\d+)/.exec(line)?.[1] ?? made));
    const flags = await loadFlags({ folder, size, report, ...options });
    assert.equal(flags.size, 249);
    return made;
  }

  it('is safe when two servers fill it at once', async () => {
    const [one, two] = await Promise.all([
      loadFlags({ folder, size }),
      loadFlags({ folder, size }),
    ]);
    assert.equal(one.size, 249);
    for (const [code, gif] of one) {
      assert.ok(gif.equals(two.get(code)));
      assert.ok(gif.equals(await readFile(join(folder, `${code}.gif`))));
    }
    assert.deepEqual(
      (await readdir(folder)).filter((name) => !/^([a-z]{2}\.gif|stamp\.json)$/.test(name)),
      [],
    );
  });

  it('is used the second time', async () => {
    const written = (await stat(join(folder, 'br.gif'))).mtimeMs;
    assert.equal(await madeBy(), 0);
    assert.equal((await stat(join(folder, 'br.gif'))).mtimeMs, written);
  });

  it('gets back a flag that is missing or cut short', async () => {
    const whole = await readFile(join(folder, 'br.gif'));
    await rm(join(folder, 'cn.gif'));
    await writeFile(join(folder, 'br.gif'), whole.subarray(0, 20));
    assert.equal(await madeBy(), 2);
    assert.ok((await readFile(join(folder, 'br.gif'))).equals(whole));
  });

  it('is made anew for another version of flag-icons', async () => {
    assert.equal(await madeBy({ version: '0.0.0' }), 249);
    assert.equal(await madeBy({ version: '0.0.0' }), 0);
  });

  it('is made anew for another size', async () => {
    assert.equal(await madeBy({ version: '0.0.0', size: { width: 20, height: 15 } }), 249);
    assert.equal((await readFile(join(folder, 'br.gif'))).readUInt16LE(6), 20);
  });
});

describe('whom it answers', () => {
  const statusFor = (server, host) =>
    rawRequest(server.port, '/log', { host }).then(({ status }) => status);

  it('goes by its addresses and as localhost', () =>
    withServer({}, async (server) => {
      const own = [
        '127.0.0.1',
        `127.0.0.1:${server.port}`,
        '[::1]:80',
        'localhost',
        'a.localhost:1',
      ];
      for (const host of own) assert.equal(await statusFor(server, host), 200, host);
    }));

  it('refuses the name of another site, which may lead to its address', () =>
    withServer({}, async (server) => {
      for (const host of ['evil.example', 'localhost.evil.example:80', '127.0.0.1.evil.example'])
        assert.equal(await statusFor(server, host), 421, host);
    }));

  it('lets the page run its own scripts only', () =>
    withServer({}, async (server) => {
      const policy = (await get(server.url)).header('content-security-policy');
      assert.match(policy, /default-src 'self';.*script-src 'self' 'wasm-unsafe-eval';/);
    }));

  it('answers as many requests in a row as may wait, and refuses more', () =>
    withServer({ delay: [0.2, 0.2] }, async (server) => {
      const warnings = [];
      const warn = (warning) => warnings.push(warning.name);
      process.on('warning', warn);
      const socket = connect(server.port, '127.0.0.1');
      const request = 'GET /delay/br/br.gif HTTP/1.1\r\nHost: localhost\r\n\r\n';
      socket.write(request.repeat(65));
      let text = '';
      socket.setEncoding('latin1').on('data', (piece) => (text += piece));
      await once(socket, 'close');
      process.off('warning', warn);
      const statuses = [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);
      assert.deepEqual(statuses, [...Array(64).fill('200'), '503']);
      assert.deepEqual(warnings, []);
    }));
});

describe('startServer', () => {
  it('takes a free port for port 0 and tells it', async () => {
    await withServer({}, async ({ url, port }) => {
      assert.ok(port > 0);
      assert.equal(url, `http://127.0.0.1:${port}/`);
    });
  });

  it('rejects with what to do if its port is taken', async () => {
    await withServer({}, async ({ port }) => {
      await assert.rejects(startServer({ port }), {
        message: `port ${port} on 127.0.0.1 is taken: end what listens there, or choose another with --port`,
      });
    });
  });

  it('closes at once, although a delayed answer is open', async () => {
    const server = await startServer({ port: 0, delay: [60, 60] });
    const asked = fetch(`${server.url}delay/br/br.gif`);
    await until(() => server.log.length === 1, 'the request to arrive');
    const began = performance.now();
    await Promise.all([server.close(), assert.rejects(asked)]);
    assert.ok(performance.now() - began < 2000);
  });
});

describe('the command', () => {
  async function listenOn(port) {
    const server = createServer();
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return server;
  }

  it('prints its URL and serves, from any current folder', async () => {
    const { child, url, ended } = startCommand(['--port', '0'], { cwd: tmpdir() });
    const flag = await get(`${await url}local/br/br.gif`);
    child.kill('SIGTERM');
    const { out } = await ended;
    assert.equal(flag.status, 200);
    assert.match(out, /^spindle: page at http:\/\/127\.0\.0\.1:\d+\/\n$/);
  });

  for (const signal of ['SIGINT', 'SIGTERM']) {
    it(`ends promptly with 0 at ${signal}, although an answer is open`, async () => {
      const { child, url, ended } = startCommand(['--port', '0', '--delay', '60..60']);
      const base = await url;
      const asked = assert.rejects(fetch(`${base}delay/br/br.gif`));
      let entries = [];
      while (entries.length === 0) entries = JSON.parse((await get(`${base}log`)).text);
      const began = performance.now();
      child.kill(signal);
      const { code } = await ended;
      await asked;
      assert.equal(code, 0);
      assert.ok(performance.now() - began < 2000);
    });
  }

  it('delays as --delay says', async () => {
    const { child, url, ended } = startCommand(['--port', '0', '--delay', '0.05..0.06']);
    const base = await url;
    await get(`${base}delay/br/br.gif`);
    const [{ delay }] = JSON.parse((await get(`${base}log`)).text);
    child.kill('SIGINT');
    await ended;
    assert.ok(delay >= 0.05 && delay <= 0.06);
  });

  it('takes the next free port if 8000 is taken and none was asked for', async () => {
    const blocker = await listenOn(8000).catch(() => null);
    const { child, url, ended } = startCommand([]);
    const port = Number(new URL(await url).port);
    child.kill('SIGINT');
    await ended;
    blocker?.close();
    assert.ok(port > 8000 && port <= 8099, `took ${port}`);
  });

  it('says in one line that the port it was given is taken, and ends with 1', async () => {
    const blocker = await listenOn(0);
    const { port } = blocker.address();
    const { code, out, err } = await runCommand(['--port', String(port)]);
    blocker.close();
    assert.equal(code, 1);
    assert.equal(out, '');
    assert.match(err, new RegExp(`^spindle: port ${port} on 127.0.0.1 is taken: .*\n$`));
  });

  it('says in one line that it cannot listen on an address of another machine', async () => {
    const { code, err } = await runCommand(['--host', '192.0.2.1', '--port', '0']);
    assert.equal(code, 1);
    assert.match(err, /^spindle: cannot listen on 192\.0\.2\.1 port 0: .*\n$/);
  });

  for (const words of [
    ['--port', 'x'],
    ['--port', '65536'],
    ['--port', '-1'],
    ['--port'],
    ['--delay', '5'],
    ['--delay', '5..0.5'],
    ['--delay', '1..99999'],
    ['--host', ''],
    ['--nonsense'],
    ['extra'],
  ]) {
    it(`refuses '${words.join(' ')}' with the usage and 2`, async () => {
      const { code, out, err } = await runCommand(words);
      assert.equal(code, 2);
      assert.equal(out, '');
      assert.match(err, /^spindle: .+\nusage: node web\/server\/main\.mjs .*\n$/);
    });
  }

  it('explains itself with --help', async () => {
    const { code, out } = await runCommand(['--help']);
    assert.equal(code, 0);
    assert.match(out, /^usage: .*--delay/);
  });
});
