// The page as a folder for any host that serves files: what the development server would answer, laid
// out as files, without DELAY, ERROR and the log.

import { constants } from 'node:fs';
import { access, copyFile, cp, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { countries } from './countries.mjs';
import { loadFlags } from './flags.mjs';
import { flagsFolder, projectFolder } from './places.mjs';
import { vendorFiles } from './vendor.mjs';

const programs = ['spinner', 'spinner_threads', 'flags_sequential', 'flags2', 'flags3', 'stress'];

// Files that are in `folder` already are overwritten, others stay. Promise of nothing.
//   root      the project
//   flags     the folder that keeps the GIFs
//   report    called with a line when something takes time
export async function makeSite(
  folder,
  { root = projectFolder, flags: flagsIn = flagsFolder, report = () => {} } = {},
) {
  const compiled = await compiledFiles(join(root, 'build', 'web'));
  const flags = await loadFlags({ folder: flagsIn, report });
  const copies = [
    ['index.html', join(root, 'web', 'index.html')],
    ...[...vendorFiles].map(([name, file]) => [join('vendor', name), file]),
    ...compiled.map((name) => [join('build', name), join(root, 'build', 'web', name)]),
  ];
  for (const [to, from] of copies) await copyTo(join(folder, to), from);
  await cp(join(root, 'web', 'page'), join(folder, 'page'), { recursive: true });
  for (const name of ['include', 'src']) {
    await cp(join(root, name), join(folder, name), { recursive: true, filter: isSource });
  }
  for (const [code, { country }] of countries) {
    await writeTo(join(folder, 'local', code, `${code}.gif`), flags.get(code));
    const metadata = `${JSON.stringify({ country, code })}\n`;
    await writeTo(join(folder, 'local', code, 'metadata.json'), metadata);
  }
}

async function compiledFiles(folder) {
  for (const program of programs) {
    try {
      await access(join(folder, `${program}.mjs`), constants.R_OK);
    } catch {
      throw new Error(`the program ${program} is not compiled: './run build web' does that`);
    }
  }
  const isOfProgram = (name) => programs.includes(name.split('.')[0]);
  return (await readdir(folder)).filter(
    (name) => isOfProgram(name) && /\.(mjs|js|wasm)$/.test(name),
  );
}

async function isSource(path) {
  return /\.[ch]$/.test(path) || (await stat(path)).isDirectory();
}

async function copyTo(to, from) {
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, to);
}

async function writeTo(file, content) {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
}
