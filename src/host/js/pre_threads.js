/* Inside the module (--pre-js), if it has threads. */

// A thread was given the compiled module, and may be told to begin at once: it must not be loading.
function spindleModuleOfThread() {
  return ENVIRONMENT_IS_PTHREAD && typeof wasmModule !== 'undefined' ? wasmModule : null;
}
