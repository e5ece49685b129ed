/* global document, window, MutationObserver -- they are the page's */
// The page as a person uses it, in real browsers: what is pressed, and what is shown then.

import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Downloads } from '../web/page/downloads.mjs';
import { Terminal } from '../web/page/terminal.mjs';
import { countryCount, firstCodes } from '../web/page/countries.mjs';
import { countries } from '../web/server/countries.mjs';
import { projectFolder } from '../web/server/places.mjs';
import { startServer } from '../web/server/server.mjs';
import { browserNames, launchBrowser, withBrowser, withPage } from './support/browser.mjs';
import * as on from './support/page.mjs';

const { focused, press, textOf, untilStatus, untilText } = on;
const screenshots = join(projectFolder, 'build', 'screenshots');
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

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

describe('the countries of the page', () => {
  it('are those that the server has', () => {
    const served = [...countries.keys()].map((code) => code.toUpperCase());
    assert.deepEqual(firstCodes(countryCount), served.sort());
  });
  it('begin with the twenty most populous ones', () => {
    const populous = 'BD BR CD CN DE EG ET FR ID IN IR JP MX NG PH PK RU TR US VN';
    assert.equal(firstCodes(20).join(' '), populous);
    assert.deepEqual(firstCodes(1), ['CN']);
  });
});

describe('the downloads of a run', () => {
  const begun = (...events) => {
    const downloads = new Downloads(['BR', 'CN']);
    downloads.take({ event: 'begin', unix: 1000 });
    for (const event of events) downloads.take(event);
    return downloads;
  };
  const phase = (name, time) => ({ event: 'phase', code: 'BR', phase: name, time });

  it('end a phase with the next one, and the last one with the download', () => {
    const done = { event: 'done', code: 'BR', status: 'downloaded', time: 3 };
    const { phases, state } = begun(phase('waiting', 0), phase('connecting', 2), done).get('BR');
    assert.deepEqual(phases, [
      { phase: 'waiting', start: 0, end: 2 },
      { phase: 'connecting', start: 2, end: 3 },
    ]);
    assert.equal(state, 'downloaded');
  });
  it('may go through a phase twice', () => {
    const downloads = begun(phase('connecting', 0), phase('backoff', 1), phase('connecting', 2));
    assert.deepEqual(
      downloads.get('BR').phases.map((entered) => entered.phase),
      ['connecting', 'backoff', 'connecting'],
    );
    assert.equal(downloads.get('BR').state, 'connecting');
  });
  it('are cancelled where the program ends before them', () => {
    const downloads = begun(phase('connecting', 0));
    const ended = downloads.finish();
    assert.deepEqual(
      ended.map(({ code }) => code),
      ['BR', 'CN'],
    );
    assert.equal(downloads.count('cancelled'), 2);
    assert.notEqual(downloads.get('BR').phases[0].end, null);
  });
  it('let be what is about none of them', () => {
    const downloads = begun({ event: 'done', code: 'XX', status: 'downloaded', time: 1 });
    assert.equal(downloads.count('downloaded'), 0);
  });
});

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

      it('shows its two tasks, where each is suspended, and who awaits whom', () =>
        visit(async (page) => {
          const isThere = async () => (await on.marksOf(page)).length === 2;
          await on.until(isThere, () => 'there are no two marked lines', 3);
          assert.equal(await textOf(page, '#source .file'), 'spinner.c');
          const [spin, slow] = await on.marksOf(page);
          assert.match(spin.code, /sp_sleep\(0\.1\)/);
          assert.match(slow.code, /sp_sleep\(3\)/);
          assert.deepEqual([spin.names, slow.names], [['Task-2'], ['Task-1']]);
          const labels = (await on.tasksOf(page)).map(({ label }) => label);
          assert.match(labels[0], /^Task-1 supervisor\(\) sp_sleep spinner\.c:25\. Cancel it$/);
          assert.match(labels[1], /^Task-2 spin\(\) sp_sleep spinner\.c:16\. Cancel it$/);
          await untilStatus(page, '#spinner', /^Finished/, 10);
          await untilText(page, '#tree .note', /^spinner has ended\.$/, 2);
        }));

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

      it('is cancelled by pressing its main task', () =>
        visit(async (page) => {
          await page.locator('#tree .tree button[data-name="Task-1"]').click();
          await untilStatus(page, '#spinner', /^(Cancelled|Failed)/, 2);
        }));
    });

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

    it('is worked with Tab, arrows, typing, Enter and Space alone, and the focus stays', () =>
      visit(async (page) => {
        await on.tabTo(page, (at) => at === 'server');
        await page.keyboard.press('ArrowLeft');
        assert.equal(await page.$eval(':focus', (radio) => radio.value), 'LOCAL');
        await page.keyboard.press('ArrowRight');
        await on.tabTo(page, (at) => at === 'count');
        await page.keyboard.type('12');
        await on.tabTo(page, (at) => at === 'at-once');
        await page.keyboard.type('2');
        await on.tabTo(page, (at) => at === 'Start');
        const outline = await page.evaluate(
          () => window.getComputedStyle(document.activeElement).outlineStyle,
        );
        assert.equal(outline, 'solid');
        await page.keyboard.press('Enter');
        await untilText(page, '[data-program=flags2] .count', /^[1-9] of 12$/);
        assert.equal(await focused(page), 'Start');
        await page.keyboard.press('Tab');
        assert.equal(await focused(page), 'Cancel all');
        await page.keyboard.press(' ');
        await untilStatus(page, '#controls', /^Cancelled/, 5);
        assert.equal(await focused(page), 'Cancel all');
        await page.keyboard.down('Shift');
        await on.tabTo(page, (at) => at === 'server');
        await page.keyboard.up('Shift');
        await page.keyboard.press('ArrowLeft');
        await page.keyboard.press('Enter');
        await untilStatus(page, '#controls', /^Finished: 12 of 12 flags/);
      }));

    it('tells a screen reader the beginning and the end of a run, and nothing in between', () =>
      visit(
        async (page) => {
          await on.download(page, { server: 'LOCAL' });
          const said = (await seenTexts(page)).map(({ text }) => text);
          assert.equal(said.length, 2, said.join('; '));
          assert.equal(said[0], 'Downloading 20 flags from LOCAL, 5 at once.');
          assert.match(said[1], /^Finished/);
        },
        { before: watchTexts('#controls [role=status]') },
      ));

    it('is light or dark as it is told, also when it is opened again', () =>
      visit(async (page) => {
        const ground = () =>
          page.evaluate(() => window.getComputedStyle(document.body).backgroundColor);
        const system = await ground();
        await page.select('#theme', 'dark');
        const dark = await ground();
        assert.notEqual(dark, system);
        await page.reload();
        assert.equal(await ground(), dark);
        await page.select('#theme', 'light');
        assert.equal(await ground(), system);
        await page.select('#theme', '');
      }));

    it('needs no sideways scrolling at 320 pixels, before and after errors', () =>
      visit(
        async (page) => {
          assert.ok(await on.hasNoScrollbar(page), 'before');
          await on.download(page, { server: 'ERROR', errors: 100, shortest: 0, longest: 0.1 });
          assert.ok(await on.hasNoScrollbar(page), 'after');
        },
        { width: 320, height: 800, expectedFaults: /503/ },
      ));

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
            await press(page, 'Start');
            await untilStatus(page, '#controls', /The program flags2 could not.*run build web/, 5);
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
        const server = await startServer({ port: 0 });
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
        await on.set(page, { server: 'ERROR', shortest: 0.3, longest: 1 });
        await press(page, 'Start');
        await untilText(page, '[data-program=flags2] .count', /^([6-9]|1\d) of/);
        await page.screenshot({ path: file('running'), fullPage: true });
        if (width === 1280) await checkAccessibility(page);
        await press(page, 'Cancel all');
        await untilStatus(page, '#controls', /^(Cancelled|Finished)/);
        await untilStatus(page, '#spinner', /^Finished/);
        await page.screenshot({ path: file('ended'), fullPage: true });
        if (width === 390) await checkAccessibility(page);
        assert.ok(await on.hasNoScrollbar(page), `sideways scrolling at ${width}`);
        const { texts, ground } = await measureColors(page);
        assert.ok(texts.length > 30, `only ${texts.length} texts`);
        for (const { text, contrast } of texts) {
          assert.ok(contrast >= 4.5, `'${text}' has a contrast of ${contrast.toFixed(2)}`);
        }
        assert.equal(ground < 0.2, colorScheme === 'dark', `the ground's luminance is ${ground}`);
        assert.equal(await hasAnimations(page), !reducedMotion);
      },
      { width, height: 900, expectedFaults: /503/ },
    );
  }
}

// Nothing that axe-core calls serious or critical.
async function checkAccessibility(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run());
  const found = violations
    .filter(({ impact }) => ['serious', 'critical'].includes(impact))
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  assert.deepEqual(found, []);
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
