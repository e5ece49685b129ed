/* HTTP for the JavaScript host, a library for Emscripten's linker: fetch(). Its state is `$spindleHttp`;
 * C calls the functions below it. */
const spindleHttpLibrary = {
  $spindleHttp__deps: ['$spindle', '$spindleErrors'],
  $spindleHttp__postset: 'spindle.parts.push(spindleHttp);',
  $spindleHttp: {
    fetches: {}, // what is known of each exchange, by C's address of it
    sessions: {}, // by C's address of them

    // --- what the host asks of its parts

    // What one host has begun, or all of it: C is not told of it any more.
    forget: function (host) {
      Object.values(spindleHttp.fetches).forEach(function (known) {
        if (host === undefined || known.host === host) spindleHttp.abort(known);
      });
      Object.entries(spindleHttp.sessions).forEach(function (entry) {
        if (host === undefined || entry[1].host === host) delete spindleHttp.sessions[entry[0]];
      });
    },

    // The process ends now.
    leave: function () {},

    // --- what went wrong, by its name

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
      if (answer < 0 && answer > -1000) throw spindleHttp.failure(answer, '');
      return answer;
    },

    // --- the answer: the head, the headers and the body go to C as they come

    receive: async function (known, response) {
      const isRedirect =
        response.type === 'opaqueredirect' ||
        (response.status >= 300 && response.status < 400 && response.headers.has('location'));
      if (known.redirect === 1 && isRedirect) {
        throw spindleHttp.failure('SP_EREDIRECT', 'redirects are refused');
      }
      spindleHttp.receiveHead(known, response);
      if (response.body) await spindleHttp.receiveBody(known, response);
    },

    receiveHead: function (known, response) {
      if (known.abort.signal.aborted) return;
      spindleHttp.checked(
        spindleErrors.withString(response.url || known.url, function (url) {
          return _sp__js_fetch_head(known.id, response.status, url);
        }),
      );
      response.headers.forEach(function (value, name) {
        spindleHttp.checked(
          spindleErrors.withString(name, function (namePointer) {
            return spindleErrors.withString(value, function (valuePointer) {
              return _sp__js_fetch_header(known.id, namePointer, valuePointer);
            });
          }),
        );
      });
      spindleHttp.checked(_sp__js_fetch_head_end(known.id));
    },

    receiveBody: async function (known, response) {
      const reader = response.body.getReader();
      let received = 0;
      for (;;) {
        if (known.inPieces && !known.wants) await spindleHttp.wanted(known);
        const piece = await reader.read();
        if (known.abort.signal.aborted) return;
        if (piece.done) break;
        received += piece.value.length;
        known.wants = false;
        const room = spindleHttp.checked(_sp__js_fetch_room(known.id, piece.value.length));
        HEAPU8.set(piece.value, room);
        _sp__js_fetch_filled(known.id, piece.value.length);
      }
      spindleHttp.checkLength(known, response, received);
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
        throw spindleHttp.failure('SP_ETRUNCATED', received + ' of ' + announced + ' bytes came');
      }
    },

    // --- the request

    // What a relative URL is relative to; a program in a process has nothing of the kind.
    base: function () {
      if (spindleOnNode) return undefined;
      return typeof document === 'object' ? document.baseURI : self.location.href;
    },

    // What libcurl refuses is refused here, too.
    checkUrl: function (url, base, code) {
      let asked;
      try {
        asked = new URL(url, base);
      } catch {
        throw spindleHttp.failure(code, 'not a URL');
      }
      if (!/^https?:$/.test(asked.protocol)) throw spindleHttp.failure(code, 'not http or https');
      return asked;
    },

    // What the engine refuses to ask for is an error (a header's value that is not Latin-1, say), and
    // so is what it leaves out without a word.
    request: function (known) {
      let request;
      try {
        request = new Request(known.url, known.init);
      } catch (error) {
        throw spindleHttp.failure('SP_EINVAL', error.message);
      }
      known.init.headers.forEach(function (pair) {
        if (request.headers.has(pair[0])) return;
        const text = 'browsers do not let a page set the header ' + pair[0];
        throw spindleHttp.failure('SP_ENOTSUP', text);
      });
      return request;
    },

    exchange: async function (known) {
      let answered = false;
      try {
        known.place = spindleHttp.checkUrl(known.url, spindleHttp.base(), 'SP_EINVAL');
        const request = spindleHttp.request(known);
        if (known.session) await spindleHttp.takeTurn(known);
        let response = await spindleHttp.send(request);
        if (known.onSend) response = await spindleHttp.follow(known, response);
        answered = true;
        await spindleHttp.receive(known, response);
        spindleHttp.settle(known, 0, '');
      } catch (error) {
        const failure =
          error && error.spindle ? error : await spindleHttp.reason(known, error, answered);
        spindleHttp.settle(known, failure.spindle, spindleErrors.explain(failure));
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
          if (spindleHttp.isKnown(known)) _sp__js_fetch_ask(known.id);
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
              if (spindleHttp.isKnown(known)) _sp__js_fetch_ask(known.id);
            });
          },
        },
        { highWaterMark: 0 },
      );
      spindleHttp.exchange(known);
    },

    // A redirect that wants such a body again cannot be followed; Node.js would not say why.
    follow: async function (known, response) {
      const place = response.headers.get('location');
      const isRedirect = [301, 302, 303, 307, 308].indexOf(response.status) >= 0 && place;
      if (!isRedirect || known.redirect !== 0) return response;
      if (response.status !== 303) {
        const text = 'redirected, and a body in pieces cannot be sent again';
        throw spindleHttp.failure('SP_EREDIRECT', text);
      }
      const next = spindleHttp.checkUrl(place, known.place, 'SP_EREDIRECT');
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
      spindleHttp.drop(known, response);
      return spindleHttp.send(new Request(next, init));
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
      spindleHttp.exchange(known);
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
        const queue = spindleHttp.queueOf(known);
        known.queue = queue;
        known.begin = resolve;
        known.number = known.session.came++;
        if (queue.first) queue.last.next = known;
        else queue.first = known;
        queue.last = known;
        spindleHttp.admit(known.session, queue);
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
      while (queue.first && queue.first.abort.signal.aborted) spindleHttp.shift(queue);
      if (!queue.first && queue.running === 0) session.queues.delete(queue.name);
      return session.mostPerHost && queue.running >= session.mostPerHost ? null : queue.first;
    },

    // Who begins next, if anybody may. Without a limit for all only the queue that changed matters.
    nextOf: function (session, changed) {
      if (!session.most) return spindleHttp.firstOf(session, changed);
      if (session.running >= session.most) return null;
      let next = null;
      session.queues.forEach(function (queue) {
        const first = spindleHttp.firstOf(session, queue);
        if (first && (!next || first.number < next.number)) next = first;
      });
      return next;
    },

    admit: function (session, changed) {
      for (;;) {
        const known = spindleHttp.nextOf(session, changed);
        if (!known) return;
        spindleHttp.shift(known.queue);
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
      spindleHttp.admit(known.session, known.queue);
    },

    // --- what went wrong

    reason: async function (known, error, answered) {
      const refused = spindleOnNode || answered ? null : await spindleHttp.refusal(known);
      if (refused) return refused;
      return Object.assign(new Error(spindleErrors.explain(error)), {
        spindle: spindleHttp.fetchError(error, answered),
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
        return spindleHttp.failure('SP_ENOTSUP', text);
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
      return spindleHttp.failure('SP_ECORS', text);
    },

    // --- the end: each exchange is settled once, and an aborted one is known to nobody any more

    isKnown: function (known) {
      return spindleHttp.fetches[known.id] === known;
    },

    abort: function (known) {
      delete spindleHttp.fetches[known.id];
      known.abort.abort();
      spindleHttp.leaveSession(known);
    },

    settle: function (known, code, text) {
      if (!spindleHttp.isKnown(known)) return;
      delete spindleHttp.fetches[known.id];
      if (code) known.abort.abort();
      spindleHttp.leaveSession(known);
      const result = typeof code === 'string' ? spindleErrors.code(code) : code;
      spindleErrors.withString(text, function (message) {
        _sp__js_fetch_done(known.id, result, message);
      });
    },
  },

  // --- what C calls

  sp__js_fetch__deps: ['$spindleHttp'],
  sp__js_fetch: function (id, host, url, method, redirect, session, inPieces) {
    const abort = new AbortController();
    const known = {
      id: id,
      host: host,
      url: UTF8ToString(url),
      redirect: redirect,
      session: spindleHttp.sessions[session],
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
    spindleHttp.fetches[id] = known;
  },

  sp__js_fetch_add_header__deps: ['$spindleHttp'],
  sp__js_fetch_add_header: function (id, name, value) {
    spindleHttp.fetches[id].init.headers.push([UTF8ToString(name), UTF8ToString(value)]);
  },

  // Node 20 cannot send bytes again after a redirect; a Blob it can.
  sp__js_fetch_begin__deps: ['$spindleHttp'],
  sp__js_fetch_begin: function (id, body, size) {
    const known = spindleHttp.fetches[id];
    if (body) known.init.body = new Blob([HEAPU8.slice(body, body + size)]);
    spindleHttp.exchange(known);
  },

  sp__js_fetch_upload__deps: ['$spindleHttp'],
  sp__js_fetch_upload: function (id, size) {
    const known = spindleHttp.fetches[id];
    const isTold = known.init.headers.some(function (pair) {
      return /^content-length$/i.test(pair[0]);
    });
    if (size > 0 && spindleOnNode && !isTold) {
      known.init.headers.push(['Content-Length', String(size)]);
    }
    spindleHttp.upload(known);
  },

  sp__js_fetch_send__deps: ['$spindleHttp'],
  sp__js_fetch_send: function (id, data, size, ended) {
    const known = spindleHttp.fetches[id];
    const bytes = HEAPU8.slice(data, data + size);
    if (known.parts) spindleHttp.gather(known, bytes, ended);
    else known.onSend(bytes, ended);
  },

  sp__js_fetch_want__deps: ['$spindleHttp'],
  sp__js_fetch_want: function (id) {
    const known = spindleHttp.fetches[id];
    known.wants = true;
    if (known.onWant) known.onWant();
  },

  sp__js_fetch_abort__deps: ['$spindleHttp'],
  sp__js_fetch_abort: function (id) {
    if (spindleHttp.fetches[id]) spindleHttp.abort(spindleHttp.fetches[id]);
  },

  sp__js_session__deps: ['$spindleHttp'],
  sp__js_session: function (id, host, most, mostPerHost, cookies) {
    if (cookies && spindleOnNode) return false;
    spindleHttp.sessions[id] = {
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

  sp__js_session_end__deps: ['$spindleHttp'],
  sp__js_session_end: function (id) {
    delete spindleHttp.sessions[id];
  },
};

mergeInto(LibraryManager.library, spindleHttpLibrary);
