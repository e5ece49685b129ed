// A host that knows nothing of spindle: the files of a folder, in a sub-folder, without any headers
// but their type.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';

const types = {
  '.css': 'text/css',
  '.gif': 'image/gif',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};

// Promise of { url, asked, close() }: `asked` has the paths that were asked for.
export async function startPlainHost(folder, prefix = '/some/folder/') {
  const asked = [];
  const host = createServer(async (request, response) => {
    const path = request.url.split('?')[0];
    asked.push(path);
    try {
      if (!path.startsWith(prefix)) throw new Error('outside');
      const name = path.slice(prefix.length) || 'index.html';
      const bytes = await readFile(join(folder, name));
      response.writeHead(200, { 'Content-Type': types[extname(name)] ?? 'text/plain' }).end(bytes);
    } catch {
      response.writeHead(404, { 'Content-Type': 'text/html' }).end('<p>not here</p>');
    }
  });
  await new Promise((resolve) => host.listen(0, '127.0.0.1', resolve));
  const close = () =>
    new Promise((resolve) => {
      host.close(resolve);
      host.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${host.address().port}${prefix}`, asked, close };
}
