/* How wide a terminal is: a library of its own, which only programs with a progress bar have. */

mergeInto(LibraryManager.library, {
  $spindleTerminal: {
    columns: function (fd) {
      if (!spindleOnNode || !require('tty').isatty(fd)) return 0;
      const stream = fd === 1 ? process.stdout : fd === 2 ? process.stderr : null;
      if (!stream || !stream.isTTY) return 0;
      if (stream._refreshSize) stream._refreshSize();
      return stream.columns;
    },

    whole: function (number) {
      return number >= 1 && number <= 0x7fffffff ? Math.floor(number) : 0;
    },
  },

  // The page's option takes precedence over what the process knows. Under Node it is asked now, not
  // when a signal has told of a new size.
  sp__js_columns__deps: ['$spindleTerminal'],
  sp__js_columns__proxy: 'sync',
  sp__js_columns__sig: 'ii',
  sp__js_columns: function (fd) {
    const given = Module['columns'];
    try {
      const columns = typeof given === 'function' ? given(fd) : given;
      return spindleTerminal.whole(columns === undefined ? spindleTerminal.columns(fd) : columns);
    } catch {
      return 0;
    }
  },
});
