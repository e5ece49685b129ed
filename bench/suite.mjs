// A run: the chosen groups one after the other, row by row.

import { Bench } from './bench.mjs';
import { machine, versionsOf } from './machine.mjs';
import { measureRow } from './measure.mjs';
import { section } from './results.mjs';
import { tableHead, tableRow } from './table.mjs';

const progress = process.stderr.isTTY
  ? (text) => process.stderr.write(`\r\x1b[K${text}`)
  : () => {};

const today = () => new Date().toISOString().slice(0, 10);

export class Suite {
  failures = 0;
  results = [];
  sections = [];
  bench = new Bench();

  constructor({ rounds, only, print = console.log, complain = console.error }) {
    Object.assign(this, { rounds, only, print, complain });
  }

  #failed(where, error) {
    this.failures++;
    progress('');
    this.complain(`bench: ${where} failed: ${error.message}`);
  }

  async #rowsOf(group, module) {
    try {
      return await module.rows(this.bench);
    } catch (error) {
      this.#failed(`the group ${group}`, error);
      return [];
    }
  }

  async #measure(row) {
    const result = await measureRow(row, {
      rounds: this.rounds,
      failed: (name, error) => this.#failed(`${row.name}: ${name}`, error),
      before: (name, round, rounds) =>
        progress(`${row.name}: ${name}, round ${round} of ${rounds}`),
    });
    progress('');
    this.print(tableRow(result));
    return result;
  }

  // group: its name; module: what its file exports
  async run(group, module) {
    const rows = await this.#rowsOf(group, module);
    const chosen = rows.filter(({ name }) => name.includes(this.only));
    if (chosen.length === 0) return;
    this.print(tableHead(module.title));
    const results = [];
    for (const row of chosen) results.push(await this.#measure(row));
    this.print('');
    this.results.push(...results);
    const versions = versionsOf(group, this.bench);
    const { title } = module;
    this.sections.push(section({ title, results, date: today(), machine: machine(), versions }));
  }

  end() {
    return this.bench.end();
  }
}
