/* global window -- they are the page's */
// The page beyond one download: very many tasks, kept files, other hosts, the weight of it all.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { projectFolder } from '../web/server/places.mjs';
import { startServer } from '../web/server/server.mjs';
import { makeSite } from '../web/server/site.mjs';
import { browserNames, launchBrowser, withPage } from './support/browser.mjs';
import * as on from './support/page.mjs';
import { startPlainHost } from './support/plain-host.mjs';

const run = promisify(execFile);
const makeSiteCommand = join(projectFolder, 'web', 'server', 'make-site.mjs');

describe('the site', () => {
  let folder;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'spindle-site-'));
  });
  after(() => rm(folder, { recursive: true }));
  const make = (...words) =>
    run(process.execPath, [makeSiteCommand, ...words]).then(
      (ended) => ({ code: 0, ...ended }),
      (failed) => failed,
    );

  it('has the page, its libraries, the programs, their sources and all flags', async () => {
    const { stdout } = await make(join(folder, 'new', 'site'));
    assert.match(stdout, /^the page is in .*\/new\/site: any web server can serve it\n$/);
    const inSite = (path) => readFile(join(folder, 'new', 'site', path));
    for (const [path, source] of [
      ['index.html', 'web/index.html'],
      ['page/main.mjs', 'web/page/main.mjs'],
      ['vendor/uPlot.iife.min.js', 'node_modules/uplot/dist/uPlot.iife.min.js'],
      ['build/flags2.wasm', 'build/web/flags2.wasm'],
      ['build/stress.mjs', 'build/web/stress.mjs'],
      ['src/demos/flags2.c', 'src/demos/flags2.c'],
      ['include/spindle.h', 'include/spindle.h'],
      ['local/br/br.gif', 'build/flags/br.gif'],
    ]) {
      assert.ok((await inSite(path)).equals(await readFile(join(projectFolder, source))), path);
    }
    assert.deepEqual(JSON.parse(await inSite('local/br/metadata.json')), {
      country: 'Brazil',
      code: 'br',
    });
    assert.equal((await readdir(join(folder, 'new', 'site', 'local'))).length, 249);
  });

  it('lets be what is in the folder besides', async () => {
    await writeFile(join(folder, 'CNAME'), 'mine');
    await writeFile(join(folder, 'index.html'), 'old');
    assert.equal((await make(folder)).code, 0);
    assert.equal(await readFile(join(folder, 'CNAME'), 'utf8'), 'mine');
    assert.match(await readFile(join(folder, 'index.html'), 'utf8'), /<title>spindle/);
  });

  it('is not made without a folder', async () => {
    for (const words of [[], ['a', 'b'], ['--help']]) {
      const { code, stderr } = await make(...words);
      assert.equal(code, 2);
      assert.match(stderr, /usage: /);
    }
  });

  it('is not made where a program is not compiled', async () => {
    const root = await mkdtemp(join(tmpdir(), 'spindle-uncompiled-'));
    try {
      await assert.rejects(makeSite(join(folder, 'never'), { root }), /run build web/);
      assert.ok(!(await readdir(folder)).includes('never'));
    } finally {
      await rm(root, { recursive: true });
    }
  });
});

for (const name of browserNames) {
  describe(`the page in ${name}`, { timeout: 300_000 }, () => {
    let browser, server;
    before(async () => {
      server = await startServer({ port: 0 });
      browser = await launchBrowser(name);
    });
    after(async () => {
      await browser?.close();
      await server?.close();
    });

    const visit = (work, options) => withPage(browser, server.url, work, options);

    describe('very many tasks', () => {
      for (const [count, alive] of [
        ['10000', '10K'],
        ['100000', '100K'],
      ]) {
        for (const kind of ['sleep', 'yield']) {
          it(`${count} that ${kind}: counted and measured, and no turn is longer than 50 ms`, () =>
            visit(
              async (page) => {
                await on.choose(page, count);
                await on.choose(page, kind);
                await on.press(page, 'Start the tasks');
                await on.untilText(page, '#stress .live', new RegExp(`^${alive} tasks alive`), 4);
                await on.untilText(page, '[data-counter=tasks]', new RegExp(`^${alive}$`), 2);
                const status = await on.untilStatus(page, '#stress', /switch|[Ff]ailed/, 12);
                const said = new RegExp(
                  `^${alive} tasks, [\\d.]+[KM] switches: \\d+ ns a switch, [\\d.]+ k?B a task\\.$`,
                );
                assert.match(status, said);
                const turns = await page.evaluate(() => window.turns);
                const long = turns.filter((milliseconds) => milliseconds > 50);
                assert.ok(turns.length > 50, `${turns.length} turns`);
                assert.ok(Math.max(...turns) < 250, `a turn of ${Math.max(...turns)} ms`);
                // The machine, too, may take its time now and then.
                assert.ok(
                  long.length <= turns.length / 50,
                  `${long.length} of ${turns.length} turns took long: ${long.map(Math.round)}`,
                );
              },
              { before: measureTurns },
            ));
        }
      }

      it('let the page be worked with while they run', () =>
        visit(async (page) => {
          await on.choose(page, '100000');
          await on.choose(page, 'yield');
          await on.press(page, 'Start the tasks');
          await on.untilText(page, '#stress .live', /^100K tasks alive/, 4);
          const status = await on.download(page, { server: 'LOCAL', sequential: false }, 10);
          assert.match(status, /^Finished: 20 of 20 flags/);
          assert.match(await on.textOf(page, '#stress .status'), /^Running/);
        }));

      it('are cancelled together', () =>
        visit(async (page) => {
          await on.choose(page, '100000');
          await on.press(page, 'Start the tasks');
          await on.untilText(page, '#stress .live', /^100K tasks alive/, 4);
          await on.press(page, 'Cancel the tasks');
          await on.untilStatus(page, '#stress', /^Cancelled/, 3);
        }));
    });

    describe('saved files', () => {
      // 24, and no others: those of earlier tests are deleted.
      async function saveFiles(page) {
        const there = await on.untilText(page, '#files .summary', /./);
        if (!there.startsWith('No files')) await on.press(page, 'Delete the files');
        await on.untilText(page, '#files .summary', /^No files/);
        await on.download(page, { server: 'LOCAL', count: 12 });
        await on.untilText(page, '#files .summary', /^24 files/);
      }

      it('are in the private file system of the origin, with the bytes of the server', () =>
        visit(async (page) => {
          await saveFiles(page);
          await on.untilText(page, '#files .summary', /^24 files, .* private file system/);
          const { sizes, bytes } = await page.evaluate(async () => {
            const origin = await navigator.storage.getDirectory();
            const flags = await (
              await origin.getDirectoryHandle('spindle')
            ).getDirectoryHandle('flags2');
            const found = {};
            for await (const [file, handle] of flags.entries()) {
              found[file] = (await handle.getFile()).size;
            }
            const gif = await (await flags.getFileHandle('br.gif')).getFile();
            return { sizes: found, bytes: [...new Uint8Array(await gif.arrayBuffer())] };
          });
          assert.equal(Object.keys(sizes).length, 12);
          const served = await fetch(new URL('local/br/br.gif', server.url));
          assert.deepEqual(Buffer.from(bytes), Buffer.from(await served.arrayBuffer()));
        }));

      it('are there when the page is opened again, and gone when they were deleted', () =>
        visit(async (page) => {
          await saveFiles(page);
          await page.reload();
          await on.untilText(page, '#files .summary', /^24 files/);
          await on.press(page, 'Delete the files');
          await on.untilText(page, '#files .summary', /^No files/);
          assert.equal(await on.textOf(page, '#files .status'), 'The files are deleted.');
          await page.reload();
          await on.untilText(page, '#files .summary', /^No files/);
        }));

      it('come as one zip with the bytes of the server', async () => {
        const folder = await mkdtemp(join(tmpdir(), 'spindle-zip-'));
        try {
          await visit(
            async (page) => {
              await saveFiles(page);
              await on.press(page, 'Download as zip');
              await on.untilStatus(page, '#files', /^A zip of 24 files/);
              const zip = join(folder, 'flags.zip');
              await writeFile(zip, Buffer.from(await page.evaluate(() => window.zip)));
              await run('python3', ['-m', 'zipfile', '-t', zip]);
              await run('python3', ['-m', 'zipfile', '-e', zip, folder]);
              for (const program of ['flags2', 'flags_sequential']) {
                const files = await readdir(join(folder, program));
                assert.equal(files.length, 12);
                for (const file of files) {
                  const gif = await fetch(new URL(`local/${file.slice(0, 2)}/${file}`, server.url));
                  const bytes = await readFile(join(folder, program, file));
                  assert.ok(bytes.equals(Buffer.from(await gif.arrayBuffer())), file);
                }
              }
            },
            { before: catchDownload },
          );
        } finally {
          await rm(folder, { recursive: true });
        }
      });
    });

    it('weighs less than 150 KB when it is first opened', () =>
      visit(async (page) => {
        await on.untilStatus(page, '#spinner', /^Finished/, 10);
        const urls = await page.evaluate(() =>
          performance.getEntriesByType('resource').map((entry) => entry.name),
        );
        const files = [...new Set([server.url, ...urls])].filter((url) => !url.endsWith('/log'));
        assert.ok(files.some((url) => url.endsWith('uPlot.iife.min.js')));
        let sum = 0;
        for (const url of files) {
          const bytes = Buffer.from(await (await fetch(url)).arrayBuffer());
          sum += gzipSync(bytes, { level: 9 }).length;
        }
        assert.ok(sum < 150_000, `${sum} bytes of ${files.length} files`);
      }));

    describe('on a host that has only files, in a sub-folder and without headers', () => {
      let folder, host;
      before(async () => {
        folder = await mkdtemp(join(tmpdir(), 'spindle-site-'));
        await makeSite(folder);
        host = await startPlainHost(folder);
      });
      after(async () => {
        await host?.close();
        await rm(folder, { recursive: true });
      });
      const visitHost = (work, expectedFaults = /\/log|404/) => {
        host.asked.length = 0;
        return withPage(browser, host.url, work, { expectedFaults });
      };

      it('says what it pretends, and why there are no threads', () =>
        visitHost(async (page) => {
          await page.waitForSelector('#no-servers:not([hidden])');
          assert.match(await on.textOf(page, '#no-servers'), /page itself makes the delays/);
          assert.equal(await page.evaluate(() => window.crossOriginIsolated), false);
          const threads = await page.$eval('#threads', (section) => section.innerText);
          assert.match(threads, /cross-origin isolated/);
          const height = await page.$eval('#threads .runnable', (part) => part.offsetHeight);
          assert.equal(height, 0, 'what runs a thread is shown');
        }));

      it('asks for nothing outside its folder', () =>
        visitHost(async (page) => {
          await on.download(page, { server: 'DELAY', count: 5, shortest: 0, longest: 0.1 });
          await on.untilStatus(page, '#spinner', /^Finished/, 10);
          const outside = host.asked.filter((path) => !path.startsWith('/some/folder/'));
          assert.deepEqual(
            outside.filter((path) => path !== '/favicon.ico'),
            [],
          );
          assert.ok(host.asked.includes('/some/folder/local/cn/cn.gif'));
        }));

      it('downloads with delays of its own', () =>
        visitHost(async (page) => {
          const wishes = { server: 'DELAY', sequential: false, shortest: 0.3, longest: 0.5 };
          await on.download(page, { ...wishes, count: 10 });
          for (const { code, phases } of await on.timelineOf(page)) {
            const { start, end } = phases.find(({ phase }) => phase === 'connecting');
            assert.ok(end - start > 0.29 && end - start < 1, `${code} took ${end - start} s`);
          }
          assert.equal((await on.imagesOf(page)).length, 10);
        }));

      it('fails as often as was typed, by itself', () =>
        visitHost(async (page) => {
          const wishes = { server: 'ERROR', sequential: false, shortest: 0, longest: 0.1 };
          const all = await on.download(page, { ...wishes, errors: 100 });
          assert.match(all, /^Finished: 0 of 20 flags, 20 failed/);
          const none = await on.download(page, { errors: 0 });
          assert.match(none, /^Finished: 20 of 20 flags/);
        }));

      it('cancels a delay of its own', () =>
        visitHost(async (page) => {
          await on.set(page, { server: 'DELAY', sequential: false, shortest: 20, longest: 20 });
          await on.press(page, 'Start');
          const place =
            '[data-program=flags2] .grid li[data-code=BR][data-state=connecting] button';
          await page.locator(place).click();
          const isCancelled = async () => (await on.codesIn(page, 'cancelled')).includes('BR');
          await on.until(isCancelled, () => 'BR is not cancelled', 1);
          await on.press(page, 'Cancel all');
          await on.untilStatus(page, '#controls', /^Cancelled: 0 of 20/, 2);
        }));
    });
  });
}

// Keeps in window.turns how long, in milliseconds, each message to a port and each timer took: turns
// of the programs' loops are among them.
async function measureTurns(page) {
  await page.evaluateOnNewDocument(() => {
    window.turns = [];
    const measured = (call) => (event) => {
      const began = performance.now();
      call(event);
      window.turns.push(performance.now() - began);
    };
    const { set } = Object.getOwnPropertyDescriptor(window.MessagePort.prototype, 'onmessage');
    Object.defineProperty(window.MessagePort.prototype, 'onmessage', {
      set(handler) {
        set.call(this, measured(handler));
      },
    });
    const { setTimeout } = window;
    window.setTimeout = (call, delay) => setTimeout(measured(call), delay);
  });
}

// Keeps in window.zip the bytes of the Blob that a link downloads.
async function catchDownload(page) {
  await page.evaluateOnNewDocument(() => {
    const { createObjectURL } = window.URL;
    window.URL.createObjectURL = (blob) => {
      if (blob.type === 'application/zip') {
        window.zip = blob.arrayBuffer().then((bytes) => [...new Uint8Array(bytes)]);
      }
      return createObjectURL.call(window.URL, blob);
    };
  });
}
