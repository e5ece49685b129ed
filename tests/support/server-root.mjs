// A small project folder for the development server to serve, with secrets all around what is public
// and links that lead to them.

import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export const secret = 'nobody outside may read this';

const files = {
  'root/web/index.html': '<!doctype html><title>page</title>',
  'root/web/page/app.mjs': 'export const app = 1;\n',
  'root/web/page/a b%c.txt': 'odd name\n',
  'root/web/page/.hidden': secret,
  'root/web/page/deep/style.css': 'body { color: black }\n',
  'root/web/server/main.mjs': secret,
  'root/web/other.html': secret,
  'root/build/web/hello.mjs': 'export default 1;\n',
  'root/build/web/hello.wasm': '\0asm',
  'root/build/secret.txt': secret,
  'root/build/web-secret/secret.txt': secret,
  'root/include/spindle.h': '/* the header */\n',
  'root/node_modules/secret.txt': secret,
  'root/.git/config': secret,
  'root/package.json': secret,
  'root/secret.txt': secret,
  'outside/secret.txt': secret,
};

const links = {
  'root/web/page/inside.mjs': 'app.mjs',
  'root/web/page/passwd': '/etc/passwd',
  'root/web/page/secret.txt': '../../../outside/secret.txt',
  'root/web/page/folder': '../../../outside',
  'root/web/page/server': '../server',
  'root/build/web/sibling': '../web-secret',
  'root/web/page/hidden': '.hidden',
  'root/web/page/.visible': 'app.mjs',
  'root/web/page/loop': 'loop',
};

// Promise of { root, top, remove() }; `root` is what to serve.
export async function makeServerRoot() {
  const top = await mkdtemp(join(tmpdir(), 'spindle-server-'));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(top, name)), { recursive: true });
    await writeFile(join(top, name), text);
  }
  for (const [name, target] of Object.entries(links)) await symlink(target, join(top, name));
  execFileSync('mkfifo', [join(top, 'root/web/page/pipe')]);
  return { root: join(top, 'root'), top, remove: () => rm(top, { recursive: true }) };
}
