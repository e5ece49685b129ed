// Where a program runs in a test: an empty folder, and the development server on a port of its own.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startServer } from '../../web/server/server.mjs';
import { inNewFolder } from './scenarios.mjs';

// Calls test({ server, folder, env }); the options are the server's.
export async function atServer(options, test) {
  const server = await startServer({ port: 0, ...options });
  const env = { SPINDLE_SERVER: server.url.replace(/\/$/, '') };
  try {
    return await inNewFolder((folder) => test({ server, folder, env }));
  } finally {
    await server.close();
  }
}

export const fileOf = (code) => `${code.toLowerCase()}.gif`;

// The twenty most populous countries, sorted.
export const pop20 = 'BD BR CD CN DE EG ET FR ID IN IR JP MX NG PH PK RU TR US VN'.split(' ');

// The country's code in the path of an entry of the server's log, '/local/br/br.gif' or tuned.
export const codeOf = ({ path }) => path.split('/').at(-2).toUpperCase();

// How many requests the server had open at once.
export function mostAtOnce(log) {
  const openAt = (moment) => log.filter(({ start, end }) => start <= moment && moment < end);
  return Math.max(...log.map(({ start }) => openAt(start).length));
}

// The folder holds these flags, as the server sends them, and nothing else.
export async function assertSaved({ server, folder }, codes, others = []) {
  const expected = [...codes.map(fileOf), ...others].sort();
  assert.deepEqual(readdirSync(folder).sort(), expected, 'the files in the folder');
  for (const code of codes) {
    const file = fileOf(code);
    const answer = await fetch(`${server.url}local/${code.toLowerCase()}/${file}`);
    const sent = Buffer.from(await answer.arrayBuffer());
    assert.ok(sent.length > 500, `${file} from the server`);
    assert.ok(readFileSync(join(folder, file)).equals(sent), `${file} is not what the server sent`);
  }
}
