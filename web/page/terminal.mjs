// Text as a terminal shows it: \r goes back to the line's start, where what follows overwrites what
// was there, and \n goes on to the next line. The oldest lines are forgotten.

export class Terminal {
  #lineLimit;
  #lines = [[]];
  #column = 0;

  constructor({ lineLimit = 1000 } = {}) {
    this.#lineLimit = lineLimit;
  }

  write(text) {
    for (const character of text) this.#put(character);
  }

  // Without the blanks at the ends of lines.
  get lines() {
    return this.#lines.map((cells) => cells.join('').replace(/ +$/, ''));
  }

  get lastLine() {
    return this.lines.findLast((line) => line !== '') ?? '';
  }

  #put(character) {
    if (character === '\r') this.#column = 0;
    else if (character === '\n') this.#startLine();
    else this.#lines.at(-1)[this.#column++] = character;
  }

  #startLine() {
    this.#lines.push([]);
    this.#column = 0;
    if (this.#lines.length > this.#lineLimit) this.#lines.shift();
  }
}
