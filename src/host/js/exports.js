/* Inside the module (--pre-js), unless it is small: Emscripten wraps what the module exports. */

// The module's check of its stack, where exports keep their names. Set above, used by spindle.js.
let spindleStackCheck = null;

// Emscripten's own waits, of which sp_run's is one: only main() can be in one. What Emscripten
// keeps of it is put away once it is unwound: as long as Emscripten sees a suspended call, it takes
// every call from C for that one. From the first wait to main()'s end the runtime is kept alive:
// newer Emscriptens would exit before the exit code is known.
function spindleWatchSleeps() {
  let isMains = false; // what is being unwound
  const sleep = Asyncify.handleSleep;
  Asyncify.handleSleep = function (begin) {
    if (spindle.inTurn) spindle.refusals.sleep();
    if (!spindleInMain) return sleep.call(Asyncify, begin);
    return sleep.call(Asyncify, function (wake) {
      runtimeKeepaliveCounter += 1 - spindle.held;
      spindle.held = 1;
      isMains = true;
      begin(function (value) {
        isMains = false;
        goOn(function () {
          wake(value);
        });
      });
    });
  };
  const goOn = function (wake) {
    const wasInMain = spindleInMain; // it is if there was nothing to wait for
    if (spindle.parkedData) Asyncify.currData = spindle.parkedData;
    spindle.parkedData = 0;
    Asyncify.asyncPromiseHandlers = {
      resolve: spindle.mainReturned,
      reject: function (error) {
        spindle.mainReturned();
        throw error;
      },
    };
    spindleInMain = true;
    try {
      wake();
    } finally {
      spindleInMain = wasInMain;
    }
  };
  const stopUnwind = Asyncify.maybeStopUnwind;
  Asyncify.maybeStopUnwind = function () {
    const wasUnwinding = Asyncify.state === 1;
    stopUnwind.call(Asyncify);
    if (!isMains || !wasUnwinding || Asyncify.state) return;
    isMains = false;
    spindle.parkedData = Asyncify.currData;
    Asyncify.currData = null;
  };
}

// Emscripten wraps every export for Asyncify; newer ones keep what they wrapped as `orig`.
function spindleKeepRawExports() {
  spindleWatchSleeps();
  const wrapAll = Asyncify.instrumentWasmExports;
  Asyncify.instrumentWasmExports = function (exports) {
    spindleStackCheck = spindleStackCheck || exports['__set_stack_limits'];
    const wrapped = wrapAll.call(Asyncify, exports);
    Object.keys(wrapped).forEach(function (key) {
      const isWrapper = typeof wrapped[key] === 'function' && wrapped[key] !== exports[key];
      if (isWrapper && !wrapped[key].orig) wrapped[key].orig = exports[key];
    });
    return wrapped;
  };
}
