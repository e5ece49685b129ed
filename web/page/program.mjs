// One run of a compiled C program: loading it, running it, looking into it, cancelling it.

export const exitCodeOfCancelled = 130;

// Its message is a sentence for the person at the page.
export class ProgramError extends Error {}

export const pageFolder = () => new URL('.', document.baseURI).href;

// A browser remembers that a module could not be loaded; under another URL it tries anew.
const failedLoads = new Map();

function moduleUrl(name) {
  const failures = failedLoads.get(name) ?? 0;
  return `${pageFolder()}build/${name}.mjs${failures > 0 ? `?retry=${failures}` : ''}`;
}

const nothing = { tasks: 0, switches: 0, iterations: 0, taskMemory: 0, time: 0, busy: 0 };

// Starts build/NAME.mjs. Gives { name, ended, cancel(), tasks(), cancelTask(id), statistics() }:
// `ended` is a promise of the exit code, rejected with a ProgramError if the program could not be
// loaded or broke; the others are what the program's instance offers, and empty before it is there.
//   args, env            its command line and what its getenv finds
//   fetch                asked in place of the browser's own
//   onOutput(text, fd)   for what the program writes: 1 is stdout, 2 is stderr
//   onFile(path, bytes)  for each file that the program saves; may return a promise
export function startProgram(name, options = {}) {
  const run = { instance: null, isCancelled: false };
  const ended = new Promise((resolve, reject) => {
    start(name, optionsOfModule(name, options, resolve, reject), run).catch(reject);
  });
  return {
    name,
    ended,
    cancel: () => cancel(run),
    tasks: () => run.instance?.tasks() ?? [],
    cancelTask: (id) => run.instance?.cancel(id) ?? false,
    statistics: () => run.instance?.statistics() ?? nothing,
  };
}

function optionsOfModule(name, { args = [], ...options }, resolve, reject) {
  return {
    onOutput: () => {},
    ...options,
    arguments: args,
    onExit: resolve,
    onAbort: (reason) => reject(broken(name, reason)),
  };
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
