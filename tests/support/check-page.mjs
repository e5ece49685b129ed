// `./run demo --check`: starts the development server, looks at its page in Chromium as a person
// would, prints what it saw. Exit status 0 if that is right, else 1. Its options are the server's.

import { withBrowser, withPage } from './browser.mjs';
import { startCommand } from './server-command.mjs';

const flagsAwaited = 20;
const arrivedFlags = `[...document.querySelectorAll('[data-program=flags2] img')]
  .filter((image) => image.complete && image.naturalWidth > 0).length`;

process.exitCode = await check(process.argv.slice(2));

async function check(options) {
  const server = startCommand(options);
  const url = await server.url;
  if (!url) {
    const { out, err } = await server.ended;
    process.stderr.write(out + err);
    return 1;
  }
  try {
    console.log(`page: ${url}`);
    await withBrowser('chromium', async (browser) => {
      console.log(`browser: ${await browser.puppeteer.version()}`);
      await withPage(browser, url, look, { seconds: 90 });
    });
    console.log('page: no error in its console; all is well');
    return 0;
  } catch (error) {
    console.error(`check: ${error.message}`);
    return 1;
  } finally {
    server.child.kill();
    await server.ended;
  }
}

async function look(page) {
  console.log(`title: ${await page.title()}`);
  const text = (selector) => page.$eval(selector, (element) => element.textContent.trim());

  const spun = stopwatch();
  await page.waitForFunction(
    "document.querySelector('#spinner .terminal').textContent.includes('Answer: 42')",
  );
  console.log(`spinner: Answer: 42, after ${spun()}`);

  const downloaded = stopwatch();
  await page.click('#controls [data-action=start]');
  await page.waitForFunction(
    "document.querySelector('#controls .status').textContent.startsWith('Finished')",
    { timeout: 60_000 },
  );
  const status = await text('#controls .status');
  console.log(`flags: ${status} (${downloaded()})`);
  const arrived = await page.evaluate(arrivedFlags);
  console.log(`flags: ${arrived} pictures are shown`);
  if (arrived !== flagsAwaited) {
    throw new Error(
      `expected ${flagsAwaited} flags\n${await text('[data-program=flags2] .errors')}`,
    );
  }
}

function stopwatch() {
  const started = performance.now();
  return () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
}
