// JavaScript Promise Integration: an engine's own stacks for WebAssembly.
// usage: jspi.mjs suspend | start
//   suspend   one suspension, 100 stacks in turn
//   start     a stack that is begun, runs and ends, one after another
// The last line is nanoseconds.

const stacks = 100;
const rounds = 10_000;
const starts = 100_000;

// (import "host" "pause" (func)) (func (export "run") (param $n i32): $n times pause)
const code = Uint8Array.from([
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  ...[0x01, 0x08, 0x02, 0x60, 0x00, 0x00, 0x60, 0x01, 0x7f, 0x00], // types: () and (i32)
  ...[0x02, 0x0e, 0x01, 0x04, ...Buffer.from('host'), 0x05, ...Buffer.from('pause'), 0x00, 0x00],
  ...[0x03, 0x02, 0x01, 0x01], // a function of the second type
  ...[0x07, 0x07, 0x01, 0x03, ...Buffer.from('run'), 0x00, 0x01],
  ...[0x0a, 0x1a, 0x01, 0x18, 0x00],
  ...[0x02, 0x40, 0x03, 0x40], // block loop
  ...[0x20, 0x00, 0x45, 0x0d, 0x01], // br_if 1 (i32.eqz (local.get 0))
  ...[0x10, 0x00], // call pause
  ...[0x20, 0x00, 0x41, 0x01, 0x6b, 0x21, 0x00], // local 0 less 1
  ...[0x0c, 0x00, 0x0b, 0x0b, 0x0b], // br 0, and the three ends
]);

if (!WebAssembly.Suspending) throw new Error(`no JSPI in Node ${process.version}`);
const settled = Promise.resolve();
const imports = { host: { pause: new WebAssembly.Suspending(() => settled) } };
const { instance } = await WebAssembly.instantiate(code, imports);
const run = WebAssembly.promising(instance.exports.run);

async function suspend(each) {
  await Promise.all(Array.from({ length: stacks }, () => run(each)));
  return stacks * each;
}

async function start(count) {
  for (let i = 0; i < count; i++) await run(0);
  return count;
}

async function timed(work, count) {
  await work(count / 5);
  const began = performance.now();
  const done = await work(count);
  return ((performance.now() - began) * 1e6) / done;
}

const cases = { suspend: () => timed(suspend, rounds), start: () => timed(start, starts) };
const chosen = cases[process.argv[2]];
if (!chosen) throw new Error('usage: jspi.mjs suspend | start');
console.log(await chosen());
