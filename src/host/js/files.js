/* Files for the JavaScript host, a library for Emscripten's linker: the page's, or under Node those
 * of the disk. Its state is `$spindleFiles`; C calls the functions below it.
 *
 * A file that is written is a draft until it is whole. On the disk it has a name of its own meanwhile,
 * which is taken away however the process ends, unless that is killed. */
const spindleFilesLibrary = {
  $spindleFiles__deps: ['$spindle', '$spindleErrors'],
  $spindleFiles__postset: 'spindle.parts.push(spindleFiles);',
  $spindleFiles: {
    jobs: {}, // id to { host } of each operation that C waits for
    drafts: {}, // id to { path, pieces, file, name, work }
    lastDraft: 0,
    named: {}, // name to true: of those drafts that have one on the disk
    namedCount: 0,
    fs: null, // Node's, and path, once they are needed: require() takes its time
    path: null,

    // --- operations

    // Tells C of the end of `work`, unless it was forgotten meanwhile.
    begin: function (id, host, work, take, tell) {
      const job = { host: host };
      const isKnown = function () {
        if (spindleFiles.jobs[id] !== job) return false;
        delete spindleFiles.jobs[id];
        return true;
      };
      spindleFiles.jobs[id] = job;
      work.then(
        function (value) {
          if (isKnown()) tell(id, take(value), 0);
        },
        function (error) {
          if (!isKnown()) return;
          const code = spindleErrors.code(spindleFiles.errorName(error));
          spindleErrors.withString(spindleFiles.words(error), function (message) {
            tell(id, code, message);
          });
        },
      );
    },

    // Forgets what one host has begun, or all of it: C is not told of it any more.
    forget: function (host) {
      Object.keys(spindleFiles.jobs).forEach(function (id) {
        if (host === undefined || spindleFiles.jobs[id].host === host) delete spindleFiles.jobs[id];
      });
      if (host === undefined) Object.keys(spindleFiles.drafts).forEach(spindleFiles.drop);
    },

    // By the code that Node gives, or by the name that a page's own storage does.
    errorName: function (error) {
      const names = {
        ENOENT: 'SP_ENOENT',
        NotFoundError: 'SP_ENOENT',
        EACCES: 'SP_EACCES',
        EPERM: 'SP_EACCES',
        EROFS: 'SP_EACCES',
        NotAllowedError: 'SP_EACCES',
        EISDIR: 'SP_EISDIR',
        TypeMismatchError: 'SP_EISDIR',
        ENOTDIR: 'SP_ENOTDIR',
        ENOSPC: 'SP_ENOSPC',
        QuotaExceededError: 'SP_ENOSPC',
        ERR_FS_FILE_TOO_LARGE: 'SP_ENOMEM',
        NOT_A_FILE: 'SP_EINVAL',
      };
      return (error && (names[error.code] || names[error.name])) || 'SP_EIO';
    },

    // Of "EACCES: permission denied, open 'draft'" the middle.
    words: function (error) {
      return spindleErrors.explain(error).replace(/^E[A-Z]+: |, [a-z]+( '.*)?$/g, '');
    },

    failure: function (code, text) {
      return Object.assign(new Error(text), { code: code });
    },

    // --- writing

    write: async function (draft, last) {
      const pieces = draft.pieces;
      if (!spindleOnNode || Module['onFile']) {
        if (last) await Module['onFile'](draft.path, spindleFiles.join(pieces));
        return;
      }
      const isFirst = draft.file === undefined;
      draft.pieces = [];
      try {
        if (isFirst) await spindleFiles.open(draft);
        for (const piece of pieces) await spindleFiles.put(draft.file, piece);
        if (last) await spindleFiles.commit(draft, !isFirst);
      } catch (error) {
        await spindleFiles.discard(draft);
        throw error;
      }
    },

    join: function (pieces) {
      if (pieces.length === 1) return pieces[0];
      const size = pieces.reduce(function (sum, piece) {
        return sum + piece.length;
      }, 0);
      const bytes = new Uint8Array(size);
      let at = 0;
      pieces.forEach(function (piece) {
        bytes.set(piece, at);
        at += piece.length;
      });
      return bytes;
    },

    // A function of Node's fs as a promise: Node's own promises cost several times as much.
    call: function (name) {
      const words = Array.prototype.slice.call(arguments, 1);
      const fs = spindleFiles.fs || (spindleFiles.fs = require('fs'));
      return new Promise(function (resolve, reject) {
        words.push(function (error, value) {
          if (error) reject(error);
          else resolve(value);
        });
        fs[name].apply(fs, words);
      });
    },

    // The same, or undefined.
    look: function (name, path) {
      return spindleFiles.call(name, path).catch(function () {});
    },

    open: async function (draft) {
      const there = await spindleFiles.look('lstat', draft.path);
      if (there) spindleFiles.checkReplaceable(there);
      const old = there && (there.isFile() ? there : await spindleFiles.findOld(draft));
      spindleFiles.setName(draft, spindleFiles.nameBeside(draft.path));
      // A process that opened it before it has its permissions could read what is written later.
      draft.file = await spindleFiles.call('open', draft.name, 'wx', old ? 0o600 : 0o666);
      if (old) await spindleFiles.keepMode(draft, old);
    },

    put: async function (file, bytes) {
      let at = 0;
      while (at < bytes.length) at += await spindleFiles.call('write', file, bytes, at);
    },

    // Returns a short name: that of the path may be as long as can be.
    nameBeside: function (path) {
      const node = spindleFiles.path || (spindleFiles.path = require('path'));
      const slash = Math.max(path.lastIndexOf('/'), path.lastIndexOf(node.sep));
      const mark = process.pid + '-' + Math.random().toString(36).slice(2, 8);
      return path.slice(0, slash + 1) + '.spindle-' + mark;
    },

    // A device, a pipe or a socket is in a directory for other reasons than its content: it is kept.
    checkReplaceable: function (found) {
      if (found.isFile() || found.isSymbolicLink()) return;
      throw found.isDirectory()
        ? spindleFiles.failure('EISDIR', 'Is a directory')
        : spindleFiles.failure('NOT_A_FILE', 'not a regular file');
    },

    // What is at its path, or where a link there leads, if that is a file.
    findOld: async function (draft) {
      const old = await spindleFiles.look('stat', draft.path);
      return old && old.isFile() ? old : null;
    },

    // A file that is replaced passes on its permissions: those of the group for the same group only,
    // and set-user-ID never: nobody runs the file as its new owner.
    keepMode: async function (draft, old) {
      const mask = (await spindleFiles.keepGroup(draft, old)) ? 0o777 : 0o707;
      await spindleFiles.call('fchmod', draft.file, old.mode & mask);
    },

    // -1: the owner stays. Promise of whether it is the same group then.
    keepGroup: function (draft, old) {
      return spindleFiles.call('fchown', draft.file, -1, old.gid).then(
        function () {
          return true;
        },
        function () {
          return false;
        },
      );
    },

    // isOld: the permissions that it is to have may have changed since it was opened.
    commit: async function (draft, isOld) {
      const old = isOld && (await spindleFiles.findOld(draft));
      if (old) await spindleFiles.keepMode(draft, old);
      await spindleFiles.close(draft);
      await spindleFiles.call('rename', draft.name, draft.path);
      spindleFiles.setName(draft, null);
    },

    // Its number may be another file's as soon as this is called.
    close: function (draft) {
      const file = draft.file;
      draft.file = undefined;
      return spindleFiles.call('close', file);
    },

    discard: async function (draft) {
      if (draft.file !== undefined) await spindleFiles.close(draft).catch(function () {});
      if (!draft.name) return;
      await spindleFiles.call('rm', draft.name, { force: true }).catch(function () {});
      spindleFiles.setName(draft, null);
    },

    // C is done with it: nothing of it stays, once the work under way has ended.
    drop: function (id) {
      const draft = spindleFiles.drafts[id];
      delete spindleFiles.drafts[id];
      if (!draft) return;
      draft.work.then(function () {
        return spindleFiles.discard(draft);
      });
    },

    setName: function (draft, name) {
      const before = spindleFiles.namedCount;
      if (draft.name) delete spindleFiles.named[draft.name];
      if (name) spindleFiles.named[name] = true;
      spindleFiles.namedCount += (name ? 1 : 0) - (draft.name ? 1 : 0);
      draft.name = name;
      if (before === 0) process.on('exit', spindleFiles.leave);
      if (spindleFiles.namedCount === 0) process.off('exit', spindleFiles.leave);
    },

    // The process ends now.
    leave: function () {
      Object.keys(spindleFiles.named).forEach(function (name) {
        try {
          require('fs').rmSync(name, { force: true });
        } catch {
          // nothing is left that could be told
        }
      });
    },

    // --- reading

    read: async function (path) {
      if (!Module['readFile']) return require('fs').promises.readFile(path);
      const given = await Module['readFile'](path);
      if (given === undefined || given === null)
        throw spindleFiles.failure('ENOENT', 'no such file or directory');
      if (ArrayBuffer.isView(given))
        return new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
      if (/ArrayBuffer\]$/.test(Object.prototype.toString.call(given)))
        return new Uint8Array(given);
      throw new Error("the module's readFile option returned no bytes");
    },

    // 0 or an error.
    handOver: function (id, bytes) {
      const target = bytes.length < 0x7fffffff ? _sp__js_read_reserve(id, bytes.length) : 0;
      if (!target) return spindleErrors.code('SP_ENOMEM');
      HEAPU8.set(bytes, target);
      return 0;
    },
  },

  // --- what C calls

  sp__js_takes_files: function () {
    return spindleOnNode || !!Module['onFile'];
  },

  sp__js_gives_files: function () {
    return spindleOnNode || !!Module['readFile'];
  },

  sp__js_draft_new__deps: ['$spindleFiles'],
  sp__js_draft_new: function (path) {
    const draft = { path: UTF8ToString(path), pieces: [], work: Promise.resolve() };
    spindleFiles.drafts[++spindleFiles.lastDraft] = draft;
    return spindleFiles.lastDraft;
  },

  sp__js_draft_add__deps: ['$spindleFiles'],
  sp__js_draft_add: function (id, data, size) {
    spindleFiles.drafts[id].pieces.push(HEAPU8.slice(data, data + size));
  },

  sp__js_draft_write__deps: ['$spindleFiles'],
  sp__js_draft_write: function (id, write, host, last) {
    const draft = spindleFiles.drafts[id];
    const work = spindleFiles.write(draft, last);
    const over = function () {
      delete spindleFiles.drafts[id];
    };
    draft.work = work.then(last ? over : function () {}, over);
    spindleFiles.begin(
      write,
      host,
      work,
      function () {
        return 0;
      },
      _sp__js_written,
    );
  },

  sp__js_draft_drop__deps: ['$spindleFiles'],
  sp__js_draft_drop: function (id) {
    spindleFiles.drop(id);
  },

  sp__js_read__deps: ['$spindleFiles'],
  sp__js_read: function (id, host, path) {
    const work = spindleFiles.read(UTF8ToString(path));
    const take = function (bytes) {
      return spindleFiles.handOver(id, bytes);
    };
    spindleFiles.begin(id, host, work, take, _sp__js_read_done);
  },

  sp__js_read_abort__deps: ['$spindleFiles'],
  sp__js_read_abort: function (id) {
    delete spindleFiles.jobs[id];
  },
};

mergeInto(LibraryManager.library, spindleFilesLibrary);
