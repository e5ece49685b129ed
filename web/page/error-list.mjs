// What a program complains about on stderr, one entry a line.

export class ErrorList {
  #list;
  #unfinished = '';

  constructor(list) {
    this.#list = list;
  }

  get count() {
    return this.#list.children.length;
  }

  clear() {
    this.#unfinished = '';
    this.#list.replaceChildren();
    this.#list.hidden = true;
  }

  write(text) {
    const lines = (this.#unfinished + text).split('\n');
    this.#unfinished = lines.pop();
    for (const line of lines) this.add(line);
  }

  // The program has ended: a line without an end is one as well.
  finish() {
    this.add(this.#unfinished);
    this.#unfinished = '';
  }

  add(line) {
    if (line.trim() === '') return;
    const entry = document.createElement('li');
    entry.textContent = line.trim();
    this.#list.append(entry);
    this.#list.hidden = false;
  }
}
