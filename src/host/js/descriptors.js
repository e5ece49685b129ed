/* stdin, stdout and stderr, in place of Emscripten's: bytes as they come. */

// Emscripten's own fd_write passes stdout and stderr on by whole lines only. It still writes to
// files.
const spindleDescriptors = FILESYSTEM
  ? {
      $spindleWriteFile: LibraryManager.library.fd_write,
      $spindleWriteFile__deps: LibraryManager.library.fd_write__deps,
    }
  : {
      $spindleWriteFile: function () {},
      // Emscripten's depend on tables that only its own fd_write needs.
      fd_close__deps: [],
      fd_close: function () {
        return 0;
      },
      fd_seek__deps: [],
      // Newer Emscriptens count the parameters, and older ones pass the offset as two.
      fd_seek: function (_fd, _low, _high, _whence, _result) {
        return 70; // ESPIPE
      },
    };

mergeInto(LibraryManager.library, spindleDescriptors);
if (!LibraryManager.library.fd_write__sig)
  mergeInto(LibraryManager.library, { fd_write__sig: 'iippp' });
mergeInto(LibraryManager.library, {
  fd_write__deps: ['$spindle', '$spindleWriteFile'],
  // At exit the C library's buffers are flushed: after the atexit handlers, before the exit status
  // is reported.
  fd_write__postset: function () {
    const isNewer = typeof hasExportedSymbol === 'function';
    if (isNewer && hasExportedSymbol('fflush')) addAtExit('_fflush(0);');
    if (!isNewer && hasExportedFunction('___stdio_exit')) addAtExit('___stdio_exit();');
  },
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

// Emscripten's own fd_read never reaches Node's standard input, as it is loaded here. Reading
// blocks, as it does natively. A page has the module's option `stdin`, which Emscripten's file
// system reads.
mergeInto(LibraryManager.library, {
  $spindleReadFile: LibraryManager.library.fd_read,
  $spindleReadFile__deps: LibraryManager.library.fd_read__deps || [],
  $spindleReadsNode: function (fd) {
    if (fd !== 0 || !spindleOnNode || Module['stdin']) return false;
    const stream = typeof FS === 'object' && FS.streams[0];
    return !stream || !!stream.tty; // freopen() may have put a file there
  },

  // Returns the number of bytes, or -1. EAGAIN: there is no input yet, and stdin was made
  // non-blocking before.
  $spindleReadNode: function (bytes) {
    for (;;) {
      try {
        return require('fs').readSync(0, bytes, 0, bytes.length, null);
      } catch (error) {
        if (error.code === 'EOF') return 0; // on Windows
        if (error.code !== 'EAGAIN') return -1;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      }
    }
  },

  fd_read__deps: ['$spindleReadFile', '$spindleReadsNode', '$spindleReadNode'],
  fd_read__proxy: 'sync',
  fd_read: function (fd, vectors, count, read) {
    if (!spindleReadsNode(fd)) return spindleReadFile(fd, vectors, count, read);
    HEAPU32[read >>> 2] = 0;
    for (let i = 0; i < count; i++) {
      const at = (vectors >>> 2) + i * 2;
      if (HEAPU32[at + 1] === 0) continue;
      const bytes = new Uint8Array(HEAPU32[at + 1]);
      const size = spindleReadNode(bytes);
      if (size < 0) return 29; // EIO
      HEAPU8.set(bytes.subarray(0, size), HEAPU32[at]);
      HEAPU32[read >>> 2] = size;
      break;
    }
    return 0;
  },
});
if (!LibraryManager.library.fd_read__sig)
  mergeInto(LibraryManager.library, { fd_read__sig: 'iippp' });
