/* HTTP by fetch(), a library for Emscripten's linker: one of the carriers of http.js. Browsers have
 * no other, and programs that are given the module option `fetch` use it, too. */
const spindleHttpFetchLibrary = {
  $spindleHttpFetch__deps: ['$spindleHttp', '$spindleErrors', '$spindleTurns'],
  $spindleHttpFetch: {
    // Chromium fails requests above about 1,350 of a process, Firefox later.
    most: 512,
    engine: null, // the limit for all requests of a page, whatever their session
    shortMax: 16384, // bytes of a body, as it is sent, that an engine may read ahead of its task

    open: function (exchange) {
      exchange.controller = new AbortController();
      exchange.signal = exchange.controller.signal;
      exchange.onWant = null;
      exchange.onSend = null; // of a body that is sent as it comes
      exchange.parts = null; // of one that is gathered
      exchange.stream = null;
    },

    begin: function (exchange) {
      if (spindleOnNode) return spindleHttpFetch.run(exchange);
      const engine = (spindleHttpFetch.engine =
        spindleHttpFetch.engine || spindleTurns.limits(spindleHttpFetch.most, 0));
      const turn = spindleTurns.take(engine, '', exchange.signal, function () {
        spindleHttpFetch.run(exchange);
      });
      exchange.turns.push(turn);
      return spindleTurns.admit(engine, turn.queue);
    },

    run: async function (exchange) {
      let answered = false;
      try {
        let response = await spindleHttpFetch.ask(exchange);
        while (spindleHttpFetch.isFollowed(exchange, response)) {
          spindleHttpFetch.drop(exchange, response);
          response = await spindleHttpFetch.ask(exchange);
        }
        answered = true;
        await spindleHttpFetch.receive(exchange, response);
        spindleHttp.succeed(exchange);
      } catch (error) {
        const failure =
          error && error.spindle ? error : await spindleHttpFetch.reason(exchange, error, answered);
        spindleHttp.fail(exchange, failure);
      }
    },

    // --- the request

    // A request that the engine refuses is an error, and so is one of which it silently leaves
    // something out.
    ask: function (exchange) {
      let request;
      try {
        request = new Request(exchange.place, spindleHttpFetch.init(exchange));
      } catch (error) {
        throw spindleHttp.failure('SP_EINVAL', error.message);
      }
      exchange.headers.forEach(function (pair) {
        if (request.headers.has(pair[0])) return;
        const text = 'browsers do not allow a page to set the header ' + pair[0];
        throw spindleHttp.failure('SP_ENOTSUP', text);
      });
      return (Module['fetch'] || fetch)(request);
    },

    init: function (exchange) {
      const init = {
        method: exchange.method,
        headers: exchange.headers,
        // Where redirects are visible, they are followed here; browsers hide them.
        redirect: exchange.redirect === 0 && !spindleOnNode ? 'follow' : 'manual',
        signal: exchange.signal,
        credentials: exchange.session.cookies ? 'include' : 'omit',
        cache: 'no-store', // as natively; else browsers make equal requests wait for each other
      };
      // Node 20 cannot send bytes again after a redirect; a Blob it can.
      if (exchange.body) init.body = new Blob([exchange.body]);
      if (exchange.inParts) {
        init.body = exchange.stream;
        init.duplex = 'half';
      }
      return init;
    },

    isFollowed: function (exchange, response) {
      spindleHttpFetch.checkResponse(response);
      if (response.type === 'opaqueredirect') {
        if (exchange.redirect === 1)
          throw spindleHttp.failure(
            'SP_EREDIRECT',
            'redirects are not allowed (SP_REDIRECT_ERROR)',
          );
        return false;
      }
      if (response.status === 0)
        throw spindleHttp.failure('SP_ENETWORK', 'unexpected response type ' + response.type);
      return spindleHttp.isFollowed(exchange, response.status, response.headers.get('location'));
    },

    // The page's own fetch may resolve to anything.
    checkResponse: function (response) {
      if (response && typeof response.status === 'number' && response.headers) return;
      throw spindleHttp.failure('SP_EPROTOCOL', "the module's fetch option returned no Response");
    },

    // Nobody reads this response, and what is still asked of the task goes nowhere.
    drop: function (exchange, response) {
      if (exchange.onSend) exchange.onSend = function () {};
      if (response.body) response.body.cancel().catch(function () {});
    },

    // --- a body that C gives in pieces

    // Under Node the body is sent as it comes. For browsers it is gathered before they begin. In no
    // case is the task asked for a piece before it waits for what comes.
    upload: function (exchange) {
      if (!spindleOnNode) {
        exchange.parts = [];
        Promise.resolve().then(function () {
          if (spindleHttp.isKnown(exchange)) _sp__js_fetch_ask(exchange.id);
        });
        return;
      }
      if (exchange.size > 0 && !spindleHttp.hasHeader(exchange, 'content-length'))
        exchange.headers.push(['Content-Length', String(exchange.size)]);
      exchange.onSend = function () {};
      const pull = function (controller) {
        return new Promise(function (resolve) {
          exchange.onSend = function (bytes, ended) {
            if (bytes.length > 0) controller.enqueue(bytes);
            if (ended) controller.close();
            resolve();
          };
          if (spindleHttp.isKnown(exchange)) _sp__js_fetch_ask(exchange.id);
        });
      };
      exchange.stream = new ReadableStream({ pull: pull }, { highWaterMark: 0 });
      spindleHttp.start(exchange);
    },

    send: function (exchange, bytes, ended) {
      if (!exchange.parts) return exchange.onSend(bytes, ended);
      exchange.parts.push(bytes);
      if (!ended) return _sp__js_fetch_ask(exchange.id);
      exchange.body = new Blob(exchange.parts);
      exchange.parts = null;
      exchange.inParts = false; // it can be sent again
      return spindleHttp.start(exchange);
    },

    // --- the response: the head, the headers and the body go to C as they come

    receive: async function (exchange, response) {
      if (exchange.signal.aborted) return;
      const texts = [];
      response.headers.forEach(function (value, name) {
        texts.push(name, spindleHttpFetch.bytesOf(value));
      });
      const url = response.url || exchange.place.href;
      spindleHttp.receiveHead(exchange, response.status, spindleHttpFetch.bytesOf(url), texts);
      if (response.body) await spindleHttpFetch.receiveBody(exchange, response);
    },

    // Engines give a header's bytes as a character each. Where one has decoded them as UTF-8, they
    // are encoded again.
    bytesOf: function (text) {
      if (!/[^\x00-\xff]/.test(text)) return text; // eslint-disable-line no-control-regex
      return String.fromCharCode.apply(null, new TextEncoder().encode(text));
    },

    receiveBody: async function (exchange, response) {
      spindleHttpFetch.addReader(exchange, response);
      const reader = response.body.getReader();
      let received = 0;
      for (;;) {
        const piece = await reader.read();
        if (exchange.signal.aborted) return;
        if (piece.done) break;
        spindleHttpFetch.checkPiece(piece.value);
        received += piece.value.length;
        const wants = spindleHttp.receivePiece(exchange, piece.value);
        if (!wants) await spindleHttpFetch.wanted(exchange);
      }
      spindleHttpFetch.checkLength(exchange, response, received);
    },

    // Chromium takes a stream that has ended for cancelled, unless a read is pending when the end
    // comes: developer tools then show "(canceled)". It does not for a body with two readers,
    // although the second has left at once. It then reads without waiting for the task, so a body
    // that is read in pieces has two only where it is short.
    addReader: function (exchange, response) {
      if (spindleOnNode || !response.clone || response.bodyUsed || response.body.locked) return;
      const isWhole = !exchange.inPieces;
      if (isWhole || spindleHttpFetch.isShort(response)) response.clone().body.cancel();
    },

    // A Content-Length counts what is sent. Of another origin it is not seen whether that is packed: then
    // the engine reads ahead what so few bytes unpack to, a thousand times as many at most.
    isShort: function (response) {
      if (response.headers.get('content-encoding')) return false;
      const announced = response.headers.get('content-length');
      return announced !== null && Number(announced) <= spindleHttpFetch.shortMax;
    },

    // As the fetch standard requires; only the page's own fetch gives others.
    checkPiece: function (value) {
      if (value instanceof Uint8Array) return;
      const text =
        "the module's fetch option must return a body of Uint8Array, not " + typeof value;
      throw spindleHttp.failure('SP_EPROTOCOL', text);
    },

    // Waits until the task wants more of the body.
    wanted: function (exchange) {
      return new Promise(function (resolve) {
        exchange.onWant = resolve;
      });
    },

    want: function (exchange) {
      if (exchange.onWant) exchange.onWant();
    },

    // Not every engine minds a body that ends before the length it announced; browsers do. They
    // show a page the length of another origin's body, and not its coding, to which the length may
    // refer.
    checkLength: function (exchange, response, received) {
      if (response.type === 'cors' && !spindleOnNode) return;
      const announced = response.headers.get('content-length');
      if (announced === null || response.headers.get('content-encoding')) return;
      if (exchange.method.toUpperCase() === 'HEAD') return;
      if (received < Number(announced)) {
        throw spindleHttp.failure(
          'SP_ETRUNCATED',
          'received ' + received + ' of ' + announced + ' bytes',
        );
      }
    },

    // --- what went wrong

    codeOf: function (error, answered) {
      const cause = (error && error.cause) || error || {};
      const causes = {
        UND_ERR_CONNECT_TIMEOUT: 'SP_ETIMEDOUT',
        UND_ERR_HEADERS_TIMEOUT: 'SP_ETIMEDOUT',
        UND_ERR_BODY_TIMEOUT: 'SP_ETIMEDOUT',
        UND_ERR_SOCKET: 'SP_ECONNRESET',
        UND_ERR_RESPONSE_EXCEEDED: 'SP_EPROTOCOL',
      };
      if (cause.code === 'UND_ERR_NOT_SUPPORTED') return 'SP_ENOTSUP';
      if (cause.code === 'UND_ERR_INVALID_ARG') return 'SP_EINVAL';
      if (answered) return 'SP_ETRUNCATED';
      const inner = cause.errors && cause.errors[0]; // several addresses were tried
      const known =
        spindleHttp.codes[cause.code] ||
        causes[cause.code] ||
        (inner && spindleHttp.codes[inner.code]);
      if (known) return known;
      if (/^(HPE_|UND_ERR_)/.test(cause.code)) return 'SP_EPROTOCOL';
      if (/^(ERR_TLS|ERR_SSL|CERT_|DEPTH_|SELF_SIGNED|UNABLE_TO|INVALID_PURPOSE)/.test(cause.code))
        return 'SP_ETLS';
      return 'SP_ENETWORK';
    },

    reason: async function (exchange, error, answered) {
      const refused = spindleOnNode || answered ? null : await spindleHttpFetch.refusal(exchange);
      if (refused) return refused;
      return Object.assign(new Error(spindleErrors.explain(error)), {
        spindle: spindleHttpFetch.codeOf(error, answered),
      });
    },

    // A browser says only that it failed. When the server can be reached all the same, by a request
    // whose response nobody sees, it is the response's headers that keep the page from it.
    refusal: async function (exchange) {
      const own = self.location;
      const place = exchange.place;
      const isNear = /^(.*\.)?localhost$|^127\.|^\[::1\]$/.test(place.hostname);
      if (own.protocol === 'https:' && place.protocol === 'http:' && !isNear) {
        const text = 'blocked as mixed content: an https page cannot request http';
        return spindleHttp.failure('SP_ENOTSUP', text);
      }
      if (place.origin === own.origin || Module['fetch']) return null;
      const init = {
        method: 'HEAD',
        mode: 'no-cors',
        credentials: 'omit',
        cache: 'no-store',
        signal: exchange.signal,
      };
      try {
        await fetch(exchange.place, init);
      } catch {
        return null;
      }
      const text =
        'blocked by CORS: the server must send Access-Control-Allow-Origin: ' + own.origin;
      return spindleHttp.failure('SP_ECORS', text);
    },

    abort: function (exchange) {
      exchange.controller.abort();
    },
  },
};

mergeInto(LibraryManager.library, spindleHttpFetchLibrary);
