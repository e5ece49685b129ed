// What a download costs: ours, and the same with other clients, from servers on this machine. The
// files and the servers' own are in the scratch folder.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, get } from 'node:http';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export const title = 'HTTP';

const fileCount = 5000;
const flags = 'CN IN US ID BR PK NG BD RU JP MX PH VN ET EG DE IR TR CD FR'.split(' ');

// --- the files that are served ---

// 1 to 4 KB each, the same ones in each run.
function makeFiles(folder, paths) {
  let random = 1;
  for (const path of paths) {
    random = (random * 1103515245 + 12345) % 2 ** 31;
    const size = 1024 + (random % 3073);
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(
      join(folder, path),
      Uint8Array.from({ length: size }, (_, i) => random + i * 7),
    );
  }
}

function makeSite(bench) {
  const paths = Array.from({ length: fileCount }, (_, i) => `a${String(i).padStart(4, '0')}.gif`);
  const flagPaths = flags.map((code) => `${code}/${code}.gif`.toLowerCase());
  const site = {
    root: join(bench.folder, 'site'),
    out: join(bench.folder, 'out'),
    lists: { files: join(bench.folder, 'files'), flags: join(bench.folder, 'flags') },
    paths: { files: paths, flags: flagPaths },
  };
  makeFiles(site.root, [...paths, ...flagPaths]);
  for (const [name, list] of Object.entries(site.lists)) {
    writeFileSync(list, site.paths[name].map((path) => `${path}\n`).join(''));
  }
  return site;
}

// --- servers ---

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

function start(bench, command, words, stdout = 'ignore') {
  const child = spawn(command, words, { stdio: ['ignore', stdout, 'pipe'] });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (complaint += text));
  child.on('error', (error) => (complaint += error.message));
  const ended = () => child.exitCode !== null || child.signalCode !== null;
  bench.after(async () => {
    if (ended() || !child.pid) return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
  });
  return { child, check: () => ended() && fail(`${command} ended: ${complaint}`) };
}

function fail(why) {
  throw new Error(why);
}

const answers = (port) =>
  new Promise((resolve) => {
    get({ port, host: '127.0.0.1', path: '/' }, (response) => {
      response.resume();
      resolve(true);
    }).on('error', () => resolve(false));
  });

async function until(what, ready, check) {
  for (let tries = 0; tries < 200; tries++) {
    check();
    if (await ready()) return;
    await sleep(25);
  }
  fail(`${what} does not answer`);
}

function nginxConfiguration(folder, root, ports, certificate) {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  // As root it would serve as somebody who may not look into the scratch folder.
  const user = process.getuid() === 0 ? 'user root;' : '';
  return `
${user}
daemon off;
worker_processes 1;
worker_rlimit_nofile 8192;
pid ${folder}/pid;
error_log ${folder}/errors crit;
events { worker_connections 4096; }
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000000;
  open_file_cache max=10000;
  types { image/gif gif; }
  ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join('\n  ')}
  root ${root};
  server { listen 127.0.0.1:${ports.plain} backlog=4096; }
  server {
    listen 127.0.0.1:${ports.secure} ssl http2 backlog=4096;
    ssl_certificate ${certificate.certificate};
    ssl_certificate_key ${certificate.key};
  }
}
`;
}

function makeCertificate(folder) {
  const certificate = join(folder, 'certificate.pem');
  const key = join(folder, 'key.pem');
  const names = 'subjectAltName=DNS:localhost,IP:127.0.0.1';
  const words = ['-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', certificate];
  const kind = ['-days', '2', '-subj', '/CN=localhost', '-addext', names];
  execFileSync('openssl', ['req', '-x509', ...words, ...kind], { stdio: 'ignore' });
  return { certificate, key };
}

// Debian's is not in everybody's PATH.
const nginxPath = () =>
  [...process.env.PATH.split(':'), '/usr/sbin']
    .map((folder) => join(folder, 'nginx'))
    .find((path) => existsSync(path));

async function startNginx(bench, site) {
  const command = nginxPath() ?? fail('nginx is missing: install nginx-light');
  const folder = join(bench.folder, 'nginx');
  mkdirSync(folder);
  const certificate = makeCertificate(folder);
  const ports = { plain: await freePort(), secure: await freePort() };
  const configuration = join(folder, 'configuration');
  writeFileSync(configuration, nginxConfiguration(folder, site.root, ports, certificate));
  const { check } = start(bench, command, ['-p', folder, '-c', configuration]);
  await until('nginx', () => answers(ports.plain), check);
  return { ports, trusted: certificate.certificate };
}

async function startSlowServer(bench) {
  const { child } = start(bench, bench.built('native', 'slow_server'), [], 'pipe');
  const [port] = await once(child.stdout.setEncoding('utf8'), 'data');
  return Number(port);
}

// --- one download: what a client is asked for, and how it is started ---

// case: { list, base, concurrent, folder, environment }
const clients = {
  spindle: ({ bench }, words) => [bench.built('native', 'download'), ...words],
  'spindle flags2': ({ bench }, _, { base }) => [
    join(bench.root, 'build/native/flags2'),
    ...['-m', String(flags.length), '-s', base, ...flags],
  ],
  'spindle on Node': ({ bench }, words) => [
    process.execPath,
    join(bench.root, 'build/web/bench/download.mjs'),
    ...words,
  ],
  'curl -Z': ({ site }, _, { list, base, concurrent }) => {
    const file = `${list}.curl`;
    const entry = (path) => `url = "${base}/${path}"\noutput = "${join(site.out, path)}"\n`;
    writeFileSync(file, readLines(list).map(entry).join(''));
    return ['curl', '-s', '-Z', '--parallel-max', String(concurrent), '-K', file];
  },
  'raw libuv': ({ bench }, [list, base, ...rest]) => [
    bench.built('native', 'uv_http'),
    ...[list, new URL(base).port, ...rest],
  ],
  Go: ({ bench }, words) => {
    const program = bench.built('native', 'go-download');
    return program ? [program, ...words] : bench.missing('golang-go');
  },
  'aiohttp on uvloop': ({ bench }, words) => {
    const python = bench.python('aiohttp', 'uvloop');
    const script = join(bench.root, 'bench/peers/aiohttp_download.py');
    return python ? [python, script, ...words] : bench.missing('python3-aiohttp, python3-uvloop');
  },
  'Node fetch': inNode('fetch'),
  'Node http.Agent': inNode('agent'),
};

function inNode(how) {
  return ({ bench }, words) => [
    process.execPath,
    join(bench.root, 'bench/peers/download.mjs'),
    ...[how, ...words],
  ];
}

const readLines = (file) => readFileSync(file, 'utf8').split('\n').filter(Boolean);

const has = (command) =>
  process.env.PATH.split(':').some((path) => existsSync(join(path, command)));

function emptyOut({ site }, paths) {
  rmSync(site.out, { recursive: true, force: true });
  for (const path of paths) mkdirSync(dirname(join(site.out, path)), { recursive: true });
}

// flags2 names the files as it likes.
function checkOut({ site }, client, count) {
  const options = { recursive: true, withFileTypes: true };
  const saved = readdirSync(site.out, options).filter((entry) => entry.isFile()).length;
  if (saved !== count) fail(`${client} saved ${saved} of ${count} files`);
}

// A measure: the cost of one download by that client; `figure` takes what is counted from it.
function download(
  context,
  client,
  { list: name = 'files', base, concurrent, environment = {}, figure },
) {
  const { bench, site } = context;
  const list = site.lists[name];
  const words = [list, base, String(concurrent), site.out];
  if (client === 'curl -Z' && !has('curl')) return bench.missing('curl');
  const command = clients[client](context, words, { list, base, concurrent });
  if (!Array.isArray(command)) return command;
  const settings = Object.entries(environment).map(([key, value]) => `${key}=${value}`);
  const costOf = bench.built('native', 'cpu_of');
  return async () => {
    emptyOut(context, site.paths[name]);
    const script = `cd '${site.out}' && ulimit -n 4096 && exec "$@"`;
    const all = ['-c', script, 'sh', 'env', ...settings, costOf, ...command];
    const line = (await bench.output('sh', ...all)).trimEnd().split('\n').at(-1);
    checkOut(context, client, site.paths[name].length);
    const [cpu, wall, memory] = line.split(' ').map(Number);
    return figure({ cpu, wall, memory });
  };
}

const perRequest = ({ cpu }) => cpu / fileCount;
const milliseconds = ({ wall }) => wall / 1000;
const megabytes = ({ memory }) => memory / 1024;

// --- rows ---

const cost = 'CPU of the client, user and system, by getrusage, divided by the requests';
const saved =
  'files of 1 to 4 KB from nginx on this machine, saved to a tmpfs; aiohttp and curl save in their ' +
  'loop, which is the faster there, the others in threads';

function row(context, { title: name, unit, note, target, ours = 'spindle', peers, ...wanted }) {
  const measured = peers.map((peer) => [peer, download(context, peer, wanted)]);
  return {
    name,
    unit,
    note,
    target,
    ours: download(context, ours, wanted),
    peers: Object.fromEntries(measured),
  };
}

export async function rows(bench) {
  const site = makeSite(bench);
  const { ports, trusted } = await startNginx(bench, site);
  const slow = await startSlowServer(bench);
  const context = { bench, site };
  const plain = `http://127.0.0.1:${ports.plain}`;
  const inMicroseconds = { unit: 'µs', figure: perRequest };
  const all = ['raw libuv', 'curl -Z', 'Go', 'aiohttp on uvloop', 'Node http.Agent', 'Node fetch'];
  return [
    row(context, {
      ...inMicroseconds,
      title: '5,000 files at 100, CPU per request',
      base: plain,
      concurrent: 100,
      peers: all,
      target: [
        { peer: 'curl -Z', times: 0.8 },
        { peer: 'aiohttp on uvloop', times: 0.2 },
      ],
      note: `${cost}; ${saved}.`,
    }),
    row(context, {
      ...inMicroseconds,
      title: '5,000 files at 1,000, CPU per request',
      base: plain,
      concurrent: 1000,
      peers: ['raw libuv', 'Go', 'aiohttp on uvloop', 'Node http.Agent', 'Node fetch'],
      target: [
        { peer: 'Go', times: 1 },
        { peer: 'aiohttp on uvloop', times: 1 / 3 },
      ],
      note: `as above, with 1,000 connections, which is more than curl -Z takes.`,
    }),
    ...flagRows(context, plain),
    row(context, {
      ...inMicroseconds,
      title: '5,000 files at 100 over HTTP/2 and TLS, CPU per request',
      base: `https://localhost:${ports.secure}`,
      concurrent: 100,
      environment: { SSL_CERT_FILE: trusted },
      peers: ['Go'],
      target: [{ peer: 'Go', times: 1 }],
      note: 'as the first row, on one connection.',
    }),
    ...nodeRows(context, { ...inMicroseconds, base: plain }),
    row(context, {
      title: '5,000 files at 1,000, each after 50 to 200 ms, wall time',
      unit: 'ms',
      figure: milliseconds,
      base: `http://127.0.0.1:${slow}`,
      concurrent: 1000,
      peers: ['raw libuv', 'Go'],
      target: [{ peer: 'raw libuv', times: 1.1 }],
      note: 'from a server in C on libuv that waits so long, the same for the same path.',
    }),
  ];
}

// The program of the first row as WebAssembly, beside the same loop in JavaScript.
function nodeRows(context, shared) {
  return [100, 1000].map((concurrent) =>
    row(context, {
      ...shared,
      title: `5,000 files at ${concurrent.toLocaleString('en')} under Node, CPU per request`,
      concurrent,
      ours: 'spindle on Node',
      peers: ['Node http.Agent', 'Node fetch'],
      target: [{ peer: 'Node http.Agent', times: 1.1 }],
      note: 'the program of the first row as WebAssembly, beside the same loop in JavaScript.',
    }),
  );
}

// The program that people use, from its start to its end.
function flagRows(context, base) {
  const flagsOf = (figure, more) =>
    row(context, {
      list: 'flags',
      ours: 'spindle flags2',
      base,
      concurrent: flags.length,
      peers: ['curl -Z', 'aiohttp on uvloop', 'Node fetch'],
      figure,
      ...more,
    });
  return [
    flagsOf(milliseconds, {
      title: '20 flags from start to exit, wall time',
      unit: 'ms',
      target: 15,
      note: 'flags2 and 20 files as above; the whole process.',
    }),
    flagsOf(megabytes, {
      title: '20 flags, memory at most',
      unit: 'MB',
      target: 12,
      note: 'the most that was resident, by getrusage.',
    }),
  ];
}
