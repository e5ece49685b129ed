// The downloads: one program takes flag after flag, the other one many at once, side by side.

import { startConcurrent } from './concurrent-run.mjs';
import { firstCodes } from './countries.mjs';
import { connectToServers } from './flag-server.mjs';
import { connectRunButtons } from './run-buttons.mjs';
import { startSequential } from './sequential-run.mjs';
import { readSettings, startSettings } from './settings.mjs';

// `panels` are sections of the page; `inspector` looks into what runs; save(folder, path, bytes)
// keeps a file.
export function startRace(panels, { inspector, save }) {
  const form = panels.controls.querySelector('form');
  const status = panels.controls.querySelector('.status');
  const concurrent = startConcurrent(panels, save);
  const sequential = startSequential(
    panels.race.querySelector('[data-program=flags_sequential]'),
    save,
  );
  startSettings(form);

  function start() {
    const settings = readSettings(form);
    if (!settings) return null;
    const codes = firstCodes(settings.count);
    const run = { cancel: () => (run.isCancelled = true) };
    const { server, atOnce } = settings;
    status.textContent = `Downloading ${codes.length} flags from ${server}, ${atOnce} at once.`;
    const runners = settings.hasSequential ? [sequential, concurrent] : [concurrent];
    sequential.setShown(settings.hasSequential);
    for (const runner of runners) runner.prepare(codes);
    run.ended = connectToServers(settings).then((connection) => {
      const runs = runners.map((runner) => runner.start(codes, settings, connection));
      runs.forEach(({ program }, at) => {
        inspector.watch(program, { isChosen: runners[at] === concurrent });
      });
      run.cancel = () => runs.forEach(({ program }) => program.cancel());
      if (run.isCancelled) run.cancel();
      return Promise.all(runs.map(({ said }) => said)).then(conclude);
    });
    return run;
  }

  function conclude(sentences) {
    status.textContent = sentences.reverse().join(' ');
  }

  connectRunButtons(panels.controls, start);
}
