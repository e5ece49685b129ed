// The machine of a run, and the versions of what takes part in it.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { arch, cpus, release, totalmem } from 'node:os';
import { root } from './bench.mjs';

// Each: what prints its version, and where in that it stands. The first that there is counts.
const everywhere = {
  gcc: [['cc', '--version'], /(\d+\.\d+\.\d+)/],
  libuv: [['pkg-config', '--modversion', 'libuv'], /(\S+)/],
};
const libcurl = [['pkg-config', '--modversion', 'libcurl'], /(\S+)/];
const packaged = (name) => [['dpkg-query', '-W', '-f', '${Version}', name], /(\S+)/];
const go = [['go', 'version'], /go(\d\S*)/];
const emscripten = [['sh', '-c', '. ./emsdk.env && emcc --version'], /(\d+\.\d+\.\d+)/];
const wants = {
  native: {
    ...everywhere,
    Go: go,
    'State Threads': packaged('libst-dev'),
    'boost.context': packaged('libboost-context-dev'),
  },
  web: { Emscripten: emscripten },
  http: {
    ...everywhere,
    libcurl,
    Go: go,
    nginx: [['sh', '-c', 'PATH=$PATH:/usr/sbin nginx -v 2>&1'], /nginx\/(\S+)/],
    curl: [['curl', '--version'], /curl (\S+)/],
    Emscripten: emscripten,
  },
  size: { Emscripten: emscripten },
};
const nodes = { native: [20, 26], web: [20, 26], http: [20, 26], size: [] };
const modules = { native: ['uvloop'], web: [], http: ['uvloop', 'aiohttp'], size: [] };

function said([command, pattern]) {
  try {
    const options = { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] };
    return pattern.exec(execFileSync(command[0], command.slice(1), options))?.[1];
  } catch {
    return undefined;
  }
}

function pythonVersions(bench, names) {
  if (names.length === 0) return {};
  const found = { Python: said([[bench.python() ?? 'python3', '--version'], /(\d\S*)/]) };
  for (const name of names) {
    const path = bench.python(name);
    const code = `import ${name}; print(${name}.__version__)`;
    if (path) found[name] = said([[path, '-c', code], /(\S+)/]);
  }
  return found;
}

function nodeVersions(bench, versions) {
  const paths = versions.map((version) => bench.node(version)).filter(Boolean);
  return paths.map((path) => `Node ${said([[path, '--version'], /v(\S+)/])}`);
}

// Lines of "NAME VERSION"; what is not here is left out.
export function versionsOf(group, bench) {
  const found = Object.fromEntries(
    Object.entries(wants[group]).map(([name, want]) => [name, said(want)]),
  );
  Object.assign(found, pythonVersions(bench, modules[group]));
  return Object.entries(found)
    .filter(([, version]) => version)
    .map(([name, version]) => `${name} ${version}`)
    .concat(nodeVersions(bench, nodes[group]));
}

function system() {
  try {
    return (
      /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'Linux'
    );
  } catch {
    return 'Linux';
  }
}

export function machine() {
  const cores = cpus();
  const model = cores[0]?.model.trim().replace(/\s+/g, ' ') || arch();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB of memory`;
  const count = `${cores.length} core${cores.length === 1 ? '' : 's'}`;
  return [model, count, memory, `Linux ${release()}`, system()].join(', ');
}
