// Before the module (--extern-pre-js): what Emscripten's loader misses in an ES module under Node, and
// how the .wasm beside it is read.
const spindleOnNode =
  typeof process === 'object' && typeof process.versions === 'object' && !!process.versions.node;
const spindleWasmName = new URL(import.meta.url).pathname
  .split('/')
  .pop()
  .replace(/\.mjs$/, '.wasm');

let require, __filename, __dirname;
if (spindleOnNode) {
  const { createRequire } = await import('node:module');
  const { fileURLToPath } = await import('node:url');
  require = createRequire(import.meta.url);
  __filename = fileURLToPath(import.meta.url);
  __dirname = require('path').dirname(__filename);
}

async function spindleLoad(options) {
  if (options['wasmBinary']) return options['wasmBinary'];
  if (spindleOnNode) return require('fs').promises.readFile(__filename.replace(/\.mjs$/, '.wasm'));
  const beside = new URL('.', import.meta.url).href;
  const locate = options['locateFile'];
  const answer = await fetch(locate ? locate(spindleWasmName, beside) : beside + spindleWasmName);
  if (!answer.ok) throw new Error(`HTTP status ${answer.status} for ${answer.url}`);
  return answer.arrayBuffer();
}
