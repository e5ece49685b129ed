// The oracle's program on each target. It is given the URL of a batch of programs, and prints their
// traces; where it crashes or hangs, the program it was at is named, and the others go on without it.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import send from 'send';
import { browserNames, launchBrowser, withPage } from '../support/browser.mjs';
import { environmentOf } from '../support/scenarios.mjs';

export const targetNames = ['native', 'native-asan', 'native-ucontext', 'node', ...browserNames];

const build = fileURLToPath(new URL('../../build/', import.meta.url));
const folderOf = (target) => join(build, target.startsWith('native') ? target : 'web', 'oracle');
const batchSize = 100;
const silence = 20_000; // milliseconds after which a program hangs

function builtFile(target, name) {
  const file = join(folderOf(target), name);
  if (!existsSync(file)) throw new Error(`not built: ${file}: run ./run fuzz, or ./run build`);
  return file;
}

// --- the server of the batches, and of what a page needs

async function startServer() {
  let batch = '';
  const server = createServer((request, response) => {
    response.setHeader('Cache-Control', 'no-store');
    if (request.url === '/batch') {
      response.setHeader('Content-Type', 'text/plain');
      response.end(batch);
    } else if (request.url === '/') {
      response.setHeader('Content-Type', 'text/html');
      response.end('<!doctype html><title>oracle</title><link rel="icon" href="data:,">');
    } else {
      send(request, request.url, { root: folderOf('node') }).pipe(response);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    offer: (text) => (batch = text),
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

const batchOf = (programs) => programs.map(({ id, text }) => `program ${id}\n${text}`).join('');

// Traces by id of what came to its end, and the id of what did not.
function readOutput(output) {
  const traces = new Map();
  let unfinished;
  for (const part of output.split(/^program /m).slice(1)) {
    const id = part.slice(0, part.indexOf('\n'));
    const end = `finished ${id}\n`;
    if (part.endsWith(end)) traces.set(id, part.slice(id.length + 1, -end.length));
    else unfinished = id;
  }
  return { traces, unfinished };
}

// --- running one batch: promise of { output, fault }; no fault when it came to its end

async function runProcess(command, words, environment) {
  const child = spawn(command, words, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  let [output, errors, limit] = ['', ''];
  const wait = () => {
    clearTimeout(limit);
    limit = setTimeout(() => child.kill('SIGKILL'), silence);
  };
  wait();
  child.stdout.setEncoding('utf8').on('data', (text) => ((output += text), wait()));
  child.stderr.setEncoding('utf8').on('data', (text) => (errors += text));
  const [code, signal] = await once(child, 'close');
  clearTimeout(limit);
  const end = signal === 'SIGKILL' ? `no end within ${silence / 1000} s` : (signal ?? code);
  return { output, fault: code === 0 ? '' : `${end}\n${errors.slice(0, 4000)}` };
}

// Runs in the page.
async function runInPage(url, milliseconds) {
  const { default: create } = await import('/oracle.mjs');
  const seen = { output: '', errors: '' };
  let limit;
  const end = await new Promise((resolve) => {
    const wait = () => {
      clearTimeout(limit);
      limit = setTimeout(resolve, milliseconds, `no end within ${milliseconds / 1000} s`);
    };
    wait();
    create({
      arguments: [url],
      onOutput: (text, fd) => {
        seen[fd === 2 ? 'errors' : 'output'] += text;
        wait();
      },
      onExit: resolve,
      onAbort: (what) => resolve(`abort: ${what}`),
    }).catch(() => {}); // an abort, which has been reported
  });
  clearTimeout(limit);
  return { output: seen.output, fault: end === 0 ? '' : `${end}\n${seen.errors.slice(0, 4000)}` };
}

// A page that hangs takes with it what was printed: then there is no output, and a new browser.
async function browserRunner(target) {
  builtFile('node', 'oracle.mjs');
  let browser = await launchBrowser(target);
  const options = { expectedFaults: /./, seconds: (2 * silence) / 1000 };
  const run = async (url) => {
    try {
      const work = (page) => page.evaluate(runInPage, `${url}batch`, silence);
      return await withPage(browser, url, work, options);
    } catch (error) {
      await browser.close();
      browser = await launchBrowser(target);
      return { output: null, fault: error.message };
    }
  };
  return { run, close: () => browser.close() };
}

function processRunner(target) {
  const isNode = target === 'node';
  const file = builtFile(target, isNode ? 'oracle.mjs' : 'oracle');
  const [command, ...words] = isNode ? [process.execPath, file] : [file];
  const run = (url) => runProcess(command, [...words, `${url}batch`], environmentOf(target));
  return { run, close: () => {} };
}

// Promise of { run(programs), close() }. run() takes a list of { id, text } and gives a promise of a
// Map from id to { trace } or { fault }.
export async function openTarget(target) {
  const runner = await (browserNames.includes(target) ? browserRunner : processRunner)(target);
  const server = await startServer();

  async function runBatch(programs, results) {
    if (programs.length === 0) return;
    server.offer(batchOf(programs));
    const { output, fault } = await runner.run(server.url);
    if (output === null) await runHalves(programs, results, fault);
    else await takeResults(programs, results, output, fault);
  }

  async function takeResults(programs, results, output, fault) {
    const { traces, unfinished } = readOutput(output);
    for (const [id, trace] of traces) results.set(id, { trace });
    if (!fault) return;
    // A process that failed after its last program, as one that leaked does: it was one of them.
    const guilty = unfinished ?? programs.findLast(({ id }) => traces.has(id))?.id;
    if (guilty === undefined) throw new Error(`the oracle does not run on ${target}: ${fault}`);
    results.set(guilty, { fault });
    const left = programs.filter(({ id }) => !results.has(id));
    await runBatch(left, results);
  }

  async function runHalves(programs, results, fault) {
    if (programs.length === 1) {
      results.set(programs[0].id, { fault });
      return;
    }
    const middle = programs.length >> 1;
    await runBatch(programs.slice(0, middle), results);
    await runBatch(programs.slice(middle), results);
  }

  return {
    run: async (programs) => {
      const results = new Map();
      for (let at = 0; at < programs.length; at += batchSize)
        await runBatch(programs.slice(at, at + batchSize), results);
      return results;
    },
    close: async () => {
      await runner.close();
      await server.close();
    },
  };
}
