/* The JavaScript host, a library for Emscripten's linker (--js-library): what C cannot do itself in a
 * browser or under Node. Its state is `$spindle`; C calls the functions below it. */
const spindleLibrary = {
  // The names that the Asyncify pass replaces; the linker only has to find them.
  start_unwind: function () {},
  stop_unwind: function () {},
  start_rewind: function () {},
  stop_rewind: function () {},

  $spindle__deps: ['exit', 'malloc', 'free'],
  $spindle: {
    resumeMain: null, // main() is parked in sp_run while this is set
    channel: null,
    timer: null,
    scheduled: false,
    keepAlive: null,
    onInterrupt: null,
    fetches: {}, // id to the AbortController and whose it is
    saves: [], // { host } of each file that is being written

    // --- turns: a task of the host's own event loop, never a clamped setTimeout(0)

    start: function () {
      if (spindleOnNode) {
        spindle.keepAlive = setInterval(function () {}, 1 << 30);
        spindle.onInterrupt = function () {
          if (!spindle.interrupt()) process.kill(process.pid, 'SIGINT');
        };
        process.on('SIGINT', spindle.onInterrupt);
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
      else spindle.scheduled = false; // start() is yet to come, and will
    },

    turn: function () {
      spindle.scheduled = false;
      if (!spindle.resumeMain) return;
      clearTimeout(spindle.timer);
      const again = spindle.guarded(_sp__js_turn);
      if (again === 0) spindle.schedule();
      // Beyond what setTimeout can count, a turn comes early and finds nothing to do.
      else if (again > 0 && again < Infinity) {
        spindle.timer = setTimeout(spindle.turn, Math.min(Math.ceil(again * 1000), 0x7fffffff));
      } else if (again < 0) spindle.finish();
    },

    // The loop has ended: main() goes on where it was parked.
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
        spindle.scheduled = false; // what was posted there does not arrive
      }
    },

    // exit() arrives here as an exception.
    guarded: function (enter) {
      try {
        return enter();
      } catch (error) {
        spindle.stop();
        spindle.forgetAll();
        if (error instanceof ExitStatus || error === 'unwind') return undefined;
        if (!ABORT) spindle.trapped(error);
        throw error;
      }
    },

    // What one host has begun, or all of it: C is not told of it any more.
    forgetAll: function (host) {
      spindle.saves = spindle.saves.filter(function (save) {
        return host !== undefined && save.host !== host;
      });
      Object.entries(spindle.fetches).forEach(function (entry) {
        if (host !== undefined && entry[1].host !== host) return;
        delete spindle.fetches[entry[0]];
        entry[1].abort.abort();
      });
    },

    // As after an abort() of C's: nothing runs any more, and the page is told. RangeError, in Firefox
    // InternalError: the engine's own stack is full. A number is what Emscripten throws for C++.
    trapped: function (error) {
      if (typeof error === 'number')
        err('spindle: a C++ exception was not caught; -fexceptions makes catch work');
      try {
        _sp__switch_trapped(/RangeError|InternalError/.test(error.name));
      } catch {
        // what trapped first is what counts
      }
      ABORT = true;
      if (Module['onAbort']) Module['onAbort'](String(error));
    },

    // Ctrl-C, or the page's `interrupt()`. False when there was one before: the program is to end.
    interrupt: function () {
      const taken = !!spindle.resumeMain && _sp__js_interrupt() !== 0;
      if (!taken && spindle.onInterrupt) process.off('SIGINT', spindle.onInterrupt);
      return taken;
    },

    // --- strings, bytes and errors for C

    // Calls use(pointer) with the text on C's heap; 0 where there is no memory for it.
    withString: function (text, use) {
      const size = lengthBytesUTF8(text) + 1;
      const pointer = _malloc(size);
      if (!pointer) return use(0);
      stringToUTF8(text, pointer, size);
      try {
        return use(pointer);
      } finally {
        _free(pointer);
      }
    },

    // spindle's code by its name: the header is the only list of them.
    code: function (name) {
      return spindle.withString(name, _sp__js_error_code);
    },

    // What a JavaScript exception says, with its cause, on one line.
    explain: function (error) {
      const cause = error && error.cause;
      let text = String((error && error.message) || error);
      if (cause && (cause.message || cause.code)) text += ': ' + (cause.message || cause.code);
      return text.replace(/\s+/g, ' ').trim();
    },

    // --- http

    fetchError: function (error, answered) {
      const cause = (error && error.cause) || error || {};
      const causes = {
        ECONNREFUSED: 'SP_ECONNREFUSED',
        ENOTFOUND: 'SP_EDNS',
        EAI_AGAIN: 'SP_EDNS',
        EAI_NODATA: 'SP_EDNS',
        ECONNRESET: 'SP_ECONNRESET',
        EPIPE: 'SP_ECONNRESET',
        ETIMEDOUT: 'SP_ETIMEDOUT',
        UND_ERR_CONNECT_TIMEOUT: 'SP_ETIMEDOUT',
        UND_ERR_HEADERS_TIMEOUT: 'SP_ETIMEDOUT',
        UND_ERR_BODY_TIMEOUT: 'SP_ETIMEDOUT',
        UND_ERR_SOCKET: 'SP_ECONNRESET',
        UND_ERR_RESPONSE_EXCEEDED: 'SP_EPROTOCOL',
      };
      if (answered) return 'SP_ETRUNCATED';
      if (cause.code in causes) return causes[cause.code];
      const inner = cause.errors && cause.errors[0]; // several addresses were tried
      if (inner && inner.code in causes) return causes[inner.code];
      if (/^(HPE_|UND_ERR_)/.test(cause.code)) return 'SP_EPROTOCOL';
      if (/^(ERR_TLS|ERR_SSL|CERT_|DEPTH_|SELF_SIGNED|UNABLE_TO)/.test(cause.code))
        return 'SP_ETLS';
      if (/redirect/.test(cause.message)) return 'SP_EREDIRECT';
      if (/^(ERR_INVALID_URL)$/.test(cause.code)) return 'SP_EINVAL';
      return 'SP_ENETWORK';
    },

    failure: function (name, text) {
      return Object.assign(new Error(text), { spindle: name });
    },

    // The head, the headers and the body go to C as they come.
    receive: async function (id, response, abort, redirect) {
      const isRedirect =
        response.type === 'opaqueredirect' ||
        (response.status >= 300 && response.status < 400 && response.headers.has('location'));
      if (redirect === 1 && isRedirect) throw spindle.failure('SP_EREDIRECT', 'redirected');
      spindle.checked(id, abort, function () {
        return spindle.withString(response.url, function (url) {
          return _sp__js_fetch_head(id, response.status, url);
        });
      });
      response.headers.forEach(function (value, name) {
        spindle.checked(id, abort, function () {
          return spindle.withString(name, function (namePointer) {
            return spindle.withString(value, function (valuePointer) {
              return _sp__js_fetch_header(id, namePointer, valuePointer);
            });
          });
        });
      });
      if (!response.body) return;
      const reader = response.body.getReader();
      let received = 0;
      for (;;) {
        const piece = await reader.read();
        if (piece.done) break;
        received += piece.value.length;
        spindle.body(id, abort, piece.value);
      }
      spindle.checkLength(response, received);
    },

    body: function (id, abort, bytes) {
      if (abort.signal.aborted) return;
      const room = _sp__js_fetch_room(id, bytes.length);
      if (!room) throw spindle.failure('SP_ENOMEM', 'no memory for the body');
      HEAPU8.set(bytes, room);
      _sp__js_fetch_filled(id, bytes.length);
    },

    // Not every engine minds a body that ends before the length it announced.
    checkLength: function (response, received) {
      const announced = response.headers.get('content-length');
      if (announced === null || response.headers.get('content-encoding')) return;
      if (received < Number(announced)) {
        throw spindle.failure('SP_ETRUNCATED', received + ' of ' + announced + ' bytes came');
      }
    },

    checked: function (id, abort, call) {
      if (!abort.signal.aborted && call() < 0) throw spindle.failure('SP_ENOMEM', 'out of memory');
    },

    // What libcurl refuses is refused here, too.
    checkUrl: function (url) {
      let scheme;
      try {
        scheme = new URL(url, spindleBase).protocol;
      } catch {
        throw spindle.failure('SP_EINVAL', 'not a URL');
      }
      if (!/^https?:$/.test(scheme)) throw spindle.failure('SP_EINVAL', 'not http or https');
    },

    // What the engine refuses to ask for: a header's value that is not Latin-1, say.
    request: function (url, init) {
      try {
        return new Request(url, init);
      } catch (error) {
        throw spindle.failure('SP_EINVAL', error.message);
      }
    },

    exchange: async function (id, url, init, redirect, abort) {
      let answered = false;
      try {
        spindle.checkUrl(url);
        const response = await fetch(spindle.request(url, init));
        answered = true;
        await spindle.receive(id, response, abort, redirect);
        spindle.settle(id, abort, 0, '');
      } catch (error) {
        if (abort.signal.aborted) return;
        abort.abort();
        const name = error.spindle || spindle.fetchError(error, answered);
        spindle.settle(id, abort, spindle.code(name), spindle.explain(error));
      }
    },

    // Each exchange is settled once: an aborted one is known to nobody any more.
    settle: function (id, abort, result, text) {
      const known = spindle.fetches[id];
      if (!known || known.abort !== abort) return;
      delete spindle.fetches[id];
      spindle.withString(text, function (message) {
        _sp__js_fetch_done(id, result, message);
      });
    },

    // --- files

    save: async function (path, bytes) {
      if (Module['onFile']) {
        await Module['onFile'](path, bytes);
        return;
      }
      const fs = require('fs').promises;
      const draft = path + '.' + process.pid + '-' + Math.random().toString(36).slice(2, 8);
      try {
        await fs.writeFile(draft, bytes, { flag: 'wx' });
        const old = await fs.stat(path).catch(function () {});
        if (old) await fs.chmod(draft, old.mode & 0o7777);
        await fs.rename(draft, path);
      } catch (error) {
        await fs.rm(draft, { force: true }).catch(function () {});
        throw await spindle.clearer(error, path);
      }
    },

    // False when it was forgotten meanwhile.
    endSave: function (save) {
      const at = spindle.saves.indexOf(save);
      if (at >= 0) spindle.saves.splice(at, 1);
      return at >= 0;
    },

    // A system that is asked to replace a folder by a file gives one of several errors.
    clearer: async function (error, path) {
      const found = await require('fs')
        .promises.stat(path)
        .catch(function () {});
      if (!found || !found.isDirectory()) return error;
      return Object.assign(new Error('Is a directory'), { code: 'EISDIR' });
    },

    fileError: function (error) {
      const codes = {
        ENOENT: 'SP_ENOENT',
        EACCES: 'SP_EACCES',
        EPERM: 'SP_EACCES',
        EROFS: 'SP_EACCES',
        EISDIR: 'SP_EISDIR',
        ENOTDIR: 'SP_ENOTDIR',
        ENOSPC: 'SP_ENOSPC',
      };
      return codes[error && error.code] || 'SP_EIO';
    },

    // --- output: bytes as they come, not lines; a progress bar has none

    decoders: {},

    print: function (fd, bytes) {
      if (spindleOnNode && !Module['onOutput']) {
        spindle.printNode(fd, bytes);
        return;
      }
      const decoder = (spindle.decoders[fd] = spindle.decoders[fd] || new TextDecoder());
      const text = decoder.decode(bytes, { stream: true });
      if (Module['onOutput']) Module['onOutput'](text, fd);
      else (fd === 2 ? err : out)(text.replace(/\n$/, ''));
    },

    // A pipe that is full says EAGAIN.
    printNode: function (fd, bytes) {
      const fs = require('fs');
      for (let from = 0; from < bytes.length;) {
        try {
          from += fs.writeSync(fd, bytes, from);
        } catch (error) {
          if (error.code !== 'EAGAIN') return;
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
        }
      }
    },
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

  // Only main() of the main thread can be parked: whoever else called C wants its answer now.
  sp__js_can_park: function () {
    return (
      spindleInMain && !(typeof ENVIRONMENT_IS_PTHREAD !== 'undefined' && ENVIRONMENT_IS_PTHREAD)
    );
  },

  // Parks main(): the only suspension that passes through JavaScript. What main() returns at last is
  // given to exit(), which older Emscriptens forget.
  // Asyncify does not look whether there is memory for what it saves: 1 if there is none, 0 in the end.
  sp__js_park__deps: ['$spindle', '$Asyncify', 'malloc', 'free'],
  sp__js_park__sig: 'i',
  sp__js_park: function () {
    if (Asyncify.state === Asyncify.State.Normal) {
      const room = _malloc(12 + Asyncify.StackSize);
      if (!room) return 1;
      _free(room);
    }
    return Asyncify.handleSleep(function (wakeUp) {
      spindle.resumeMain = function () {
        spindleInMain = true;
        try {
          wakeUp(0);
        } finally {
          spindleInMain = false;
        }
      };
      Asyncify.asyncPromiseHandlers = {
        resolve: function (code) {
          spindle.guarded(function () {
            _exit(code);
          });
        },
        reject: function (error) {
          throw error;
        },
      };
      spindle.start();
    });
  },

  sp__js_open: function (barriers) {
    spindleBarriers = barriers;
  },

  // The module's own check of the C stack, where it was linked with one, as a function pointer: called
  // from C it stays inside the module.
  sp__js_stack_check: function () {
    const minified = typeof ___set_stack_limits === 'function' && ___set_stack_limits.orig;
    const check = spindleStackCheck || minified;
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

  sp__js_fetch__deps: ['$spindle'],
  sp__js_fetch: function (id, host, url, method, headers, count, body, size, redirect) {
    const abort = new AbortController();
    const pairs = [];
    for (let i = 0; i < count; i++) {
      const at = (headers >>> 2) + i * 2;
      pairs.push([UTF8ToString(HEAPU32[at]), UTF8ToString(HEAPU32[at + 1])]);
    }
    const init = {
      method: UTF8ToString(method),
      headers: pairs,
      redirect: redirect === 0 ? 'follow' : 'manual',
      signal: abort.signal,
      credentials: 'omit',
      cache: 'no-store', // as natively; and browsers make equal requests wait for each other else
    };
    // Node 20 cannot send bytes again after a redirect; a Blob it can.
    if (body) init.body = new Blob([HEAPU8.slice(body, body + size)]);
    spindle.fetches[id] = { abort: abort, host: host };
    spindle.exchange(id, UTF8ToString(url), init, redirect, abort);
  },

  sp__js_fetch_abort__deps: ['$spindle'],
  sp__js_fetch_abort: function (id) {
    const known = spindle.fetches[id];
    delete spindle.fetches[id];
    if (known) known.abort.abort();
  },

  sp__js_forget_all__deps: ['$spindle'],
  sp__js_forget_all: function (host) {
    spindle.forgetAll(host);
  },

  sp__js_takes_files__deps: ['$spindle'],
  sp__js_takes_files: function () {
    return spindleOnNode || !!Module['onFile'];
  },

  sp__js_save__deps: ['$spindle'],
  sp__js_save: function (id, host, path, data, size) {
    const save = { host: host };
    spindle.saves.push(save);
    spindle.save(UTF8ToString(path), HEAPU8.slice(data, data + size)).then(
      function () {
        if (spindle.endSave(save)) _sp__js_saved(id, 0, 0);
      },
      function (error) {
        if (!spindle.endSave(save)) return;
        const code = spindle.code(spindle.fileError(error));
        // Of "EACCES: permission denied, open 'draft'" the middle.
        const text = spindle.explain(error).replace(/^E[A-Z]+: |, [a-z]+ '.*$/g, '');
        spindle.withString(text, function (message) {
          _sp__js_saved(id, code, message);
        });
      },
    );
  },

  sp__js_complain__deps: ['$spindle'],
  sp__js_complain: function (text) {
    spindle.print(2, new TextEncoder().encode(UTF8ToString(text)));
  },
};

if (!LibraryManager.library.fd_write__sig) spindleLibrary.fd_write__sig = 'iippp';

// Newer Emscriptens have the table only where somebody asks for it.
if ('$wasmTable' in LibraryManager.library) {
  spindleLibrary.sp__js_stack_check__deps = ['$wasmTable'];
}

mergeInto(LibraryManager.library, spindleLibrary);

// Emscripten's own fd_write passes stdout and stderr on by whole lines only. What goes to files is
// still its own affair.
const spindleFileWrite = FILESYSTEM
  ? {
      $spindleWriteFile: LibraryManager.library.fd_write,
      $spindleWriteFile__deps: LibraryManager.library.fd_write__deps,
    }
  : { $spindleWriteFile: function () {} };

mergeInto(LibraryManager.library, spindleFileWrite);
mergeInto(LibraryManager.library, {
  fd_write__deps: ['$spindle', '$spindleWriteFile'],
  fd_write__postset: '',
  fd_write__proxy: 'sync',
  fd_write: function (fd, vectors, count, written) {
    if (fd !== 1 && fd !== 2) return spindleWriteFile(fd, vectors, count, written);
    let total = 0;
    for (let i = 0; i < count; i++) {
      const at = (vectors >>> 2) + i * 2;
      const from = HEAPU32[at];
      const size = HEAPU32[at + 1];
      if (size > 0) spindle.print(fd, HEAPU8.slice(from, from + size));
      total += size;
    }
    HEAPU32[written >>> 2] = total;
    return 0;
  },
});
