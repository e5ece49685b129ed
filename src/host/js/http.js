/* HTTP for the JavaScript host, a library for Emscripten's linker: exchanges and sessions, and the
 * functions that C calls. One of two carriers does the requests: node:http under Node
 * (http_node.js), fetch elsewhere and where the page has its own (http_fetch.js). A carrier has
 *   open(exchange)       called before all others; sets exchange.signal
 *   begin(exchange)      it is the exchange's turn
 *   upload(exchange)     in place of begin if a body comes in pieces; calls start() when it may begin
 *   send(exchange, bytes, ended)  a piece that it asked for by _sp__js_fetch_ask
 *   want(exchange)       the task waits for more of the body
 *   abort(exchange)      no task waits for the exchange any more
 * The connections of a session are those of http_agents.js, which ends them.
 */
const spindleHttpLibrary = {
  $spindleHttp__deps: [
    '$spindle',
    '$spindleErrors',
    '$spindleTurns',
    '$spindleHttpFetch',
    '$spindleHttpNode',
    'malloc',
    'free',
  ],
  $spindleHttp__postset: 'spindle.parts.push(spindleHttp);',
  $spindleHttp: {
    exchanges: {}, // by C's address of them
    sessions: {}, // by C's address of them, and the one of a host by the host's

    // --- what the host calls in its parts

    // Forgets what one host has begun, or all of it: C is not told of it any more.
    forget: function (host) {
      Object.values(spindleHttp.exchanges).forEach(function (exchange) {
        if (host === undefined || exchange.host === host) spindleHttp.abort(exchange);
      });
      Object.entries(spindleHttp.sessions).forEach(function (entry) {
        if (host === undefined || entry[1].host === host) spindleHttp.endSession(entry[0]);
      });
    },

    // The process ends now.
    leave: function () {},

    // --- which carrier

    // Deno, Bun and workerd have a node:http that is made of their own fetch or the like.
    onlyNode: function () {
      const agent = typeof navigator === 'object' && navigator && navigator.userAgent;
      return (
        spindleOnNode &&
        !process.versions.bun &&
        typeof Deno === 'undefined' &&
        agent !== 'Cloudflare-Workers'
      );
    },

    carrier: function () {
      if (Module['fetch'] || !spindleHttp.onlyNode()) return spindleHttpFetch;
      return spindleHttpNode;
    },

    // --- error codes, by name

    codes: {
      ECONNREFUSED: 'SP_ECONNREFUSED',
      ENOTFOUND: 'SP_EDNS',
      EAI_AGAIN: 'SP_EDNS',
      EAI_NODATA: 'SP_EDNS',
      EAI_FAIL: 'SP_EDNS',
      ECONNRESET: 'SP_ECONNRESET',
      EPIPE: 'SP_ECONNRESET',
      ETIMEDOUT: 'SP_ETIMEDOUT',
      EMFILE: 'SP_EIO',
      ENFILE: 'SP_EIO',
    },

    failure: function (code, text) {
      return Object.assign(new Error(text), { spindle: code });
    },

    // Returns C's result for something that arrived, 0 or an address; throws if it is an error.
    checked: function (answer) {
      if (answer < 0 && answer > -1000) throw spindleHttp.failure(answer, '');
      return answer;
    },

    // --- the request

    // What a relative URL is relative to; a program in a process has nothing of the kind.
    base: function () {
      if (spindleOnNode) return undefined;
      return typeof document === 'object' ? document.baseURI : self.location.href;
    },

    // Refuses what libcurl refuses, too.
    checkUrl: function (url, base, code) {
      let asked;
      try {
        asked = new URL(url, base);
      } catch {
        throw spindleHttp.failure(code, 'invalid URL');
      }
      if (!/^https?:$/.test(asked.protocol))
        throw spindleHttp.failure(code, 'the URL must begin with http:// or https://');
      return asked;
    },

    // A header's bytes, a character each.
    bytesAt: function (pointer) {
      let text = '';
      for (let at = pointer >>> 0; HEAPU8[at]; at++) text += String.fromCharCode(HEAPU8[at]);
      return text;
    },

    hasHeader: function (exchange, name) {
      return exchange.headers.some(function (pair) {
        return pair[0].toLowerCase() === name;
      });
    },

    withoutHeaders: function (exchange, isLeftOut) {
      exchange.headers = exchange.headers.filter(function (pair) {
        return !isLeftOut(pair[0]);
      });
    },

    isOfBody: function (name) {
      return /^(content-.*|transfer-encoding|expect)$/i.test(name);
    },

    // The core has the list, for all hosts. Without memory to ask it, no header is passed on.
    isForOrigin: function (name) {
      return spindleErrors.withString(name, function (pointer) {
        return !pointer || _sp__js_is_for_origin(pointer);
      });
    },

    start: function (exchange) {
      try {
        exchange.place = spindleHttp.checkUrl(exchange.url, spindleHttp.base(), 'SP_EINVAL');
      } catch (error) {
        return spindleHttp.fail(exchange, error);
      }
      const limits = exchange.session.limits;
      if (!limits) return exchange.carrier.begin(exchange);
      const turn = spindleTurns.take(limits, exchange.place.host, exchange.signal, function () {
        exchange.carrier.begin(exchange);
      });
      exchange.turns.push(turn);
      return spindleTurns.admit(limits, turn.queue);
    },

    // --- redirects, by the fetch standard's rules; where a browser follows them itself, none is seen here

    // Returns whether the exchange continues with another request, which it then describes. `location`
    // may be empty.
    isFollowed: function (exchange, status, location) {
      if (!location || [301, 302, 303, 307, 308].indexOf(status) < 0 || exchange.redirect === 2)
        return false;
      const fail = function (text) {
        throw spindleHttp.failure('SP_EREDIRECT', text);
      };
      if (exchange.redirect === 1) fail('redirects are not allowed (SP_REDIRECT_ERROR)');
      if (exchange.redirects === exchange.mostRedirects)
        fail('Maximum (' + exchange.mostRedirects + ') redirects followed'); // libcurl's words
      if (exchange.inParts && status !== 303)
        fail('cannot follow the redirect: read_body cannot be sent again');
      exchange.redirects++;
      spindleHttp.redirect(exchange, status, location);
      return true;
    },

    redirect: function (exchange, status, location) {
      // Bytes that are not ASCII are kept as they are.
      const bytes = location.replace(/[\x80-\xff]/g, function (byte) {
        return '%' + byte.charCodeAt(0).toString(16);
      });
      const next = spindleHttp.checkUrl(bytes, exchange.place, 'SP_EREDIRECT');
      const method = exchange.method.toUpperCase();
      const turnsToGet =
        status === 303 ? method !== 'GET' && method !== 'HEAD' : status < 303 && method === 'POST';
      if (turnsToGet) {
        exchange.method = 'GET';
        exchange.body = null;
        exchange.inParts = false;
        spindleHttp.withoutHeaders(exchange, spindleHttp.isOfBody);
      }
      // Secrets are for the requested server only.
      if (next.origin !== exchange.place.origin)
        spindleHttp.withoutHeaders(exchange, spindleHttp.isForOrigin);
      spindleHttp.takeCredentials(exchange, next);
      exchange.place = next;
    },

    // A user name and a password in a Location become a header, as those in the program's URL do, and
    // are not shown.
    takeCredentials: function (exchange, place) {
      const text = place.username + ':' + place.password;
      place.username = place.password = '';
      if (text === ':' || spindleHttp.hasHeader(exchange, 'authorization')) return;
      const bytes = text.replace(/%([0-9a-f]{2})/gi, function (_, digits) {
        return String.fromCharCode(parseInt(digits, 16));
      });
      exchange.headers.push(['Authorization', 'Basic ' + btoa(bytes)]);
    },

    // --- the response

    // The head: `texts` has names and values of headers in turn; each character is a byte.
    receiveHead: function (exchange, status, url, texts) {
      let size = url.length + 1;
      for (let i = 0; i < texts.length; i++) size += texts[i].length + 1;
      const block = _malloc(size);
      if (!block) throw spindleHttp.failure('SP_ENOMEM', 'out of memory');
      let at = block >>> 0;
      const write = function (text) {
        for (let i = 0; i < text.length; i++) HEAPU8[at++] = text.charCodeAt(i);
        HEAPU8[at++] = 0;
      };
      write(url);
      for (let i = 0; i < texts.length; i++) write(texts[i]);
      try {
        spindleHttp.checked(_sp__js_fetch_head(exchange.id, status, block, texts.length / 2));
      } finally {
        _free(block);
      }
    },

    // Returns false if the carrier must wait until the task wants more.
    receivePiece: function (exchange, bytes) {
      const target = spindleHttp.checked(_sp__js_fetch_reserve(exchange.id, bytes.length));
      HEAPU8.set(bytes, target >>> 0);
      return !!_sp__js_fetch_filled(exchange.id, bytes.length);
    },

    // --- the end: each exchange is settled once, and an aborted one is forgotten

    isKnown: function (exchange) {
      return spindleHttp.exchanges[exchange.id] === exchange;
    },

    leaveTurns: function (exchange) {
      exchange.turns.splice(0).forEach(spindleTurns.leave);
    },

    abort: function (exchange) {
      delete spindleHttp.exchanges[exchange.id];
      exchange.carrier.abort(exchange);
      spindleHttp.leaveTurns(exchange);
    },

    succeed: function (exchange) {
      spindleHttp.settle(exchange, 0, '');
    },

    // `error` has its code as `spindle`, a name or a number.
    fail: function (exchange, error) {
      if (!spindleHttp.isKnown(exchange)) return;
      exchange.carrier.abort(exchange);
      const code = error.spindle || 'SP_ENETWORK';
      const result = typeof code === 'string' ? spindleErrors.code(code) : code;
      spindleHttp.settle(exchange, result, spindleErrors.explain(error));
    },

    settle: function (exchange, result, text) {
      if (!spindleHttp.isKnown(exchange)) return;
      delete spindleHttp.exchanges[exchange.id];
      spindleHttp.leaveTurns(exchange);
      spindleErrors.withString(text, function (message) {
        _sp__js_fetch_done(exchange.id, result, message);
      });
    },

    // --- sessions

    openSession: function (id, host, most, mostPerHost, cookies) {
      return (spindleHttp.sessions[id] = {
        host: host,
        limits: most || mostPerHost ? spindleTurns.limits(most, mostPerHost) : null,
        cookies: cookies,
        clients: {}, // of the carrier
      });
    },

    // Requests without a session share one of their host.
    sessionOf: function (id, host) {
      return (
        spindleHttp.sessions[id || host] || spindleHttp.openSession(id || host, host, 0, 0, false)
      );
    },

    endSession: function (id) {
      const session = spindleHttp.sessions[id];
      delete spindleHttp.sessions[id];
      if (session) spindleHttpAgents.end(session);
    },
  },

  // --- what C calls

  sp__js_fetch__deps: ['$spindleHttp'],
  sp__js_fetch: function (id, host, url, method, redirect, mostRedirects, session, inPieces) {
    const exchange = {
      id: id,
      host: host,
      url: UTF8ToString(url),
      place: null, // its URL as an object, or the one that it was redirected to
      method: UTF8ToString(method),
      headers: [], // [name, value], of which each character is a byte
      body: null,
      inParts: false, // the body is sent in pieces, of size bytes in all if that is known
      size: 0,
      redirect: redirect, // 0: follow, 1: is an error, 2: is the response
      redirects: 0,
      mostRedirects: mostRedirects,
      session: spindleHttp.sessionOf(session, host),
      inPieces: inPieces, // the response's body is read in pieces
      carrier: spindleHttp.carrier(),
      signal: null, // its `aborted` is true once no task waits
      turns: [],
    };
    spindleHttp.exchanges[id] = exchange;
    exchange.carrier.open(exchange);
  },

  sp__js_fetch_add_header__deps: ['$spindleHttp'],
  sp__js_fetch_add_header: function (id, name, value) {
    spindleHttp.exchanges[id].headers.push([UTF8ToString(name), spindleHttp.bytesAt(value)]);
  },

  sp__js_fetch_begin__deps: ['$spindleHttp'],
  sp__js_fetch_begin: function (id, body, size) {
    const exchange = spindleHttp.exchanges[id];
    if (body) exchange.body = HEAPU8.slice(body, body + size);
    spindleHttp.start(exchange);
  },

  sp__js_fetch_upload__deps: ['$spindleHttp'],
  sp__js_fetch_upload: function (id, size) {
    const exchange = spindleHttp.exchanges[id];
    exchange.inParts = true;
    exchange.size = size;
    exchange.carrier.upload(exchange);
  },

  sp__js_fetch_send__deps: ['$spindleHttp'],
  sp__js_fetch_send: function (id, data, size, ended) {
    const exchange = spindleHttp.exchanges[id];
    exchange.carrier.send(exchange, HEAPU8.slice(data, data + size), ended);
  },

  sp__js_fetch_want__deps: ['$spindleHttp'],
  sp__js_fetch_want: function (id) {
    const exchange = spindleHttp.exchanges[id];
    exchange.carrier.want(exchange);
  },

  sp__js_fetch_abort__deps: ['$spindleHttp'],
  sp__js_fetch_abort: function (id) {
    if (spindleHttp.exchanges[id]) spindleHttp.abort(spindleHttp.exchanges[id]);
  },

  sp__js_session__deps: ['$spindleHttp'],
  sp__js_session: function (id, host, most, mostPerHost, cookies) {
    if (cookies && spindleOnNode) return false;
    spindleHttp.openSession(id, host, most, mostPerHost, cookies);
    return true;
  },

  sp__js_session_end__deps: ['$spindleHttp'],
  sp__js_session_end: function (id) {
    spindleHttp.endSession(id);
  },
};

mergeInto(LibraryManager.library, spindleHttpLibrary);
