/* How main() is parked in a small module, a library for Emscripten's linker: what sp__js_park needs of
 * Emscripten's own Asyncify code, in its place. That can park any export; this one only main(), which
 * was called last. */
mergeInto(LibraryManager.library, {
  $Asyncify__deps: ['malloc', 'free'],
  $Asyncify: {
    State: { Normal: 0, Unwinding: 1, Rewinding: 2 },
    state: 0,
    StackSize: ASYNCIFY_STACK_SIZE,
    currData: 0, // always: whatever else JavaScript calls is not suspended
    data: 0, // as the Asyncify pass reads it: two addresses, and the capacity between them

    instrumentWasmExports: function (exports) {
      return exports;
    },

    handleSleep: function (begin) {
      if (spindle.refusals && spindle.inTurn) spindle.refusals.sleep();
      if (Asyncify.state) {
        Asyncify.state = 0;
        _asyncify_stop_rewind();
        _free(Asyncify.data);
      } else {
        const data = (Asyncify.data = _malloc(12 + Asyncify.StackSize));
        HEAPU32[data >>> 2] = data + 12;
        HEAPU32[(data >>> 2) + 1] = data + 12 + Asyncify.StackSize;
        Asyncify.state = 1;
        runtimeKeepaliveCounter++;
        addOnPostRun(Asyncify.left);
        begin(Asyncify.wake);
        _asyncify_start_unwind(data);
      }
      return 0;
    },

    handleAsync: function () {
      abort(
        spindleImport + '() needs a module built by spindle_program, not spindle_small_program',
      );
    },

    // main() has returned: for good, or because it is parked.
    left: function () {
      const isParked = Asyncify.state === 1;
      if (isParked) _asyncify_stop_unwind();
      Asyncify.state = 0;
      return isParked;
    },

    wake: function () {
      Asyncify.state = 2;
      runtimeKeepaliveCounter--;
      _asyncify_start_rewind(Asyncify.data);
      spindleInMain = true;
      const code = _main();
      if (Asyncify.left()) spindleInMain = false;
      else spindle.mainReturned(code);
    },
  },
});
