/* global document, window, MutationObserver -- they are the page's */
// The page as a person uses it, in real browsers: what is pressed, and what is shown then.

import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Terminal } from '../web/page/terminal.mjs';
import { projectFolder } from '../web/server/places.mjs';
import { startServer } from '../web/server/server.mjs';
import { browserNames, launchBrowser, withBrowser, withPage } from './support/browser.mjs';
import { seededRandom } from './support/server-random.mjs';

const screenshots = join(projectFolder, 'build', 'screenshots');
const codes = 'BD BR CD CN DE EG ET FR ID IN IR JP MX NG PH PK RU TR US VN'.split(' ');

describe('the terminal', () => {
  const linesOf = (...pieces) => {
    const terminal = new Terminal();
    for (const piece of pieces) terminal.write(piece);
    return terminal.lines;
  };

  it('shows plain lines as they are', () => {
    assert.deepEqual(linesOf('one\ntwo\n'), ['one', 'two', '']);
  });
  it('goes on in the same line with the next piece', () => {
    assert.deepEqual(linesOf('BR ', 'CN'), ['BR CN']);
  });
  it('overwrites from the line’s start after \\r, and keeps what is not overwritten', () => {
    assert.deepEqual(linesOf('abcdef\rXY'), ['XYcdef']);
  });
  it('finds \\r at the end of one piece and the text in the next', () => {
    assert.deepEqual(linesOf('\r| thinking!', '\r', '/ thinking!'), ['/ thinking!']);
  });
  it('takes a line wiped with blanks for an empty one', () => {
    assert.deepEqual(linesOf('\r| thinking!\r           \r', 'Answer: 42\n'), ['Answer: 42', '']);
  });
  it('takes \\r\\n for one line’s end', () => {
    assert.deepEqual(linesOf('one\r\ntwo'), ['one', 'two']);
  });
  it('leaves earlier lines alone', () => {
    assert.deepEqual(linesOf('first\nsecond\rS'), ['first', 'Second']);
  });
  it('counts a character beyond 16 bits as one', () => {
    assert.deepEqual(linesOf('🇧🇷x\r12'), ['12x']);
  });
  it('tells the last line that has something in it', () => {
    const terminal = new Terminal();
    assert.equal(terminal.lastLine, '');
    terminal.write('BR CN \n2 flags downloaded\n   \n');
    assert.equal(terminal.lastLine, '2 flags downloaded');
  });
  it('forgets the oldest lines', () => {
    const terminal = new Terminal({ lineLimit: 3 });
    terminal.write('1\n2\n3\n4');
    assert.deepEqual(terminal.lines, ['2', '3', '4']);
  });
});

// --- what a person does

const button = (name) => `::-p-aria([name="${name}"][role="button"])`;
const press = (page, name) => page.locator(button(name)).click();
const choose = (page, value) => page.locator(`label:has([value="${value}"])`).click();

async function tabTo(page, isThere) {
  for (let presses = 0; presses < 30; presses++) {
    await page.keyboard.press('Tab');
    if (isThere(await focused(page))) return;
  }
  assert.fail('30 presses of Tab do not lead there');
}

// --- what a person sees

const textOf = (page, selector) => page.$eval(selector, (element) => element.textContent);
const focused = (page) =>
  page.evaluate(() => document.activeElement.value || document.activeElement.textContent);

async function untilStatus(page, panel, pattern, seconds = 20) {
  return untilText(page, `${panel} .status`, pattern, seconds);
}

async function untilText(page, selector, pattern, seconds = 20) {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    const text = await textOf(page, selector);
    if (pattern.test(text)) return text;
    if (performance.now() > deadline) {
      assert.fail(`${selector} shows '${text}' after ${seconds} s, and not ${pattern}`);
    }
    await sleep(20);
  }
}

const imagesOf = (page) =>
  page.$$eval('#flags .grid img', (images) =>
    Promise.all(
      images.map(async (image) => {
        await image.decode();
        const answer = await window.fetch(image.src);
        const bytes = Array.from(new Uint8Array(await answer.arrayBuffer()));
        const { code } = image.closest('li').dataset;
        return { code, bytes, alt: image.alt, width: image.naturalWidth, shown: image.width };
      }),
    ),
  );

const hasNoScrollbar = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);

// Keeps in window.seen each text that the element had, with its time in seconds.
const watchTexts = (selector) => async (page) => {
  await page.evaluateOnNewDocument((watched) => {
    window.seen = [];
    new MutationObserver(() => {
      const text = document.querySelector(watched)?.textContent ?? '';
      if (text === (window.seen.at(-1)?.text ?? '')) return;
      window.seen.push({ text, time: performance.now() / 1000 });
    }).observe(document, { subtree: true, childList: true, characterData: true });
  }, selector);
};

const seenTexts = (page) => page.evaluate(() => window.seen);

const countRuns = (page, program) =>
  page.evaluate(
    (name) =>
      performance.getEntriesByType('resource').filter((entry) => entry.name.endsWith(name)).length,
    `/${program}.wasm`,
  );

// Counts the URLs of Blobs that are alive.
const countBlobUrls = async (page) => {
  await page.evaluateOnNewDocument(() => {
    const alive = (window.aliveUrls = new Set());
    const { createObjectURL, revokeObjectURL } = window.URL;
    window.URL.createObjectURL = (blob) => {
      const url = createObjectURL.call(window.URL, blob);
      alive.add(url);
      return url;
    };
    window.URL.revokeObjectURL = (url) => {
      alive.delete(url);
      revokeObjectURL.call(window.URL, url);
    };
  });
};

// --- other hosts of the page

// The page as a host would serve it that knows nothing of us: in a folder, without special headers.
async function startPlainHost(origin) {
  const folder = '/some/folder/';
  const host = createServer(async (request, response) => {
    if (!request.url.startsWith(folder)) return response.writeHead(404).end();
    const answer = await fetch(new URL(request.url.slice(folder.length), origin));
    response.setHeader('Content-Type', answer.headers.get('content-type'));
    response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise((resolve) => host.listen(0, '127.0.0.1', resolve));
  const close = () =>
    new Promise((resolve) => {
      host.close(resolve);
      host.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${host.address().port}${folder}`, close };
}

// The project before its programs are compiled; build(program) does as if one were.
async function makeUnbuiltProject() {
  const root = await mkdtemp(join(tmpdir(), 'spindle-unbuilt-'));
  const compiled = (folder) => join(folder, 'build', 'web');
  await mkdir(compiled(root), { recursive: true });
  await symlink(join(projectFolder, 'web'), join(root, 'web'));
  await symlink(join(projectFolder, 'src'), join(root, 'src'));
  const build = async (program) => {
    for (const file of [`${program}.wasm`, `${program}.mjs`]) {
      await cp(join(compiled(projectFolder), file), join(compiled(root), file));
    }
  };
  return { root, build, remove: () => rm(root, { recursive: true }) };
}

for (const name of browserNames) {
  describe(`the page in ${name}`, { timeout: 300_000 }, () => {
    let browser, server, slowServer;
    before(async () => {
      server = await startServer({ port: 0, delay: [0.05, 0.25], random: seededRandom(7) });
      slowServer = await startServer({ port: 0, delay: [0.5, 3], random: seededRandom(7) });
      browser = await launchBrowser(name);
    });
    after(async () => {
      await browser?.close();
      await slowServer?.close();
      await server?.close();
    });

    const visit = (work, options) => withPage(browser, server.url, work, options);
    const visitSlow = (work, options) => withPage(browser, slowServer.url, work, options);

    // Presses Download and waits for its end; gives the status and what the flag servers did.
    async function download(page, ...choices) {
      server.log.length = 0;
      for (const choice of choices) await choose(page, choice);
      await press(page, 'Download');
      const status = await untilStatus(page, '#flags', /^(Finished|Cancelled)/);
      return { status, log: server.log.slice() };
    }

    describe('spinner', () => {
      it('turns as soon as the page is open, and shows the answer after 3 seconds', () =>
        visit(
          async (page) => {
            await untilStatus(page, '#spinner', /^Finished\. Answer: 42$/, 10);
            const seen = await seenTexts(page);
            const turning = seen.map(({ text }) => /\n([|/\\-]) thinking!$/.exec(text)?.[1]);
            const frames = turning.filter(Boolean).join('');
            assert.ok(frames.length >= 20, `${frames.length} frames in 3 s: ${frames}`);
            assert.ok('|/-\\'.repeat(20).includes(frames), `frames out of order: ${frames}`);
            assert.match(
              seen[0].text,
              /^spinner object: <Task pending name='Task-2' coro=<spin\(\)/,
            );
            const answer = seen.findIndex(({ text }) => text.includes('Answer'));
            const seconds = seen[answer].time - seen[0].time;
            assert.ok(seconds > 2.9 && seconds < 4, `the answer came after ${seconds} s`);
            assert.match(await textOf(page, '#spinner pre'), /^spinner object: .*\nAnswer: 42\n$/);
          },
          { before: watchTexts('#spinner pre') },
        ));

      it('does not disturb a screen reader with its frames', () =>
        visit(
          async (page) => {
            await untilStatus(page, '#spinner', /^Finished/, 10);
            const said = (await seenTexts(page)).map(({ text }) => text);
            assert.deepEqual(said, ['Running.', 'Finished. Answer: 42']);
            assert.equal(await page.$eval('#spinner pre', (pre) => pre.ariaLive), 'off');
          },
          { before: watchTexts('#spinner [role=status]') },
        ));

      it('runs again when it has ended, and not before', () =>
        visit(async (page) => {
          await untilText(page, '#spinner pre', /thinking/);
          await press(page, 'Run again');
          await untilStatus(page, '#spinner', /^Finished/, 10);
          assert.equal(await countRuns(page, 'spinner'), 1);
          await press(page, 'Run again');
          await untilText(page, '#spinner pre', /^spinner object[^\n]*\n[|/\\-] thinking!$/);
          await untilStatus(page, '#spinner', /^Finished\. Answer: 42$/, 10);
          assert.equal(await countRuns(page, 'spinner'), 2);
        }));
    });

    describe('threads', () => {
      it('runs the spinner in a real thread', () =>
        visit(
          async (page) => {
            await press(page, 'Run with a thread');
            await untilStatus(page, '#threads', /^Finished\. Answer: 42$/, 15);
            const seen = await seenTexts(page);
            const frames = seen.filter(({ text }) => /[|/\\-] thinking!/.test(text));
            assert.ok(frames.length >= 20, `${frames.length} frames in 3 s`);
            assert.match(await textOf(page, '#threads pre'), /^spinner object: .*\nAnswer: 42\n$/);
          },
          { before: watchTexts('#threads pre') },
        ));

      it('says in a sentence why it cannot, in a folder of a host without our headers', async () => {
        const host = await startPlainHost(server.url);
        try {
          await withPage(browser, host.url, async (page) => {
            assert.equal(await page.evaluate(() => window.crossOriginIsolated), false);
            assert.match(
              await page.$eval('#threads', (section) => section.innerText),
              /cross-origin isolated/,
            );
            assert.equal(await page.$(button('Run with a thread')), null);
            await untilStatus(page, '#spinner', /Answer: 42/, 10);
            await choose(page, 'LOCAL');
            await press(page, 'Download');
            await untilStatus(page, '#flags', /^Finished\. 20 flags downloaded/);
          });
        } finally {
          await host.close();
        }
      });
    });

    describe('flags', () => {
      it('shows 20 flags from LOCAL, the bytes that the server serves', () =>
        visit(async (page) => {
          const { status } = await download(page, 'LOCAL');
          assert.match(status, /^Finished\. 20 flags downloaded in \d+\.\d\ds$/);
          const images = await imagesOf(page);
          assert.deepEqual(
            images.map(({ code }) => code),
            codes,
          );
          for (const { code, bytes, alt, width, shown } of images) {
            const cc = code.toLowerCase();
            const gif = await fetch(new URL(`local/${cc}/${cc}.gif`, server.url));
            assert.deepEqual(Buffer.from(bytes), Buffer.from(await gif.arrayBuffer()), code);
            assert.ok(width > 0 && shown > 40, `${code} is ${shown} pixels wide`);
            assert.match(alt, /^[A-Z]\p{L}+/u);
          }
          assert.equal(images.find(({ code }) => code === 'BR').alt, 'Brazil');
          assert.equal(await textOf(page, '#flags-count'), '20 of 20');
          assert.equal(await page.$eval('progress', (bar) => bar.value / bar.max), 1);
          const printed = (await textOf(page, '#flags pre')).split('\n');
          assert.deepEqual(printed[0].split(' ').sort(), codes);
          assert.equal(`Finished. ${printed[1]}`, status);
        }));

      it('fills the grid flag by flag while count and clock go on', () =>
        visit(
          async (page) => {
            await download(page, 'flags_sequential', 'DELAY');
            const seen = (await seenTexts(page))
              .map(({ text }) => text.trim().split(/\s{2,}/))
              .filter(([count]) => count !== '');
            const counts = [...new Set(seen.map(([count]) => parseInt(count)))];
            assert.deepEqual(counts, [...Array(21).keys()]);
            const clock = seen.map(([, elapsed]) => parseFloat(elapsed)).slice(1);
            assert.deepEqual(
              clock,
              clock.slice().sort((a, b) => a - b),
            );
            assert.ok(new Set(clock).size > 10, `the clock showed ${[...new Set(clock)]}`);
          },
          { before: watchTexts('.progress') },
        ));

      it('takes the sum of the delays one after the other, and less than half of it at once', () =>
        visit(async (page) => {
          const total = (log) => log.reduce((sum, { delay }) => sum + delay, 0);
          const seconds = ({ status }) => parseFloat(/in (\d+\.\d\d)s/.exec(status)[1]);
          const sequential = await download(page, 'flags_sequential', 'DELAY');
          assert.equal(sequential.log.length, 20);
          assert.ok(seconds(sequential) >= total(sequential.log) - 0.01, sequential.status);
          const concurrent = await download(page, 'flags', 'DELAY');
          assert.equal(concurrent.log.length, 20);
          assert.ok(seconds(concurrent) < total(concurrent.log) / 2, concurrent.status);
          const shown = parseFloat(await textOf(page, '#flags .elapsed'));
          assert.ok(Math.abs(shown - seconds(concurrent)) < 0.5, `the clock says ${shown}`);
        }));

      it('cancels in the middle, keeps what arrived, and starts again', () =>
        visit(
          async (page) => {
            await choose(page, 'flags_sequential');
            await choose(page, 'DELAY');
            server.log.length = 0;
            await press(page, 'Download');
            await untilText(page, '#flags-count', /^[3-9] of/);
            await press(page, 'Cancel');
            const status = await untilStatus(page, '#flags', /^Cancelled/, 5);
            const arrived = (await imagesOf(page)).length;
            assert.ok(arrived >= 3 && arrived < 20, `${arrived} flags`);
            assert.equal(status, `Cancelled: ${arrived} of 20 flags arrived.`);
            assert.equal((await page.$$('.grid [data-state=missing]')).length, 20 - arrived);
            await sleep(600);
            assert.equal((await imagesOf(page)).length, arrived, 'flags arrive after the end');
            // The answer to one more may have been on its way.
            const answered = server.log.filter((entry) => entry.status === 200).length;
            assert.ok(answered - arrived <= 1, `${answered} answered, ${arrived} arrived`);

            const again = await download(page, 'flags', 'LOCAL');
            assert.match(again.status, /^Finished\. 20 flags downloaded/);
            assert.equal((await imagesOf(page)).length, 20);
            assert.equal(await page.evaluate(() => window.aliveUrls.size), 20);
          },
          { before: countBlobUrls },
        ));

      it('cancels all that run at once, and the server sees each connection close', () =>
        visitSlow(async (page) => {
          const { log } = slowServer;
          log.length = 0;
          await press(page, 'Download');
          await untilText(page, '#flags-count', /^[1-9]\d? of/);
          await press(page, 'Cancel');
          const status = await untilStatus(page, '#flags', /^(Cancelled|Finished)/, 2);
          const arrived = (await imagesOf(page)).length;
          assert.ok(arrived > 0 && arrived < 20, `${arrived} flags`);
          assert.equal(status, `Cancelled: ${arrived} of 20 flags arrived.`);
          await sleep(200);
          const aborted = log.filter((entry) => entry.aborted).length;
          assert.ok(aborted > 1, `${aborted} aborted`);
          const answered = log.filter((entry) => entry.status === 200).length;
          assert.ok(answered >= arrived && answered < 20, `${answered} answered`);
          assert.equal(log.length, answered + aborted);
        }));

      it('shows the errors of ERROR as readable lines, and the flags that came', () =>
        visit(
          async (page) => {
            const { status, log } = await download(page, 'flags', 'ERROR');
            const failed = log.filter((entry) => entry.status === 503).map(({ path }) => path);
            assert.ok(failed.length > 0 && failed.length < 20, `${failed.length} errors served`);
            const lines = await page.$$eval('#flags .errors li', (entries) =>
              entries.map((entry) => entry.innerText),
            );
            assert.equal(lines.length, failed.length);
            for (const path of failed) {
              const code = path.slice(-6, -4).toUpperCase();
              assert.ok(
                lines.some((line) => line.includes(`${code}:`) && line.includes('503')),
                `${code} is not in: ${lines.join('; ')}`,
              );
            }
            const arrived = 20 - failed.length;
            assert.ok(status.startsWith(`Finished with errors: ${arrived} of 20 flags arrived.`));
            assert.equal((await imagesOf(page)).length, arrived);

            await download(page, 'flags', 'LOCAL');
            assert.equal(await page.$eval('#flags .errors', (list) => list.offsetHeight), 0);
          },
          { expectedFaults: /503/ },
        ));

      it('starts one download however often the button is pressed', () =>
        visitSlow(async (page) => {
          slowServer.log.length = 0;
          await page.locator(button('Download')).click({ count: 3 });
          await press(page, 'Download');
          await untilStatus(page, '#flags', /^Finished/);
          assert.equal(slowServer.log.length, 20);
          assert.equal(await countRuns(page, 'flags'), 1);
        }));

      it('may be cancelled before the program is even there', () =>
        visit(async (page) => {
          await choose(page, 'DELAY');
          await page.evaluate(() => {
            document.querySelector('#flags [data-action=start]').click();
            document.querySelector('#flags [data-action=cancel]').click();
          });
          await untilStatus(page, '#flags', /^Cancelled: 0 of 20 flags arrived\.$/, 5);
        }));
    });

    it('is worked with Tab, arrows, Enter and Space alone, and the focus stays where it was', () =>
      visit(async (page) => {
        await tabTo(page, (at) => at === 'flags');
        await page.keyboard.press('ArrowDown');
        assert.equal(await focused(page), 'flags_sequential');
        await tabTo(page, (at) => at === 'DELAY');
        await tabTo(page, (at) => at === 'Download');
        const outline = await page.evaluate(
          () => window.getComputedStyle(document.activeElement).outlineStyle,
        );
        assert.equal(outline, 'solid');
        await page.keyboard.press('Enter');
        await untilText(page, '#flags-count', /^[1-9] of/);
        assert.equal(await focused(page), 'Download');
        await page.keyboard.press('Tab');
        assert.equal(await focused(page), 'Cancel');
        await page.keyboard.press(' ');
        await untilStatus(page, '#flags', /^Cancelled/, 5);
        assert.equal(await focused(page), 'Cancel');
        await page.keyboard.down('Shift');
        await tabTo(page, (at) => at === 'DELAY');
        await page.keyboard.up('Shift');
        await page.keyboard.press('ArrowUp');
        assert.equal(await focused(page), 'LOCAL');
        await page.keyboard.press('Enter');
        await untilStatus(page, '#flags', /^Finished\. 20 flags/);
      }));

    for (const width of [320, 390]) {
      it(`needs no sideways scrolling at ${width} pixels, before and after errors`, () =>
        visit(
          async (page) => {
            assert.ok(await hasNoScrollbar(page), 'before');
            await download(page, 'flags', 'ERROR');
            assert.ok(await hasNoScrollbar(page), 'after');
          },
          { width, height: 800, expectedFaults: /503/ },
        ));
    }

    it('says what to do where a program is not built, and runs it once it is', async () => {
      const project = await makeUnbuiltProject();
      const unbuilt = await startServer({ port: 0, root: project.root });
      const expectedFaults = /404|Loading module from|Loading failed|error loading dynamically/;
      try {
        await withPage(
          browser,
          unbuilt.url,
          async (page) => {
            const spinner = await untilStatus(page, '#spinner', /run build web/, 5);
            assert.match(spinner, /^The program spinner could not be loaded\. Build it with/);
            await press(page, 'Download');
            await untilStatus(page, '#flags', /^The program flags could not.*run build web/, 5);
            await project.build('spinner');
            await press(page, 'Run again');
            await untilStatus(page, '#spinner', /^Finished\. Answer: 42$/, 10);
          },
          { expectedFaults },
        );
      } finally {
        await unbuilt.close();
        await project.remove();
      }
    });
  });

  for (const colorScheme of ['light', 'dark']) {
    const reducedMotion = colorScheme === 'dark';
    const motion = reducedMotion ? 'at rest' : 'moving';
    it(
      `the page is legible in ${name}, ${colorScheme} and ${motion}, narrow and wide (screenshots)`,
      { timeout: 120_000 },
      async () => {
        await mkdir(screenshots, { recursive: true });
        const server = await startServer({ port: 0, delay: [0.05, 0.2], random: seededRandom(3) });
        try {
          const wishes = { colorScheme, reducedMotion };
          await withBrowser(name, (browser) => takeScreenshots(browser, server, wishes), wishes);
        } finally {
          await server.close();
        }
      },
    );
  }
}

async function takeScreenshots(browser, server, { colorScheme, reducedMotion }) {
  for (const width of [390, 1280]) {
    const file = (moment) =>
      join(screenshots, `${browser.name}-${width}-${colorScheme}-${moment}.png`);
    await withPage(
      browser,
      server.url,
      async (page) => {
        await choose(page, 'ERROR');
        await choose(page, 'flags_sequential');
        await press(page, 'Download');
        await untilText(page, '#flags-count', /^[5-9] of/);
        await page.screenshot({ path: file('running'), fullPage: true });
        await untilStatus(page, '#flags', /^Finished/);
        await untilStatus(page, '#spinner', /^Finished/);
        await page.screenshot({ path: file('ended'), fullPage: true });
        const { texts, ground } = await measureColors(page);
        assert.ok(texts.length > 30, `only ${texts.length} texts`);
        for (const { text, contrast } of texts) {
          assert.ok(contrast >= 4.5, `'${text}' has a contrast of ${contrast.toFixed(2)}`);
        }
        assert.equal(ground < 0.2, colorScheme === 'dark', `the ground's luminance is ${ground}`);
        assert.equal(await hasAnimations(page), !reducedMotion);
      },
      { width, height: 800, expectedFaults: /503/ },
    );
  }
}

const hasAnimations = (page) =>
  page.$$eval('*', (elements) =>
    elements.some((element) => window.getComputedStyle(element).animationName !== 'none'),
  );

// The contrast of each text with what is behind it, and the luminance of the page's ground, as the
// Web Content Accessibility Guidelines define them.
function measureColors(page) {
  return page.evaluate(() => {
    const partsOf = (color) => color.match(/[\d.]+/g).map(Number);
    const isOpaque = (color) => (partsOf(color)[3] ?? 1) === 1;
    const luminance = (color) => {
      const [red, green, blue] = partsOf(color).map((part) => {
        const share = part / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const styleOf = (element) => window.getComputedStyle(element);
    const groundOf = (element) => {
      const color = styleOf(element).backgroundColor;
      return isOpaque(color) ? color : groundOf(element.parentElement);
    };
    const contrastOf = (element) => {
      const [dark, light] = [styleOf(element).color, groundOf(element)]
        .map(luminance)
        .sort((a, b) => a - b);
      return (light + 0.05) / (dark + 0.05);
    };
    const hasText = (element) =>
      [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== '');
    const texts = [...document.body.querySelectorAll('*')]
      .filter((element) => element.offsetHeight > 0 && hasText(element))
      .map((element) => ({ text: element.innerText, contrast: contrastOf(element) }));
    return { texts, ground: luminance(groundOf(document.body)) };
  });
}
