/* global document, window -- they are the page's */
// The downloads of the page, as a person starts, watches and cancels them, in real browsers.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startServer } from '../web/server/server.mjs';
import { browserNames, launchBrowser, withPage } from './support/browser.mjs';
import { codeOf, mostAtOnce, pop20 } from './support/program-place.mjs';
import * as on from './support/page.mjs';

const quick = { shortest: 0.05, longest: 0.25 };
const slow = { shortest: 1.5, longest: 2 };

const wallClock = (seconds) => performance.timeOrigin / 1000 + seconds;

// Runs in the page: how many pixels of the last row's middle have the colours of these phases.
function countColorsOfLastRow() {
  const canvas = document.querySelector('#timeline canvas');
  const copy = document.createElement('canvas');
  Object.assign(copy, { width: canvas.width, height: canvas.height });
  const context = copy.getContext('2d', { willReadFrequently: true });
  context.drawImage(canvas, 0, 0);
  const row = document.querySelector('#timeline .rows li:last-child').getBoundingClientRect();
  const box = canvas.getBoundingClientRect();
  const y = ((row.top + row.height / 2 - box.top) * canvas.height) / box.height;
  const { data } = context.getImageData(0, Math.round(y), canvas.width, 1);
  const counts = new Map();
  for (let at = 0; at < data.length; at += 4) {
    const color = data.slice(at, at + 3).join(', ');
    counts.set(color, (counts.get(color) ?? 0) + 1);
  }
  const countOf = (place) => {
    const swatch = document.querySelectorAll('.legend i')[place];
    const color = window.getComputedStyle(swatch).backgroundColor;
    return counts.get(/\((.*)\)/.exec(color)[1]) ?? 0;
  };
  return { waiting: countOf(0), connecting: countOf(1) };
}

// What the network panel of Chromium's developer tools has of a page: { url, end } of each request.
async function watchRequests(page) {
  const session = await page.createCDPSession();
  const requests = new Map();
  const endWith = (wordsOf) => (event) => (requests.get(event.requestId).end = wordsOf(event));
  session.on('Network.requestWillBeSent', ({ requestId, request }) =>
    requests.set(requestId, { url: request.url, end: null }),
  );
  session.on(
    'Network.loadingFinished',
    endWith(() => 'finished'),
  );
  session.on(
    'Network.loadingFailed',
    endWith(({ canceled, errorText }) => (canceled ? 'canceled' : errorText)),
  );
  await session.send('Network.enable');
  return () => [...requests.values()];
}

for (const name of browserNames) {
  describe(`the downloads in ${name}`, { timeout: 300_000 }, () => {
    let browser, server;
    before(async () => {
      server = await startServer({ port: 0, delay: [60, 60] });
      browser = await launchBrowser(name);
    });
    after(async () => {
      await browser?.close();
      await server?.close();
    });

    // Every test has a page of its own and an empty log.
    function visit(work, options) {
      server.log.length = 0;
      return withPage(browser, server.url, work, options);
    }

    describe('start', () => {
      it('downloads 20 flags, one by one and many at once, the bytes that the server has', () =>
        visit(async (page) => {
          const status = await on.download(page, { server: 'LOCAL' });
          assert.match(
            status,
            /^Finished: 20 of 20 flags in \d+\.\d\d s\. One by one: 20 in \d+\.\d\d s\.$/,
          );
          for (const program of ['flags_sequential', 'flags2']) {
            const images = await on.imagesOf(page, program);
            assert.deepEqual(
              images.map(({ code }) => code),
              pop20,
            );
            for (const { code, bytes, width, shown } of images) {
              const cc = code.toLowerCase();
              const gif = await fetch(new URL(`local/${cc}/${cc}.gif`, server.url));
              assert.deepEqual(Buffer.from(bytes), Buffer.from(await gif.arrayBuffer()), code);
              assert.ok(width === 320 && shown > 20, `${code} is ${shown} pixels wide`);
            }
            const { done, all, text } = await on.progressOf(page, program);
            assert.deepEqual({ done, all, text }, { done: 20, all: 20, text: '20 of 20' });
          }
          assert.match((await on.gridOf(page))[1].label, /^BR Brazil: downloaded$/);
        }));

      it('does both at the same time, and many at once is sooner done', () =>
        visit(async (page) => {
          const status = await on.download(page, { server: 'DELAY', ...quick, 'at-once': 10 });
          const [concurrent, sequential] = status.match(/[\d.]+(?= s)/g).map(Number);
          const delays = server.log.map(({ delay }) => delay).reduce((a, b) => a + b) / 2;
          assert.equal(server.log.length, 40);
          assert.ok(sequential > delays * 0.7, `${sequential} s one by one`);
          assert.ok(
            concurrent < sequential / 2,
            `${concurrent} s at once, ${sequential} one by one`,
          );
          const clock = await on.progressOf(page);
          assert.ok(Math.abs(clock.seconds - concurrent) < 0.11, `the clock says ${clock.seconds}`);
        }));

      it('leaves one by one out where it is not wanted', () =>
        visit(async (page) => {
          const status = await on.download(page, { server: 'LOCAL', sequential: false });
          assert.match(status, /^Finished: 20 of 20 flags in [\d.]+ s\.$/);
          assert.equal(server.log.length, 20);
          assert.equal(
            await page.$eval('[data-program=flags_sequential]', (lane) => lane.offsetHeight),
            0,
          );
        }));

      it('asks for the names of the countries, too, where that is wanted, and saves under them', () =>
        visit(async (page) => {
          const wishes = { server: 'DELAY', ...quick, sequential: false, countries: true };
          const status = await on.download(page, { ...wishes, count: 5 });
          assert.match(status, /^Finished: 5 of 5 flags/);
          const asked = server.log.map(({ path }) => path.split('/').at(-1));
          assert.equal(asked.filter((name) => name === 'metadata.json').length, 5);
          assert.equal(asked.length, 10);
          assert.equal((await on.imagesOf(page, 'flags3')).length, 5);
          const phases = (await on.timelineOf(page))[1].phases.map(({ phase }) => phase);
          assert.deepEqual(phases, ['waiting', 'connecting', 'waiting', 'connecting', 'saving']);
          assert.equal(await on.textOf(page, '[data-program=flags3] a'), 'flags3.c');
          const kept = await page.evaluate(async () => {
            const root = await navigator.storage.getDirectory();
            const all = await root.getDirectoryHandle('spindle');
            const names = [];
            for await (const name of (await all.getDirectoryHandle('flags3')).keys())
              names.push(name);
            return names.sort();
          });
          const files = ['Brazil', 'China', 'India', 'Indonesia', 'United_States_of_America'];
          assert.deepEqual(
            kept,
            files.map((name) => `${name}.gif`),
          );
        }));

      it('takes as many flags as it is told: 1, and all 249', () =>
        visit(async (page) => {
          const one = await on.download(page, { server: 'LOCAL', sequential: false, count: 1 });
          assert.match(one, /^Finished: 1 of 1 flags/);
          const all = await on.download(page, { count: 249, 'at-once': 50 });
          assert.match(all, /^Finished: 249 of 249 flags/);
          assert.equal((await on.codesIn(page, 'downloaded')).length, 249);
          const asked = new Set(server.log.map(({ path }) => path));
          assert.equal(asked.size, 249);
        }));

      for (const atOnce of [1, 5, 50]) {
        it(`has ${atOnce} at once at the server, no more and no fewer`, () =>
          visit(async (page) => {
            const longest = { 1: 0.05, 5: 0.2, 50: 1.5 }[atOnce];
            await on.download(page, {
              server: 'DELAY',
              sequential: false,
              count: Math.max(8, 2 * atOnce),
              'at-once': atOnce,
              shortest: longest,
              longest,
            });
            assert.equal(mostAtOnce(server.log), atOnce);
          }));
      }

      it('gives the server the delay that was typed', () =>
        visit(async (page) => {
          await on.download(page, {
            server: 'DELAY',
            sequential: false,
            count: 8,
            shortest: 0.1,
            longest: 0.3,
          });
          const delays = server.log.map(({ delay }) => delay);
          assert.ok(Math.min(...delays) >= 0.1 && Math.max(...delays) <= 0.3, delays.join(' '));
          assert.ok(Math.max(...delays) - Math.min(...delays) > 0.02, delays.join(' '));
        }));

      it('says in the field what is not possible, and starts nothing', () =>
        visit(async (page) => {
          for (const [field, value, possible] of [
            ['count', 250, 20],
            ['count', 0, 20],
            ['at-once', 51, 5],
            ['shortest', 3, 0.5],
          ]) {
            await on.fill(page, field, value);
            await on.press(page, 'Start');
            assert.ok(await page.$('form:invalid'), `${value} is taken for ${field}`);
            await on.fill(page, field, possible);
          }
          assert.equal(await on.textOf(page, '#controls .status'), '');
          assert.equal(server.log.length, 0);
        }));

      // Several times: whether one is shown as cancelled is chance.
      if (name === 'chromium')
        it("shows every request as finished in the developer tools' network panel", async () => {
          let shown;
          const before = async (page) => (shown = await watchRequests(page));
          const work = async (page) => {
            for (let run = 0; run < 5; run++)
              await on.download(page, { server: 'LOCAL', sequential: run < 2 });
            const settled = () => shown().every(({ end }) => end);
            await on.until(settled, () => 'a request has no end');
          };
          await visit(work, { before });
          assert.equal(shown().filter(({ url }) => url.endsWith('.gif')).length, 7 * 20);
          const others = shown().filter(({ end }) => end !== 'finished');
          assert.deepEqual(others, []);
        });

      it('goes on in a hidden tab', () =>
        visit(async (page) => {
          await on.set(page, { server: 'DELAY', sequential: false, shortest: 0.3, longest: 0.5 });
          await on.press(page, 'Start');
          const other = await browser.puppeteer.newPage();
          try {
            await other.bringToFront();
            assert.equal(await page.evaluate(() => document.visibilityState), 'hidden');
            await on.untilStatus(page, '#controls', /^Finished: 20 of 20 flags/);
            assert.equal((await on.codesIn(page, 'downloaded')).length, 20);
          } finally {
            await other.close();
          }
        }));

      it('starts one run however often the button is pressed', () =>
        visit(async (page) => {
          await on.set(page, { server: 'DELAY', sequential: false, ...quick });
          await page.locator(on.button('Start')).click({ count: 3 });
          await on.press(page, 'Start');
          await on.untilStatus(page, '#controls', /^Finished/);
          assert.equal(server.log.length, 20);
        }));
    });

    describe('errors', () => {
      const expectedFaults = /503/;

      it('come as often as was typed: never', () =>
        visit(async (page) => {
          const wishes = { server: 'ERROR', sequential: false, ...quick, errors: 0 };
          const status = await on.download(page, wishes);
          assert.match(status, /^Finished: 20 of 20 flags/);
        }));

      it('come as often as was typed: always', () =>
        visit(
          async (page) => {
            const status = await on.download(page, { server: 'ERROR', ...quick, errors: 100 });
            assert.match(status, /^Finished: 0 of 20 flags, 20 failed in /);
          },
          { expectedFaults },
        ));

      it('are listed by what happened, with the flags they are of, and shown at their places', () =>
        visit(
          async (page) => {
            const wishes = { server: 'ERROR', ...quick, errors: 50, sequential: false };
            const status = await on.download(page, wishes);
            const failed = server.log.filter((entry) => entry.status === 503).map(codeOf);
            assert.ok(failed.length > 0 && failed.length < 20, `${failed.length} failed`);
            const shown = await on.textOf(page, '[data-program=flags2] .errors');
            const [, codes] = /503: ([A-Z ]+)$/.exec(shown);
            assert.deepEqual(codes.split(' ').sort(), failed.sort());
            assert.deepEqual(await on.codesIn(page, 'error'), failed);
            assert.ok(status.startsWith(`Finished: ${20 - failed.length} of 20 flags, `), status);
            assert.equal((await on.imagesOf(page)).length, 20 - failed.length);

            await on.download(page, { server: 'LOCAL' });
            assert.equal(await page.$eval('.errors', (list) => list.offsetHeight), 0);
          },
          { expectedFaults },
        ));
    });

    describe('cancel', () => {
      it('all: keeps what has come, closes the connections, and starts again', () =>
        visit(async (page) => {
          const count = 40;
          await on.set(page, { server: 'DELAY', ...slow, shortest: 0.3, count, 'at-once': 20 });
          await on.press(page, 'Start');
          await on.untilText(page, '[data-program=flags2] .count', /^([3-9]|1\d) of/);
          await on.press(page, 'Cancel all');
          const status = await on.untilStatus(page, '#controls', /^Cancelled/, 5);
          const arrived = (await on.imagesOf(page)).length;
          assert.ok(arrived >= 3 && arrived < count, `${arrived} flags`);
          assert.ok(status.startsWith(`Cancelled: ${arrived} of ${count} flags, `), status);
          assert.equal((await on.codesIn(page, 'cancelled')).length, count - arrived);
          await sleep(300);
          assert.equal((await on.imagesOf(page)).length, arrived, 'flags arrive after the end');
          assert.ok(server.log.every(({ end }) => end !== null));
          const aborted = server.log.filter((entry) => entry.aborted).length;
          assert.ok(aborted > 1, `${aborted} connections closed`);

          assert.match(await on.download(page, { server: 'LOCAL' }), /^Finished: 40 of 40 flags/);
        }));

      it('all: also before the program is even there', () =>
        visit(async (page) => {
          await page.evaluate(() => {
            document.querySelector('#controls [data-action=start]').click();
            document.querySelector('#controls [data-action=cancel]').click();
          });
          await on.untilStatus(page, '#controls', /^Cancelled: 0 of 20 flags/, 5);
        }));

      const places = {
        grid: '[data-program=flags2] .grid li[data-code=CODE] button',
        timeline: '#timeline .rows li[data-code=CODE] button',
        tree: '#tree .tree button[data-name="CODE"]',
      };
      const start = async (page) => {
        const delays = { shortest: 1, longest: 1.3 };
        await on.set(page, { server: 'DELAY', sequential: false, 'at-once': 10, ...delays });
        await on.press(page, 'Start');
      };

      for (const [place, selector] of Object.entries(places)) {
        it(`one by clicking it in the ${place}: it stops at once, the others come`, () =>
          visit(async (page) => {
            await start(page);
            // BR is at the server, VN waits for its turn.
            for (const code of ['BR', 'VN']) {
              await page.locator(selector.replace('CODE', code)).click();
              const isCancelled = async () => (await on.codesIn(page, 'cancelled')).includes(code);
              await on.until(isCancelled, () => `${code} is not cancelled`, 1);
            }
            const status = await on.untilStatus(page, '#controls', /^Finished/);
            assert.match(status, /^Finished: 18 of 20 flags, 2 cancelled in /);
            assert.deepEqual(await on.codesIn(page, 'cancelled'), ['BR', 'VN']);
            const aborted = server.log.filter((entry) => entry.aborted);
            assert.deepEqual(aborted.map(codeOf), ['BR']);
            assert.ok(!server.log.map(codeOf).includes('VN'), 'VN was asked for');
          }));

        it(`one with the keyboard in the ${place}`, () =>
          visit(async (page) => {
            await start(page);
            const isIn = { grid: '#race', timeline: '#timeline', tree: '#tree' }[place];
            await page.waitForSelector(selector.replace('CODE', 'VN'));
            await page.focus('#controls [data-action=cancel]');
            const goesTo = (at) =>
              page.evaluate(
                (panel, code) =>
                  document.activeElement.matches(`${panel} button`) &&
                  (
                    document.activeElement.ariaLabel ?? document.activeElement.dataset.name
                  ).startsWith(code),
                isIn,
                at,
              );
            for (let presses = 0; presses < 20; presses++) {
              await page.keyboard.press('Tab');
              const isThere = (panel) => document.activeElement.matches(`${panel} li button`);
              if (await page.evaluate(isThere, isIn)) break;
            }
            await page.keyboard.press('End');
            await page.keyboard.press('ArrowUp');
            assert.ok(await goesTo('US'), await on.focused(page));
            await page.keyboard.press('Enter');
            const isCancelled = async () => (await on.codesIn(page, 'cancelled')).includes('US');
            await on.until(isCancelled, () => 'US is not cancelled', 1);
            await page.keyboard.press('ArrowLeft');
            const focus = await page.evaluate(() => document.activeElement.tagName);
            assert.equal(focus, 'BUTTON', 'the focus is lost');
            await on.press(page, 'Cancel all');
            await on.untilStatus(page, '#controls', /^Cancelled/);
          }));
      }
    });

    describe('the timeline', () => {
      let rows, log, pixels;
      before(() =>
        visit(async (page) => {
          await on.download(page, {
            server: 'DELAY',
            sequential: false,
            shortest: 0.2,
            longest: 1,
          });
          await sleep(200);
          rows = await on.timelineOf(page);
          pixels = await page.evaluate(countColorsOfLastRow);
          log = server.log.slice();
        }),
      );

      it('agrees with the server’s log within 50 ms', () => {
        assert.equal(rows.length, 20);
        const differences = rows.flatMap(({ code, phases }) => {
          const entry = log.find((logged) => codeOf(logged) === code);
          const { start, end } = phases.find(({ phase }) => phase === 'connecting');
          const off = (shown, logged) => Math.round((shown - wallClock(logged)) * 1000);
          return [
            { code, what: 'begins', by: off(start, entry.start) },
            { code, what: 'is answered', by: off(end, entry.end) },
          ];
        });
        const far = differences.filter(({ by }) => Math.abs(by) >= 50);
        const told = far.map(({ code, what, by }) => `${code} ${what} ${by} ms after the log`);
        // One of the forty may have met a machine that was busy otherwise.
        assert.ok(far.length <= 1, told.join('; '));
      });

      it('has each phase follow the one before without a gap, in its order', () => {
        for (const { code, phases } of rows) {
          assert.deepEqual(
            phases.map(({ phase }) => phase),
            ['waiting', 'connecting', 'receiving', 'saving'],
            code,
          );
          for (let at = 1; at < phases.length; at++) {
            assert.equal(phases[at].start, phases[at - 1].end, code);
          }
        }
      });

      it('says the same in words', () => {
        const took = rows[1].phases.map(({ phase }) => `${phase} [\\d.]+ s, `).join('');
        assert.match(rows[1].label, new RegExp(`^BR Brazil: ${took}downloaded$`));
      });

      it('draws a bar for each phase, in its colour and as long as the phase was', () => {
        const { phases } = rows.at(-1);
        const seconds = (wanted) => {
          const { start, end } = phases.find(({ phase }) => phase === wanted);
          return end - start;
        };
        const drawn = pixels.connecting / pixels.waiting;
        const was = seconds('connecting') / seconds('waiting');
        assert.ok(pixels.waiting > 50, `${pixels.waiting} pixels of waiting`);
        assert.ok(Math.abs(drawn - was) < 0.05, `drawn as 1 to ${drawn}, it was 1 to ${was}`);
      });
    });

    describe('the tree of tasks', () => {
      it('shows each download below the task that awaits it, with the call it is in', () =>
        visit(async (page) => {
          await on.set(page, { server: 'DELAY', ...slow, sequential: false });
          await on.press(page, 'Start');
          await on.until(
            async () => (await on.tasksOf(page)).filter(({ depth }) => depth > 0).length === 20,
            () => 'there are no 20 tasks below another',
          );
          const [main, ...downloads] = await on.tasksOf(page);
          assert.equal(main.depth, 0);
          assert.deepEqual(
            downloads.map((task) => task.name),
            pop20,
          );
          for (const { awaitedBy, label, depth } of downloads) {
            assert.equal(depth, 1);
            assert.equal(awaitedBy, main.name);
            assert.match(label, new RegExp(`, awaited by ${main.name}\\. Cancel it$`));
          }
          const waiting = downloads.filter(({ at }) => /^sp_semaphore_acquire /.test(at));
          assert.equal(waiting.length, 15);
          const states = await on.gridOf(page);
          for (const task of waiting) {
            assert.equal(states.find(({ code }) => code === task.name).state, 'waiting');
          }
          const before = waiting.at(-1).seconds;
          await sleep(500);
          const after = (await on.tasksOf(page)).find((task) => task.name === 'VN').seconds;
          assert.ok(after >= before + 0.3, `VN waits ${before} s, then ${after} s`);
          await on.press(page, 'Cancel all');
          await on.untilStatus(page, '#controls', /^Cancelled/);
          assert.deepEqual(await on.tasksOf(page), []);
        }));

      it('counts the tasks that are alive', () =>
        visit(async (page) => {
          await on.set(page, { server: 'DELAY', ...slow, sequential: false });
          await on.press(page, 'Start');
          await on.untilText(page, '[data-counter=tasks]', /^21$/, 3);
          assert.match(await on.textOf(page, '[data-counter=memory]'), /^[\d.]+ k?B$/);
          await on.press(page, 'Cancel all');
          await on.untilText(page, '[data-counter=tasks]', /^0$/, 3);
        }));
    });

    describe('the source', () => {
      it('marks where tasks are suspended, with how many and who', () =>
        visit(async (page) => {
          await on.set(page, { server: 'DELAY', ...slow, sequential: false });
          await on.press(page, 'Start');
          let waiting;
          await on.until(
            async () => (waiting = (await on.marksOf(page)).find(({ count }) => count === 15)),
            () => 'no line has 15 tasks',
          );
          assert.deepEqual(waiting.names.slice(0, 8), pop20.slice(5, 13));
          assert.match(waiting.names.join(' '), /and 7 more$/);
          assert.match(waiting.code, /sp_semaphore_acquire/);
          await on.press(page, 'Cancel all');
          await on.untilStatus(page, '#controls', /^Cancelled/);
          await on.until(
            async () => (await on.marksOf(page)).length === 0,
            () => 'marks stay',
          );
          // And not some file of the library, whose loop had the last word.
          await sleep(500);
          assert.match(await on.textOf(page, '#source .file'), /^(get|downloader|flags2)\.c$/);
          assert.deepEqual(await on.marksOf(page), []);
        }));

      it('keeps the marked line in sight', () =>
        visit(async (page) => {
          await on.set(page, { server: 'DELAY', ...slow, sequential: false });
          await on.press(page, 'Start');
          await page.waitForSelector('#source [data-tasks="15"]');
          await on.until(
            () =>
              page.$eval('#source .source', (list) => {
                const line = list.querySelector('[data-tasks="15"]').getBoundingClientRect();
                const { top, bottom } = list.getBoundingClientRect();
                return line.top >= top && line.bottom <= bottom;
              }),
            () => 'the line is out of sight',
          );
          await on.press(page, 'Cancel all');
          await on.untilStatus(page, '#controls', /^Cancelled/);
        }));
    });
  });
}
