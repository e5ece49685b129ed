// Flags as real GIFs: drawn once by sharp from the SVGs of flag-icons, then kept in a folder.
// A stamp file beside them says what they were made from; other wishes than the stamp's make them
// anew. Every file is written under a name of its own and then renamed, so that two servers that
// start at once never see half a flag.

import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { countries, flagIconsVersion } from './countries.mjs';
import { flagsFolder } from './places.mjs';

export const flagSize = Object.freeze({ width: 320, height: 240 });

const gifTrailer = 0x3b;

// Promise of a Map of code to the bytes of its GIF. `report` is called with lines of progress.
export async function loadFlags({
  folder = flagsFolder,
  size = flagSize,
  version = flagIconsVersion,
  report = () => {},
} = {}) {
  const stamp = JSON.stringify({ flagIcons: version, width: size.width, height: size.height });
  await mkdir(folder, { recursive: true });
  const flags = (await stampMatches(folder, stamp)) ? await readFlags(folder) : new Map();
  const missing = [...countries.keys()].filter((code) => !flags.has(code));
  if (missing.length === 0) return flags;
  for (const [code, gif] of await makeFlags({ folder, missing, size, report }))
    flags.set(code, gif);
  await writeWhole(stampFile(folder), stamp);
  return flags;
}

const stampFile = (folder) => join(folder, 'stamp.json');
const flagFile = (folder, code) => join(folder, `${code}.gif`);

async function stampMatches(folder, stamp) {
  return (await readOrNull(stampFile(folder)))?.toString() === stamp;
}

async function readFlags(folder) {
  const files = await Promise.all(
    [...countries.keys()].map(async (code) => [code, await readOrNull(flagFile(folder, code))]),
  );
  return new Map(files.filter(([, bytes]) => isWholeGif(bytes)));
}

function isWholeGif(bytes) {
  return bytes?.subarray(0, 3).toString('latin1') === 'GIF' && bytes.at(-1) === gifTrailer;
}

async function readOrNull(file) {
  try {
    return await readFile(file);
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

async function makeFlags({ folder, missing, size, report }) {
  report(`making ${missing.length} flags in ${folder}: once, a few seconds`);
  const began = performance.now();
  const { default: sharp } = await import('sharp');
  const made = await Promise.all(
    missing.map(async (code) => {
      const gif = await sharp(countries.get(code).svg)
        .resize({ ...size, fit: 'fill' })
        .gif()
        .toBuffer();
      await writeWhole(flagFile(folder, code), gif);
      return [code, gif];
    }),
  );
  report(`made ${made.length} flags in ${((performance.now() - began) / 1000).toFixed(1)} s`);
  return made;
}

async function writeWhole(file, bytes) {
  const draft = `${file}.${randomUUID()}.tmp`;
  try {
    await writeFile(draft, bytes);
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
