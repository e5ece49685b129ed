// spindle as WebAssembly, under two Nodes and in two browsers, beside what else suspends there.

import { Pages } from '../pages.mjs';

export const title = 'Web';

const nodes = [20, 26];
const browsers = { chromium: 'Chromium', firefox: 'Firefox' };

// One round trip of a prototype inside wasm, in nanoseconds, at each depth of calls.
const prototype = { 20: { 0: 60, 4: 131, 16: 298 }, 26: { 0: 24, 4: 67, 16: 191 } };
const slower = 1.4; // than that the whole step through the scheduler may be
const fasterThanFibers = { 0: 4, 4: 3, 16: 2 };

const fibers = 'emscripten_fiber_swap';
const awaitNull = 'await null';

// Measures of one Node, or what is missing.
function under(bench, version) {
  const node = bench.node(version);
  const run = (path, words) =>
    node ? bench.program(node, path, ...words) : bench.missing(`npm's node@${version}`);
  return {
    ours: (name, ...words) => run(`${bench.root}build/web/bench/${name}.mjs`, words),
    fiber: (depth) => run(`${bench.root}build/web/bench/fiber.cjs`, [`${depth}`]),
    peer: (name, ...words) => run(`${bench.root}bench/peers/${name}.mjs`, words),
    // It prints "DEPTH NANOSECONDS" for a round trip at three depths of calls.
    rawSwitch: (depth) => async () => {
      const printed = await bench.output(node, `${bench.root}build/web/bench/switch.mjs`);
      return Number(new RegExp(`^${depth} (\\S+)$`, 'm').exec(printed)?.[1]);
    },
    node,
  };
}

// --- a step, and the switch in it

function stepTarget(version, depth) {
  const ofFibers = { peer: fibers, times: 1 / fasterThanFibers[depth] };
  const target = [prototype[version][depth] * slower, ofFibers];
  return version === 26 && depth === 0 ? [...target, { peer: awaitNull, times: 1 }] : target;
}

function stepPeers(bench, version, depth) {
  const { fiber, peer } = under(bench, version);
  const peers = { [fibers]: fiber(depth) };
  if (depth > 0) return peers;
  peers[awaitNull] = peer('node', 'step', '100');
  peers.JSPI = version < 26 ? bench.missing('Node 26') : peer('jspi', 'suspend');
  return peers;
}

const step = (bench, version, depth) => ({
  name: `sp_sleep(0) step at call depth ${depth}, Node ${version}`,
  unit: 'ns',
  target: stepTarget(version, depth),
  note:
    'the whole step through the scheduler: 100 tasks yield in turn, each that many calls below its own ' +
    'function. Fibers: a swap to one and back, without a scheduler; await null: 100 async functions in turn; JSPI: 100 ' +
    'stacks in turn, each waits for a promise that is settled.',
  ours: under(bench, version).ours('step', '100', `${depth}`),
  peers: stepPeers(bench, version, depth),
});

const rawSwitch = (bench, version, depth) => ({
  name: `raw switch at call depth ${depth}, Node ${version}`,
  unit: 'ns',
  target: null,
  note: 'one resume and one suspend, 100 coroutines in turn, no scheduler: the best of 5 runs.',
  ours: under(bench, version).node
    ? under(bench, version).rawSwitch(depth)
    : bench.missing(`npm's node@${version}`),
  peers: { [fibers]: under(bench, version).fiber(depth) },
});

const stepInPage = (pages, browser, depth) => ({
  name: `sp_sleep(0) step at call depth ${depth}, ${browsers[browser]}`,
  unit: 'ns',
  target: null,
  note: 'the same program in a page.',
  ours: pages.program(browser, 'step', '100', `${depth}`),
  peers: {},
});

// --- creating

const create = (bench, version) => ({
  name: `create, run, join, Node ${version}`,
  unit: 'ns',
  target: 250,
  note: 'one after another, a task that does nothing. JSPI: a stack that is begun, runs and ends.',
  ours: under(bench, version).ours('create', 'one'),
  peers: {
    'async function': under(bench, version).peer('node', 'create', 'one'),
    JSPI: version < 26 ? bench.missing('Node 26') : under(bench, version).peer('jspi', 'start'),
  },
});

const createInPage = (pages, browser) => ({
  name: `create, run, join, ${browsers[browser]}`,
  unit: 'ns',
  target: 250,
  note: 'the same program in a page.',
  ours: pages.program(browser, 'create', 'one'),
  peers: {},
});

// --- memory

const parked = (bench, version) => ({
  name: `a parked task of 1,000,000, Node ${version}`,
  unit: 'bytes',
  target: 1024,
  note:
    "what the module's memory grows by while they begin to sleep, each with the smallest stack, its timer " +
    'and its places in the queues included. async functions: of the process. JSPI ends at some 32,000 stacks.',
  ours: under(bench, version).ours('parked', 'resident', '1000000', '512'),
  peers: { 'async function': under(bench, version).peer('node', 'parked') },
});

// --- a turn

const turn = (bench, version) => ({
  name: `an empty turn of the loop, Node ${version}`,
  unit: 'ns',
  target: [{ peer: 'setImmediate', times: 1.5 }],
  note: 'from the event loop into C, where nothing is to do, and back: 100,000 one after another.',
  ours: under(bench, version).ours('turn'),
  peers: { setImmediate: under(bench, version).peer('turns') },
});

const turnInPage = (pages, browser) => ({
  name: `an empty turn of the loop, ${browsers[browser]}`,
  unit: 'ns',
  target: [{ peer: 'MessageChannel', times: 1.5 }],
  note: 'the same in a page; the peer posts a message to itself when one arrives.',
  ours: pages.program(browser, 'turn'),
  peers: { MessageChannel: pages.peer(browser, 'turns.mjs', 'byMessageChannel') },
});

export async function rows(bench) {
  const pages = new Pages(bench);
  const inBoth = Object.keys(browsers);
  const each = (list, row, ...depths) =>
    list.flatMap((where) =>
      depths.length > 0 ? depths.map((depth) => row(where, depth)) : [row(where)],
    );
  return [
    ...each(nodes, (version, depth) => step(bench, version, depth), 0, 4, 16),
    ...each(nodes, (version, depth) => rawSwitch(bench, version, depth), 0, 4, 16),
    ...each(inBoth, (browser, depth) => stepInPage(pages, browser, depth), 0, 4),
    ...each(nodes, (version) => create(bench, version)),
    ...each(inBoth, (browser) => createInPage(pages, browser)),
    ...each(nodes, (version) => parked(bench, version)),
    ...each(nodes, (version) => turn(bench, version)),
    ...each(inBoth, (browser) => turnInPage(pages, browser)),
  ];
}
