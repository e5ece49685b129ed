// The command `node web/server/main.mjs`: starts the development server and serves until Ctrl-C.

import { help, readArguments, usage, UsageError } from './arguments.mjs';
import { runCommand } from './command.mjs';

await runCommand(async (say) => {
  const options = readOrExit(process.argv.slice(2), say);
  if (options.help) return console.log(help);
  const { startServer } = await import('./server.mjs');
  const server = await startServer({ ...options, report: say });
  closeOnSignal(server);
  console.log(`spindle: page at ${server.url}`);
});

function readOrExit(words, say) {
  try {
    return readArguments(words);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    say(error.message);
    process.stderr.write(`${usage}\n`);
    process.exit(2);
  }
}

function closeOnSignal(server) {
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, async () => {
      await server.close();
      process.exit(0);
    });
  }
}
