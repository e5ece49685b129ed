/* Inside the module (--pre-js), unless it is small: Emscripten wraps what the module exports. */

// The module's check of its stack, where exports keep their names. Set above, used by spindle.js.
let spindleStackCheck = null;

// Emscripten wraps every export for Asyncify; newer ones keep what they wrapped as `orig`.
function spindleKeepRawExports() {
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
