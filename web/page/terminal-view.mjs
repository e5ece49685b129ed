// A terminal in an element of the page, drawn once for all that was written in one turn.

import { Terminal } from './terminal.mjs';

export class TerminalView {
  #element;
  #terminal = new Terminal();
  #isDrawDue = false;

  constructor(element) {
    this.#element = element;
  }

  write(text) {
    this.#terminal.write(text);
    this.#drawSoon();
  }

  clear() {
    this.#terminal = new Terminal();
    this.#drawSoon();
  }

  get lastLine() {
    return this.#terminal.lastLine;
  }

  #drawSoon() {
    if (this.#isDrawDue) return;
    this.#isDrawDue = true;
    queueMicrotask(() => this.#draw());
  }

  #draw() {
    this.#isDrawDue = false;
    this.#element.textContent = this.#terminal.lines.join('\n');
  }
}
