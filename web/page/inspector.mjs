// Looks into the programs that run, a few times a second: the tree of tasks, the places in the source
// and the counters of one of them. It is the one that began last, unless somebody chooses another.

import { Counters, formatCount } from './counters.mjs';
import { setText } from './frame.mjs';
import { SourceView } from './source-view.mjs';
import { TaskTree } from './task-tree.mjs';

const period = 200; // milliseconds
const mostListed = 1000;

export class Inspector {
  #runs = new Map(); // by the program's name, with whether it has ended
  #select;
  #note;
  #tree;
  #source;
  #counters;
  #timer = null;

  constructor({ tree, source, counters }) {
    this.#select = tree.querySelector('select');
    this.#note = tree.querySelector('.note');
    this.#tree = new TaskTree(tree.querySelector('.tree'), (task) => this.#cancel(task));
    this.#source = new SourceView(source);
    this.#counters = new Counters(counters);
    this.#select.addEventListener('change', () => this.#choose());
  }

  // `isChosen`: whether it is looked into at once.
  watch(run, { isChosen = true } = {}) {
    const watched = { run, hasEnded: false };
    this.#runs.set(run.name, watched);
    const end = () => {
      watched.hasEnded = true;
      this.#look();
    };
    run.ended.then(end, end);
    if (isChosen) {
      this.#select.value = run.name;
      this.#choose();
    }
    this.#timer ??= setInterval(() => this.#look(), period);
  }

  #choose() {
    this.#counters.restart();
    this.#source.open(`src/demos/${this.#select.value}.c`);
    this.#look();
  }

  #cancel(task) {
    this.#runs.get(this.#select.value)?.run.cancelTask(task.id);
    this.#look();
  }

  #look() {
    const watched = this.#runs.get(this.#select.value);
    if (watched && !watched.hasEnded) this.#show(watched.run);
    else this.#showNothing(watched);
    if ([...this.#runs.values()].every(({ hasEnded }) => hasEnded)) {
      clearInterval(this.#timer);
      this.#timer = null;
    }
  }

  #show(run) {
    const { tasks: count } = this.#counters.add(run.statistics());
    const tasks = count <= mostListed ? run.tasks() : [];
    this.#tree.show(tasks);
    if (tasks.length > 0) this.#source.show(tasks);
    setText(this.#note, noteFor(count, tasks));
  }

  #showNothing(watched) {
    this.#tree.clear();
    this.#source.show([]);
    if (watched) this.#counters.add(watched.run.statistics());
    const name = this.#select.value;
    setText(this.#note, watched ? `${name} has ended.` : `${name} has not been started.`);
  }
}

function noteFor(count, tasks) {
  if (count > mostListed) return `${formatCount(count)} tasks: too many to list.`;
  const calls = new Map();
  for (const { call, state } of tasks) {
    const where = (state === 'waiting' && call) || state;
    calls.set(where, (calls.get(where) ?? 0) + 1);
  }
  const parts = [...calls].sort((a, b) => b[1] - a[1]).map(([where, times]) => `${times} ${where}`);
  const all = `${tasks.length} ${tasks.length === 1 ? 'task' : 'tasks'}`;
  return tasks.length > 0 ? `${all}: ${parts.join(', ')}.` : `${all}.`;
}
