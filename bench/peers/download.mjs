// The same download as bench/programs/download.c, in JavaScript:
//   node download.mjs fetch|agent LIST BASE CONCURRENT FOLDER
// with Node's fetch, or with http.request and an Agent.

import { readFile, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { join } from 'node:path';

const [how, list, base, concurrent, folder] = process.argv.slice(2);
const agent = new http.Agent({ keepAlive: true, maxSockets: Number(concurrent) });

async function byFetch(url) {
  const response = await fetch(url);
  if (response.status !== 200) throw new Error(`${url}: status ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}

const byAgent = (url) =>
  new Promise((resolve, reject) => {
    const request = http.get(url, { agent }, (response) => {
      if (response.statusCode !== 200) {
        reject(new Error(`${url}: status ${response.statusCode}`));
        return;
      }
      const pieces = [];
      response.on('data', (piece) => pieces.push(piece));
      response.on('end', () => resolve(Buffer.concat(pieces)));
      response.on('error', reject);
    });
    request.on('error', reject);
  });

const get = { fetch: byFetch, agent: byAgent }[how];
const paths = (await readFile(list, 'utf8')).split('\n').filter(Boolean).values();

// As many as may be at the server: each takes the next path when it is through with one. Saving
// goes on meanwhile.
const savings = [];
async function worker() {
  for (const path of paths) {
    const body = await get(`${base}/${path}`);
    savings.push(writeFile(join(folder, path), body));
  }
}

await Promise.all(Array.from({ length: Number(concurrent) }, worker));
await Promise.all(savings);
agent.destroy();
