// RESULTS.md: a section for each group, of which a run replaces those that it has measured.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { isMet } from './measure.mjs';
import { formatFigure, formatRatio, formatSpread, formatState } from './table.mjs';

const head = `# What was measured

By \`./run bench --results\`, which writes this file; \`./run bench GROUP --results\` replaces one section.

Lower is always better. Each figure is the median of its samples, of which there are at least 7, each
taken by a process of its own. Those who are compared in a row take turns: in each round everybody gives
one sample, and each round begins with another one. A peer's ratio is its figure divided by spindle's.
The spread is how far apart the middle half of the samples is, as a share of the median. A target that
is a share of a peer's figure is that of the same run.
`;

const cell = (text) => text.replaceAll('|', '\\|');
const tableLine = (cells) => `| ${cells.map(cell).join(' | ')} |`;

const figureOf = (contender) =>
  contender.state === 'measured' ? formatFigure(contender.value) : formatState(contender);

function peerText(peer, ours) {
  const ratio = formatRatio(peer.value, ours.value);
  return `${peer.name} ${figureOf(peer)}${ratio && ` (${ratio})`}`;
}

function targetText(result) {
  if (result.target === null) return '';
  const met = isMet(result);
  return `${formatFigure(result.target)}${met === null ? '' : met ? ', met' : ', **missed**'}`;
}

function resultLine(result) {
  const { name, unit, ours, peers } = result;
  return tableLine([
    `${name}, ${unit}`,
    figureOf(ours),
    targetText(result),
    ours.spread === undefined ? '' : formatSpread(ours.spread),
    peers.map((peer) => peerText(peer, ours)).join(', '),
  ]);
}

function missedText(results) {
  const missed = results.filter((result) => isMet(result) === false).map(({ name }) => name);
  if (missed.length > 0) return `Targets missed: ${missed.join('; ')}.`;
  return results.some((result) => isMet(result)) ? 'All targets are met.' : 'There is no target.';
}

export function section({ title, results, date, machine, versions }) {
  const notes = results.filter(({ note }) => note).map(({ name, note }) => `- ${name}: ${note}`);
  const table = [
    tableLine(['what', 'spindle', 'target', 'spread', 'peers']),
    tableLine(Array(5).fill('---')),
    ...results.map(resultLine),
  ];
  const parts = [
    `## ${title}`,
    `${date}, on ${machine}.`,
    `${versions.join(', ')}.`,
    table.join('\n'),
    missedText(results),
    ...(notes.length > 0 ? [`How they are taken:`, notes.join('\n')] : []),
  ];
  return `${parts.join('\n\n')}\n`;
}

const titleOf = (text) => /^## (.*)/.exec(text)?.[1];

// The text with these sections in place of those of the same title, in the order of `titles`.
export function withSections(text, sections, titles) {
  const kept = text.split(/^(?=## )/m).filter(titleOf);
  const byTitle = new Map([...kept, ...sections].map((each) => [titleOf(each), each.trimEnd()]));
  const known = titles.filter((title) => byTitle.has(title)).map((title) => byTitle.get(title));
  return `${[head.trimEnd(), ...known].join('\n\n')}\n`;
}

export function writeResults(file, sections, titles) {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  writeFileSync(file, withSections(before, sections, titles));
}
