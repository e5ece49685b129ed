/* global document, window -- they are the page's */
// What a person does on the page, and what a person sees there.

import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

// --- what a person does

export const button = (name) => `::-p-xpath(//button[normalize-space()='${name}'])`;
export const press = (page, name) => page.locator(button(name)).click();
export const choose = (page, value) => page.locator(`label:has([value="${value}"])`).click();

// Types a value over the one that a field has.
export async function fill(page, name, value) {
  await page.click(`[name="${name}"]`, { count: 3 });
  await page.keyboard.type(`${value}`);
}

export async function tick(page, name, isWanted) {
  const isTicked = await page.$eval(`[name="${name}"]`, (box) => box.checked);
  if (isTicked !== isWanted) await page.click(`[name="${name}"]`);
}

// Fills in the form of the downloads; `fields` by their names.
export async function set(page, { server, sequential, countries, ...fields }) {
  if (server) await choose(page, server);
  if (sequential !== undefined) await tick(page, 'sequential', sequential);
  if (countries !== undefined) await tick(page, 'countries', countries);
  for (const [name, value] of Object.entries(fields)) await fill(page, name, value);
}

// Fills in the form, presses Start and waits for the end; gives the status.
export async function download(page, wishes, seconds = 30) {
  await set(page, wishes);
  await press(page, 'Start');
  return untilStatus(page, '#controls', /^(Finished|Cancelled)/, seconds);
}

// Presses Tab till the focus is where `isThere(what has it)` says.
export async function tabTo(page, isThere, most = 60) {
  for (let presses = 0; presses < most; presses++) {
    await page.keyboard.press('Tab');
    if (isThere(await focused(page))) return;
  }
  assert.fail(`${most} presses of Tab do not lead there`);
}

// --- what a person sees

export const textOf = (page, selector) => page.$eval(selector, (element) => element.textContent);

export const focused = (page) =>
  page.evaluate(() => {
    const { activeElement: at } = document;
    return at.name || at.ariaLabel || at.textContent.trim();
  });

export const untilStatus = (page, panel, pattern, seconds = 20) =>
  untilText(page, `${panel} .status`, pattern, seconds);

export async function untilText(page, selector, pattern, seconds = 20) {
  let text = '';
  const isShown = async () => pattern.test((text = await textOf(page, selector)));
  await until(isShown, () => `${selector} shows '${text}', and not ${pattern}`, seconds);
  return text;
}

// Waits until `isTrue()` promises so.
export async function until(isTrue, complaint, seconds = 10) {
  const deadline = performance.now() + seconds * 1000;
  while (!(await isTrue())) {
    if (performance.now() > deadline) assert.fail(`after ${seconds} s: ${complaint()}`);
    await sleep(20);
  }
}

const lane = (program) => `#race [data-program="${program}"]`;

export const gridOf = (page, program = 'flags2') =>
  page.$$eval(`${lane(program)} .grid li`, (items) =>
    items.map((item) => ({
      code: item.dataset.code,
      state: item.dataset.state,
      label: item.firstChild.ariaLabel,
      hasPicture: item.querySelector('img') !== null,
    })),
  );

export const codesIn = async (page, state, program = 'flags2') =>
  (await gridOf(page, program)).filter((place) => place.state === state).map(({ code }) => code);

// The pictures of a lane: { code, bytes, width }.
export const imagesOf = (page, program = 'flags2') =>
  page.$$eval(`${lane(program)} .grid img`, (images) =>
    Promise.all(
      images.map(async (image) => {
        await image.decode();
        const answer = await window.fetch(image.src);
        const bytes = Array.from(new Uint8Array(await answer.arrayBuffer()));
        const { code } = image.closest('li').dataset;
        return { code, bytes, width: image.naturalWidth, shown: image.width };
      }),
    ),
  );

// { done, all, text, seconds } of a lane's bar and clock.
export const progressOf = (page, program = 'flags2') =>
  page.$eval(lane(program), (shown) => {
    const bar = shown.querySelector('[role=progressbar]');
    return {
      done: Number(bar.getAttribute('aria-valuenow')),
      all: Number(bar.getAttribute('aria-valuemax')),
      text: shown.querySelector('.count').textContent,
      seconds: parseFloat(shown.querySelector('[role=timer]').textContent),
    };
  });

// The timeline's rows: { code, state, label, phases: [{ phase, start, end }] }, where the times are
// of the wall clock, in seconds.
export const timelineOf = (page) =>
  page.$$eval('#timeline .rows button', (rows) =>
    rows.map((row) => ({
      code: row.closest('li').dataset.code,
      state: row.dataset.state,
      label: row.ariaLabel,
      phases: JSON.parse(row.dataset.phases).map(([phase, start, end]) => {
        const began = Number(row.closest('ol').dataset.began);
        return { phase, start: began + start, end: end === null ? null : began + end };
      }),
    })),
  );

// The tree of tasks, flat: { name, label, depth, awaitedBy, at }.
export const tasksOf = (page) =>
  page.$$eval('#tree .tree button', (buttons) =>
    buttons.map((shown) => {
      let depth = 0;
      const list = shown.closest('.tree');
      for (let up = shown.parentElement; up !== list; up = up.parentElement)
        depth += up.matches('ul');
      return {
        name: shown.querySelector('.name').textContent,
        at: shown.querySelector('.at').textContent,
        seconds: parseFloat(shown.querySelector('.seconds').textContent),
        label: [...shown.childNodes]
          .filter((part) => part.ariaHidden !== 'true')
          .map((part) => part.textContent)
          .join(''),
        awaitedBy: shown.closest('li').dataset.awaitedBy,
        depth,
      };
    }),
  );

// The marked lines of the source: { line, count, names, code }.
export const marksOf = (page) =>
  page.$$eval('#source .source li', (items) =>
    items
      .map((item, at) => ({
        line: at + 1,
        count: Number(item.dataset.tasks ?? 0),
        names: item.querySelector('.names').textContent.split(' ').filter(Boolean),
        code: item.querySelector('.code').textContent,
      }))
      .filter(({ count }) => count > 0),
  );

export const hasNoScrollbar = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);
