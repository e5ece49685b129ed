// The scenarios of tests/scenarios: what each wants, and how it is run on each target.

import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import send from 'send';

const project = fileURLToPath(new URL('../../', import.meta.url));
const folder = join(project, 'tests', 'scenarios');
const seconds = 60;

// A scenario's wishes stand in its first comment: "@exit 3" or "@exit nonzero", "@stderr REGEX" (any
// number), "@targets ...", "@without TARGET ...[: why]" (that would be among them), "@server" (it is given the
// fixture server's URLs), "@file NAME SIZE" (which it leaves in its folder, and nothing else), "@page
// bare" (one that takes and gives no files, and is no terminal). A "@threads" is for CMake: it is built
// with threads on the web, too; and so is a "@small": it is a small module there.
function wishesOf(source) {
  const comment = source.slice(0, source.indexOf('*/'));
  const all = [...comment.matchAll(/^ \* @(\w+) ?(.*?) *$/gm)].map(([, key, value]) => [
    key,
    value,
  ]);
  const one = (key) => all.find(([found]) => found === key)?.[1];
  return {
    exit: one('exit') ?? '0',
    stderr: all.filter(([key]) => key === 'stderr').map(([, pattern]) => new RegExp(pattern)),
    targets: one('targets')?.split(' '),
    without: one('without')?.replace(/:.*/, '').split(' ') ?? [],
    server: one('server') !== undefined,
    file: one('file')?.split(' '),
    page: one('page'),
  };
}

export function readScenarios() {
  const sources = readdirSync(folder).filter((name) => /[.](c|cpp)$/.test(name));
  return sources.map((name) => {
    const source = readFileSync(join(folder, name), 'utf8');
    const expected = join(folder, name.replace(/\.c(pp)?$/, '.txt'));
    if (!existsSync(expected))
      throw new Error(`${name} has no expected trace beside it: ${expected}`);
    return {
      name: name.replace(/\.c(pp)?$/, ''),
      python: name.replace(/\.c(pp)?$/, '.py'),
      idea: source.slice(3, source.indexOf('\n')).trim(),
      expected: readFileSync(expected, 'utf8'),
      ...wishesOf(source),
    };
  });
}

export const isFor = (scenario, target) =>
  !scenario.without.includes(target) &&
  (!scenario.targets || scenario.targets.includes(target.replace(/-.*/, '')));

// What a scenario is to be given after its name.
export function argumentsFor(scenario, fixture, place) {
  return [...(scenario.server ? [fixture.url, fixture.refusedUrl] : []), place];
}

// --- as a process

function collect(stream) {
  let text = '';
  stream.setEncoding('utf8').on('data', (piece) => (text += piece));
  return () => text;
}

// Promise of { stdout, stderr, exit }. The exit is 'nonzero' for an end by a signal.
export async function runProcess(command, words, cwd, environment = {}) {
  const child = spawn(command, words, {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  const limit = setTimeout(() => child.kill('SIGKILL'), seconds * 1000);
  const [code, signal] = await once(child, 'close');
  clearTimeout(limit);
  if (signal === 'SIGKILL')
    throw new Error(`no end within ${seconds} s; so far:\n${stdout()}${stderr()}`);
  return { stdout: stdout(), stderr: stderr(), exit: code === null ? signal : String(code) };
}

export async function inNewFolder(work) {
  const made = await mkdtemp(join(tmpdir(), 'spindle-scenario-'));
  try {
    return await work(made);
  } finally {
    await rm(made, { recursive: true, force: true });
  }
}

const preset = (target) => join(project, 'build', target, 'scenarios');

// What a target's programs find in their environment: ASan looks at a frame that was left only when told to.
export const environmentOf = (target) =>
  target.endsWith('-asan') ? { ASAN_OPTIONS: 'detect_stack_use_after_return=1' } : {};

// Another processor's programs have their libraries in tools/sysroot.sh's folder.
const emulators = {
  'native-aarch64': 'qemu-aarch64',
  'native-i386': 'qemu-i386',
  'native-s390x': 'qemu-s390x',
};

function programOf(scenario, target) {
  if (target === 'node') return [process.execPath, join(preset('web'), `${scenario.name}.mjs`)];
  const program = join(preset(target), scenario.name);
  if (!emulators[target]) return [program];
  const libraries = join(project, 'build', target.replace('native', 'sysroot'));
  return [emulators[target], '-L', libraries, program];
}

export function runScenarioProcess(scenario, target, fixture) {
  const program = programOf(scenario, target);
  const built = program.at(-1);
  if (!existsSync(built)) throw new Error(`not built: ${built}: run ./run build`);
  return inNewFolder(async (cwd) => {
    const words = [...program.slice(1), ...argumentsFor(scenario, fixture, 'process')];
    const result = await runProcess(program[0], words, cwd, environmentOf(target));
    const file = scenario.file && (await readFile(join(cwd, scenario.file[0])));
    const left = readdirSync(cwd).filter((name) => name !== scenario.file?.[0]);
    return { ...result, file, left };
  });
}

// --- in a page

export const compiledPrograms = join(project, 'build', 'web');
export const compiledScenarios = preset('web');

// Serves an empty page and compiled programs. Promise of { url, close }.
export async function startScenarioServer(root = compiledScenarios) {
  const server = createServer((request, response) => {
    response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
    response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    if (request.url === '/') {
      response.setHeader('Content-Type', 'text/html');
      response.end('<!doctype html><title>scenario</title><link rel="icon" href="data:,">');
    } else {
      send(request, request.url, { root }).pipe(response);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

// Runs in the page, which gives a program the files that it saved before.
async function runInPage(name, words, milliseconds, wanted, isBare) {
  const seen = { stdout: '', stderr: '' };
  const files = new Map();
  const readFile = async (path) => files.get(path);
  const columns = (fd) => (fd > 0 ? 70 + fd : -1);
  const services = { onFile: (path, bytes) => files.set(path, bytes), readFile, columns };
  const { default: create } = await import(`/${name}.mjs`);
  const exit = await new Promise((resolve, reject) => {
    setTimeout(
      () => reject(new Error(`no end; so far:\n${seen.stdout}${seen.stderr}`)),
      milliseconds,
    );
    create({
      arguments: words,
      onOutput: (text, fd) => (seen[fd === 2 ? 'stderr' : 'stdout'] += text),
      ...(!isBare && services),
      onExit: resolve,
      onAbort: (what) => resolve(`abort: ${what}`),
    }).catch(() => {}); // an abort, which has been reported
  });
  const file = files.has(wanted) ? Array.from(files.get(wanted)) : null;
  return { ...seen, file, exit: String(exit) };
}

export async function runScenarioInPage(scenario, page, fixture) {
  const words = argumentsFor(scenario, fixture, 'browser');
  const wanted = scenario.file?.[0] ?? '';
  const isBare = scenario.page === 'bare';
  const milliseconds = seconds * 1000;
  const result = await page.evaluate(runInPage, scenario.name, words, milliseconds, wanted, isBare);
  return { ...result, file: result.file && Buffer.from(result.file), left: [] };
}
