// ./run fuzz: random programs on CPython and on a target, whose traces must be equal.

import { readFileSync } from 'node:fs';
import { compare } from './compare.mjs';
import { generate } from './generate.mjs';
import { loadReference } from './reference.mjs';
import { shrink } from './shrink.mjs';
import { openTarget, targetNames } from './targets.mjs';

const usage = `usage: ./run fuzz --seeds A..B [--target ${targetNames.join('|')}] [--shrink]
       ./run fuzz --file PROGRAM [--target ...] [--shrink]`;
const shownDifferences = 10;
const together = 500; // programs whose traces are held at once

function misused(why) {
  process.stderr.write(`fuzz: ${why}\n${usage}\n`);
  process.exit(2);
}

function readWords(words) {
  const options = { target: 'native', shrink: false };
  const rest = [...words];
  while (rest.length > 0) {
    const word = rest.shift();
    if (word === '--shrink') options.shrink = true;
    else if (!['--seeds', '--target', '--file'].includes(word)) misused(`what is '${word}'?`);
    else if (rest.length === 0) misused(`${word} needs a value`);
    else options[word.slice(2)] = rest.shift();
  }
  if (!targetNames.includes(options.target)) misused(`no target '${options.target}'`);
  if ((options.seeds === undefined) === (options.file === undefined))
    misused('--seeds A..B, or --file PROGRAM');
  return options;
}

function readSeeds(text) {
  const range = /^(\d+)(?:\.\.(\d+))?$/.exec(text);
  const [first, last] = range ? [Number(range[1]), Number(range[2] ?? range[1])] : [1, 0];
  if (first > last || last > 2 ** 31) misused(`'${text}' are no seeds: 1..500, say`);
  return { first, last };
}

function readProgram(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    return misused(error.message);
  }
}

function* programsOf({ seeds, file }) {
  if (file !== undefined) {
    yield { id: file, text: readProgram(file) };
    return;
  }
  const { first, last } = readSeeds(seeds);
  for (let seed = first; seed <= last; seed++) yield { id: String(seed), text: generate(seed) };
}

function* inParts(programs) {
  let part = [];
  for (const program of programs) {
    part.push(program);
    if (part.length === together) {
      yield part;
      part = [];
    }
  }
  if (part.length > 0) yield part;
}

const compared = ({ text }, reference, result) => compare(text, reference.traceOf(text), result);

async function showShort({ text }, reference, target) {
  const failing = async (texts) => {
    const programs = texts.map((each, i) => ({ id: String(i), text: each }));
    const results = await target.run(programs);
    return programs.map((each) => !compared(each, reference, results.get(each.id)).equal);
  };
  const short = { id: 'short', text: await shrink(text, failing) };
  const results = await target.run([short]);
  const { report } = compared(short, reference, results.get('short'));
  console.log(`the same in short:\n${short.text}${report}`);
}

async function runAll(programs, reference, target) {
  const counts = { all: 0, equal: 0, events: 0 };
  for (const part of inParts(programs)) {
    const results = await target.run(part);
    for (const program of part) {
      const { equal, events, report } = compared(program, reference, results.get(program.id));
      counts.all++;
      counts.events += events;
      if (equal) counts.equal++;
      if (equal || counts.all - counts.equal > shownDifferences) continue;
      console.log(`seed ${program.id}: ${report}`);
      if (options.shrink) await showShort(program, reference, target);
    }
  }
  return counts;
}

const options = readWords(process.argv.slice(2));
const programs = programsOf(options);
const [reference, target] = await Promise.all([loadReference(), openTarget(options.target)]);
const { all, equal, events } = await runAll(programs, reference, target).finally(target.close);
console.log(`${equal} of ${all} programs equal on ${options.target}, ${events} events`);
process.exitCode = equal === all ? 0 : 1;
