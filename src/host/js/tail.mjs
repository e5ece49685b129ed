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
    spindleProgram({ arguments: process.argv.slice(2) }).catch((error) => {
      console.error(String((error && error.message) || error));
      process.exitCode = 1;
    });
  }
}
