// How a command of this folder ends when it cannot do its work: one line that says why, exit 1.

import { projectFolder } from './places.mjs';

const say = (line) => process.stderr.write(`spindle: ${line}\n`);

// Runs `work(say)`; its errors become one line each on stderr.
export async function runCommand(work) {
  try {
    await work(say);
  } catch (error) {
    say(reasonOf(error));
    process.exit(1);
  }
}

function reasonOf(error) {
  if (isMissingPackage(error)) {
    return `an npm package is missing (${firstLine(error)}): run 'npm ci' in ${projectFolder}`;
  }
  return firstLine(error);
}

function isMissingPackage(error) {
  return (
    /^Cannot find (package|module) '[^./]/.test(error?.message) ||
    /^Could not load the "sharp" module/.test(error?.message)
  );
}

const firstLine = (error) => String(error?.message ?? error).split('\n')[0];
