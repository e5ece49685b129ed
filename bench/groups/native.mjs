// What spindle does natively, beside schedulers of tasks in other languages and libraries.

export const title = 'Native';

// --- the contenders: each takes the words of a case ---

const ours = (bench, [name, ...words]) =>
  bench.program(`${bench.root}build/native/bench/${name}`, ...words);

// It prints "DEPTH NANOSECONDS" for a round trip at three depths of calls.
function ourSwitch(bench) {
  const path = `${bench.root}build/native/bench/switch`;
  return async () => Number(/^0 (\S+)$/m.exec(await bench.output(path))?.[1]) / 2;
}

function compiled(name, missing) {
  return (bench, words) => {
    const path = bench.built('native', name);
    return path ? bench.program(path, ...words) : bench.missing(missing);
  };
}

function goOnOneThread(bench, words) {
  const path = bench.built('native', 'go-tasks');
  return path ? bench.program('env', 'GOMAXPROCS=1', path, ...words) : bench.missing('golang-go');
}

function onNode(version) {
  return (bench, words) => {
    const node = bench.node(version);
    const script = `${bench.root}bench/peers/node.mjs`;
    return node ? bench.program(node, script, ...words) : bench.missing(`npm's node@${version}`);
  };
}

// Both loops in the same Python, where one has both.
function inPython(loop) {
  return (bench, words) => {
    const python = bench.python('uvloop') ?? (loop === 'asyncio' ? bench.python() : undefined);
    const script = `${bench.root}bench/peers/asyncio_tasks.py`;
    const missing = loop === 'asyncio' ? 'python3' : 'python3-uvloop';
    return python ? bench.program(python, script, loop, ...words) : bench.missing(missing);
  };
}

const peers = {
  fcontext: compiled('fcontext', 'libboost-context-dev'),
  ucontext: compiled('ucontext', 'ucontext.h'),
  uv_timer_t: compiled('uv_timers', 'libuv1-dev'),
  'State Threads': compiled('st', 'libst-dev'),
  Go: compiled('go-tasks', 'golang-go'),
  'Go, GOMAXPROCS=1': goOnOneThread,
  'Node 20': onNode(20),
  'Node 26': onNode(26),
  asyncio: inPython('asyncio'),
  uvloop: inPython('uvloop'),
};
const schedulers = [
  'State Threads',
  'Go',
  'Go, GOMAXPROCS=1',
  'Node 20',
  'Node 26',
  'asyncio',
  'uvloop',
];

// --- the cases; their words are the same for all programs, but for ourWords ---

const switching = [
  {
    name: 'raw switch, one way',
    unit: 'ns',
    target: 3.5,
    words: ['switch'],
    measureOurs: ourSwitch,
    peers: ['fcontext', 'ucontext'],
    note:
      'half of a resume and a suspend, 100 coroutines in turn, no scheduler; of spindle the best of 5 ' +
      'runs in a process, of the others one run after a warm-up.',
  },
  {
    name: 'sp_sleep(0) step, 2 tasks',
    unit: 'ns',
    target: 10,
    words: ['step', '2'],
    peers: schedulers,
    note:
      'all tasks yield in turn. State Threads: each signals the condition of the next and waits for its ' +
      'own, which is faster than st_usleep(0).',
  },
  {
    name: 'sp_sleep(0) step, 10,000 tasks',
    unit: 'ns',
    target: 18,
    words: ['step', '10000'],
    peers: schedulers,
    note: 'the same.',
  },
  {
    name: 'sp_sleep(0) step, 1,000,000 tasks in random order',
    unit: 'ns',
    target: 120,
    words: ['step', '1000000', '0', 'random'],
    peers: ['Go', 'Node 26'],
    note:
      'the tasks begin in an order that has nothing to do with where they lie in memory, keep it, and ' +
      'each yields some times after a warm-up. (asyncio takes 2 us a step, and half a minute for this.)',
  },
];

const creating = [
  {
    name: 'create, run, join, one after another',
    unit: 'ns',
    target: 25,
    words: ['create', 'one'],
    peers: schedulers,
    note: 'a task that does nothing. Under Node an async function, which runs at once, without a loop.',
  },
  {
    name: 'create, run, join, batches of 10,000',
    unit: 'ns',
    target: 70,
    words: ['create', 'batch'],
    peers: schedulers,
    note: 'all of a batch are created before the first is joined.',
  },
  {
    name: 'creating 100,000 tasks on new stacks, each',
    unit: 'us',
    target: 3.6,
    words: ['stacks'],
    peers: schedulers,
    note:
      'until each has made its first step and sleeps, in a new process, whose first touch of each page ' +
      "is in it. Only spindle's stacks have guards; Go's are of 2 KiB; tasks of Node and Python have none.",
  },
];

const waiting = [
  {
    name: 'message between two tasks, queue of 1',
    unit: 'ns',
    target: 25,
    words: ['message', '1'],
    peers: schedulers,
    note:
      'a pointer through sp_queue, a channel, asyncio.Queue, and through a ring with conditions (State ' +
      'Threads) or with promises (Node).',
  },
  {
    name: 'message between two tasks, queue of 128',
    unit: 'ns',
    target: 12,
    words: ['message', '128'],
    peers: schedulers,
    note: 'the same.',
  },
  {
    name: 'semaphore(20), 100,000 passes with a yield inside',
    unit: 'ms',
    target: 8,
    words: ['semaphore'],
    peers: schedulers,
    note:
      '1,000 tasks pass 100 times each, their creation and joining included, after one such run. Go: a ' +
      'channel with room for 20; State Threads: a count and a condition; Node: a list of resolvers.',
  },
  {
    name: '100,000 tasks, 10 sleeps each of 0 to 10 ms, CPU',
    unit: 's',
    target: [{ peer: 'uv_timer_t', times: 0.6 }],
    words: ['sleeps'],
    peers: ['uv_timer_t', 'Go', 'Node 20', 'asyncio'],
    note:
      "the processor's time of the whole process. uv_timer_t: libuv's timers alone, without tasks, each " +
      "restarted in its callback; libuv's and Node's are in whole milliseconds.",
  },
];

const memory = [
  {
    name: 'a parked task of 1,000,000, resident',
    unit: 'bytes',
    target: 4.25 * 1024,
    words: ['parked'],
    ourWords: ['parked', 'resident'],
    peers: ['Go', 'Node 26', 'asyncio'],
    note: 'what VmRSS grows by while they begin to sleep. Each of spindle has a guarded stack.',
  },
  {
    name: 'a parked task of 1,000,000, page tables',
    unit: 'bytes',
    target: 128,
    words: ['parked', 'tables'],
    peers: [],
    note: 'what VmPTE grows by in the same program.',
  },
];

export async function rows(bench) {
  return [...switching, ...creating, ...waiting, ...memory].map(
    ({ words, ourWords = words, measureOurs = ours, peers: names, ...row }) => ({
      ...row,
      ours: measureOurs(bench, ourWords),
      peers: Object.fromEntries(names.map((name) => [name, peers[name](bench, words)])),
    }),
  );
}
