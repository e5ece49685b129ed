// The cases for async functions and promises.
// usage: node.mjs step COUNT [0 [random]] | create one|batch | message ROOM | semaphore | sleeps |
// parked | stacks

const steps = 5_000_000;
const stepsAtLeast = 6;
const created = 2_000_000;
const batch = 10_000;
const messages = 1_000_000;
const passing = 1000;
const passes = 100;
const permits = 20;
const sleeping = 100_000;
const sleepsOfEach = 10;
const parkedTasks = 1_000_000;

function withResolver() {
  let resolve;
  const promise = new Promise((resolves) => (resolve = resolves));
  return { promise, resolve };
}

async function yieldFor(rounds) {
  for (let i = 0; i < rounds; i++) await null;
}

function shuffle(values) {
  for (let left = values.length; left > 1; left--) {
    const other = Math.floor(Math.random() * left);
    [values[left - 1], values[other]] = [values[other], values[left - 1]];
  }
  return values;
}

async function step(count, inRandomOrder) {
  const rounds = Math.max(Math.floor(steps / count), stepsAtLeast);
  let taken;
  const member = async (begin, takesTime) => {
    await begin?.promise;
    await yieldFor(Math.floor(rounds / 5) + 1);
    const began = performance.now();
    await yieldFor(rounds);
    if (takesTime) taken = performance.now() - began;
  };
  const begins = Array.from({ length: count }, () => (inRandomOrder ? withResolver() : undefined));
  const tasks = begins.map((begin, i) => member(begin, i === 0));
  if (inRandomOrder) for (const begin of shuffle(begins)) begin.resolve();
  for (const task of tasks) await task;
  return (taken * 1e6) / rounds / count;
}

async function nothing() {}

async function createOne(count) {
  for (let i = 0; i < count; i++) await nothing();
}

async function createBatches(count) {
  const tasks = new Array(batch);
  for (let done = 0; done < count; done += batch) {
    for (let i = 0; i < batch; i++) tasks[i] = nothing();
    for (let i = 0; i < batch; i++) await tasks[i];
  }
}

async function create(how) {
  await how(created / 5);
  const began = performance.now();
  await how(created);
  return ((performance.now() - began) * 1e6) / created;
}

// A ring of a fixed size, and at most one who waits on each side.
class Queue {
  constructor(room) {
    this.items = new Array(room);
    this.first = 0;
    this.count = 0;
  }
  async put(item) {
    while (this.count === this.items.length)
      await new Promise((resolve) => (this.notFull = resolve));
    this.items[(this.first + this.count++) % this.items.length] = item;
    this.notEmpty?.();
    this.notEmpty = undefined;
  }
  async get() {
    while (this.count === 0) await new Promise((resolve) => (this.notEmpty = resolve));
    const item = this.items[this.first];
    this.first = (this.first + 1) % this.items.length;
    this.count--;
    this.notFull?.();
    this.notFull = undefined;
    return item;
  }
}

async function message(room) {
  const queue = new Queue(room);
  const produce = async () => {
    for (let i = 0; i < messages * 1.2; i++) await queue.put(queue);
  };
  const producer = produce();
  for (let i = 0; i < messages / 5; i++) await queue.get();
  const began = performance.now();
  for (let i = 0; i < messages; i++) await queue.get();
  const taken = performance.now() - began;
  await producer;
  return (taken * 1e6) / messages;
}

// Who releases hands its permit to the one who has waited longest.
class Semaphore {
  constructor(free) {
    this.free = free;
    this.waiting = [];
    this.first = 0;
  }
  acquire() {
    if (this.free > 0) {
      this.free--;
      return undefined;
    }
    return new Promise((resolve) => this.waiting.push(resolve));
  }
  release() {
    if (this.first === this.waiting.length) this.free++;
    else this.waiting[this.first++]();
  }
}

async function passAll() {
  const semaphore = new Semaphore(permits);
  const pass = async () => {
    for (let i = 0; i < passes; i++) {
      await semaphore.acquire();
      await null;
      semaphore.release();
    }
  };
  await Promise.all(Array.from({ length: passing }, pass));
}

async function semaphore() {
  await passAll();
  const began = performance.now();
  await passAll();
  return performance.now() - began;
}

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function sleeps() {
  const sleeper = async () => {
    for (let i = 0; i < sleepsOfEach; i++) await sleep(Math.random() * 10);
  };
  await Promise.all(Array.from({ length: sleeping }, sleeper));
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

const park = async () => {
  await sleep(1e9);
};

async function parked() {
  const before = process.memoryUsage.rss();
  for (let i = 0; i < parkedTasks; i++) park();
  await null;
  return (process.memoryUsage.rss() - before) / parkedTasks;
}

async function stacks() {
  const began = performance.now();
  for (let i = 0; i < sleeping; i++) park();
  await null;
  return ((performance.now() - began) * 1e3) / sleeping;
}

const cases = {
  step: (count, _depth, order) => step(Number(count), order === 'random'),
  create: (how) => create({ one: createOne, batch: createBatches }[how]),
  message: (room) => message(Number(room)),
  semaphore,
  sleeps,
  parked,
  stacks,
};

const [name, ...words] = process.argv.slice(2);
if (!Object.hasOwn(cases, name ?? '')) {
  process.stderr.write(`usage: node.mjs ${Object.keys(cases).join('|')} [SIZE]\n`);
  process.exit(2);
}
process.stdout.write(`${(await cases[name](...words)).toFixed(3)}\n`, () => process.exit(0));
