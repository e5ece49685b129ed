// The tree of a program's tasks, each below the one that awaits it: its name, the call in which it is
// suspended, where that is in the source, and for how long. A task is a button that cancels it.

import { setText } from './frame.mjs';
import { RovingFocus } from './roving.mjs';

export class TaskTree {
  #list;
  #roving;
  #nodes = new Map();

  // `onCancel(task)` is called when somebody presses a task.
  constructor(list, onCancel) {
    this.#list = list;
    this.#roving = new RovingFocus(list);
    list.addEventListener('click', (event) => {
      const id = Number(event.target.closest('button')?.dataset.id);
      const node = this.#nodes.get(id);
      if (node) onCancel(node.task);
    });
  }

  // `tasks` as an instance gives them.
  show(tasks) {
    const alive = new Map(tasks.map((task) => [task.id, task]));
    for (const id of [...this.#nodes.keys()]) if (!alive.has(id)) this.#remove(id);
    for (const task of tasks) this.#nodeOf(task).task = task;
    for (const task of tasks) this.#place(task, alive);
    this.#roving.update();
  }

  clear() {
    this.show([]);
  }

  #nodeOf(task) {
    const known = this.#nodes.get(task.id);
    if (known) return known;
    const node = makeNode(task);
    this.#nodes.set(task.id, node);
    return node;
  }

  #remove(id) {
    const { item, button, children } = this.#nodes.get(id);
    this.#roving.leave(button);
    // Who was awaited by it is placed anew.
    this.#list.append(...children.children);
    item.remove();
    this.#nodes.delete(id);
  }

  #place(task, alive) {
    const node = this.#nodes.get(task.id);
    const parent = parentOf(task, alive);
    const list = parent ? this.#nodes.get(parent.id).children : this.#list;
    if (node.item.parentNode !== list) list.append(node.item);
    describe(node, task, task.awaitedBy.map((id) => alive.get(id)?.name).filter(Boolean));
  }
}

// The first that awaits it, unless both await each other.
function parentOf(task, alive) {
  const parent = alive.get(task.awaitedBy[0]);
  const seen = new Set([task.id]);
  for (let above = parent; above; above = alive.get(above.awaitedBy[0])) {
    if (seen.has(above.id)) return null;
    seen.add(above.id);
  }
  return parent ?? null;
}

function makeNode(task) {
  const part = (className) => {
    const made = document.createElement('span');
    made.className = className;
    return made;
  };
  const node = {
    task,
    item: document.createElement('li'),
    button: document.createElement('button'),
    name: part('name'),
    coroutine: part('coroutine'),
    at: part('at'),
    seconds: part('seconds'),
    rest: part('hidden'),
    children: document.createElement('ul'),
  };
  Object.assign(node.button, { type: 'button', tabIndex: -1 });
  node.button.dataset.id = task.id;
  node.button.append(node.name, ' ', node.coroutine, ' ', node.at, node.seconds, node.rest);
  node.seconds.ariaHidden = 'true';
  node.item.append(node.button, node.children);
  return node;
}

export const fileOf = ({ file }) => file.split('/').at(-1);

// The seconds are for the eye only: what a screen reader says would change all the time.
function describe({ item, button, name, coroutine, at, seconds, rest }, task, awaiting) {
  const where = task.file ? `${fileOf(task)}:${task.line}` : '';
  const doing = task.cancelling ? 'cancelling' : task.state;
  setText(name, task.name);
  setText(coroutine, `${task.coroutine}()`);
  setText(at, [doing === 'waiting' ? task.call : doing, where].filter(Boolean).join(' '));
  setText(seconds, `${task.seconds.toFixed(1)} s`);
  setText(rest, `${awaiting.length > 0 ? `, awaited by ${awaiting.join(', ')}` : ''}. Cancel it`);
  button.dataset.name = task.name;
  button.classList.toggle('named', !/^Task-\d+$/.test(task.name));
  item.dataset.state = task.cancelling ? 'cancelling' : task.state;
  item.dataset.awaitedBy = awaiting.join(' ');
}
