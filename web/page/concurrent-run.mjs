// A run of flags2 or flags3: what its events say is shown in the grid, the timeline and the progress.

import { Downloads } from './downloads.mjs';
import { ErrorList } from './error-list.mjs';
import { FlagGrid } from './flag-grid.mjs';
import { onceAFrame } from './frame.mjs';
import { Lines } from './lines.mjs';
import { exitCodeOfCancelled, startProgram } from './program.mjs';
import { Progress } from './progress.mjs';
import { TerminalView } from './terminal-view.mjs';
import { Timeline } from './timeline.mjs';

// Returns { prepare(codes), start(codes, settings, connection) }, which gives { program, said }:
// `said` is a promise of a sentence that tells how it went.
export function startConcurrent(panels, save) {
  const lane = panels.race.querySelector('[data-program=flags2]');
  const cancel = (code) => {
    if (!cancelOne(state.program, code)) state.unwanted.add(code);
  };
  const grid = new FlagGrid(lane.querySelector('.grid'), cancel);
  const timeline = new Timeline(panels.timeline, cancel);
  const progress = new Progress(lane);
  const errors = new ErrorList(lane.querySelector('.errors'));
  const terminal = new TerminalView(panels.output.querySelector('.terminal'));
  const state = {
    program: null,
    downloads: null,
    changed: new Set(),
    received: new Map(),
    unwanted: new Set(), // cancelled before they had begun
    runs: false,
  };

  function prepare(codes) {
    Object.assign(state, {
      downloads: new Downloads(codes),
      changed: new Set(),
      received: new Map(),
      unwanted: new Set(),
    });
    grid.layOut(codes);
    timeline.layOut(state.downloads);
    errors.clear();
    terminal.clear();
    progress.show(0, codes.length);
    progress.showTime(0);
  }

  function start(codes, { program, server, atOnce }, connection) {
    name(program);
    const lines = new Lines((line) => take(JSON.parse(line)));
    state.program = startProgram(program, {
      args: ['-s', server, '-m', `${atOnce}`, '--events', ...codes],
      ...connection,
      onOutput: (text, fd) => (fd === 1 ? lines : terminal).write(text),
      onFile: (path, bytes) => {
        state.received.set(path, bytes);
        return save(program, path, bytes);
      },
    });
    state.runs = true;
    draw();
    const said = state.program.ended.then(sentenceFor, (error) => error.message).finally(finish);
    return { program: state.program, said };
  }

  function name(program) {
    const link = lane.querySelector('a');
    lane.dataset.program = program;
    link.textContent = `${program}.c`;
    link.setAttribute('href', `src/demos/${program}.c`);
    panels.output.querySelector('h2').textContent = `Output of ${program}`;
  }

  function take(event) {
    const download = state.downloads.take(event);
    if (download) note(download);
    if (event.phase && state.unwanted.delete(event.code)) {
      queueMicrotask(() => cancelOne(state.program, event.code));
    }
    if (event.status === 'downloaded') grid.show(event.code, state.received.get(event.path));
    if (event.status === 'error' || event.status === 'not_found') {
      errors.add(event.message, event.code);
    }
  }

  function note(download) {
    state.changed.add(download);
    drawSoon();
  }

  function finish() {
    state.runs = false;
    for (const download of state.downloads.finish()) state.changed.add(download);
    draw();
  }

  // Frame after frame as long as it runs: the bars of what goes on grow.
  const drawSoon = onceAFrame(draw);

  function draw() {
    for (const download of state.changed) {
      grid.mark(download);
      timeline.mark(download);
    }
    state.changed.clear();
    timeline.draw();
    progress.show(state.downloads.count('downloaded'), state.downloads.all.length);
    progress.showTime(state.downloads.elapsed);
    if (state.runs) drawSoon();
  }

  function sentenceFor(exitCode) {
    const all = state.downloads.all.length;
    const [arrived, errorCount, missing] = ['downloaded', 'error', 'not_found'].map((name) =>
      state.downloads.count(name),
    );
    const cancelled = all - arrived - errorCount - missing;
    const others = [
      [errorCount, 'failed'],
      [missing, 'not found'],
      [cancelled, 'cancelled'],
    ].filter(([count]) => count > 0);
    const word = exitCode === exitCodeOfCancelled ? 'Cancelled' : 'Finished';
    const counts = [
      `${arrived} of ${all} flags`,
      ...others.map(([count, what]) => `${count} ${what}`),
    ];
    return `${word}: ${counts.join(', ')} in ${state.downloads.elapsed.toFixed(2)} s.`;
  }

  return { prepare, start };
}

// A download is the task of its name. Whether there is one.
function cancelOne(program, code) {
  const task = program?.tasks().find(({ name }) => name === code);
  return task !== undefined && program.cancelTask(task.id);
}
