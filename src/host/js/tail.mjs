// After the module (--extern-post-js): `node PROGRAM.mjs ARGS` runs it; importing it does not.
if (spindleOnNode && process.argv[1] && require('worker_threads').isMainThread) {
  const { realpathSync } = require('fs');
  let started = '';
  try {
    started = realpathSync(process.argv[1]);
  } catch {
    // `node -e` and the like: no file was started
  }
  if (started === __filename) {
    // Node's own report begins with the source line, which is all of this file. A trap or an abort()
    // ends with the code that shells give for it natively.
    process.on('uncaughtException', (error) => {
      console.error(String((error && error.stack) || error));
      process.exit(
        error instanceof WebAssembly.RuntimeError || error instanceof RangeError ? 134 : 1,
      );
    });
    spindleProgram({ arguments: process.argv.slice(2) }).catch((error) => {
      console.error(String((error && error.message) || error));
      process.exitCode = 1;
    });
  }
}
