// Files and terminals, as processes: what is on the disk whatever becomes of the program. tests/files
// has the program. `native, named` is the native one where the file system has no files without a name,
// `native, unprivileged` where the system gives a name to such a file only through /proc.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  asOrdinaryUser,
  inSmallFileSystem,
  ordinaryUser,
  startProcess,
  whyNot,
} from './support/program-process.mjs';
import { inNewFolder, runProcess } from './support/scenarios.mjs';
import { seededRandom } from './support/server-random.mjs';
import { until } from './support/until.mjs';

const time = { timeout: 60_000 };
const build = (path) => fileURLToPath(new URL(`../build/${path}`, import.meta.url));
const terminal = fileURLToPath(new URL('files/terminal.py', import.meta.url));

const targets = {
  native: [build('native/files/files')],
  'native, named': [build('native/files/files_named')],
  'native, unprivileged': [build('native/files/files_unprivileged')],
  node: [process.execPath, build('web/files/files.mjs')],
};

const bytesOf = (size) => Buffer.from(Array.from({ length: size }, (_, i) => i % 251));
const modeOf = (path) => statSync(path).mode & 0o7777;
const ownersOf = (path) => [statSync(path).uid, statSync(path).gid];
const isRoot = process.getuid() === 0;
const someGroup = 4711;
const sizes = { small: ['10', '4'], large: ['300000', '70000'] };

// Whether a file in the folder can be without a name.
function hasUnnamed(folder) {
  const script = 'import os, sys; os.open(sys.argv[1], os.O_TMPFILE | os.O_RDWR)';
  return spawnSync('python3', ['-c', script, folder]).status === 0;
}

// Words before a command that run it where /proc is empty.
// In a chroot only /proc is a mount that can be made private.
const asRoot = isRoot ? [] : ['-r'];
const withoutProc = ['unshare', ...asRoot, '-m', '--propagation=unchanged', 'sh', '-c'].concat(
  'mount --make-rprivate /proc && mount -t tmpfs none /proc && exec "$@"',
  'sh',
);

// Watches the permissions that the files of a folder have till `work` is done; gives those seen.
async function modesSeen(folder, work) {
  const seen = new Set();
  let over = false;
  const done = work.finally(() => (over = true));
  while (!over) {
    const until = performance.now() + 5;
    while (performance.now() < until) {
      for (const file of readdirSync(folder)) {
        const found = statSync(join(folder, file), { throwIfNoEntry: false });
        if (found) seen.add((found.mode & 0o7777).toString(8));
      }
    }
    await sleep(0);
  }
  await done;
  return [...seen];
}

for (const [target, command] of Object.entries(targets)) {
  assert.ok(existsSync(command.at(-1)), `not built: ${command.at(-1)}: run ./run build`);
  const name = (text) => `${target}: ${text}`;
  // The command, where everybody may read what it runs.
  const readableCopy = (folder) => {
    const file = command.at(-1);
    cpSync(dirname(file), folder, { recursive: true });
    chmodSync(folder, 0o755);
    for (const copied of readdirSync(folder)) chmodSync(join(folder, copied), 0o755);
    return [...command.slice(0, -1), join(folder, basename(file))];
  };
  const run = (folder, ...words) => runProcess(command[0], [...command.slice(1), ...words], folder);

  for (const [kind, size] of Object.entries(sizes)) {
    test(name(`a new ${kind} file has the permissions that the umask leaves`), time, () =>
      inNewFolder(async (folder) => {
        const words = ['-c', 'umask 027; exec "$@"', 'sh', ...command, 'write', 'new', ...size];
        const { stdout } = await runProcess('sh', words, folder);
        assert.equal(stdout, 'SP_OK\n');
        assert.equal(modeOf(join(folder, 'new')), 0o640);
        assert.ok(readFileSync(join(folder, 'new')).equals(bytesOf(Number(size[0]))));
        assert.deepEqual(readdirSync(folder), ['new']);
      }),
    );

    test(name(`a ${kind} file that is replaced hands its permissions on`), time, () =>
      inNewFolder(async (folder) => {
        const path = join(folder, 'old');
        writeFileSync(path, 'old', { mode: 0o604 });
        assert.equal((await run(folder, 'write', 'old', ...size)).stdout, 'SP_OK\n');
        assert.equal(modeOf(path), 0o604);
        assert.ok(readFileSync(path).equals(bytesOf(Number(size[0]))));
        assert.deepEqual(readdirSync(folder), ['old']);
      }),
    );

    test(name(`a new ${kind} file is not what a link to a folder leads to`), time, () =>
      inNewFolder(async (folder) => {
        mkdirSync(join(folder, 'there'));
        chmodSync(join(folder, 'there'), 0o1777);
        symlinkSync('there', join(folder, 'link'));
        assert.equal((await run(folder, 'write', 'link', ...size)).stdout, 'SP_OK\n');
        assert.equal(modeOf(join(folder, 'link')), 0o666 & ~process.umask());
      }),
    );

    test(name(`a ${kind} file does not become somebody's to run as`), time, () =>
      inNewFolder(async (folder) => {
        const path = join(folder, 'old');
        writeFileSync(path, 'old');
        chmodSync(path, 0o6755);
        assert.equal((await run(folder, 'write', 'old', ...size)).stdout, 'SP_OK\n');
        assert.equal(modeOf(path), 0o755);
      }),
    );

    test(name(`a ${kind} file that is replaced hands its group on`), time, (t) =>
      inNewFolder(async (folder) => {
        if (!isRoot) return t.skip('only root can give files to any group');
        const path = join(folder, 'old');
        writeFileSync(path, 'old');
        chownSync(path, ordinaryUser, someGroup);
        chmodSync(path, 0o640);
        assert.equal((await run(folder, 'write', 'old', ...size)).stdout, 'SP_OK\n');
        assert.deepEqual(ownersOf(path), [0, someGroup]);
        assert.equal(modeOf(path), 0o640);
      }),
    );

    test(name(`a ${kind} file of another group is not for that group`), time, (t) =>
      inNewFolder(async (folder) => {
        const reason = isRoot ? whyNot(asOrdinaryUser) : 'only root can give files to any group';
        if (reason) return t.skip(reason);
        const path = join(folder, 'old');
        chownSync(folder, ordinaryUser, ordinaryUser);
        writeFileSync(path, 'old');
        chownSync(path, ordinaryUser, someGroup);
        chmodSync(path, 0o664);
        await inNewFolder(async (other) => {
          const [first, ...rest] = [
            ...asOrdinaryUser,
            ...readableCopy(other),
            'write',
            'old',
            ...size,
          ];
          const { stdout, stderr } = await runProcess(first, rest, folder);
          assert.equal(stdout, 'SP_OK\n', stderr);
        });
        assert.deepEqual(ownersOf(path), [ordinaryUser, ordinaryUser]);
        assert.equal(modeOf(path), 0o604);
      }),
    );

    test(name(`a link is replaced by a ${kind} file, what it names is not`), time, () =>
      inNewFolder(async (folder) => {
        mkdirSync(join(folder, 'there'));
        writeFileSync(join(folder, 'there', 'file'), 'untouched');
        const links = { link: 'there/file', broken: 'nowhere', folder: 'there' };
        for (const [link, to] of Object.entries(links)) symlinkSync(to, join(folder, link));
        for (const link of Object.keys(links)) {
          assert.equal((await run(folder, 'write', link, ...size)).stdout, 'SP_OK\n');
          assert.throws(() => readlinkSync(join(folder, link)), { code: 'EINVAL' });
          assert.ok(readFileSync(join(folder, link)).equals(bytesOf(Number(size[0]))));
        }
        assert.equal(readFileSync(join(folder, 'there', 'file'), 'utf8'), 'untouched');
        assert.deepEqual(readdirSync(folder).sort(), ['broken', 'folder', 'link', 'there']);
      }),
    );

    test(name(`a program that exits leaves nothing of a ${kind} file`), time, () =>
      inNewFolder(async (folder) => {
        const { exit, stderr } = await run(folder, 'write', 'half', ...size, 'exit');
        assert.equal(stderr, '');
        assert.equal(exit, '3');
        assert.deepEqual(readdirSync(folder), []);
      }),
    );

    test(name(`a program that is killed leaves nothing of a ${kind} file`), time, (t) =>
      inNewFolder(async (folder) => {
        if (!hasUnnamed(folder)) return t.skip('this file system has no files without a name');
        const words = [...command, 'write', 'half', ...size, 'hold'];
        const { child, shows, ended } = startProcess(words, { cwd: folder });
        await shows(/held/);
        child.kill('SIGKILL');
        assert.equal((await ended).exit, 'SIGKILL');
        const left = readdirSync(folder).filter((file) => !/^\.spindle-\d+-\w+$/.test(file));
        assert.deepEqual(left, [], 'half a file');
        if (['native', 'native, unprivileged'].includes(target)) {
          assert.deepEqual(readdirSync(folder), [], 'a name of its own');
        }
      }),
    );

    test(name(`a second Ctrl-C leaves no half of a ${kind} file`), time, () =>
      inNewFolder(async (folder) => {
        const words = [...command, 'write', 'half', ...size, 'hold'];
        const { child, shows, ended } = startProcess(words, { cwd: folder });
        await shows(/held/);
        child.kill('SIGINT');
        await shows(/asked to stop/);
        child.kill('SIGINT');
        assert.equal((await ended).exit, 'SIGINT');
        if (target === 'native, named') assert.ok(!readdirSync(folder).includes('half'));
        else assert.deepEqual(readdirSync(folder), []);
      }),
    );
  }

  test(name('nobody may read more of a draft than of what it replaces'), time, () =>
    inNewFolder(async (folder) => {
      writeFileSync(join(folder, 'old'), 'old', { mode: 0o600 });
      const write = () => run(folder, 'write', 'old', '9000000', '70000');
      const work = Promise.all(Array.from({ length: 4 }, write));
      assert.deepEqual(await modesSeen(folder, work), ['600']);
    }),
  );

  test(name('without /proc nobody may, either'), time, (t) =>
    inNewFolder(async (folder) => {
      if (target === 'node') return;
      const reason = whyNot(withoutProc);
      if (reason) return t.skip(`/proc cannot be taken away here: ${reason}`);
      writeFileSync(join(folder, 'old'), 'old', { mode: 0o600 });
      const [first, ...rest] = [...withoutProc, ...command, 'whole', 'old', '50000000'];
      assert.deepEqual(await modesSeen(folder, runProcess(first, rest, folder)), ['600']);
    }),
  );

  const ways = {
    'at once': ['whole', 'old', '300000'],
    'in small pieces': ['write', 'old', '300000', '1000'],
    'in large pieces': ['write', 'old', '300000', '70000'],
  };
  for (const [way, words] of Object.entries(ways)) {
    test(name(`a file written ${way} to a full disk leaves what was there`), time, (t) =>
      inNewFolder(async (folder) => {
        const reason = await inNewFolder((other) => whyNot(inSmallFileSystem('64k', other)));
        if (reason) return t.skip(`no file system can be mounted here: ${reason}`);
        const script = 'echo old >old; head -c 40960 /dev/zero >full; "$@"';
        const [first, ...rest] = inSmallFileSystem('64k', folder);
        const all = [...rest, 'sh', '-c', script, 'sh', ...command, ...words];
        const { stdout } = await runProcess(first, all, folder);
        assert.match(stdout, /^SP_ENOSPC old: no space left on device\n$/i);
        assert.deepEqual(readdirSync(join(folder, 'kept')).sort(), ['full', 'old']);
        assert.equal(readFileSync(join(folder, 'kept', 'old'), 'utf8'), 'old\n');
      }),
    );
  }

  for (const [way, words] of Object.entries(ways)) {
    test(name(`what is no file is not replaced by one written ${way}`), time, () =>
      inNewFolder(async (folder) => {
        execFileSync('mkfifo', [join(folder, 'old')]);
        const { stdout } = await run(folder, ...words);
        assert.equal(stdout, 'SP_EINVAL old: not a regular file\n');
        assert.ok(lstatSync(join(folder, 'old')).isFIFO());
        assert.deepEqual(readdirSync(folder), ['old']);
      }),
    );

    test(name(`a name as long as can be is that of a file written ${way}`), time, () =>
      inNewFolder(async (folder) => {
        const long = 'n'.repeat(255);
        const [verb, , ...rest] = words;
        for (let round = 0; round < 2; round++) {
          assert.equal((await run(folder, verb, long, ...rest)).stdout, 'SP_OK\n');
          assert.ok(readFileSync(join(folder, long)).equals(bytesOf(300000)));
        }
        assert.deepEqual(readdirSync(folder), [long]);
      }),
    );
  }

  test(name('a file is whole whenever the program is killed'), time, () =>
    inNewFolder(async (folder) => {
      const random = seededRandom(11);
      for (let round = 0; round < 12; round++) {
        const words = [...command, 'again', 'file', '200000'];
        const { child, shows, ended } = startProcess(words, { cwd: folder });
        await shows(/begun/);
        await sleep(5 + random() * 60);
        child.kill('SIGKILL');
        await ended;
        if (!existsSync(join(folder, 'file'))) continue;
        const text = readFileSync(join(folder, 'file'), 'latin1');
        assert.equal(text.length, 200000, `round ${round}`);
        assert.match(text, /^([a-z])\1*$/, `round ${round}`);
      }
      assert.ok(existsSync(join(folder, 'file')), 'it was never there');
    }),
  );

  test(name('without /proc files are written, read and replaced, too'), time, (t) =>
    inNewFolder(async (folder) => {
      if (target === 'node') return;
      const reason = whyNot(withoutProc);
      if (reason) return t.skip(`/proc cannot be taken away here: ${reason}`);
      const [first, ...rest] = [...withoutProc, ...command];
      for (const size of [...Object.values(sizes), ...Object.values(sizes)]) {
        const { stdout } = await runProcess(first, [...rest, 'write', 'file', ...size], folder);
        assert.equal(stdout, 'SP_OK\n');
        assert.ok(readFileSync(join(folder, 'file')).equals(bytesOf(Number(size[0]))));
        assert.equal(modeOf(join(folder, 'file')), 0o666 & ~process.umask());
        assert.deepEqual(readdirSync(folder), ['file']);
      }
      const { stdout } = await runProcess(first, [...rest, 'read', 'file'], folder);
      assert.equal(stdout, '300000 bytes\n');
    }),
  );

  test(name('names that other programs left are passed over'), time, () =>
    inNewFolder(async (folder) => {
      // The process's number is not known before it runs: the shell becomes the program.
      const script = 'touch .spindle-$$-0 .spindle-$$-1 file && exec "$@"';
      const words = ['-c', script, 'sh', ...command, 'write', 'file', ...sizes.large];
      const { stdout } = await runProcess('sh', words, folder);
      assert.equal(stdout, 'SP_OK\n');
      assert.ok(readFileSync(join(folder, 'file')).equals(bytesOf(300000)));
      assert.match(readdirSync(folder).sort().join(' '), /^\.spindle-\d+-0 \.spindle-\d+-1 file$/);
    }),
  );

  test(name('a terminal has its columns, also when they change'), time, async () => {
    const { stdout } = await runProcess('python3', [terminal, ...command, 'columns']);
    assert.equal(stdout, 'stdout 61, stderr 61\nstdout 92, stderr 92\n');
  });

  test(name('what is no terminal has no columns'), time, async () => {
    const words = [terminal, 'stderr-away', ...command, 'columns'];
    const { stdout } = await runProcess('python3', words);
    assert.equal(stdout, 'stdout 61, stderr 0\nstdout 92, stderr 0\n');
    assert.equal((await run('.', 'columns')).stdout, 'stdout 0, stderr 0\n');
  });
}

test('native, named: a forked process that writes files leaves those of its parent', time, () =>
  inNewFolder(async (folder) => {
    const { stdout } = await runProcess(build('native/files/forks_named'), [], folder);
    assert.equal(stdout, 'child: SP_OK\nparent: SP_OK\n');
    assert.deepEqual(readdirSync(folder).sort(), ['child', 'parent']);
  }),
);

// The module in another program, or in a page: what its options give and take. Promise of its output.
async function runModule(words, options) {
  const { default: create } = await import(build('web/files/files.mjs'));
  let output = '';
  await new Promise((resolve, reject) => {
    const onOutput = (text) => (output += text);
    create({ arguments: words, onOutput, onExit: resolve, ...options }).catch(reject);
  });
  return output;
}

const bytes = Uint8Array.from([1, 2, 3, 4, 5]);
const failing = (error) => async () => {
  throw error;
};

const given = {
  'a Uint8Array': [() => bytes, '5 bytes'],
  'a part of one': [() => bytes.subarray(1, 4), '3 bytes'],
  'an ArrayBuffer': [() => bytes.buffer, '5 bytes'],
  'an empty one': [() => new ArrayBuffer(0), '0 bytes'],
  'a promise of bytes': [async () => bytes, '5 bytes'],
  'as many bytes as the path it is given': [(path) => new Uint8Array(path.length), '4 bytes'],
  nothing: [() => undefined, 'SP_ENOENT path: no such file or directory'],
  'an error with a code': [
    failing(Object.assign(new Error('not for you'), { code: 'EACCES' })),
    'SP_EACCES path: not for you',
  ],
  "an error of the page's storage": [
    failing(new DOMException('not there', 'NotFoundError')),
    'SP_ENOENT path: not there',
  ],
  'some other error': [failing(new Error('the cable is cut')), 'SP_EIO path: the cable is cut'],
  'a text': [() => 'text', "SP_EIO path: the module's readFile option returned no bytes"],
};
for (const [what, [readFile, expected]] of Object.entries(given)) {
  test(`module: readFile gives ${what}`, time, async () => {
    assert.equal(await runModule(['read', 'path'], { readFile }), `${expected}\n`);
  });
}

test('module: onFile is given a file in pieces at once, when it is committed', time, async () => {
  for (const size of Object.values(sizes)) {
    const files = [];
    const onFile = (...file) => files.push(file);
    assert.equal(await runModule(['write', 'path', ...size], { onFile }), 'SP_OK\n');
    assert.deepEqual(
      files.map(([path, content]) => [path, bytesOf(Number(size[0])).equals(content)]),
      [['path', true]],
    );
  }
});

test('module: the error of onFile is that of the write', time, async () => {
  const onFile = failing(new DOMException('all is full', 'QuotaExceededError'));
  for (const way of ['write', 'whole']) {
    const output = await runModule([way, 'path', ...sizes.large], { onFile });
    assert.equal(output, 'SP_ENOSPC path: all is full\n');
  }
});

test('module: columns is a number or a function, and nothing but a whole number counts', async () => {
  const shown = async (columns) => (await runModule(['columns'], { columns })).split('\n')[0];
  let calls = 0;
  assert.equal(await shown((fd) => 40 + fd + (calls++ > 3 ? 1 : 0)), 'stdout 41, stderr 42');
  for (const none of [0, -5, NaN, Infinity, 'wide', null, () => undefined]) {
    assert.equal(await shown(none), 'stdout 0, stderr 0');
  }
  const throws = () => {
    throw new Error('not now');
  };
  for (const wrong of [throws, 80n]) assert.equal(await shown(wrong), 'stdout 0, stderr 0');
});

test('module: of a program that exits while a file is open nothing stays', time, () =>
  inNewFolder(async (folder) => {
    await runModule(['write', join(folder, 'half'), ...sizes.large, 'exit'], {});
    await until(() => readdirSync(folder).length === 0, 'the folder to be empty');
  }),
);
