/* Inside the module (--pre-js): loading the wasm, and what the page may call.
 *
 * A JavaScript function that C calls may call C back; no task can be suspended across it. So every
 * import is wrapped to count how many of them C stands in (sp__switch_barriers); spindle's own are
 * not, they never call a task. */
Module['interrupt'] = function () {
  return spindle.interrupt();
};
Module['tasks'] = function (limit) {
  return spindle.tasks(limit);
};
Module['cancel'] = function (id) {
  return spindle.cancel(id);
};
Module['statistics'] = function () {
  return spindle.statistics();
};

// As given: a debugging build lets nobody read them later.
const spindleGiven = { wasmBinary: Module['wasmBinary'], locateFile: Module['locateFile'] };

// The caller's array stays as it is: newer Emscriptens put the program's name into it.
if (Module['arguments']) Module['arguments'] = [].concat(Module['arguments']);

// exit() ends the process only if the process is this program.
if (spindleOnNode && !spindleIsMain && !Module['quit']) {
  Module['quit'] = function (status, thrown) {
    throw thrown;
  };
}

if (!Module['instantiateWasm']) {
  Module['instantiateWasm'] = function (imports, receive) {
    new Set(Object.values(imports)).forEach(spindleWrapImports);
    if (typeof spindleKeepRawExports === 'function') spindleKeepRawExports(); // exports.js
    const given = spindleModuleOfThread();
    if (given) {
      const instance = new WebAssembly.Instance(given, imports);
      receive(instance, given);
      return instance.exports;
    }
    spindleLoad(spindleGiven)
      .then(function (bytes) {
        return WebAssembly.instantiate(bytes, imports);
      })
      .then(function (loaded) {
        receive(loaded.instance, loaded.module);
      })
      .catch(spindleFailToLoad);
    return {};
  };
}

// A thread was given the compiled module, and may be told to begin at once: it must not be loading.
function spindleModuleOfThread() {
  const isThread = typeof ENVIRONMENT_IS_PTHREAD !== 'undefined' && ENVIRONMENT_IS_PTHREAD;
  return isThread && typeof wasmModule !== 'undefined' ? wasmModule : null;
}

// abort() rejects the promise that the program's creator holds, and throws besides.
function spindleFailToLoad(error) {
  try {
    abort('cannot load ' + spindleWasmName + ': ' + error.message);
  } catch {
    // told already
  }
}

// The linker gives imports short names, so each is known by its function's.
function spindleWrapImports(imports) {
  Object.keys(imports).forEach(function (key) {
    const name = imports[key].name;
    if (typeof imports[key] !== 'function') return;
    // exceptions.js, in the programs that have it
    if (typeof spindleInvokes === 'object') imports[key] = spindleInvokes.wrap(name, imports[key]);
    if (/^_?(sp__js_|invoke_|fd_)/.test(name)) return;
    const original = imports[key];
    const leaves = /^_?(exit|exitJS|proc_exit)$/.test(name);
    const wrapped = function () {
      const at = spindleBarriers >> 2;
      // exit() in a task ends the program for good, though main() is still parked.
      if (leaves) runtimeKeepaliveCounter = 0;
      if (!at) return original.apply(null, arguments);
      HEAPU32[at]++;
      try {
        return original.apply(null, arguments);
      } finally {
        HEAPU32[at]--;
      }
    };
    imports[key] = Object.assign(wrapped, original);
  });
}

// getenv: the page's `env` option; under Node the process's own, too.
Module['preRun'] = [].concat(Module['preRun'] || [], function () {
  if (typeof ENV === 'undefined') return; // no C here asks
  Object.assign(ENV, spindleOnNode ? process.env : {}, Module['env']);
});

// main() runs, or goes on, whenever C is entered before this is false or while it is true again.
let spindleInMain = true;
Module['postRun'] = [].concat(Module['postRun'] || [], function () {
  spindleInMain = false;
});

// The address of sp__switch_barriers, once C has given it (sp__js_open).
let spindleBarriers = 0; // eslint-disable-line prefer-const
// And that of sp__switch_state.
let spindleSwitch = 0; // eslint-disable-line prefer-const
