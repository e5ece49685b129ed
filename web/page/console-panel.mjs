// A panel that shows what one program prints, as a terminal would.

import { exitCodeOfCancelled, startProgram } from './program.mjs';
import { connectRunButtons } from './run-buttons.mjs';
import { TerminalView } from './terminal-view.mjs';

// Returns a function that runs the program, unless it runs already. `inspector` looks into it.
export function connectConsole(section, programName, inspector = null) {
  const view = new TerminalView(section.querySelector('.terminal'));
  const status = section.querySelector('.status');

  function start() {
    view.clear();
    status.textContent = 'Running.';
    const program = startProgram(programName, { onOutput: (text) => view.write(text) });
    inspector?.watch(program);
    return { ended: program.ended.then(describe, apologise), cancel: program.cancel };
  }

  function describe(exitCode) {
    status.textContent = sentenceFor(exitCode, view.lastLine);
  }

  function apologise(error) {
    status.textContent = error.message;
  }

  return connectRunButtons(section, start);
}

function sentenceFor(exitCode, lastLine) {
  if (exitCode === exitCodeOfCancelled) return 'Cancelled.';
  if (exitCode !== 0) return `Failed with exit code ${exitCode}: ${lastLine}`;
  return `Finished. ${lastLine}`;
}
