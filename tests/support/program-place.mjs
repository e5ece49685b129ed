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

// The country's code in the path of an entry of the server's log.
export const codeOf = ({ path }) => path.split('/')[2].toUpperCase();

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
