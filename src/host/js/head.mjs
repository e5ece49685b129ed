// Before the module (--extern-pre-js): what Emscripten's loader lacks in an ES module under Node,
// and how the .wasm beside it is read.
const spindleOnNode =
  typeof process === 'object' && typeof process.versions === 'object' && !!process.versions.node;
const spindleWasmName = new URL(import.meta.url).pathname
  .split('/')
  .pop()
  .replace(/\.m?js$/, '.wasm');

let require, __filename, __dirname;
// Whether `node` was started with this file.
let spindleIsMain = false;
if (spindleOnNode) {
  const { createRequire } = await import('node:module');
  const { fileURLToPath } = await import('node:url');
  require = createRequire(import.meta.url);
  __filename = fileURLToPath(import.meta.url);
  __dirname = require('path').dirname(__filename);
  spindleIsMain = require('worker_threads').isMainThread && spindleIsStarted(process.argv[1]);
}

function spindleIsStarted(file) {
  try {
    return require('fs').realpathSync(file) === __filename;
  } catch {
    // `node -e` and the like: no file was started
    return false;
  }
}

async function spindleLoad({ wasmBinary, locateFile: locate }) {
  if (wasmBinary) return wasmBinary;
  if (spindleOnNode) {
    const folder = `${__dirname}/`;
    const path = locate ? locate(spindleWasmName, folder) : folder + spindleWasmName;
    return require('fs').promises.readFile(path);
  }
  const beside = new URL('.', import.meta.url).href;
  const answer = await fetch(locate ? locate(spindleWasmName, beside) : beside + spindleWasmName);
  if (!answer.ok) throw new Error(`HTTP status ${answer.status} for ${answer.url}`);
  return answer.arrayBuffer();
}
