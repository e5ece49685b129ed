// The development server's command as a child process.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const command = fileURLToPath(new URL('../../web/server/main.mjs', import.meta.url));

// { child, url, ended }: promises of the URL it prints and of { code, signal, out, err }.
export function startCommand(words, { cwd } = {}) {
  const child = spawn(process.execPath, [command, ...words], { cwd });
  const said = { out: '', err: '' };
  child.stdout.on('data', (part) => (said.out += part));
  child.stderr.on('data', (part) => (said.err += part));
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, ...said }));
  return { child, url: printedUrl(child, said, ended), ended };
}

export async function runCommand(words, options) {
  return startCommand(words, options).ended;
}

function printedUrl(child, said, ended) {
  const printed = new Promise((resolve) => {
    child.stdout.on('data', () => {
      const url = /http:\S+/.exec(said.out)?.[0];
      if (url) resolve(url);
    });
  });
  return Promise.race([printed, ended.then(() => null)]);
}
