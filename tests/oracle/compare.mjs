// Equal or not: the traces of CPython and of a target, side by side.

const before = 12; // lines that are shown before the first difference
const after = 4;

// How many lines two traces have in common at their beginning.
function commonLines(left, right) {
  let count = 0;
  while (count < left.length && count < right.length && left[count] === right[count]) count++;
  return count;
}

const events = (trace) => trace.split('\n').filter((line) => line !== '').length;

// The operation that a line of a trace is about, as it stands in the program.
function operationOf(line, program) {
  const number = /^\S+ \S+ (\d+)/.exec(line)?.[1];
  return number ? (program[number - 1] ?? '').trim() : '';
}

const shown = (lines, program) =>
  lines.map((line) => `  ${line.padEnd(48)} ${operationOf(line, program)}`.trimEnd());

// { equal, events, report }: the report is for people, '' when there is no difference.
export function compare(text, expected, { trace, fault }) {
  const program = text.split('\n');
  if (fault !== undefined)
    return { equal: false, events: 0, report: `it did not come to its end: ${fault}` };
  if (trace === expected) return { equal: true, events: events(trace), report: '' };
  const [left, right] = [expected.split('\n'), trace.split('\n')];
  const same = commonLines(left, right);
  const report = [
    `line ${same + 1} of the traces differs`,
    ...shown(left.slice(Math.max(0, same - before), same), program),
    'CPython:',
    ...shown(left.slice(same, same + after), program),
    'spindle:',
    ...shown(right.slice(same, same + after), program),
  ].join('\n');
  return { equal: false, events: same, report };
}
