/* HTTP by node:http and node:https, a library for Emscripten's linker: one of the carriers of http.js.
 * Each session has agents of its own (http_agents.js), which keep connections for the next request.
 *
 * An exchange is one request after another while it is redirected, or repeated. exchange.request is
 * the current one: events of others are ignored. */
const spindleHttpNodeLibrary = {
  $spindleHttpNode__deps: [
    '$spindleHttp',
    '$spindleHttpAgents',
    '$spindleHttpCodings',
    '$spindleErrors',
  ],
  $spindleHttpNode: {
    headMax: 307200, // bytes of a head, and of trailers: libcurl's limit
    hintsMax: 65536, // bytes of heads of status 1xx before a response, as natively
    lengthMax: '9223372036854775807', // of what a Content-Length says

    open: function (exchange) {
      exchange.signal = { aborted: false };
      exchange.request = null;
      exchange.source = null; // where the body comes from, while there is more of it
      exchange.decoders = []; // of its codings
      exchange.paused = false;
      exchange.repeated = false;
    },

    begin: function (exchange) {
      try {
        spindleHttpNode.ask(exchange);
      } catch (error) {
        spindleHttpNode.fail(exchange, error, null);
      }
    },

    // --- the request

    ask: function (exchange) {
      const place = exchange.place;
      const client = spindleHttpAgents.clientOf(exchange.session, place.protocol);
      const headers = spindleHttpNode.headersOf(exchange);
      const request = client.http.request({
        agent: client.agent,
        host: place.hostname.replace(/^\[|\]$/g, ''),
        port: place.port,
        path: place.pathname + place.search,
        method: exchange.method,
        headers: client.agent.options.proxyEnv ? spindleHttpNode.asObject(headers) : headers,
        maxHeaderSize: spindleHttpNode.headMax,
      });
      request.maxHeadersCount = 0; // none is left out
      exchange.request = request;
      exchange.response = null;
      spindleHttpNode.listen(exchange, request);
      if (exchange.inParts) spindleHttpNode.beginUpload(exchange, request);
      else if (exchange.body) request.end(exchange.body);
      else request.end();
    },

    // Returns all headers, in turn a name and a value: Node sends an array as it is.
    headersOf: function (exchange) {
      const given = new Set();
      const sent = [];
      exchange.headers.forEach(function (pair) {
        given.add(pair[0].toLowerCase());
        sent.push(pair[0], pair[1]);
      });
      const add = function (name, value) {
        if (!given.has(name.toLowerCase())) sent.push(name, value);
      };
      if (!given.has('host')) sent.unshift('Host', exchange.place.host);
      add('Accept', '*/*');
      add('Accept-Encoding', 'gzip, deflate');
      if (given.has('transfer-encoding')) return sent;
      if (exchange.inParts && exchange.size === 0 && !given.has('content-length'))
        sent.push('Transfer-Encoding', 'chunked');
      else if (exchange.inParts) add('Content-Length', String(exchange.size));
      else if (exchange.body) add('Content-Length', String(exchange.body.length));
      else if (!/^(GET|HEAD|DELETE|OPTIONS)$/i.test(exchange.method)) add('Content-Length', '0');
      return sent;
    },

    // With a proxy, Node 22 must find the Host among them.
    asObject: function (headers) {
      const object = {};
      for (let i = 0; i < headers.length; i += 2) {
        const before = object[headers[i]];
        object[headers[i]] =
          before === undefined ? headers[i + 1] : [].concat(before, headers[i + 1]);
      }
      return object;
    },

    listen: function (exchange, request) {
      const guarded = function (receive) {
        return function (argument) {
          if (exchange.request !== request) return;
          try {
            receive(argument);
          } catch (error) {
            spindleHttpNode.fail(exchange, error, null);
          }
        };
      };
      let hints = 0;
      request.on(
        'response',
        guarded(function (response) {
          spindleHttpNode.receive(exchange, request, response, guarded);
        }),
      );
      request.on(
        'information',
        guarded(function (hint) {
          hints += 20 + hint.rawHeaders.join('::::').length;
          if (hints > spindleHttpNode.hintsMax)
            throw spindleHttp.failure('SP_ETOOLARGE', 'too many 1xx responses');
        }),
      );
      // Node leaves the socket to this listener.
      request.on('upgrade', function (response, socket) {
        socket.destroy();
        const text = 'the server switched to a protocol that was not requested';
        if (exchange.request === request)
          spindleHttp.fail(exchange, spindleHttp.failure('SP_EPROTOCOL', text));
      });
      request.on(
        'error',
        guarded(function (error) {
          spindleHttpNode.requestFailed(exchange, request, error);
        }),
      );
      request.on(
        'close',
        guarded(function () {
          if (!exchange.response)
            throw spindleHttp.failure(
              'SP_ECONNRESET',
              'the connection closed before the headers were complete',
            );
        }),
      );
    },

    // --- a body that C gives in pieces

    upload: function (exchange) {
      spindleHttp.start(exchange);
    },

    beginUpload: function (exchange, request) {
      const ask = function () {
        if (exchange.request === request) _sp__js_fetch_ask(exchange.id);
      };
      request.flushHeaders();
      request.once('socket', function (socket) {
        if (socket.secureConnecting) socket.once('secureConnect', ask);
        else if (socket.connecting) socket.once('connect', ask);
        else ask();
      });
    },

    // Asks for the next piece when this one was sent.
    send: function (exchange, bytes, ended) {
      const request = exchange.request;
      if (!request || !exchange.inParts) return;
      if (ended) {
        request.end(bytes);
        return;
      }
      request.write(bytes, function (error) {
        if (!error && exchange.request === request) _sp__js_fetch_ask(exchange.id);
      });
    },

    // --- the response

    receive: function (exchange, request, response, guarded) {
      const texts = response.rawHeaders;
      let location = '';
      let codings = '';
      let transfers = '';
      let hasLength = false;
      for (let i = 0; i < texts.length; i += 2) {
        const length = texts[i].length;
        if (length !== 8 && length !== 14 && length !== 16 && length !== 17) continue;
        const name = texts[i].toLowerCase();
        if (name === 'location') location = location || texts[i + 1];
        else if (name === 'content-encoding') codings += ',' + texts[i + 1];
        else if (name === 'transfer-encoding') transfers += ',' + texts[i + 1];
        else if (name === 'content-length') {
          hasLength = true;
          if (spindleHttpNode.isTooLong(texts[i + 1]))
            throw spindleHttp.failure('SP_EPROTOCOL', 'the Content-Length is too large');
        }
      }
      spindleHttpNode.checkFraming(response, transfers);
      exchange.response = response;
      if (spindleHttp.isFollowed(exchange, response.statusCode, location)) {
        spindleHttpNode.leaveRedirect(exchange, request, response);
        return;
      }
      const place = exchange.place;
      const url = place.hash ? place.href.slice(0, -place.hash.length) : place.href;
      spindleHttp.receiveHead(exchange, response.statusCode, url, texts);
      if (exchange.request !== request) return;
      response.on(
        'error',
        guarded(function (error) {
          spindleHttpNode.requestFailed(exchange, request, error);
        }),
      );
      const bodiless =
        exchange.method.toUpperCase() === 'HEAD' ||
        response.statusCode === 204 ||
        response.statusCode === 304;
      if (!bodiless && !hasLength && !/chunked/i.test(transfers))
        spindleHttpNode.noticeReset(response.socket, guarded);
      const list = bodiless ? [] : spindleHttpCodings.listOf(codings);
      spindleHttpCodings.decode(exchange, response, list, guarded);
    },

    isTooLong: function (length) {
      return length.length > 18 && BigInt(length) > BigInt(spindleHttpNode.lengthMax);
    },

    // Node accepts much that is no response: where it does not know a body's end, it passes the rest on
    // as the body.
    checkFraming: function (response, transfers) {
      const isLine = response.httpVersionMajor === 1 && response.statusMessage.indexOf('\0') < 0;
      if (response.statusCode < 200 || !isLine)
        throw spindleHttp.failure('SP_EPROTOCOL', 'the response is not HTTP/1');
      if (transfers && !/^(,\s*identity\s*)*(,\s*chunked\s*)*$/i.test(transfers))
        throw spindleHttp.failure('SP_EPROTOCOL', 'the Transfer-Encoding is not supported');
    },

    // A body without a length ends with its connection, unless that was reset. Of a reset that comes
    // with the last bytes libuv reports only the end; an empty write fails then.
    noticeReset: function (socket, guarded) {
      socket.prependOnceListener('end', function () {
        socket.write(
          '',
          guarded(function (error) {
            if (error) throw spindleHttp.failure('SP_ETRUNCATED', 'the connection was reset');
          }),
        );
      });
    },

    // A redirect's own body is dropped. If it is complete, its connection is kept for the next request.
    leaveRedirect: function (exchange, request, response) {
      exchange.request = null;
      response.on('error', function () {});
      response.resume();
      setImmediate(function () {
        if (!response.complete || !request.writableFinished) request.destroy();
        if (spindleHttp.isKnown(exchange)) spindleHttpNode.begin(exchange);
      });
    },

    // Reads the source to its end.
    read: function (exchange, source, guarded) {
      exchange.source = source;
      source.on(
        'data',
        guarded(function (bytes) {
          if (spindleHttp.receivePiece(exchange, bytes)) return;
          exchange.paused = true;
          source.pause();
        }),
      );
      source.on(
        'end',
        guarded(function () {
          spindleHttpNode.ended(exchange);
        }),
      );
    },

    want: function (exchange) {
      if (!exchange.paused) return;
      exchange.paused = false;
      exchange.source.resume();
    },

    // A connection is not kept if the server did not wait for all of the request.
    ended: function (exchange) {
      const request = exchange.request;
      if (!exchange.response.complete)
        throw spindleHttp.failure(
          'SP_ETRUNCATED',
          'the connection closed before the body was complete',
        );
      exchange.request = null;
      if (!request.writableFinished) request.destroy();
      spindleHttp.succeed(exchange);
    },

    // --- what went wrong

    // A response that is complete counts, whatever becomes of its connection.
    requestFailed: function (exchange, request, error) {
      const response = exchange.response;
      if (response && response.complete) return;
      if (spindleHttpNode.mayRepeat(exchange, request, error)) {
        exchange.repeated = true;
        exchange.request = null;
        spindleHttpAgents.closeIdle(exchange);
        spindleHttpNode.begin(exchange);
        return;
      }
      spindleHttpNode.fail(exchange, error, response);
    },

    // RFC 9110 9.2.2: a reused connection may have been closed before the request came. An idempotent
    // request is repeated, once, if nothing of a response has come.
    mayRepeat: function (exchange, request, error) {
      const socket = request.socket;
      return (
        request.reusedSocket &&
        !exchange.response &&
        !exchange.repeated &&
        !exchange.inParts &&
        /^(ECONNRESET|EPIPE)$/.test(error.code) &&
        /^(GET|HEAD|PUT|DELETE|OPTIONS|TRACE)$/.test(exchange.method.toUpperCase()) &&
        !!socket &&
        socket.bytesRead === request.spindleReadBefore
      );
    },

    codeOf: function (exchange, error, answered) {
      const code = String(error.code);
      if (code === 'HPE_HEADER_OVERFLOW') return 'SP_ETOOLARGE';
      if (/^HPE_/.test(code)) return 'SP_EPROTOCOL';
      if (answered) return 'SP_ETRUNCATED';
      if (spindleHttp.codes[code]) return spindleHttp.codes[code];
      if (/^ERR_(INVALID|UNESCAPED|HTTP_INVALID)/.test(code)) return 'SP_EINVAL';
      const isSecure = exchange.place.protocol === 'https:';
      if (isSecure && (code === 'EPROTO' || !error.syscall)) return 'SP_ETLS';
      return 'SP_ENETWORK';
    },

    fail: function (exchange, error, answered) {
      if (!error.spindle) error.spindle = spindleHttpNode.codeOf(exchange, error, answered);
      // The error for several addresses that were tried has no message of its own.
      if (!error.message && error.errors) error.message = spindleErrors.explain(error.errors[0]);
      spindleHttp.fail(exchange, error);
    },

    abort: function (exchange) {
      const request = exchange.request;
      exchange.signal.aborted = true;
      exchange.request = null;
      if (request) request.destroy();
      exchange.decoders.forEach(function (decoder) {
        decoder.destroy();
      });
    },
  },
};

mergeInto(LibraryManager.library, spindleHttpNodeLibrary);
