// The C source of a running program. The lines at which tasks are suspended are marked with how many
// stand there, and who; the busiest line is kept in sight.

import { setText } from './frame.mjs';
import { pageFolder } from './program.mjs';
import { fileOf } from './task-tree.mjs';

const namesShown = 8;
const texts = new Map();

export class SourceView {
  #list;
  #title;
  #follow;
  #file = null;
  #asked = null;
  #lines = [];
  #marked = new Map();
  #inSight = null;
  #shown = 0; // counts calls: what was asked for last is what is shown

  constructor(section) {
    this.#list = section.querySelector('.source');
    this.#title = section.querySelector('.file');
    this.#follow = section.querySelector('[name=follow]');
  }

  // The source of a program that has not begun, or that has ended.
  async open(file) {
    const call = ++this.#shown;
    await this.#load(file);
    if (call === this.#shown) this.#mark(new Map());
  }

  // `tasks` as an instance gives them. The file shown is that of the program in which most of them
  // stand; where the loop's own tasks stand is not the program's source.
  async show(tasks) {
    const call = ++this.#shown;
    const standingIn = groupBy(tasks, ({ file }) => sourcePath(file));
    const places = new Map([...standingIn].filter(([file]) => file.startsWith('src/demos/')));
    if (places.size === 0) return this.#mark(new Map());
    const [file, standing] = busiest(places);
    await this.#load(file);
    if (call === this.#shown) this.#mark(groupBy(standing, ({ line }) => line));
  }

  // Of several that are asked for the last one is shown.
  async #load(file) {
    this.#asked = file;
    if (file === this.#file) return;
    const text = await textOf(file);
    if (this.#asked !== file || this.#file === file) return;
    this.#file = file;
    this.#title.textContent = fileOf({ file });
    this.#title.href = `${pageFolder()}${file}`;
    this.#lines = text.replace(/\n$/, '').split('\n').map(makeLine);
    this.#marked = new Map();
    this.#inSight = null;
    this.#list.replaceChildren(...this.#lines.map(({ item }) => item));
  }

  // `standing`: the tasks by line.
  #mark(standing) {
    for (const line of this.#marked.keys()) if (!standing.has(line)) this.#unmark(line);
    for (const [number, tasks] of standing) {
      const line = this.#lines[number - 1];
      if (!line) continue;
      line.item.dataset.tasks = tasks.length;
      setText(line.count, `${tasks.length}`);
      setText(line.names, namesOf(tasks));
    }
    this.#marked = standing;
    if (standing.size > 0 && this.#follow.checked) this.#keepInSight(busiest(standing)[0]);
  }

  #unmark(number) {
    const line = this.#lines[number - 1];
    if (!line) return;
    delete line.item.dataset.tasks;
    setText(line.count, '');
    setText(line.names, '');
  }

  // Scrolls the list and nothing else, and only when another line is the busiest.
  #keepInSight(number) {
    if (number === this.#inSight) return;
    this.#inSight = number;
    const item = this.#lines[number - 1]?.item;
    if (!item) return;
    const { scrollTop, clientHeight } = this.#list;
    const isInSight =
      item.offsetTop >= scrollTop && item.offsetTop + item.offsetHeight <= scrollTop + clientHeight;
    if (!isInSight) this.#list.scrollTop = item.offsetTop - clientHeight / 2;
  }
}

const sourcePath = (file) => file.slice(Math.max(0, file.lastIndexOf('src/')));

function groupBy(items, keyOf) {
  const groups = new Map();
  for (const item of items) {
    const key = keyOf(item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
}

const busiest = (groups) => [...groups].reduce((a, b) => (b[1].length > a[1].length ? b : a));

function namesOf(tasks) {
  const names = tasks.slice(0, namesShown).map(({ name }) => name);
  const more = tasks.length - names.length;
  return more > 0 ? `${names.join(' ')} and ${more} more` : names.join(' ');
}

function textOf(file) {
  if (!texts.has(file)) {
    const text = fetch(`${pageFolder()}${file}`).then((answer) =>
      answer.ok ? answer.text() : Promise.reject(new Error(`status ${answer.status}`)),
    );
    texts.set(file, text);
    text.catch(() => texts.delete(file));
  }
  return texts.get(file).catch(() => `${file} could not be loaded.`);
}

function makeLine(text) {
  const part = (name, content = '') => {
    const made = document.createElement('span');
    made.className = name;
    made.textContent = content;
    return made;
  };
  const item = document.createElement('li');
  const line = { item, count: part('count'), names: part('names') };
  item.append(line.count, part('code', text), line.names);
  return line;
}
