// Real browsers for tests: Debian's Chromium and Firefox ESR, driven by puppeteer. Each starts in a
// new empty home, which is removed with everything in it however the test ends.

import { existsSync, readFileSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer from 'puppeteer-core';

const kinds = {
  chromium: {
    variable: 'SPINDLE_CHROMIUM',
    paths: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'],
    package: 'chromium',
    options: () => ({ browser: 'chrome', args: chromiumArguments }),
  },
  firefox: {
    variable: 'SPINDLE_FIREFOX',
    paths: ['/usr/bin/firefox-esr', '/usr/bin/firefox'],
    package: 'firefox-esr',
    options: (wishes) => ({ browser: 'firefox', extraPrefsFirefox: firefoxPreferences(wishes) }),
  },
};

export const browserNames = Object.keys(kinds);

const chromiumArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

function firefoxPreferences({ colorScheme, reducedMotion }) {
  return {
    'app.normandy.enabled': false,
    'app.update.enabled': false,
    'browser.safebrowsing.downloads.enabled': false,
    'browser.safebrowsing.malware.enabled': false,
    'browser.safebrowsing.phishing.enabled': false,
    'browser.safebrowsing.update.enabled': false,
    'browser.search.update': false,
    'browser.shell.checkDefaultBrowser': false,
    'datareporting.healthreport.uploadEnabled': false,
    'datareporting.policy.dataSubmissionEnabled': false,
    'dom.push.connection.enabled': false,
    'extensions.getAddons.cache.enabled': false,
    'extensions.update.enabled': false,
    'media.gmp-manager.updateEnabled': false,
    'network.captive-portal-service.enabled': false,
    'network.connectivity-service.enabled': false,
    'network.trr.mode': 5,
    'services.settings.server': 'data:,#remote-settings-dummy/v1',
    'toolkit.telemetry.enabled': false,
    'toolkit.telemetry.unified': false,
    'layout.css.prefers-color-scheme.content-override': colorScheme === 'dark' ? 0 : 1,
    'ui.prefersReducedMotion': reducedMotion ? 1 : 0,
  };
}

// Promise of { name, puppeteer, openPage(url, options), close() }. `name` is one of browserNames.
//   colorScheme    'light' (default) or 'dark': what the person prefers
//   reducedMotion  true if the person prefers less motion
// openPage is described at its function below; close() ends the browser and removes its profile.
export async function launchBrowser(name, { colorScheme = 'light', reducedMotion = false } = {}) {
  const wishes = { colorScheme, reducedMotion };
  const kind = kinds[name];
  if (!kind) throw new Error(`no browser '${name}' here: use ${browserNames.join(' or ')}`);
  const executablePath = findExecutable(name, kind);
  const home = await makeHome();
  try {
    const browser = await puppeteer.launch({
      ...kind.options(wishes),
      executablePath,
      headless: true,
      userDataDir: home.profile,
      env: home.environment,
      timeout: 60_000,
      protocolTimeout: 300_000, // withPage gives less
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    });
    home.removeAtExit();
    return {
      name,
      puppeteer: browser,
      openPage: (url, options) => openPage(browser, url, { name, ...wishes, ...options }),
      close: () => closeBrowser(browser, home),
    };
  } catch (error) {
    await home.remove();
    throw new Error(`${name} (${executablePath}) did not start: ${error.message}`, {
      cause: error,
    });
  }
}

// Launches a browser, runs `work(browser)`, closes the browser whatever happens.
export async function withBrowser(name, work, wishes) {
  const browser = await launchBrowser(name, wishes);
  try {
    return await work(browser);
  } finally {
    await browser.close();
  }
}

// Opens a page, runs `work(page, faults)`, closes the page. Fails if `work` takes longer than
// `seconds`, or if the page had a fault that `expectedFaults` does not match. Options as openPage's.
export async function withPage(browser, url, work, { seconds = 60, ...options } = {}) {
  const opened = await browser.openPage(url, options);
  try {
    const result = await within(seconds, opened.page, work(opened.page, opened.faults));
    opened.check();
    return result;
  } catch (error) {
    if (opened.faults.length > 0)
      error.message += `\nThe page's faults: ${opened.faults.join('\n')}`;
    throw error;
  } finally {
    await opened.close();
  }
}

// Promise of { page, faults, check(), close() }. `page` is puppeteer's; `faults` grows by one text
// for each error or warning in the console, uncaught exception and failed request; check() throws if
// there is one that is not expected.
//   width, height   the window's inside, in CSS pixels
//   expectedFaults  a RegExp of faults that this page is meant to have
//   before(page)    runs before the page is loaded
async function openPage(
  browser,
  url,
  { width = 1280, height = 900, expectedFaults = /^$/, before = () => {}, ...wishes } = {},
) {
  const page = await browser.newPage();
  const faults = collectFaults(page);
  page.setDefaultTimeout(20_000);
  const close = () => page.close().catch(() => {});
  const check = () => {
    const unexpected = faults.filter((fault) => !expectedFaults.test(fault));
    if (unexpected.length > 0) throw new Error(`the page has faults:\n${unexpected.join('\n')}`);
  };
  try {
    await page.setViewport({ width, height });
    await preferInChromium(page, wishes);
    await before(page);
    await page.goto(url, { waitUntil: 'load' });
    return { page, faults, check, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function collectFaults(page) {
  const faults = [];
  page.on('console', (message) => {
    if (['error', 'warn', 'assert'].includes(message.type())) {
      faults.push(`console ${message.type()}: ${message.text()} ${message.location()?.url ?? ''}`);
    }
  });
  page.on('pageerror', (error) => faults.push(`uncaught: ${error?.stack ?? error}`));
  page.on('error', (error) => faults.push(`crashed: ${error.message}`));
  page.on('response', (response) => {
    if (response.status() >= 400) faults.push(`HTTP ${response.status()}: ${response.url()}`);
  });
  return faults;
}

// Firefox was told by its preferences.
async function preferInChromium(page, { name, colorScheme, reducedMotion }) {
  if (name !== 'chromium') return;
  await page.emulateMediaFeatures([
    { name: 'prefers-color-scheme', value: colorScheme },
    { name: 'prefers-reduced-motion', value: reducedMotion ? 'reduce' : 'no-preference' },
  ]);
}

async function within(seconds, page, work) {
  let timer;
  const late = new Promise((resolve) => (timer = setTimeout(resolve, seconds * 1000, 'late')));
  try {
    const first = await Promise.race([work.then((result) => ({ result })), late]);
    if (first !== 'late') return first.result;
  } finally {
    clearTimeout(timer);
  }
  work.catch(() => {});
  throw new Error(`not done after ${seconds} s; the page shows:\n${await shownText(page)}`);
}

async function shownText(page) {
  const text = page.evaluate('document.body.innerText').catch((error) => `(${error.message})`);
  const late = new Promise((resolve) => setTimeout(resolve, 2000, '(nothing, it does not answer)'));
  return Promise.race([text, late]);
}

function installed({ variable, paths }) {
  const told = process.env[variable];
  return told ? existsSync(told) && told : paths.find((path) => existsSync(path) && !isSnap(path));
}

// Ubuntu's package of a browser is a script that starts a snap, which sees no profile in /tmp.
const isSnap = (path) => readFileSync(path).subarray(0, 100).includes('/snap/bin/');

// The package of a browser that is not here; undefined: it is.
export const missingBrowser = (name) => (installed(kinds[name]) ? undefined : kinds[name].package);

function findExecutable(name, kind) {
  const found = installed(kind);
  if (found) return found;
  const { variable, paths, package: packageName } = kind;
  const told = process.env[variable];
  const where = told ? `${told}, which ${variable} names` : paths.join(', ');
  throw new Error(
    `${name} is missing (looked at ${where}): install it with 'apt-get install ${packageName}', ` +
      `or set ${variable} to its path`,
  );
}

async function makeHome() {
  const folder = await mkdtemp(join(tmpdir(), 'spindle-browser-'));
  const removal = { recursive: true, force: true, maxRetries: 10, retryDelay: 100 };
  const removeNow = () => rmSync(folder, removal);
  return {
    profile: join(folder, 'profile'),
    environment: {
      ...process.env,
      HOME: folder,
      XDG_CONFIG_HOME: join(folder, 'config'),
      XDG_CACHE_HOME: join(folder, 'cache'),
      MOZ_CRASHREPORTER_DISABLE: '1',
    },
    // Called once puppeteer listens to 'exit' too: it ends the browser first.
    removeAtExit() {
      process.once('exit', removeNow);
      for (const signal of endingSignals) process.on(signal, exitOnSignal);
    },
    async remove() {
      await rm(folder, removal);
      process.off('exit', removeNow);
      for (const signal of endingSignals) process.off(signal, exitOnSignal);
    },
  };
}

const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

function exitOnSignal(signal, number) {
  process.exit(128 + number);
}

async function closeBrowser(browser, home) {
  const child = browser.process();
  const killer = setTimeout(() => child?.kill('SIGKILL'), 10_000);
  try {
    await browser.close();
  } finally {
    clearTimeout(killer);
    await home.remove();
  }
}
