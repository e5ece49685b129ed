// After the module (--extern-post-js): `node PROGRAM.mjs ARGS` runs it; importing it does not.
if (spindleIsMain) {
  // Node's own report begins with the source line, which is all of this file. A trap or an abort()
  // ends with the exit code that shells report for it natively.
  process.on('uncaughtException', (error) => {
    const trapped = error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
    if (!error || !error.isTold) console.error(String((error && error.stack) || error));
    process.exit(trapped ? 134 : 1);
  });
  spindleProgram({ arguments: process.argv.slice(2) }).catch((error) => {
    console.error(String((error && error.message) || error));
    process.exitCode = 1;
  });
}
