// Files of a few folders, and of nothing else. A path is followed to the real file, links and all,
// and that file must still lie in the folder; only then the library `send` answers with it.

import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import send from 'send';
import { allowMethods, sendText } from './answers.mjs';
import { vendorFiles } from './vendor.mjs';

// The folders under `root` that are public: their name in a URL, and where they are.
function publicFolders(root) {
  return new Map([
    ['page', { folder: join(root, 'web', 'page'), hint: 'The page has no such file.' }],
    [
      'build',
      {
        folder: join(root, 'build', 'web'),
        hint: "If it is a compiled program, './run build web' makes it.",
      },
    ],
    ...['include', 'src'].map((name) => [
      name,
      {
        folder: join(root, name),
        hint: 'The sources have no such file.',
        type: 'text/plain; charset=utf-8',
      },
    ]),
  ]);
}

// A function that answers a request whose path is a list of names.
export function staticFiles(root) {
  const folders = publicFolders(root);
  const page = { folder: join(root, 'web'), hint: 'The page, web/index.html, is missing.' };
  return async (request, response, names) => {
    if (!allowMethods(request, response, ['GET', 'HEAD'])) return;
    const path = names.join('/');
    if (path === '') return sendFile(request, response, page, ['index.html']);
    if (path === 'index.html') return sendFile(request, response, page, names);
    if (path === 'favicon.ico') return sendNothing(response);
    if (names[0] === 'vendor') return sendVendorFile(request, response, names.slice(1));
    const place = folders.get(names[0]);
    if (!place) return sendText(response, 404, 'There is nothing of this name; the page is at /.');
    await sendFile(request, response, place, names.slice(1));
  };
}

function sendNothing(response) {
  response.statusCode = 204;
  response.end();
}

async function sendVendorFile(request, response, names) {
  const file = vendorFiles.get(names.join('/'));
  if (!file) return sendText(response, 404, 'The page has no such library.');
  const place = { folder: dirname(file), hint: "'npm ci' brings it." };
  await sendFile(request, response, place, [basename(file)]);
}

async function sendFile(request, response, place, names) {
  const found = await findFile(place.folder, names);
  const notFound = () => sendText(response, 404, `There is no such file. ${place.hint}`);
  if (!found) return notFound();
  send(request, encodeURI(found.path), {
    root: found.folder,
    index: false,
    cacheControl: false,
    lastModified: false,
  })
    .on('headers', () => {
      response.setHeader('Cache-Control', 'no-cache');
      if (place.type) response.setHeader('Content-Type', place.type);
    })
    .on('directory', notFound)
    .on('error', (error) => sendError(response, error, notFound))
    .pipe(response);
}

// { folder, path } of a regular file that really lies in the folder, or null.
async function findFile(folder, names) {
  if (names.some((name) => name === '' || name.startsWith('.'))) return null;
  try {
    const realFolder = await realpath(folder);
    const realFile = await realpath(join(folder, ...names));
    if (!realFile.startsWith(realFolder + sep)) return null;
    if (!(await stat(realFile)).isFile()) return null;
    return { folder: realFolder, path: relative(realFolder, realFile).split(sep).join('/') };
  } catch {
    return null;
  }
}

function sendError(response, error, notFound) {
  if (response.headersSent) return response.destroy();
  for (const name of ['Content-Range', 'ETag', 'Accept-Ranges']) {
    if (!error.headers?.[name]) response.removeHeader(name);
  }
  if (error.status === 404) return notFound();
  sendText(response, error.status, `The file cannot be sent: ${error.message}.`);
}
