/* Texts and errors for C, as http.js and files.js report them. */

// Newer Emscriptens include them only where they are asked for.
const spindleTextDeps = ['$lengthBytesUTF8', '$stringToUTF8'].filter(function (name) {
  return name in LibraryManager.library;
});

const spindleErrorsLibrary = {
  $spindleErrors__deps: ['malloc', 'free'].concat(spindleTextDeps),
  $spindleErrors: {
    // Calls use(pointer) with the text on C's heap; returns 0 where there is no memory for it.
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

    // Returns spindle's code by its name: the header is the only list of them.
    code: function (name) {
      return spindleErrors.withString(name, _sp__js_error_code);
    },

    // Returns the text of a JavaScript exception, with its cause, on one line.
    explain: function (error) {
      const cause = error && error.cause;
      let text = String((error && error.message) || error);
      if (cause && (cause.message || cause.code)) text += ': ' + (cause.message || cause.code);
      return text.replace(/\s+/g, ' ').trim();
    },
  },
};

mergeInto(LibraryManager.library, spindleErrorsLibrary);
