/* C++ exceptions and longjmp in tasks, a library for Emscripten's linker: only the programs that
 * use either have it.
 *
 * Emscripten keeps one list of caught exceptions, one last exception and one count of uncaught ones
 * for the thread. A task that suspends in a catch block, or in a destructor that an exception runs,
 * must find its own again. Nothing is done at a switch: the function of the C++ runtime that is
 * called first in another task exchanges them. Each coroutine has a number of its own in its
 * memory, so that a new one at an address that was used before inherits nothing.
 *
 * An invoke_* function calls C, and where that throws, it sets the stack pointer to what it was
 * before. One that is called again by a rewind finds the stack pointer of the innermost frame
 * instead, and would set that: a loop would leak a little of the C stack in each round. So the
 * first one is kept. */
const spindleExceptionsLibrary = {
  $spindleInvokes: {
    saved: {}, // coroutine to its stack pointers, those of the innermost calls first
    own: null, // $spindleExceptions's

    running: function () {
      return spindleSwitch ? HEAPU32[spindleSwitch >> 2] : 0;
    },

    // Whether the running task, or main() for sp_run, is being unwound (1) or rewound (2).
    is: function (running, what) {
      return running ? HEAPU8[spindleSwitch + 3 + what] : Asyncify.state === what;
    },

    wrap: function (name, original) {
      if (/^_*invoke_/.test(name)) return spindleInvokes.wrapInvoke(original);
      const own = spindleInvokes.own;
      if (!own || !/^_*(cxa_|resumeException)/.test(name)) return original;
      return function () {
        own();
        return original.apply(null, arguments);
      };
    },

    wrapInvoke: function (original) {
      return function () {
        const running = spindleInvokes.running();
        const isAgain = spindleInvokes.is(running, 2);
        const pointer = isAgain ? spindleInvokes.take(running) : stackSave();
        const result = original.apply(null, arguments);
        if (spindleInvokes.is(running, 1)) {
          (spindleInvokes.saved[running] = spindleInvokes.saved[running] || []).push(pointer);
        } else if (isAgain) stackRestore(pointer);
        return result;
      };
    },

    take: function (running) {
      const pointers = spindleInvokes.saved[running];
      const pointer = pointers.pop();
      if (pointers.length === 0) delete spindleInvokes.saved[running];
      return pointer;
    },
  },

  $spindleExceptions__deps: [
    '$spindleInvokes',
    '$exceptionLast',
    '$exceptionCaught',
    '$uncaughtExceptionCount',
  ],
  $spindleExceptions__postset: 'spindleInvokes.own = spindleExceptions.own;',
  $spindleExceptions: {
    owner: 0, // the number of whose state Emscripten's variables are: a coroutine's, or 0: the loop's and main's
    last: 0, // number that was given
    states: {}, // number to the state of a coroutine that is not the owner, if there is any

    own: function () {
      const number = spindleExceptions.number(spindleInvokes.running());
      if (number === spindleExceptions.owner) return;
      if (exceptionCaught.length || uncaughtExceptionCount || exceptionLast) {
        const state = [exceptionCaught, uncaughtExceptionCount, exceptionLast];
        spindleExceptions.states[spindleExceptions.owner] = state;
      }
      const state = spindleExceptions.states[number] || [[], 0, null];
      [exceptionCaught, uncaughtExceptionCount, exceptionLast] = state;
      delete spindleExceptions.states[number];
      spindleExceptions.owner = number;
    },

    number: function (running) {
      if (!running) return 0;
      const at = (running + HEAPU32[(spindleSwitch >> 2) + 2]) >> 2;
      return HEAPU32[at] || (HEAPU32[at] = ++spindleExceptions.last);
    },
  },
};

mergeInto(LibraryManager.library, spindleExceptionsLibrary);

function spindleAlsoNeeds(name, needed) {
  const library = LibraryManager.library;
  if (!(name in library)) return;
  library[name + '__deps'] = (library[name + '__deps'] || []).concat(needed);
}

if (!DISABLE_EXCEPTION_CATCHING) {
  ['$exceptionLast', '$exceptionCaught', '$uncaughtExceptionCount'].forEach(function (name) {
    spindleAlsoNeeds(name, '$spindleExceptions');
  });
}
if (SUPPORT_LONGJMP) spindleAlsoNeeds('_emscripten_throw_longjmp', '$spindleInvokes');
