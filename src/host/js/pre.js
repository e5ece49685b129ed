/* Inside the module (--pre-js): loading the wasm, and what the page may call.
 *
 * A JavaScript function that C calls may call C back; no task can be suspended across it. So every
 * import is wrapped to count how many of them are on C's call stack (sp__unsuspendable_depth);
 * spindle's own are not, since they never call a task. */
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

// What a page's own function throws at the end is the page's error, and no trap of the program's.
if (Module['onExit']) {
  const onExit = Module['onExit'];
  Module['onExit'] = function (code) {
    try {
      onExit(code);
    } catch (error) {
      setTimeout(function () {
        throw error;
      });
    }
  };
}

if (!Module['instantiateWasm']) {
  Module['instantiateWasm'] = function (imports, receive) {
    new Set(Object.values(imports)).forEach(spindleWrapImports);
    if (typeof spindleKeepRawExports === 'function') spindleKeepRawExports(); // exports.js
    const given = typeof spindleModuleOfThread === 'function' && spindleModuleOfThread(); // pre_threads.js
    if (given) {
      const instance = new WebAssembly.Instance(given, imports);
      receive(instance, given);
      return instance.exports;
    }
    for (const word of Module['arguments'] || []) {
      if (typeof word !== 'string') {
        spindleFail('arguments: ' + word + ' is not a string');
        return {};
      }
    }
    spindleLoad(spindleGiven)
      .then(function (bytes) {
        return WebAssembly.instantiate(bytes, imports);
      })
      .then(
        function (loaded) {
          receive(loaded.instance, loaded.module); // and runs main()
        },
        function (error) {
          spindleFail('cannot load ' + spindleWasmName + ': ' + error.message);
        },
      );
    return {};
  };
}

// abort() rejects the promise that the program's creator holds, and throws besides; with newer Emscriptens
// only what is thrown does.
function spindleFail(text) {
  try {
    abort(text);
  } catch (error) {
    if (typeof readyPromiseReject === 'undefined') throw error;
  }
}

// The linker gives imports short names, so each is recognised by its function's name.
function spindleWrapImports(imports) {
  Object.keys(imports).forEach(function (key) {
    const name = imports[key].name;
    if (typeof imports[key] !== 'function') return;
    // exceptions.js, in the programs that have it
    if (typeof spindleInvokes === 'object') imports[key] = spindleInvokes.wrap(name, imports[key]);
    if (/^_?(sp__js_|invoke_|fd_(read|write|seek|close)$)/.test(name)) return;
    const original = imports[key];
    const leaves = /^_?(exit|exitJS|proc_exit)$/.test(name);
    const wrapped = function () {
      const at = spindleUnsuspendableDepth >> 2;
      // exit() in a task ends the program for good, though main() is still parked.
      if (leaves) runtimeKeepaliveCounter = 0;
      spindleImport = name;
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

// main() runs, or continues, whenever C is entered before this is false or while it is true again.
let spindleInMain = true;

Module['preRun'] = [].concat(Module['preRun'] || [], function () {
  // getenv: the page's `env` option; under Node the process's own, too.
  if (typeof ENV !== 'undefined')
    Object.assign(ENV, spindleOnNode ? process.env : {}, Module['env']);
  // exit() ends the process, or sets its status, only if the process is this program.
  if (Module['quit']) quit_ = Module['quit'];
  else if (spindleOnNode && !spindleIsMain) {
    quit_ = function (_status, thrown) {
      throw thrown;
    };
  }
  // atexit handlers are no part of main().
  const runExitHandlers = ___funcs_on_exit;
  ___funcs_on_exit = function () {
    spindleInMain = false;
    return runExitHandlers();
  };
});

Module['postRun'] = [].concat(Module['postRun'] || [], function () {
  spindleInMain = false;
});

// The import that was called last, for an error message about it.
let spindleImport = '';

// The address of sp__unsuspendable_depth, once C has given it (sp__js_open).
let spindleUnsuspendableDepth = 0; // eslint-disable-line prefer-const
// And that of sp__switch_here.
let spindleSwitch = 0; // eslint-disable-line prefer-const
