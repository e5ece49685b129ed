/* The content codings of a body under Node, undone by node:zlib: a part of http_node.js. */
const spindleHttpCodingsLibrary = {
  $spindleHttpCodings__deps: ['$spindleHttp'],
  $spindleHttpCodings: {
    listMax: 5, // codings of one body, as natively

    // Returns the codings of a Content-Encoding in the order in which they are undone; none if one of
    // them is unknown.
    listOf: function (text) {
      if (!text) return [];
      const codings = text
        .toLowerCase()
        .split(/[\s,]+/)
        .filter(function (coding) {
          return coding && coding !== 'identity';
        });
      if (codings.length > spindleHttpCodings.listMax)
        throw spindleHttp.failure('SP_EPROTOCOL', 'more than 5 content codings');
      const areKnown = codings.every(function (coding) {
        return /^((x-)?gzip|deflate)$/.test(coding);
      });
      return areKnown ? codings.reverse() : [];
    },

    // Passes the decoded source to spindleHttpNode.
    decode: function (exchange, source, codings, guarded) {
      if (codings.length === 0) {
        spindleHttpNode.read(exchange, source, guarded);
        return;
      }
      const isGzip = codings[0] !== 'deflate';
      const rest = codings.slice(1);
      // An empty body is whole, too; and some servers send deflate without zlib's header.
      source.once(
        'end',
        guarded(function () {
          if (exchange.decoders.length === 0) spindleHttpNode.ended(exchange);
        }),
      );
      source.once(
        'data',
        guarded(function (first) {
          const zlib = require('zlib');
          source.pause();
          source.unshift(first);
          const decoder = isGzip
            ? zlib.createGunzip()
            : (first[0] & 0x0f) === 8
              ? zlib.createInflate()
              : zlib.createInflateRaw();
          exchange.decoders.push(decoder);
          decoder.on(
            'error',
            guarded(function (error) {
              throw Object.assign(error, {
                spindle: error.code === 'Z_BUF_ERROR' ? 'SP_ETRUNCATED' : 'SP_EPROTOCOL',
              });
            }),
          );
          spindleHttpCodings.decode(exchange, decoder, rest, guarded);
          source.pipe(decoder);
        }),
      );
    },
  },
};

mergeInto(LibraryManager.library, spindleHttpCodingsLibrary);
