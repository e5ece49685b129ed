/* What a task must not call, a library for Emscripten's linker: only the programs that may call it
 * have it. Each ends the program with one line that says what to call instead. */
const spindleRefusalsLibrary = {
  $spindleRefusals__deps: ['$spindle'],
  $spindleRefusals__postset: 'spindle.refusals = spindleRefusals;',
  $spindleRefusals: {
    // Emscripten's own wait for something asynchronous, of which there is only one at a time.
    sleep: function () {
      const name = spindleImport.replace(/^_*(syscall_|asyncjs__)?/, '');
      let instead = 'it in main(), or await an sp_future instead';
      if (/sleep/.test(name)) instead = 'sp_sleep';
      else if (/wget/.test(name)) instead = 'sp_fetch';
      else if (/idb/.test(name)) instead = 'sp_read_file or sp_write_file';
      spindleRefusals.end('a task cannot suspend in ' + name + '(): call ' + instead);
    },

    // C has left for good with its runtime alive: main() may, but a task would take all others along.
    left: function () {
      const name = spindleImport.replace(/^_*/, '');
      const instead = 'pass simulate_infinite_loop = 0 and return from the task';
      spindleRefusals.end('a task cannot unwind to the event loop by ' + name + '(): ' + instead);
    },

    // `node PROGRAM.mjs` says no more of it.
    end: function (what) {
      const text = 'spindle: ' + what;
      spindle.say(text + '\n');
      spindle.abort(text);
      throw Object.assign(new WebAssembly.RuntimeError(text), { isTold: true });
    },
  },
};

mergeInto(LibraryManager.library, spindleRefusalsLibrary);

[
  '$Asyncify',
  'emscripten_sleep',
  'emscripten_set_main_loop',
  'emscripten_set_main_loop_arg',
  'emscripten_exit_with_live_runtime',
  'emscripten_unwind_to_js_event_loop',
].forEach(function (name) {
  const library = LibraryManager.library;
  if (!(name in library)) return;
  library[name + '__deps'] = (library[name + '__deps'] || []).concat('$spindleRefusals');
});
