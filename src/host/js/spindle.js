/* The JavaScript host, a library for Emscripten's linker (--js-library): what C cannot do itself in a
 * browser or under Node. Its state is `$spindle`; C calls the functions below it. Files are in files.js.
 */
const spindleLibrary = {
  // The names that the Asyncify pass replaces; the linker only has to find them.
  start_unwind: function () {},
  stop_unwind: function () {},
  start_rewind: function () {},
  stop_rewind: function () {},

  $spindle__deps: ['exit', 'malloc', 'free', '$spindleFiles'],
  $spindle: {
    resumeMain: null, // main() is parked in sp_run while this is set
    channel: null,
    timer: null,
    scheduled: false,
    keepAlive: null,
    onInterrupt: null,
    fetches: {}, // what is known of each exchange, by C's address of it
    sessions: {}, // by C's address of them

    // --- turns: a task of the host's own event loop, never a clamped setTimeout(0)

    start: function () {
      if (spindleOnNode) {
        spindle.keepAlive = setInterval(function () {}, 1 << 30);
        spindle.onInterrupt = function () {
          if (spindle.interrupt()) return;
          spindleFiles.removeDrafts();
          process.kill(process.pid, 'SIGINT');
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
      spindleFiles.forget(host);
      Object.values(spindle.fetches).forEach(function (known) {
        if (host === undefined || known.host === host) spindle.forget(known);
      });
      Object.entries(spindle.sessions).forEach(function (entry) {
        if (host === undefined || entry[1].host === host) delete spindle.sessions[entry[0]];
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

    // The block that inspect.c describes.
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

    // Of many tasks most are at few places: each of C's static texts is read once.
    textReader: function () {
      const known = new Map();
      return function (pointer) {
        let text = known.get(pointer);
        if (text === undefined) known.set(pointer, (text = UTF8ToString(pointer)));
        return text;
      };
    },

    cancel: function (id) {
      return !!spindle.resumeMain && _sp__js_cancel(id) !== 0;
    },

    statistics: function () {
      const at = spindle.resumeMain ? _sp__js_statistics() >>> 0 : 0;
      const view = at ? new DataView(HEAPU8.buffer, at, 48) : new DataView(new ArrayBuffer(48));
      const figure = function (place) {
        return view.getFloat64(place * 8, true);
      };
      return {
        tasks: figure(0),
        switches: figure(1),
        iterations: figure(2),
        taskMemory: figure(3),
        time: figure(4),
        busy: figure(5),
      };
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
        EMFILE: 'SP_EIO',
        ENFILE: 'SP_EIO',
      };
      if (cause.code === 'UND_ERR_NOT_SUPPORTED') return 'SP_ENOTSUP';
      if (cause.code === 'UND_ERR_INVALID_ARG') return 'SP_EINVAL';
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

    failure: function (code, text) {
      return Object.assign(new Error(text), { spindle: code });
    },

    // What C says to something that arrived: 0, an address, or an error.
    checked: function (answer) {
      if (answer < 0 && answer > -1000) throw spindle.failure(answer, '');
      return answer;
    },

    // --- the answer: the head, the headers and the body go to C as they come

    receive: async function (known, response) {
      const isRedirect =
        response.type === 'opaqueredirect' ||
        (response.status >= 300 && response.status < 400 && response.headers.has('location'));
      if (known.redirect === 1 && isRedirect) {
        throw spindle.failure('SP_EREDIRECT', 'redirects are refused');
      }
      spindle.receiveHead(known, response);
      if (response.body) await spindle.receiveBody(known, response);
    },

    receiveHead: function (known, response) {
      if (known.abort.signal.aborted) return;
      spindle.checked(
        spindle.withString(response.url || known.url, function (url) {
          return _sp__js_fetch_head(known.id, response.status, url);
        }),
      );
      response.headers.forEach(function (value, name) {
        spindle.checked(
          spindle.withString(name, function (namePointer) {
            return spindle.withString(value, function (valuePointer) {
              return _sp__js_fetch_header(known.id, namePointer, valuePointer);
            });
          }),
        );
      });
      spindle.checked(_sp__js_fetch_head_end(known.id));
    },

    receiveBody: async function (known, response) {
      const reader = response.body.getReader();
      let received = 0;
      for (;;) {
        if (known.inPieces && !known.wants) await spindle.wanted(known);
        const piece = await reader.read();
        if (known.abort.signal.aborted) return;
        if (piece.done) break;
        received += piece.value.length;
        known.wants = false;
        const room = spindle.checked(_sp__js_fetch_room(known.id, piece.value.length));
        HEAPU8.set(piece.value, room);
        _sp__js_fetch_filled(known.id, piece.value.length);
      }
      spindle.checkLength(known, response, received);
    },

    // Until the task waits for more of the body.
    wanted: function (known) {
      return new Promise(function (resolve) {
        known.onWant = resolve;
      });
    },

    // Not every engine minds a body that ends before the length it announced.
    checkLength: function (known, response, received) {
      const announced = response.headers.get('content-length');
      if (announced === null || response.headers.get('content-encoding')) return;
      if (known.init.method.toUpperCase() === 'HEAD') return;
      if (received < Number(announced)) {
        throw spindle.failure('SP_ETRUNCATED', received + ' of ' + announced + ' bytes came');
      }
    },

    // --- the request

    // What libcurl refuses is refused here, too.
    checkUrl: function (url, base, code) {
      let asked;
      try {
        asked = new URL(url, base);
      } catch {
        throw spindle.failure(code, 'not a URL');
      }
      if (!/^https?:$/.test(asked.protocol)) throw spindle.failure(code, 'not http or https');
      return asked;
    },

    // What the engine refuses to ask for is an error (a header's value that is not Latin-1, say), and
    // so is what it leaves out without a word.
    request: function (known) {
      let request;
      try {
        request = new Request(known.url, known.init);
      } catch (error) {
        throw spindle.failure('SP_EINVAL', error.message);
      }
      known.init.headers.forEach(function (pair) {
        if (request.headers.has(pair[0])) return;
        const text = 'browsers do not let a page set the header ' + pair[0];
        throw spindle.failure('SP_ENOTSUP', text);
      });
      return request;
    },

    exchange: async function (known) {
      let answered = false;
      try {
        known.place = spindle.checkUrl(known.url, spindleBase, 'SP_EINVAL');
        const request = spindle.request(known);
        if (known.session) await spindle.takeTurn(known);
        let response = await spindle.send(request);
        if (known.onSend) response = await spindle.follow(known, response);
        answered = true;
        await spindle.receive(known, response);
        spindle.settle(known, 0, '');
      } catch (error) {
        const failure =
          error && error.spindle ? error : await spindle.reason(known, error, answered);
        spindle.settle(known, failure.spindle, spindle.explain(failure));
      }
    },

    send: function (request) {
      return (Module['fetch'] || fetch)(request);
    },

    // --- a body that C gives in pieces

    // Under Node it is sent as it comes. Browsers have it gathered before they begin. In no case is
    // the task asked for a piece before it waits for what comes.
    upload: function (known) {
      if (!spindleOnNode) {
        known.parts = [];
        Promise.resolve().then(function () {
          if (spindle.isKnown(known)) _sp__js_fetch_ask(known.id);
        });
        return;
      }
      known.init.duplex = 'half';
      known.init.redirect = 'manual';
      known.onSend = function () {};
      known.init.body = new ReadableStream(
        {
          pull: function (controller) {
            return new Promise(function (resolve) {
              known.onSend = function (bytes, ended) {
                if (bytes.length > 0) controller.enqueue(bytes);
                if (ended) controller.close();
                resolve();
              };
              if (spindle.isKnown(known)) _sp__js_fetch_ask(known.id);
            });
          },
        },
        { highWaterMark: 0 },
      );
      spindle.exchange(known);
    },

    // A redirect that wants such a body again cannot be followed; Node.js would not say why.
    follow: async function (known, response) {
      const place = response.headers.get('location');
      const isRedirect = [301, 302, 303, 307, 308].indexOf(response.status) >= 0 && place;
      if (!isRedirect || known.redirect !== 0) return response;
      if (response.status !== 303) {
        const text = 'redirected, and a body in pieces cannot be sent again';
        throw spindle.failure('SP_EREDIRECT', text);
      }
      const next = spindle.checkUrl(place, known.place, 'SP_EREDIRECT');
      const init = Object.assign({}, known.init, { method: 'GET', redirect: 'follow' });
      delete init.body;
      // As fetch and libcurl: secrets are for the server that was asked.
      const left =
        next.origin === known.place.origin
          ? /^content-/i
          : /^(content-.*|(proxy-)?authorization|cookie|host)$/i;
      init.headers = init.headers.filter(function (pair) {
        return !left.test(pair[0]);
      });
      spindle.drop(known, response);
      return spindle.send(new Request(next, init));
    },

    // Nobody reads this answer, and what is still asked of the task goes nowhere.
    drop: function (known, response) {
      known.onSend = function () {};
      if (response.body) response.body.cancel().catch(function () {});
    },

    gather: function (known, bytes, ended) {
      known.parts.push(bytes);
      if (!ended) {
        _sp__js_fetch_ask(known.id);
        return;
      }
      known.init.body = new Blob(known.parts);
      known.parts = null;
      spindle.exchange(known);
    },

    // --- sessions: requests wait for their turn, but not for those of a host that is full. Where
    // hosts have a limit each has a queue, so that nothing looks at more of them than may begin

    queueOf: function (known) {
      const session = known.session;
      const name = session.mostPerHost ? known.place.host : '';
      const present = session.queues.get(name);
      if (present) return present;
      const made = { name: name, running: 0, first: null, last: null };
      session.queues.set(name, made);
      return made;
    },

    takeTurn: function (known) {
      return new Promise(function (resolve) {
        const queue = spindle.queueOf(known);
        known.queue = queue;
        known.begin = resolve;
        known.number = known.session.came++;
        if (queue.first) queue.last.next = known;
        else queue.first = known;
        queue.last = known;
        spindle.admit(known.session, queue);
      });
    },

    shift: function (queue) {
      const known = queue.first;
      queue.first = known.next;
      known.next = null; // one that runs for long keeps no later one in memory
      if (!queue.first) queue.last = null;
    },

    // The first that waits in a queue, unless its host is full.
    firstOf: function (session, queue) {
      while (queue.first && queue.first.abort.signal.aborted) spindle.shift(queue);
      if (!queue.first && queue.running === 0) session.queues.delete(queue.name);
      return session.mostPerHost && queue.running >= session.mostPerHost ? null : queue.first;
    },

    // Who begins next, if anybody may. Without a limit for all only the queue that changed matters.
    nextOf: function (session, changed) {
      if (!session.most) return spindle.firstOf(session, changed);
      if (session.running >= session.most) return null;
      let next = null;
      session.queues.forEach(function (queue) {
        const first = spindle.firstOf(session, queue);
        if (first && (!next || first.number < next.number)) next = first;
      });
      return next;
    },

    admit: function (session, changed) {
      for (;;) {
        const known = spindle.nextOf(session, changed);
        if (!known) return;
        spindle.shift(known.queue);
        known.queue.running++;
        session.running++;
        known.running = true;
        known.begin();
      }
    },

    leaveSession: function (known) {
      if (!known.queue) return;
      if (known.running) {
        known.session.running--;
        known.queue.running--;
      }
      spindle.admit(known.session, known.queue);
    },

    // --- what went wrong

    reason: async function (known, error, answered) {
      const refused = spindleOnNode || answered ? null : await spindle.refusal(known);
      if (refused) return refused;
      return Object.assign(new Error(spindle.explain(error)), {
        spindle: spindle.fetchError(error, answered),
      });
    },

    // A browser says no more than that it failed. When the server can be reached all the same, by a
    // request whose answer nobody sees, it is the answer's headers that keep the page from it.
    refusal: async function (known) {
      const own = self.location;
      const place = known.place;
      const isNear = /^(.*\.)?localhost$|^127\.|^\[::1\]$/.test(place.hostname);
      if (own.protocol === 'https:' && place.protocol === 'http:' && !isNear) {
        const text = 'browsers do not let a page that came by https ask for http';
        return spindle.failure('SP_ENOTSUP', text);
      }
      if (place.origin === own.origin || Module['fetch']) return null;
      const init = {
        method: 'HEAD',
        mode: 'no-cors',
        credentials: 'omit',
        cache: 'no-store',
        signal: known.abort.signal,
      };
      try {
        await fetch(known.url, init);
      } catch {
        return null;
      }
      const text = 'the server has to answer with Access-Control-Allow-Origin: ' + own.origin;
      return spindle.failure('SP_ECORS', text);
    },

    // --- the end: each exchange is settled once, and an aborted one is known to nobody any more

    isKnown: function (known) {
      return spindle.fetches[known.id] === known;
    },

    forget: function (known) {
      delete spindle.fetches[known.id];
      known.abort.abort();
      spindle.leaveSession(known);
    },

    settle: function (known, code, text) {
      if (!spindle.isKnown(known)) return;
      delete spindle.fetches[known.id];
      if (code) known.abort.abort();
      spindle.leaveSession(known);
      const result = typeof code === 'string' ? spindle.code(code) : code;
      spindle.withString(text, function (message) {
        _sp__js_fetch_done(known.id, result, message);
      });
    },

    // --- output: bytes as they come, not lines; a progress bar has none

    decoders: {},

    // 0, or the errno of WASI.
    print: function (fd, bytes) {
      if (spindleOnNode && !Module['onOutput']) return spindle.printNode(fd, bytes);
      const decoder = (spindle.decoders[fd] = spindle.decoders[fd] || new TextDecoder());
      const text = decoder.decode(bytes, { stream: true });
      if (Module['onOutput']) Module['onOutput'](text, fd);
      else (fd === 2 ? err : out)(text.replace(/\n$/, ''));
      return 0;
    },

    terminalColumns: function (fd) {
      if (!spindleOnNode || !require('tty').isatty(fd)) return 0;
      const stream = fd === 1 ? process.stdout : fd === 2 ? process.stderr : null;
      if (!stream || !stream.isTTY) return 0;
      if (stream._refreshSize) stream._refreshSize();
      return stream.columns;
    },

    whole: function (number) {
      return number >= 1 && number <= 0x7fffffff ? Math.floor(number) : 0;
    },

    // A pipe that is full says EAGAIN.
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
  sp__js_fetch: function (id, host, url, method, redirect, session, inPieces) {
    const abort = new AbortController();
    const known = {
      id: id,
      host: host,
      url: UTF8ToString(url),
      redirect: redirect,
      session: spindle.sessions[session],
      inPieces: inPieces,
      abort: abort,
      wants: false, // the task waits for more of the body
      onWant: null,
      onSend: null, // of a body that is sent as it comes
      queue: null, // of the session
      next: null, // in the queue
      number: 0, // in the order of arrival
      running: false, // it has its turn in the session
    };
    known.init = {
      method: UTF8ToString(method),
      headers: [],
      redirect: redirect === 0 ? 'follow' : 'manual',
      signal: abort.signal,
      credentials: known.session && known.session.cookies ? 'include' : 'omit',
      cache: 'no-store', // as natively; and browsers make equal requests wait for each other else
    };
    spindle.fetches[id] = known;
  },

  sp__js_fetch_add_header__deps: ['$spindle'],
  sp__js_fetch_add_header: function (id, name, value) {
    spindle.fetches[id].init.headers.push([UTF8ToString(name), UTF8ToString(value)]);
  },

  // Node 20 cannot send bytes again after a redirect; a Blob it can.
  sp__js_fetch_begin__deps: ['$spindle'],
  sp__js_fetch_begin: function (id, body, size) {
    const known = spindle.fetches[id];
    if (body) known.init.body = new Blob([HEAPU8.slice(body, body + size)]);
    spindle.exchange(known);
  },

  sp__js_fetch_upload__deps: ['$spindle'],
  sp__js_fetch_upload: function (id, size) {
    const known = spindle.fetches[id];
    const isTold = known.init.headers.some(function (pair) {
      return /^content-length$/i.test(pair[0]);
    });
    if (size > 0 && spindleOnNode && !isTold) {
      known.init.headers.push(['Content-Length', String(size)]);
    }
    spindle.upload(known);
  },

  sp__js_fetch_send__deps: ['$spindle'],
  sp__js_fetch_send: function (id, data, size, ended) {
    const known = spindle.fetches[id];
    const bytes = HEAPU8.slice(data, data + size);
    if (known.parts) spindle.gather(known, bytes, ended);
    else known.onSend(bytes, ended);
  },

  sp__js_fetch_want__deps: ['$spindle'],
  sp__js_fetch_want: function (id) {
    const known = spindle.fetches[id];
    known.wants = true;
    if (known.onWant) known.onWant();
  },

  sp__js_fetch_abort__deps: ['$spindle'],
  sp__js_fetch_abort: function (id) {
    if (spindle.fetches[id]) spindle.forget(spindle.fetches[id]);
  },

  sp__js_session__deps: ['$spindle'],
  sp__js_session: function (id, host, most, mostPerHost, cookies) {
    if (cookies && spindleOnNode) return false;
    spindle.sessions[id] = {
      host: host,
      most: most,
      mostPerHost: mostPerHost,
      cookies: cookies,
      running: 0,
      came: 0,
      queues: new Map(), // of requests, by host
    };
    return true;
  },

  sp__js_session_end__deps: ['$spindle'],
  sp__js_session_end: function (id) {
    delete spindle.sessions[id];
  },

  sp__js_forget_all__deps: ['$spindle'],
  sp__js_forget_all: function (host) {
    spindle.forgetAll(host);
  },

  // The page's option before what the process knows. Under Node it is asked now, not when a signal
  // has told of a new size.
  sp__js_columns__deps: ['$spindle'],
  sp__js_columns__proxy: 'sync',
  sp__js_columns__sig: 'ii',
  sp__js_columns: function (fd) {
    const given = Module['columns'];
    try {
      const columns = typeof given === 'function' ? given(fd) : given;
      return spindle.whole(columns === undefined ? spindle.terminalColumns(fd) : columns);
    } catch {
      return 0;
    }
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
      const error = size > 0 ? spindle.print(fd, HEAPU8.slice(from, from + size)) : 0;
      if (error) return error;
      total += size;
    }
    HEAPU32[written >>> 2] = total;
    return 0;
  },
});
