// What is known of a run's downloads, from the events that flags2 and flags3 print (--events): the
// phases of each with their times, and how it ended. Times are seconds since the run began.

export const phases = ['waiting', 'connecting', 'receiving', 'saving', 'backoff'];

export class Downloads {
  #downloads;
  #origin = null; // of performance.now(), in seconds
  #end = null;

  constructor(codes) {
    this.#downloads = new Map(
      codes.map((code) => [code, { code, state: 'awaited', phases: [], kind: '', message: '' }]),
    );
  }

  get all() {
    return [...this.#downloads.values()];
  }

  get(code) {
    return this.#downloads.get(code);
  }

  get hasBegun() {
    return this.#origin !== null;
  }

  // Seconds that the run has taken.
  get elapsed() {
    if (this.#end !== null) return this.#end;
    return this.hasBegun ? performance.now() / 1000 - this.#origin : 0;
  }

  // When the run began, on the wall clock.
  began = 0;

  // Gives the download that the event is about, if it is about one.
  take(event) {
    if (event.event === 'begin') this.#begin(event);
    const download = this.#downloads.get(event.code);
    if (!download) return null;
    if (event.event === 'phase') enter(download, event);
    if (event.event === 'done') leave(download, event);
    return download;
  }

  // The run is over: what was not done is not done any more. Gives what changed by that.
  finish() {
    this.#end = this.elapsed;
    const open = this.all.filter(isRunning);
    for (const download of open) leave(download, { status: 'cancelled', time: this.#end });
    return open;
  }

  count(state) {
    return this.all.filter((download) => download.state === state).length;
  }

  #begin({ unix }) {
    this.began = unix;
    this.#origin = performance.now() / 1000;
  }
}

export const isRunning = ({ state }) => state === 'awaited' || phases.includes(state);

function enter(download, { phase, time }) {
  endPhase(download, time);
  download.phases.push({ phase, start: time, end: null });
  download.state = phase;
}

function leave(download, { status, time, kind = '', message = '' }) {
  endPhase(download, time);
  Object.assign(download, { state: status, kind, message });
}

function endPhase({ phases: entered }, time) {
  const last = entered.at(-1);
  if (last && last.end === null) last.end = time;
}
