// The table on the terminal: a row's name, below it spindle and each peer.

import { isMet } from './measure.mjs';

const nameWidth = 36;
const columnWidth = 11;

// Three digits that count: 0.123, 4.56, 78.9, 1234.
export function formatFigure(value) {
  const size = Math.abs(value);
  if (size >= 100 || value === 0) return String(Math.round(value));
  const digits = size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.1 ? 3 : 4;
  return value.toFixed(digits);
}

export const formatRatio = (peer, ours) =>
  peer === null || ours === null || ours === 0 ? '' : `${formatFigure(peer / ours)} x`;

export const formatSpread = (spread) => `${Math.round(spread * 100)} %`;

export function formatTarget(result) {
  if (result.target === null) return '';
  const met = isMet(result);
  const said = met === null ? '' : met ? ': met' : ': missed';
  return `target ${formatFigure(result.target)}${said}`;
}

export function formatState(contender) {
  return contender.state === 'missing' ? `missing (${contender.what})` : 'failed';
}

function line(name, figure, ratio, spread, rest) {
  const columns = [figure, ratio, spread].map((text) => text.padStart(columnWidth));
  return `${name.padEnd(nameWidth)}${columns.join('')}  ${rest}`.trimEnd();
}

function contenderLine(contender, ours, rest = '') {
  const { name, value, state } = contender;
  if (state !== 'measured') return line(`  ${name}`, '', '', '', formatState(contender));
  const ratio = contender === ours ? '' : formatRatio(value, ours.value);
  return line(`  ${name}`, formatFigure(value), ratio, formatSpread(contender.spread), rest);
}

export const tableHead = (title) => line(title, 'figure', 'ratio', 'spread', '');

export function tableRow(result) {
  return [
    `${result.name}, ${result.unit}`,
    contenderLine(result.ours, result.ours, formatTarget(result)),
    ...result.peers.map((peer) => contenderLine(peer, result.ours)),
  ].join('\n');
}
