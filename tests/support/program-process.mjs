// The programs of src/demos as processes: build/native/PROGRAM and `node build/web/PROGRAM.mjs`.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from './until.mjs';

export const programTargets = ['native', 'node'];

const build = fileURLToPath(new URL('../../build/', import.meta.url));
const built = { native: join(build, 'native'), node: join(build, 'web') };

// The command that runs a program, as a list of words; `folder` is where it is looked for.
export function programCommand(target, name, folder = built[target]) {
  const file = join(folder, target === 'node' ? `${name}.mjs` : name);
  if (!existsSync(file)) throw new Error(`not built: ${file}: run ./run build`);
  return target === 'node' ? [process.execPath, file] : [file];
}

// Copies what was built of a program into a folder, which is made.
export function copyProgram(target, name, folder) {
  programCommand(target, name);
  mkdirSync(folder, { recursive: true });
  const files = readdirSync(built[target]).filter((file) => file.split('.')[0] === name);
  for (const file of files) copyFileSync(join(built[target], file), join(folder, file));
}

const now = () => performance.now() / 1000;

// Starts a process that is watched while it runs:
//   child     to send it signals
//   shows     promise that its output matches a pattern
//   ended     promise of { stdout, stderr, exit, writes, began, end }; writes are { at, text } of
//             stdout, times are seconds, the exit is a code or a signal as text
// It is killed after `seconds`.
export function startProcess([command, ...words], { cwd, env, seconds = 20 }) {
  const began = now();
  const child = spawn(command, words, {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  const seen = { stdout: '', stderr: '', writes: [], began, end: null };
  child.stderr.setEncoding('utf8').on('data', (text) => (seen.stderr += text));
  child.stdout.setEncoding('utf8').on('data', (text) => {
    seen.stdout += text;
    seen.writes.push({ at: now(), text });
  });
  const limit = setTimeout(() => child.kill('SIGKILL'), seconds * 1000);
  const ended = once(child, 'close').then(([code, signal]) => {
    clearTimeout(limit);
    return Object.assign(seen, { end: now(), exit: code === null ? signal : String(code) });
  });
  const shows = async (pattern) => {
    const done = () => pattern.test(seen.stdout) || seen.end !== null;
    await until(done, `${pattern} in ${JSON.stringify(seen)}`);
    if (!pattern.test(seen.stdout)) throw new Error(`it ended: ${JSON.stringify(seen)}`);
  };
  return { child, shows, ended };
}

// --- as somebody else, and in a place of its own

const isRoot = process.getuid() === 0;
export const ordinaryUser = isRoot ? 65534 : process.getuid();

// Words before a command that make it run as an ordinary user, root or not.
export const asOrdinaryUser = isRoot
  ? ['setpriv', `--reuid=${ordinaryUser}`, `--regid=${ordinaryUser}`, '--clear-groups', '--']
  : [];

// Words before a command that run it in an empty file system of `size`, which goes with it; what the
// command leaves there is copied to the folder `to`. In a chroot, whose root is no mount that could be
// made private, it is mounted below /dev, which is.
export function inSmallFileSystem(size, to) {
  const script = `
    place=$1 full=$1/full
    shift
    mount --make-rprivate / 2>/dev/null || { mount --make-rprivate /dev && full=/dev/shm; } || exit 99
    mount -t tmpfs -o size=${size} none "$full" && cd "$full" || exit 99
    "$@"
    code=$?
    cp -R . "$place/kept" && exit $code`;
  for (const name of ['full', 'kept']) mkdirSync(join(to, name));
  const asRoot = isRoot ? [] : ['-r'];
  return ['unshare', ...asRoot, '-m', '--propagation=unchanged', 'sh', '-c', script, 'sh', to];
}

// Why a command cannot be run that way, or undefined.
export function whyNot(words) {
  const [command, ...rest] = [...words, process.execPath, '--version'];
  const { error, status, stderr } = spawnSync(command, rest, { encoding: 'utf8' });
  return error
    ? error.message
    : status === 0
      ? undefined
      : stderr.trim() || `exit status ${status}`;
}
