// Very many tasks at once, and what one switch between them costs. The page has to stay usable.

import { formatBytes, formatCount } from './counters.mjs';
import { setText } from './frame.mjs';
import { exitCodeOfCancelled, startProgram } from './program.mjs';
import { connectRunButtons } from './run-buttons.mjs';

const period = 250; // milliseconds
const seconds = 3;

export function startStress(section, inspector) {
  const form = section.querySelector('form');
  const status = section.querySelector('.status');
  const live = section.querySelector('.live');

  function start() {
    const values = new FormData(form);
    const count = Number(values.get('tasks'));
    const output = [];
    const program = startProgram('stress', {
      args: ['-n', `${count}`, `--${values.get('kind')}`, '--seconds', `${seconds}`, '--json'],
      onOutput: (text, fd) => output.push({ text, fd }),
    });
    inspector.watch(program);
    status.textContent = `Running ${formatCount(count)} tasks.`;
    const timer = setInterval(() => showLive(program), period);
    const ended = program.ended
      .then((exitCode) => sentenceFor(exitCode, output))
      .catch((error) => error.message)
      .then((sentence) => {
        clearInterval(timer);
        setText(live, '');
        status.textContent = sentence;
      });
    return { ended, cancel: program.cancel };
  }

  function showLive(program) {
    const { tasks, switches } = program.statistics();
    setText(live, `${formatCount(tasks)} tasks alive, ${formatCount(switches)} switches so far`);
  }

  connectRunButtons(section, start);
}

// The last line of stdout is the report.
function sentenceFor(exitCode, output) {
  const said = (which) =>
    output
      .filter(({ fd }) => fd === which)
      .map(({ text }) => text)
      .join('')
      .trim();
  if (exitCode === exitCodeOfCancelled) return 'Cancelled.';
  if (exitCode !== 0) return `Failed with exit code ${exitCode}: ${said(2)}`;
  const report = JSON.parse(said(1).split('\n').at(-1));
  return (
    `${formatCount(report.tasks)} tasks, ${formatCount(report.switches)} switches: ` +
    `${Math.round(report.switch_ns)} ns a switch, ${formatBytes(report.task_memory)} a task.`
  );
}
