// What follows `./run bench`. Started by itself this prints the groups that were chosen, or says what
// is wrong and exits with 2: so ./run knows what to install before anything is measured.

import { accessSync, constants, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const groupNames = ['native', 'web', 'http', 'size'];
export const fewestRounds = 7;

export const usage = `usage: ./run bench [${groupNames.join('|')}] [--json FILE] [--results]
                   [--rounds N] [--only TEXT]

  --json FILE   write the figures there as well
  --results     put the tables into bench/RESULTS.md
  --rounds N    samples of each figure: ${fewestRounds}, or more
  --only TEXT   only the rows with this text in their name`;

export class Misused extends Error {}

const flags = { '--results': 'results' };
const values = { '--json': 'json', '--rounds': 'rounds', '--only': 'only' };

function readWords(words) {
  const options = {};
  const rest = [...words];
  while (rest.length > 0) {
    const word = rest.shift();
    if (Object.hasOwn(flags, word)) options[flags[word]] = true;
    else if (Object.hasOwn(values, word)) {
      if (rest.length === 0) throw new Misused(`${word} needs a value`);
      options[values[word]] = rest.shift();
    } else if (word.startsWith('-')) throw new Misused(`what is '${word}'?`);
    else if (!groupNames.includes(word))
      throw new Misused(`no group '${word}', but these: ${groupNames.join(' ')}`);
    else if (options.group) throw new Misused(`one group or all: ${options.group}, ${word}`);
    else options.group = word;
  }
  return options;
}

function readRounds(text) {
  if (!/^\d+$/.test(text) || Number(text) < fewestRounds || Number(text) > 1000)
    throw new Misused(`--rounds takes a number, at least ${fewestRounds}: '${text}'`);
  return Number(text);
}

// Better now than after an hour.
function writablePath(file) {
  const path = resolve(file);
  const there = statSync(path, { throwIfNoEntry: false });
  try {
    if (there?.isDirectory()) throw new Error('it is a folder');
    accessSync(there ? path : dirname(path), constants.W_OK);
  } catch (error) {
    throw new Misused(`'${file}' cannot be written: ${error.message}`, { cause: error });
  }
  return path;
}

export function readArguments(words) {
  const { group, json, rounds, only = '', results = false } = readWords(words);
  if (results && only) throw new Misused('--results keeps whole tables: not with --only');
  return {
    groups: group ? [group] : groupNames,
    json: json === undefined ? undefined : writablePath(json),
    rounds: rounds === undefined ? fewestRounds : readRounds(rounds),
    only,
    results,
  };
}

// Ends the process with status 2 where the words are wrong.
export function readArgumentsOrExit(words) {
  try {
    return readArguments(words);
  } catch (error) {
    if (!(error instanceof Misused)) throw error;
    process.stderr.write(`bench: ${error.message}\n${usage}\n`);
    return process.exit(2);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  console.log(readArgumentsOrExit(process.argv.slice(2)).groups.join(' '));
