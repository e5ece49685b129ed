// A run of flags_sequential, which says less: a flag is there when its file is.

import { ErrorList } from './error-list.mjs';
import { FlagGrid } from './flag-grid.mjs';
import { Lines } from './lines.mjs';
import { exitCodeOfCancelled, startProgram } from './program.mjs';
import { Progress } from './progress.mjs';

const tick = 100; // milliseconds

// As startConcurrent, and setShown(isShown).
export function startSequential(lane, save) {
  const grid = new FlagGrid(lane.querySelector('.grid'));
  const progress = new Progress(lane);
  const errors = new ErrorList(lane.querySelector('.errors'));
  let codes = [];

  function prepare(asked) {
    codes = asked;
    grid.layOut(codes);
    errors.clear();
    progress.show(0, codes.length);
    progress.showTime(0);
  }

  function start(_, { server }, connection) {
    const began = performance.now();
    const showTime = () => progress.showTime((performance.now() - began) / 1000);
    const timer = setInterval(showTime, tick);
    const complaints = new Lines(complain);
    markNext();
    const program = startProgram('flags_sequential', {
      args: ['-s', server, ...codes],
      ...connection,
      onOutput: (text, fd) => fd === 2 && complaints.write(text),
      onFile: receive,
    });
    const finish = () => {
      clearInterval(timer);
      showTime();
      complaints.finish();
    };
    const said = program.ended
      .then((exitCode) => {
        grid.markMissing(exitCode === exitCodeOfCancelled ? 'cancelled' : 'error');
        return `One by one: ${grid.arrived} in ${seconds(began)} s.`;
      })
      .catch((error) => error.message)
      .finally(finish);
    return { program, said };
  }

  // 'br.gif' is the flag of BR.
  async function receive(path, bytes) {
    const code = path.slice(0, 2).toUpperCase();
    await save('flags_sequential', path, bytes);
    grid.show(code, bytes);
    grid.mark({ code, state: 'downloaded' });
    progress.show(grid.arrived, codes.length);
    markNext();
  }

  // 'flags_sequential: BR: what happened'
  function complain(line) {
    const [, code, message] = /^flags_sequential: ([A-Z]{2}): (.*)/.exec(line) ?? [];
    if (!codes.includes(code)) return errors.add(line);
    errors.add(message, code);
    grid.mark({ code, state: 'error', message });
    markNext();
  }

  // The first that is not there yet is asked for.
  function markNext() {
    const code = codes.find((asked) => grid.stateOf(asked) === 'awaited');
    if (code) grid.mark({ code, state: 'connecting' });
  }

  return { prepare, start, setShown: (isShown) => (lane.hidden = !isShown) };
}

const seconds = (began) => ((performance.now() - began) / 1000).toFixed(2);
