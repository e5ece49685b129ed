// The raw switch inside wasm beside Emscripten's fibers, in turns in one run, on this Node:
//   ./run build native bench; ./run build web bench; node bench/switch.mjs
// The figures are nanoseconds for one resume and one suspend, the median of 5 processes each, each the
// best of 5 runs.

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../build/', import.meta.url));
const rounds = 5;
const programs = {
  spindle: [process.execPath, `${folder}web/bench/switch.mjs`],
  emscripten_fiber_swap: [process.execPath, `${folder}web/bench/fiber.cjs`],
  'spindle, native': [`${folder}native/bench/switch`],
};

function measure([command, ...words]) {
  const lines = execFileSync(command, words, { encoding: 'utf8' }).trim().split('\n');
  return Object.fromEntries(lines.map((line) => line.split(' ').map(Number)));
}

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

const figures = Object.fromEntries(Object.keys(programs).map((name) => [name, []]));
for (let i = 0; i < rounds; i++) {
  for (const [name, words] of Object.entries(programs)) figures[name].push(measure(words));
}

console.log(`ns for a round trip, Node ${process.version}`);
for (const depth of [0, 4, 16]) {
  const at = (name) => median(figures[name].map((figure) => figure[depth]));
  const [ours, fibers, native] = Object.keys(programs).map(at);
  const ratio = (fibers / ours).toFixed(1);
  console.log(
    `depth ${depth}: ${ours} in wasm, fibers ${fibers} (${ratio} times), native ${native}`,
  );
}
