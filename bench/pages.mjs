// Programs in real browsers: each browser is started when it is first needed, and ends with the bench.

import { join } from 'node:path';
import { launchBrowser, missingBrowser, withPage } from '../tests/support/browser.mjs';
import { startScenarioServer } from '../tests/support/scenarios.mjs';

// In the page: runs a program, gives the last line of what it prints.
async function runProgram(name, words) {
  let printed = '';
  const { default: create } = await import(`/build/web/bench/${name}.mjs`);
  const exit = await new Promise((resolve, reject) => {
    create({
      arguments: words,
      onOutput: (text) => (printed += text),
      onExit: resolve,
      onAbort: (what) => reject(new Error(`${what}: ${printed}`)),
    }).catch(reject);
  });
  const last = printed.trimEnd().split('\n').at(-1);
  if (exit !== 0 || last === '') throw new Error(`exit status ${exit}: ${printed}`);
  return Number(last);
}

async function runPeer(path, name) {
  const module = await import(path);
  return module[name]();
}

export class Pages {
  #bench;
  #server;
  #browsers = new Map();

  constructor(bench) {
    this.#bench = bench;
    bench.after(() => this.#close());
  }

  // A measure: a program of build/web/bench, in a new page.
  program(browser, name, ...words) {
    return this.#measure(browser, (page) => page.evaluate(runProgram, name, words));
  }

  // A measure: a function of a module of bench/peers.
  peer(browser, file, name) {
    const path = `/bench/peers/${file}`;
    return this.#measure(browser, (page) => page.evaluate(runPeer, path, name));
  }

  #measure(browser, work) {
    const missing = missingBrowser(browser);
    return missing ? this.#bench.missing(missing) : () => this.#inPage(browser, work);
  }

  async #inPage(name, work) {
    this.#server ??= startScenarioServer(join(this.#bench.root));
    if (!this.#browsers.has(name)) this.#browsers.set(name, launchBrowser(name));
    const { url } = await this.#server;
    return withPage(await this.#browsers.get(name), url, work);
  }

  async #close() {
    const started = [this.#server, ...this.#browsers.values()].filter(Boolean);
    for (const ending of await Promise.allSettled(started)) await ending.value?.close();
  }
}
