// What a program writes, piece by piece, as whole lines.

export class Lines {
  #take;
  #unfinished = '';

  constructor(take) {
    this.#take = take;
  }

  write(text) {
    const lines = (this.#unfinished + text).split('\n');
    this.#unfinished = lines.pop();
    for (const line of lines) if (line.trim() !== '') this.#take(line);
  }

  // The program has ended: a line without an end is one as well.
  finish() {
    this.write('\n');
  }
}
