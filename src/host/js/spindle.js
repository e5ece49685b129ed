/* The JavaScript host, a library for Emscripten's linker (--js-library): what C cannot do itself in
 * a browser or under Node. Its state is `$spindle`; C calls the functions below it.
 *
 * The linker takes from a library only what C uses and what that names as its __deps. So HTTP
 * (http.js and http_*.js) and files (files.js) are other libraries: only the programs that use them
 * have them. */
const spindleLibrary = {
  // The names that the Asyncify pass replaces; the linker only has to find them.
  start_unwind: function () {},
  stop_unwind: function () {},
  start_rewind: function () {},
  stop_rewind: function () {},

  $spindle__deps: ['exit', 'malloc', 'free'].concat(
    '$UTF8ToString' in LibraryManager.library ? ['$UTF8ToString'] : [],
  ),
  $spindle: {
    resumeMain: null, // main() is parked in sp_run while this is set
    parkedData: 0, // what Asyncify keeps of it
    held: 0, // by how much main() keeps the runtime alive
    inTurn: false, // so that no task may be left
    refusals: null, // refusals.js, in the programs that may call what is refused
    channel: null,
    timer: null,
    scheduled: false,
    keepAlive: null,
    onInterrupt: null,
    parts: [], // those that are linked of http.js and files.js: { forget, leave }

    // --- turns: a task of the host's own event loop, never a clamped setTimeout(0)

    start: function () {
      if (spindleOnNode) {
        spindle.keepAlive = setInterval(function () {}, 1 << 30);
        spindle.onInterrupt = function () {
          if (spindle.interrupt()) return;
          spindle.parts.forEach(function (part) {
            part.leave();
          });
          process.kill(process.pid, 'SIGINT');
        };
        if (spindleIsMain || Module['signals']) process.on('SIGINT', spindle.onInterrupt);
      } else {
        spindle.channel = new MessageChannel();
        spindle.channel.port1.onmessage = spindle.turn;
      }
      spindle.schedule();
    },

    schedule: function () {
      if (spindle.scheduled) return;
      spindle.scheduled = true;
      if (spindleOnNode) setImmediate(spindle.turn);
      else if (spindle.channel) spindle.channel.port2.postMessage(0);
      else spindle.scheduled = false; // start() has not run yet, and will schedule
    },

    turn: function () {
      spindle.scheduled = false;
      if (!spindle.resumeMain) return;
      clearTimeout(spindle.timer);
      spindle.inTurn = true;
      const again = spindle.guarded(_sp__js_turn);
      spindle.inTurn = false;
      if (again === 0) spindle.schedule();
      // Beyond the maximum of setTimeout, a turn comes early and finds nothing to do.
      else if (again > 0 && again < Infinity) {
        spindle.timer = setTimeout(spindle.turn, Math.min(Math.ceil(again * 1000), 0x7fffffff));
      } else if (again < 0) spindle.finish();
    },

    // The loop has ended: main() continues where it was parked.
    finish: function () {
      const resume = spindle.resumeMain;
      spindle.stop();
      spindle.guarded(resume);
    },

    stop: function () {
      spindle.resumeMain = null;
      clearTimeout(spindle.timer);
      if (spindleOnNode) {
        clearInterval(spindle.keepAlive);
        if (spindle.onInterrupt) process.off('SIGINT', spindle.onInterrupt);
        spindle.onInterrupt = null;
      } else if (spindle.channel) {
        spindle.channel.port1.close();
        spindle.channel = null;
        spindle.scheduled = false; // a message that was posted there does not arrive
      }
    },

    // No code: it has called exit(), or left for good with its runtime alive. Older Emscriptens
    // report main()'s return here, too, when it waits again.
    mainReturned: function (code) {
      if (ABORT || spindle.resumeMain || spindle.parkedData) return;
      runtimeKeepaliveCounter -= spindle.held;
      spindle.held = 0;
      if (code === undefined) return;
      spindle.guarded(function () {
        _exit(code);
      });
      runtimeKeepaliveCounter++; // Emscripten would exit once more
    },

    // exit() arrives here as an exception.
    guarded: function (enter) {
      try {
        return enter();
      } catch (error) {
        const isTrap = !(error instanceof ExitStatus || error === 'unwind');
        if (isTrap && !ABORT) spindle.explain(error);
        spindle.stop();
        spindle.forgetAll();
        if (error === 'unwind' && spindle.inTurn && spindle.refusals) spindle.refusals.left();
        if (!isTrap) return undefined;
        if (!ABORT) spindle.abort(String(error));
        throw error;
      }
    },

    // Forgets what one host has begun, or all of it: C is not told of it any more.
    forgetAll: function (host) {
      spindle.parts.forEach(function (part) {
        part.forget(host);
      });
    },

    // As after C's abort(): nothing runs any more, and the page is told.
    abort: function (text) {
      ABORT = true;
      if (Module['onAbort']) Module['onAbort'](text);
    },

    // Describes a trap. A number, or an object with an excPtr, is what Emscripten throws for C++.
    explain: function (error) {
      if (typeof error === 'number' || error.excPtr)
        spindle.say('spindle: uncaught C++ exception; -fexceptions makes catch work\n');
      try {
        if (/call stack|recursion/.test(error.message)) {
          const running = spindle.tasks().find(function (task) {
            return task.state === 'running';
          });
          const where = running
            ? " in task '" + running.name + "', " + running.coroutine + '()'
            : '';
          spindle.say(
            'spindle: JavaScript stack overflow' +
              where +
              ': recurse less, or node --stack-size=4000\n',
          );
        } else _sp__switch_trapped(false);
      } catch {
        // what trapped first is what counts
      }
    },

    // Ctrl-C, or the page's `interrupt()`. Returns false when there was one before: the program
    // must end.
    interrupt: function () {
      const taken = !!spindle.resumeMain && _sp__js_interrupt() !== 0;
      if (!taken && spindle.onInterrupt) process.off('SIGINT', spindle.onInterrupt);
      return taken;
    },

    // --- what the page asks of a running program

    tasks: function (limit) {
      const most = limit === undefined ? 1000 : Math.max(0, Math.min(limit, 0x7fffffff));
      const list = spindle.resumeMain ? _sp__js_tasks(most) >>> 0 : 0;
      if (!list) return [];
      try {
        return spindle.readTasks(list);
      } finally {
        _free(list);
      }
    },

    // Reads the block that inspect.c describes.
    readTasks: function (list) {
      const view = new DataView(HEAPU8.buffer);
      const count = view.getFloat64(list, true);
      const text = spindle.textReader();
      const tasks = [];
      for (let i = 0; i < count; i++) tasks.push(spindle.readTask(view, list + 8 + i * 56, text));
      let at = list + 8 + count * 56;
      for (let i = 0; i < count; i++) {
        const end = at + 4 * view.getUint32(list + 8 + i * 56 + 48, true);
        for (; at < end; at += 4) {
          const awaiters = tasks[view.getUint32(at, true)].awaitedBy;
          if (awaiters[awaiters.length - 1] !== tasks[i].id) awaiters.push(tasks[i].id);
        }
      }
      return tasks;
    },

    readTask: function (view, at, text) {
      const word = function (offset) {
        return view.getUint32(at + offset, true);
      };
      const name = word(24);
      const where = text(word(36));
      const colon = where.lastIndexOf(':');
      return {
        id: view.getFloat64(at, true),
        name: name ? UTF8ToString(name) : 'Task-' + view.getFloat64(at + 8, true),
        coroutine: text(word(28)),
        state: ['new', 'ready', 'running', 'waiting'][word(40)],
        call: text(word(32)),
        file: where.slice(0, colon),
        line: Number(where.slice(colon + 1)),
        seconds: view.getFloat64(at + 16, true),
        awaitedBy: [],
        cancelling: word(44) !== 0,
      };
    },

    // Most of many tasks are at few places: each of C's static texts is read once.
    textReader: function () {
      const texts = new Map();
      return function (pointer) {
        let text = texts.get(pointer);
        if (text === undefined) texts.set(pointer, (text = UTF8ToString(pointer)));
        return text;
      };
    },

    cancel: function (id) {
      return !!spindle.resumeMain && _sp__js_cancel(id) !== 0;
    },

    statistics: function () {
      const at = spindle.resumeMain ? _sp__js_statistics() >>> 0 : 0;
      const view = at ? new DataView(HEAPU8.buffer, at, 48) : new DataView(new ArrayBuffer(48));
      const names = ['tasks', 'switches', 'iterations', 'taskMemory', 'time', 'busy'];
      return Object.fromEntries(
        names.map(function (name, i) {
          return [name, view.getFloat64(i * 8, true)];
        }),
      );
    },

    // --- output: bytes as they come, not lines; a progress bar has none

    decoders: {},

    // Returns 0, or an errno of WASI.
    print: function (fd, bytes) {
      if (spindleOnNode && !Module['onOutput']) return spindle.printNode(fd, bytes);
      const decoder = (spindle.decoders[fd] = spindle.decoders[fd] || new TextDecoder());
      const text = decoder.decode(bytes, { stream: true });
      if (Module['onOutput']) Module['onOutput'](text, fd);
      else (fd === 2 ? err : out)(text.replace(/\n$/, ''));
      return 0;
    },

    say: function (text) {
      spindle.print(2, new TextEncoder().encode(text));
    },

    // A full pipe fails with EAGAIN.
    printNode: function (fd, bytes) {
      const fs = require('fs');
      for (let from = 0; from < bytes.length;) {
        try {
          from += fs.writeSync(fd, bytes, from);
        } catch (error) {
          if (error.code !== 'EAGAIN') return spindle.writeErrors[error.code] || 29; // EIO
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
        }
      }
      return 0;
    },

    writeErrors: { EBADF: 8, ENOSPC: 51, EPIPE: 64 },
  },

  // --- what C calls

  sp__js_now: function () {
    return performance.now() / 1000;
  },

  sp__js_wake__deps: ['$spindle'],
  sp__js_wake: function () {
    spindle.schedule();
  },

  // From any thread.
  sp__js_wake_from_thread__deps: ['$spindle'],
  sp__js_wake_from_thread__proxy: 'async',
  sp__js_wake_from_thread__sig: 'v',
  sp__js_wake_from_thread: function () {
    spindle.schedule();
  },

  // Only main() of the main thread can be parked: any other caller of C needs its result now.
  sp__js_can_park: function () {
    return (
      spindleInMain && !(typeof ENVIRONMENT_IS_PTHREAD !== 'undefined' && ENVIRONMENT_IS_PTHREAD)
    );
  },

  // Parks main(): the only suspension that passes through JavaScript. What main() returns at last
  // is passed to exit(), which older Emscriptens forget. Asyncify does not check that there is
  // memory for what it saves: returns 1 if there is none, and 0 in the end.
  sp__js_park__deps: ['$spindle', '$Asyncify', 'malloc', 'free'],
  sp__js_park__sig: 'i',
  sp__js_park: function () {
    if (Asyncify.state === Asyncify.State.Normal) {
      const block = _malloc(12 + Asyncify.StackSize);
      if (!block) return 1;
      _free(block);
    }
    return Asyncify.handleSleep(function (wakeUp) {
      spindle.resumeMain = wakeUp;
      spindle.start();
    });
  },

  sp__js_open: function (unsuspendableDepth, state) {
    spindleUnsuspendableDepth = unsuspendableDepth;
    spindleSwitch = state;
  },

  // The module's own check of the C stack, where it was linked with one, as a function pointer: a
  // call from C stays inside the module.
  sp__js_stack_check: function () {
    const wrapper = typeof ___set_stack_limits === 'function' && ___set_stack_limits;
    const kept = typeof spindleStackCheck === 'undefined' ? null : spindleStackCheck;
    const check = kept || wrapper.orig || wrapper;
    if (!check) return 0;
    const index = wasmTable.grow(1);
    wasmTable.set(index, check);
    return index;
  },

  __handle_stack_overflow__deps: ['$spindle'],
  __handle_stack_overflow: function () {
    if (!_sp__switch_trapped(true))
      err('spindle: stack overflow outside a task; raise -sSTACK_SIZE');
    abort('stack overflow');
  },

  sp__js_may_wait: function () {
    return typeof document === 'undefined';
  },

  sp__js_has_threads: function () {
    return (
      typeof SharedArrayBuffer !== 'undefined' && wasmMemory.buffer instanceof SharedArrayBuffer
    );
  },

  sp__js_forget_all__deps: ['$spindle'],
  sp__js_forget_all: function (host) {
    spindle.forgetAll(host);
  },

  // The page's option takes precedence over the process's environment, as for getenv.
  sp__js_wants_debug: function () {
    const name = 'SPINDLE_DEBUG';
    const given = Module['env'] && Module['env'][name];
    return !!(spindleOnNode && given === undefined ? process.env[name] : given);
  },

  sp__js_complain__deps: ['$spindle'],
  sp__js_complain: function (text) {
    spindle.say(UTF8ToString(text));
  },
};

// Newer Emscriptens include the table only where it is asked for.
if ('$wasmTable' in LibraryManager.library) {
  spindleLibrary.sp__js_stack_check__deps = ['$wasmTable'];
}

mergeInto(LibraryManager.library, spindleLibrary);
