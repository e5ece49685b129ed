// What a group gets: programs to measure, a folder, and a promise that what it started ends.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Missing } from './measure.mjs';

export const root = fileURLToPath(new URL('..', import.meta.url));

const longest = 300_000; // milliseconds that one sample may take

function memoryFolder() {
  try {
    accessSync('/dev/shm', constants.W_OK);
    return '/dev/shm';
  } catch {
    return tmpdir();
  }
}

function describe(words, why, { stdout, stderr }) {
  return [words.join(' '), why, stdout, stderr].filter(Boolean).join('\n').trimEnd();
}

// stdout of a program that exits with 0; else an error with the command and all of its output.
function finished(child, words) {
  return new Promise((resolve, reject) => {
    const output = { stdout: '', stderr: '' };
    const fail = (why) => reject(new Error(describe(words, why, output)));
    for (const name of Object.keys(output)) {
      child[name].setEncoding('utf8').on('data', (text) => (output[name] += text));
    }
    child.on('error', (error) => fail(error.message));
    child.on('close', (code, signal) => {
      if (code === 0) resolve(output.stdout);
      else fail(code === null ? `ended by ${signal}` : `exit status ${code}`);
    });
  });
}

async function kill(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

const never = new Promise(() => {});

function lastFigure(stdout, words) {
  const last = stdout.trimEnd().split('\n').at(-1);
  if (last.trim() === '' || !Number.isFinite(Number(last)))
    throw new Error(`${words.join(' ')}\nits last line is no figure:\n${stdout}`);
  return Number(last);
}

const runs = (path, ...words) => {
  try {
    return execFileSync(path, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return undefined;
  }
};

export class Bench {
  #ended = false;
  #children = new Set();
  #endings = [];
  #pythons = new Map();

  constructor() {
    this.root = root;
    // A scratch folder, in memory where there is such a place.
    this.folder = mkdtempSync(join(memoryFolder(), `spindle-bench-${process.pid}-`));
  }

  // What build PRESET has made, or undefined.
  built(preset, name) {
    const path = join(root, 'build', preset, 'bench', name);
    return existsSync(path) ? path : undefined;
  }

  missing(what) {
    return new Missing(what);
  }

  // What a program prints. It is found by PATH where its name has no slash.
  async output(path, ...words) {
    if (this.#ended) return never;
    const stdio = ['ignore', 'pipe', 'pipe'];
    const child = spawn(path, words, { stdio });
    // Older Nodes keep a timer of spawn's own where the program is missing.
    const limit = setTimeout(() => child.kill('SIGKILL'), longest);
    this.#children.add(child);
    try {
      return await finished(child, [path, ...words]);
    } catch (error) {
      if (this.#ended) return never; // it was ended below
      throw error;
    } finally {
      clearTimeout(limit);
      this.#children.delete(child);
    }
  }

  // A measure: the last line that the program prints is the figure.
  program(path, ...words) {
    return async () => lastFigure(await this.output(path, ...words), [path, ...words]);
  }

  // The path of that major version: from the packages of bench/package.json, or the Node that runs
  // this. undefined: there is none.
  node(version) {
    const path = join(root, `bench/node_modules/node-${version}-${process.arch}/bin/node`);
    if (existsSync(path)) return path;
    return parseInt(process.versions.node) === version ? process.execPath : undefined;
  }

  // The path of a Python that has all of the modules, or undefined. Debian's packages are for its own.
  python(...modules) {
    const code = ['import sys', ...modules.map((name) => `import ${name}`)].join('\n');
    if (!this.#pythons.has(code)) {
      const usable = (path) => runs(path, '-c', code) !== undefined;
      this.#pythons.set(code, ['/usr/bin/python3', 'python3'].find(usable));
    }
    return this.#pythons.get(code);
  }

  // Called when all is measured, or on Ctrl-C; the last one first.
  after(ending) {
    this.#endings.push(ending);
  }

  // From then on nothing is started, and who waits for a program waits for ever.
  async end() {
    this.#ended = true;
    await Promise.all([...this.#children].map(kill));
    for (const ending of this.#endings.splice(0).reverse()) {
      try {
        await ending();
      } catch (error) {
        process.stderr.write(`bench: at the end: ${error.stack}\n`);
      }
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
