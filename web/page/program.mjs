// One run of a compiled C program: loading it, running it, cancelling it.

export const exitCodeOfCancelled = 130;

// Its message is a sentence for the person at the page.
export class ProgramError extends Error {}

const pageFolder = () => new URL('.', document.baseURI).href;

// A browser remembers that a module could not be loaded; under another URL it tries anew.
const failedLoads = new Map();

function moduleUrl(name) {
  const failures = failedLoads.get(name) ?? 0;
  return `${pageFolder()}build/${name}.mjs${failures > 0 ? `?retry=${failures}` : ''}`;
}

// Starts build/NAME.mjs with `args`. Gives { ended, cancel() }: `ended` is a promise of the exit
// code, rejected with a ProgramError if the program could not be loaded or broke.
//   onOutput(text, fd)   for what the program writes: 1 is stdout, 2 is stderr
//   onFile(path, bytes)  for each file that the program saves; may return a promise
export function startProgram(name, { args = [], onOutput = () => {}, onFile } = {}) {
  const run = { instance: null, isCancelled: false };
  const ended = new Promise((resolve, reject) => {
    const options = {
      arguments: args,
      env: { SPINDLE_SERVER: pageFolder().replace(/\/$/, '') },
      onOutput,
      ...(onFile && { onFile }),
      onExit: resolve,
      onAbort: (reason) => reject(broken(name, reason)),
    };
    start(name, options, run).catch(reject);
  });
  return { ended, cancel: () => cancel(run) };
}

async function start(name, options, run) {
  const create = await load(name);
  try {
    run.instance = await create(options);
  } catch (error) {
    throw broken(name, error);
  }
  if (run.isCancelled) run.instance.interrupt();
}

async function load(name) {
  try {
    return (await import(moduleUrl(name))).default;
  } catch (error) {
    failedLoads.set(name, (failedLoads.get(name) ?? 0) + 1);
    throw new ProgramError(
      `The program ${name} could not be loaded. Build it with “./run build web”, then try again.`,
      { cause: error },
    );
  }
}

function broken(name, reason) {
  const text = String(reason?.message ?? reason).split('\n')[0];
  return new ProgramError(`The program ${name} broke: ${text}`, { cause: reason });
}

function cancel(run) {
  run.isCancelled = true;
  run.instance?.interrupt();
}
