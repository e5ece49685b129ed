// The flags panel: a person chooses, downloads, watches the flags arrive, may cancel.

import { mostPopulous } from './countries.mjs';
import { ErrorList } from './error-list.mjs';
import { FlagGrid } from './flag-grid.mjs';
import { exitCodeOfCancelled, startProgram } from './program.mjs';
import { connectRunButtons } from './run-buttons.mjs';
import { startStopwatch } from './stopwatch.mjs';
import { TerminalView } from './terminal-view.mjs';

const codes = mostPopulous;
const modes = { flags: 'at once', flags_sequential: 'one after the other' };

export function startFlags(section) {
  const view = viewOf(section);
  prepare(view);
  connectRunButtons(section, () => download(view));
}

function viewOf(section) {
  return {
    form: section.querySelector('form'),
    status: section.querySelector('.status'),
    progress: section.querySelector('progress'),
    count: section.querySelector('#flags-count'),
    elapsed: section.querySelector('.elapsed'),
    grid: new FlagGrid(section.querySelector('.grid')),
    errors: new ErrorList(section.querySelector('.errors')),
    terminal: new TerminalView(section.querySelector('.terminal')),
  };
}

function prepare(view) {
  view.grid.layOut(codes);
  view.errors.clear();
  view.terminal.clear();
  view.elapsed.textContent = '0.0 s';
  showCount(view);
}

function download(view) {
  const { program, server } = Object.fromEntries(new FormData(view.form));
  prepare(view);
  view.status.textContent = `Downloading ${codes.length} flags from ${server}, ${modes[program]}.`;
  const stopWatch = startStopwatch(view.elapsed);
  const { ended, cancel } = startProgram(program, {
    args: ['-s', server, ...codes],
    onOutput: (text, fd) => (fd === 2 ? view.errors : view.terminal).write(text),
    onFile: (path, bytes) => receive(view, path, bytes),
  });
  return {
    cancel,
    ended: ended
      .then((exitCode) => sentenceFor(exitCode, view))
      .catch((error) => error.message)
      .then((sentence) => finish(view, sentence, stopWatch)),
  };
}

function receive(view, path, bytes) {
  view.grid.show(path, bytes);
  showCount(view);
}

function showCount({ progress, count, grid }) {
  progress.max = codes.length;
  progress.value = grid.arrived;
  count.textContent = `${grid.arrived} of ${codes.length}`;
}

function finish(view, sentence, stopWatch) {
  stopWatch();
  view.errors.finish();
  view.grid.markMissing();
  view.status.textContent = sentence;
}

function sentenceFor(exitCode, { grid, terminal }) {
  const arrived = `${grid.arrived} of ${codes.length} flags arrived`;
  if (exitCode === exitCodeOfCancelled) return `Cancelled: ${arrived}.`;
  if (grid.arrived < codes.length) return `Finished with errors: ${arrived}. ${terminal.lastLine}`;
  return `Finished. ${terminal.lastLine}`;
}
