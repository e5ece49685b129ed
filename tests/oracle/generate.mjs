// Makes random concurrent programs in the oracle's language, each from a seed: the same seed gives the
// same program for ever. README.md in this folder describes the language.
//
// What finds faults is many things at the same moment, so times are few and equal, objects are few and
// wanted by many tasks, and cancellations come from everywhere. A program ends: loops are bounded,
// calls go to later coroutines only, and each task's name is used once.

function randomNumbers(seed) {
  let state = (Math.imul(seed, 0x9e3779b9) ^ 0x85ebca6b) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const delays = ['0', '0', '0.125', '0.125', '0.25', '0.25', '0.25', '0.375', '0.5', '1', '-1'];
const limits = ['0', '0.125', '0.125', '0.25', '0.25', '0.5', '1', '-1', 'inf'];
const moments = ['0', '0.125', '0.25', '0.25', '0.5', '0.75', '1'];
const kindsOfErrors = [
  'any',
  'cancelled',
  'cancelled',
  'cancelled',
  'error',
  'user',
  'timedout',
  'group',
];

// The families of operations: a program emphasises some of them.
const families = [
  'futures',
  'callbacks',
  'gather',
  'wait',
  'shield',
  'timeouts',
  'groups',
  'locks',
  'events',
  'conditions',
  'semaphores',
  'barriers',
  'queues',
  'locals',
  'generators',
];

// Those of which one alone makes a storm: many tasks at one object, woken and cancelled at the same
// moments.
const stormy = [
  'locks',
  'events',
  'conditions',
  'semaphores',
  'semaphores',
  'barriers',
  'queues',
  'queues',
];

class Maker {
  constructor(seed) {
    this.seed = seed;
    this.random = randomNumbers(seed);
    this.lines = [];
    this.messages = 0;
    this.blocks = 0;
  }

  // --- choices

  below(count) {
    return Math.floor(this.random() * count);
  }
  between(least, most) {
    return least + this.below(most - least + 1);
  }
  chance(probability) {
    return this.random() < probability;
  }
  pick(list) {
    return list[this.below(list.length)];
  }
  some(list, least, most) {
    const left = [...list];
    const taken = [];
    for (let count = Math.min(left.length, this.between(least, most)); count > 0; count--)
      taken.push(...left.splice(this.below(left.length), 1));
    return taken;
  }
  // One of [weight, value] pairs.
  weighted(pairs) {
    let at = this.random() * pairs.reduce((sum, [weight]) => sum + weight, 0);
    return (pairs.find(([weight]) => (at -= weight) < 0) ?? pairs.at(-1))[1];
  }

  // --- the program

  program() {
    this.chooseFamilies();
    this.declare();
    this.helpers = this.between(0, 2);
    this.callbackCount = this.has('callbacks') ? this.between(1, 3) : this.between(0, 1);
    this.producerCount = this.has('generators') ? this.between(1, 2) : 0;
    for (let i = 0; i < this.callbackCount; i++) this.callback(i);
    for (let i = this.helpers - 1; i >= 0; i--) this.coroutine(`d${i}`, { helper: i });
    for (let i = 0; i < this.producerCount; i++) this.producer(i);
    for (let i = 1; i < this.tasks; i++) this.coroutine(`a${i}`, { slot: i });
    this.main();
    return `${[`# seed ${this.seed}`, ...this.lines].join('\n')}\n`;
  }

  chooseFamilies() {
    this.eager = this.pick([0.1, 0.2, 0.2, 0.7]);
    const chosen = this.chance(0.1)
      ? families
      : this.some(
          families,
          ...this.pick([
            [1, 2],
            [2, 5],
          ]),
        );
    this.objectsOfAKind = chosen.length < 3 ? 1 : 2; // many tasks at few objects, or fewer at more
    this.storm = this.chance(0.35);
    this.families = new Set(this.storm ? [this.pick(stormy)] : chosen);
    if (this.storm) this.objectsOfAKind = 1;
    this.tasks = this.has('groups') ? this.between(5, 11) : this.between(3, 9);
  }
  has(family) {
    return this.families.has(family);
  }

  declare() {
    this.objects = {};
    const add = (letter, count, line) => {
      this.objects[letter] = Array.from({ length: count }, (_, i) => `${letter}${i}`);
      for (const name of this.objects[letter]) this.lines.push(line(name));
    };
    const many = (family, least = 1) =>
      this.has(family) ? this.between(least, this.objectsOfAKind) : 0;
    add('f', this.has('futures') ? this.between(1, 3) : this.between(0, 1), (f) => `future ${f}`);
    add('l', many('locks'), (l) => `lock ${l}`);
    add('e', many('events'), (e) => `event ${e}`);
    add('c', many('conditions'), (c) => {
      const shared = this.objects.l.length > 0 && this.chance(0.5);
      return `condition ${c}${shared ? ` ${this.pick(this.objects.l)}` : ''}`;
    });
    add('s', many('semaphores'), (s) =>
      this.chance(0.5)
        ? `semaphore ${s} ${this.between(0, 2)}`
        : `bounded ${s} ${this.between(1, 2)}`,
    );
    add('b', many('barriers'), (b) => `barrier ${b} ${this.pick([1, 2, 2, 2, 3])}`);
    add('q', many('queues'), (q) => {
      const kind = this.pick(['queue', 'queue', 'lifo', 'priority']);
      return `${kind} ${q} ${this.pick([0, 1, 1, 2, 3])}`;
    });
    add('v', many('locals'), (v) => `local ${v}`);
    add('x', this.has('conditions') ? 1 : 0, (x) => `counter ${x}`);
    this.objects.t = Array.from({ length: this.tasks }, (_, i) => `t${i}`);
    this.objects.h = ['h0', 'h1', 'h2'];
    this.objects.g = ['g0', 'g1'];
    this.objects.n = ['n0', 'n1'];
    this.objects.m = ['m0', 'm1', 'm2'];
  }
  one(letter) {
    return this.pick(this.objects[letter]);
  }

  // --- definitions

  define(head, body) {
    this.lines.push(head, ...body.map((line) => `  ${line}`), 'end');
  }

  coroutine(name, where) {
    const body = this.body({ kind: 'coroutine', depth: 0, ...where }, this.between(2, 7));
    if (this.has('groups') && where.slot + 1 < this.tasks && this.chance(0.35))
      body.splice(this.below(2), 0, `?${this.spawn(where.slot + 1, this.one('n'))}`);
    if (this.chance(0.4)) body.push(`return ${this.below(10)}`);
    else if (this.chance(0.25)) body.push(`raise ${this.between(1, 9)} ${this.message(1)}`);
    this.define(`coroutine ${name}`, body);
  }

  callback(number) {
    const where = { kind: 'callback', depth: 2, callback: number };
    const body = this.body(where, this.between(1, 3));
    this.define(`callback k${number}`, body);
  }

  producer(number) {
    const where = { kind: 'producer', depth: 1 };
    const body = this.body(where, this.between(2, 5));
    const value = () => `yield ${this.below(10)}`;
    for (let count = this.between(1, 3); count > 0; count--)
      // In the middle of a block, perhaps.
      body.splice(this.below(body.length + 1), 0, ...this.perhapsTried(where, [value()]));
    this.define(`producer p${number}`, body);
  }

  // A callback that gives everybody who waits something to go on with.
  rescue() {
    const { f, e, l, s, q } = this.objects;
    this.define('callback rescue', [
      ...f.map((name) => `?set ${name} 7`),
      ...e.map((name) => `eset ${name}`),
      ...[...l, ...s].map((name) => `?release ${name}`),
      ...q.map((name) => (this.chance(0.7) ? `?tryput ${name} 19` : `shutdown ${name}`)),
    ]);
  }

  main() {
    const where = { kind: 'coroutine', depth: 0, slot: 0 };
    const body = [];
    if (this.chance(0.7)) {
      this.rescue();
      for (const when of this.some(['0.25', '0.5', '1', '1.5', '2', '3'], 1, 3))
        body.push(`later h9 ${when} rescue`);
    }
    if (this.has('generators'))
      for (const g of this.objects.g) body.push(`open ${g} p${this.below(this.producerCount)}`);
    for (let i = 1; i < this.tasks; i++) {
      if (this.chance(this.has('groups') ? 0.3 : 0.85)) body.push(this.spawn(i));
      if (this.chance(0.15)) body.push(...this.body(where, 1));
    }
    if (this.has('wait'))
      body.push(`iterate i0 ${this.pick(['0.25', '0.5', 'inf'])} ${this.targets({ slot: 0 })}`);
    if (this.storm) body.push(...this.gusts());
    else body.push(...this.body(where, this.between(3, 8)));
    if (this.chance(0.5))
      body.push(`?sleep ${this.pick(moments)}`, ...this.body(where, this.between(1, 4)));
    if (this.chance(0.5)) body.push(`?gatherall ${this.objects.t.slice(1).join(' ')}`);
    this.define('coroutine main', body);
  }

  gusts() {
    const lines = [];
    for (let count = this.between(3, 8); count > 0; count--) {
      lines.push(`?sleep ${this.pick(['0', '0', '0.125', '0.25'])}`);
      for (let i = this.between(1, 3); i > 0; i--) lines.push(...this.wakeAndCancel());
    }
    return lines;
  }

  // --- bodies

  body(where, count) {
    const lines = [];
    for (; count > 0; count--) lines.push(...this.step(where));
    return lines;
  }

  step(where) {
    if (this.storm && where.kind === 'coroutine' && this.chance(0.75)) {
      if (where.depth === 0) return this[this.pick([...this.families])](where);
      return [`?sleep ${this.pick(['0', '0', '0.125', '0.25'])}`];
    }
    const choices = [[6, () => this.taskStep(where)]];
    if (this.wakes().length > 0) choices.push([3, () => this.wakeAndCancel()]);
    for (const family of this.families)
      choices.push([
        family === 'groups' || family === 'timeouts' ? 7 : 5,
        () => this[family](where),
      ]);
    if (where.kind !== 'callback')
      choices.push([4, () => [this.perhaps(`sleep ${this.pick(delays)}`, 0.15)]]);
    if (where.depth < 3 && where.kind !== 'callback')
      choices.push([4, () => this.tryBlock(where)], [1, () => this.loop(where)]);
    return this.weighted(choices)();
  }

  // What lets somebody who waits go on.
  wakes() {
    const { f, l, e, c, s, b, q } = this.objects;
    return [
      ...(this.storm ? b.map((name) => `bstate ${name}`) : []),
      ...f.map((name) => `?set ${name} ${this.below(10)}`),
      ...[...l, ...s, ...s].map((name) => `?release ${name}`),
      ...e.map((name) => `eset ${name}`),
      ...c.map((name) => `?notify ${name} 1`),
      ...q.flatMap((name) => [`?tryput ${name} ${this.between(10, 39)}`, `?tryget ${name}`]),
    ];
  }
  // Somebody is woken and cancelled at once, perhaps.
  wakeAndCancel() {
    const t = this.one('t');
    const lines = [this.pick(this.wakes()), `cancel ${t} ${this.message()}`];
    if (this.chance(0.3)) lines.reverse();
    if (this.chance(0.2)) lines.push(`uncancel ${t}`);
    if (this.chance(0.2)) lines.push(this.pick(this.wakes()));
    return lines;
  }

  // An operation whose error is swallowed now and then.
  perhaps(line, probability = 0.5) {
    return this.chance(probability) ? `?${line}` : line;
  }
  deeper(where) {
    return { ...where, depth: where.depth + 1 };
  }
  inside(where, least, most) {
    return this.body(this.deeper(where), this.between(least, most)).map((line) => `  ${line}`);
  }
  message(least = 0) {
    return least === 0 && this.chance(0.5) ? '-' : `m${++this.messages}`;
  }

  tryBlock(where) {
    const lines = ['try', ...this.inside(where, 1, 3)];
    const handler = this.chance(0.75);
    if (handler) {
      lines.push(`except ${this.pick(kindsOfErrors)}`);
      if (this.chance(0.6)) lines.push(...this.inside(where, 1, 2));
      if (this.chance(0.5)) lines.push('  reraise');
    }
    if (!handler || this.chance(0.35)) lines.push('finally', ...this.inside(where, 1, 2));
    return [...lines, 'end'];
  }
  perhapsTried(where, lines) {
    if (this.chance(0.5)) return lines;
    const inside = lines.map((line) => `  ${line}`);
    if (this.chance(0.5)) return ['try', ...inside, 'finally', ...this.inside(where, 1, 2), 'end'];
    const end = this.chance(0.6) ? ['  reraise'] : [];
    return [
      'try',
      ...inside,
      `except ${this.pick(kindsOfErrors)}`,
      ...this.inside(where, 0, 2),
      ...end,
      'end',
    ];
  }
  loop(where) {
    return [`loop ${this.between(2, 3)}`, ...this.inside(where, 1, 2), 'end'];
  }
  block(where, head, named = {}) {
    const line = this.perhaps(head, 0.3);
    return [line, ...this.inside({ ...where, ...named }, 1, 3), 'end'];
  }
  // --- tasks and futures

  spawn(number, group) {
    const words = [`spawn t${number} a${number}`];
    if (group) words.push(`in=${group}`);
    if (this.chance(this.eager)) words.push('eager');
    if (this.chance(0.1)) words.push(`name=n${number}`);
    return words.join(' ');
  }
  // A task that may be awaited from here.
  laterTask({ slot = 0 }) {
    return `t${slot + 1 < this.tasks ? this.between(slot + 1, this.tasks - 1) : slot}`;
  }
  target(where) {
    return this.objects.f.length > 0 && this.chance(0.3) ? this.one('f') : this.laterTask(where);
  }
  targets(where, least = 1) {
    const first = (where.slot ?? 0) + 1;
    return this.some([...this.objects.t.slice(first), ...this.objects.f], least, 4).join(' ');
  }
  anything() {
    return this.pick([...this.objects.t, ...this.objects.f]);
  }

  taskStep(where) {
    const quiet = [
      [5, () => `cancel ${this.anything()} ${this.message()}`],
      [1, () => `uncancel ${this.one('t')}`],
      [1, () => `cancelling ${this.one('t')}`],
      [1, () => `?result ${this.anything()}`],
      [1, () => `error ${this.anything()}`],
      [0.5, () => `done ${this.anything()}`],
      [0.5, () => `cancelled ${this.anything()}`],
      [0.5, () => `name ${this.one('t')}`],
      [0.3, () => `rename ${this.one('t')} r${this.below(9)}`],
      [0.5, () => 'all'],
      [0.3, () => 'current'],
      [0.04, () => 'stop'],
      [0.7, () => this.spawn(this.between(1, this.tasks - 1))],
    ];
    if (where.kind === 'callback') return [this.weighted(quiet)()];
    const calls = this.helpers - 1 - (where.helper ?? -1);
    return [
      this.weighted([
        ...quiet,
        [4, () => this.perhaps(`await ${this.target(where)}`)],
        [
          calls > 0 ? 2 : 0,
          () => this.perhaps(`call d${this.between((where.helper ?? -1) + 1, this.helpers - 1)}`),
        ],
        [
          0.7,
          () =>
            `raise ${this.weighted([
              [4, this.between(1, 9)],
              [1, 'cancelled'],
              [1, 'timedout'],
            ])} ${this.message(1)}`,
        ],
        [0.3, () => `return ${this.below(10)}`],
      ])(),
    ];
  }

  futures(where) {
    if (this.objects.f.length === 0) return this.taskStep(where);
    const f = this.one('f');
    const quiet = () => [
      this.weighted([
        [3, `?set ${f} ${this.below(10)}`],
        [1.5, `?fail ${f} ${this.between(1, 9)} ${this.message(1)}`],
        [1, `cancel ${f} ${this.message()}`],
      ]),
    ];
    if (where.kind === 'callback' || this.chance(0.6)) return quiet();
    return [this.perhaps(`await ${f}`)];
  }

  // A callback schedules only those after it: that might go on for ever.
  callbacks(where) {
    const first = (where.callback ?? -1) + 1;
    if (first >= this.callbackCount) return this.taskStep(where);
    const [h, x] = [this.one('h'), this.anything()];
    const k = `k${this.between(first, this.callbackCount - 1)}`;
    if (this.chance(0.15))
      return [`watch ${x} ${k}`, `watch ${x} k${this.callbackCount - 1}`, `unwatch ${x} ${k}`];
    if (this.chance(0.01)) return this.crowd(k);
    return this.weighted([
      [2, [`soon ${h} ${k}`]],
      [2, [`later ${h} ${this.pick(delays)} ${k}`]],
      [1, [`at ${h} ${this.pick(moments)} ${k}`]],
      [1, [`drop ${h}`]],
      [0.5, [`when ${h}`]],
      [2, [`watch ${x} ${k}`]],
      [0.7, [`unwatch ${x} ${k}`]],
    ]);
  }
  // More timers than asyncio keeps in its heap once most of them are cancelled.
  crowd(k) {
    const times = this.between(100, 140);
    return [`loop ${times}`, `  later h8 0.5 ${k}`, '  drop h8', 'end', `later h8 0.5 ${k}`];
  }

  // --- waits

  gather(where) {
    if (where.kind === 'callback') return this.taskStep(where);
    return [
      this.perhaps(
        `${this.pick(['gather', 'gatherall'])} ${this.targets(where, this.chance(0.1) ? 0 : 1)}`.trim(),
      ),
    ];
  }
  wait(where) {
    if (where.kind === 'callback') return this.taskStep(where);
    const i = this.pick(['i0', 'i1']);
    const mode = this.pick(['FIRST_COMPLETED', 'FIRST_EXCEPTION', 'ALL_COMPLETED']);
    return this.weighted([
      [3, () => [this.perhaps(`wait ${mode} ${this.pick(limits)} ${this.targets({ slot: 0 })}`)]],
      [0.7, () => [`iterate ${i} ${this.pick(limits)} ${this.targets({ slot: 0 })}`]],
      [3, () => [this.perhaps(`advance ${i}`, 0.7)]],
      [0.2, () => [`leave ${i}`]],
      [
        where.depth < 3 ? 2 : 0,
        () => this.block(where, `each ${this.pick(limits)} ${this.targets(where)}`),
      ],
    ])();
  }
  shield(where) {
    if (where.kind === 'callback') return this.taskStep(where);
    return [this.perhaps(`shield ${this.target(where)}`)];
  }
  timeouts(where) {
    const quiet = () => {
      const m = this.chance(0.8) && where.limit ? where.limit : this.one('m');
      return this.chance(0.6) ? `?reschedule ${m} ${this.pick(limits)}` : `limit ${m}`;
    };
    if (where.kind === 'callback' || this.chance(where.limit ? 0.4 : 0.1)) return [quiet()];
    if (this.chance(0.35) || where.depth >= 3)
      return [this.perhaps(`waitfor ${this.target(where)} ${this.pick(limits)}`)];
    const m = this.one('m');
    const head = this.chance(0.2)
      ? `timeoutat ${m} ${this.pick(moments)}`
      : `timeout ${m} ${this.pick(limits)}`;
    return this.block(where, head, { limit: m });
  }
  groups(where) {
    const spawn = () => {
      const n = this.chance(0.8) && where.group ? where.group : this.one('n');
      return this.perhaps(this.spawn(this.between(1, this.tasks - 1), n), 0.8);
    };
    // A yield may fall into what is made here, and a group is no place for it.
    const place = where.kind === 'coroutine' && where.depth < 3;
    if (!place || this.chance(0.25)) return [spawn()];
    const n = this.one('n');
    const [head, ...rest] = this.block(where, `group ${n}`, { group: n });
    const spawned = Array.from({ length: this.between(0, 2) }, () => {
      return `  ${this.perhaps(this.spawn(this.between(Math.min((where.slot ?? 0) + 1, this.tasks - 1), this.tasks - 1), n), 0.8)}`;
    });
    return [head, ...spawned, ...rest];
  }

  // --- synchronisation

  lockLike(where, letter) {
    const o = this.one(letter);
    if (where.kind !== 'callback' && where.depth < 3 && this.chance(this.storm ? 0.8 : 0.5))
      return this.block(where, `with ${o}`);
    return [
      this.weighted([
        [where.kind === 'callback' ? 0 : 2, this.perhaps(`acquire ${o}`, 0.4)],
        [2, `?release ${o}`],
        [0.5, `locked ${o}`],
      ]),
    ];
  }
  locks(where) {
    return this.lockLike(where, 'l');
  }
  semaphores(where) {
    return this.lockLike(where, 's');
  }
  events(where) {
    const e = this.one('e');
    return [
      this.weighted([
        [where.kind === 'callback' ? 0 : 4, this.perhaps(`ewait ${e}`, 0.3)],
        [2, `eset ${e}`],
        [1, `eclear ${e}`],
        [0.5, `eisset ${e}`],
      ]),
    ];
  }
  conditions(where) {
    const [c, x] = [this.one('c'), this.one('x')];
    if (this.chance(0.15)) return this.lockLike(where, 'c');
    const tell = () =>
      this.weighted([
        [2, `?notify ${c} ${this.between(0, 2)}`],
        [1, `?notifyall ${c}`],
      ]);
    if (where.kind === 'callback') return [`add ${x} 1`, tell()];
    const wait = () =>
      this.chance(0.5) ? `cwait ${c}` : `cwaitfor ${c} ${x} ${this.between(0, 3)}`;
    if (this.chance(0.1)) return [this.perhaps(wait(), 0.7)];
    const inside = this.chance(0.6) ? [wait()] : [`add ${x} 1`, tell()];
    if (this.chance(0.3)) inside.push(`?sleep ${this.pick(delays)}`);
    return [this.perhaps(`with ${c}`, 0.3), ...inside.map((line) => `  ${line}`), 'end'];
  }
  barriers(where) {
    const b = this.one('b');
    if (where.kind === 'callback') return [`bstate ${b}`];
    return [
      this.weighted([
        [5, this.perhaps(`bwait ${b}`)],
        [1, `?breset ${b}`],
        [0.5, `?babort ${b}`],
        [1, `bstate ${b}`],
      ]),
    ];
  }
  queues(where) {
    const [q, number] = [this.one('q'), this.between(10, 39)];
    const suspending = where.kind === 'callback' ? 0 : 1;
    return [
      this.weighted([
        [3 * suspending, this.perhaps(`put ${q} ${number}`, 0.4)],
        [3 * suspending, this.perhaps(`get ${q}`, 0.4)],
        [0.7 * suspending, this.perhaps(`join ${q}`)],
        [1.5, `?tryput ${q} ${number}`],
        [1.5, `?tryget ${q}`],
        [1, `?taskdone ${q}`],
        [0.3, `shutdown ${q}${this.chance(0.5) ? ' now' : ''}`],
        [0.5, `qstate ${q}`],
      ]),
    ];
  }

  // --- task-locals and generators

  locals() {
    const v = this.one('v');
    return [this.chance(0.5) ? `setlocal ${v} ${this.between(1, 9)}` : `getlocal ${v}`];
  }
  generators(where) {
    const [g, p] = [this.one('g'), `p${this.below(this.producerCount)}`];
    if (where.kind === 'callback') return [this.pick([`open ${g} ${p}`, `free ${g}`])];
    return [
      this.weighted([
        [1, `open ${g} ${p}`],
        [5, this.perhaps(`next ${g}`)],
        [
          1,
          this.perhaps(
            `throw ${g} ${this.pick([3, 4, 'cancelled', 'timedout'])} ${this.message(1)}`,
          ),
        ],
        [1.5, this.perhaps(`close ${g}`)],
        [0.7, `free ${g}`],
      ]),
    ];
  }
}

export function generate(seed) {
  return new Maker(seed).program();
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  process.stdout.write(generate(Number(process.argv[2])));
}
