// A program inside its JavaScript host: what that calls, is told, and reads for it, under Node.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { inNewFolder } from './support/scenarios.mjs';

const time = { timeout: 60_000 };
const folder = fileURLToPath(new URL('../build/web/imported/', import.meta.url));
const fileOf = (program) => join(folder, `${program}.mjs`);

// Promise of { stdout, stderr, exit } of a process with this standard input.
async function started(command, words, input = 'ignore', cwd = folder) {
  const isText = typeof input === 'string' && input !== 'ignore';
  const stdio = [isText ? 'pipe' : input, 'pipe', 'pipe'];
  const child = spawn(command, words, { cwd, stdio });
  const seen = { stdout: '', stderr: '' };
  for (const name of Object.keys(seen)) {
    child[name].setEncoding('utf8').on('data', (piece) => (seen[name] += piece));
  }
  if (isText) child.stdin.end(input);
  const [code, signal] = await once(child, 'close');
  return { ...seen, exit: signal ?? code };
}

// The same of a Node that runs a script, with `create` of the program.
function hosted(program, script) {
  const url = JSON.stringify(pathToFileURL(fileOf(program)).href);
  const text = `const { default: create } = await import(${url});\n${script}`;
  return started(process.execPath, ['--input-type=module', '-e', text]);
}

// What `script` prints as JSON lines.
async function told(program, script) {
  const { stdout, stderr, exit } = await hosted(program, script);
  assert.equal(stderr, '');
  assert.equal(exit, 0);
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

const quiet = (words) => `
  const tell = (...values) => console.log(JSON.stringify(values));
  const options = {
    arguments: ${JSON.stringify(words)},
    onOutput: () => {},
    onExit: (code) => tell('exit', code),
    onAbort: (what) => tell('abort', what),
  };`;

for (const program of ['called', 'called_small']) {
  describe(`${program}: functions of C's`, () => {
    test('are answered at once while main() is parked, and after it', time, async () => {
      const lines = await told(
        program,
        `${quiet(['return', '7'])}
        const module = await create(options);
        const call = () =>
          tell(module.ccall('greet', 'string', ['string'], ['you']), module.ccall('twice', 'number', ['number'], [21]), module._twice(4));
        call();
        setTimeout(call, 5);
        setTimeout(call, 45);
        setTimeout(call, 150);`,
      );
      const answer = ['hello you', 42, 8];
      assert.deepEqual(
        lines.filter(([first]) => first !== 'exit'),
        [answer, answer, answer, answer],
      );
      assert.deepEqual(
        lines.filter(([first]) => first === 'exit'),
        [['exit', 7]],
      );
    });
  });

  describe(`${program}: its end`, () => {
    for (const [how, code] of Object.entries({ return: 7, exit: 6, sleep: 5, nothing: 4 })) {
      test(`by ${how} is told once, with its code, and leaves the host's alone`, time, async () => {
        const lines = await told(
          program,
          `${quiet([how, String(code)])}
          await create(options);
          process.on('exit', (status) => tell('host', status));`,
        );
        assert.deepEqual(lines, [
          ['exit', code],
          ['host', 0],
        ]);
      });
    }

    test('a run in an atexit handler is refused, and the other handlers follow', time, async () => {
      for (const how of ['nothing', 'return', 'exit']) {
        const { stdout, exit } = await started(process.execPath, [fileOf(program), how, '3']);
        assert.equal(stdout, 'a run at exit: SP_ENOTSUP\nthe last handler\n');
        assert.equal(exit, 3);
      }
    });
  });
}

describe("a program's end", () => {
  test('main() may leave for a main loop of Emscripten after a run', time, async () => {
    const { stdout, exit } = await started(process.execPath, [fileOf('called'), 'main loop']);
    assert.match(stdout, /^from the main loop\n/);
    assert.equal(exit, 8);
  });

  test("an exception of the page's onExit is the page's", time, async () => {
    const lines = await told(
      'called',
      `${quiet(['return', '3'])}
      process.on('uncaughtException', (error) => tell('uncaught', error.message));
      await create({ ...options, onExit: (code) => { throw new Error('told ' + code); } });`,
    );
    assert.deepEqual(lines, [['uncaught', 'told 3']]);
  });

  test('an argument that is no string is named', time, async () => {
    const lines = await told(
      'called',
      `${quiet([])}
      await create({ ...options, arguments: ['a', null], printErr: () => {} }).catch((error) => tell(error.message));`,
    );
    assert.match(lines.find(([first]) => first !== 'abort')[0], /arguments: null is not a string/);
  });
});

test("embind's functions and classes answer at once while main() is parked", time, async () => {
  const lines = await told(
    'bound',
    `${quiet([])}
    const module = await create(options);
    const call = () => {
      const counter = new module.Counter();
      tell(module.greet('you'), counter.add(20) + counter.add(1));
      counter.delete();
    };
    call();
    setTimeout(call, 10);`,
  );
  assert.deepEqual(lines, [
    ['hello you', 41],
    ['hello you', 41],
    ['exit', 7],
  ]);
});

describe('what a task must not call ends the program with one line', () => {
  const lines = {
    sleep: /^spindle: a task cannot suspend in emscripten_sleep\(\): call sp_sleep\n$/,
    js: /^spindle: a task cannot suspend in waits_in_js\(\): call it in main\(\), or await an sp_future instead\n$/,
    fsync:
      /^spindle: a task cannot suspend in fd_sync\(\): call it in main\(\), or await an sp_future instead\n$/,
    loop: /^spindle: a task cannot unwind to the event loop by emscripten_set_main_loop\(\): .*\n$/,
    live: /^spindle: a task cannot unwind to the event loop by emscripten_exit_with_live_runtime\(\): .*\n$/,
  };
  for (const [what, line] of Object.entries(lines)) {
    test(what, time, async () => {
      const { stdout, stderr, exit } = await started(process.execPath, [fileOf('refused'), what]);
      assert.match(stderr, line);
      assert.equal(stdout, '');
      assert.equal(exit, 134);
    });
  }

  test('the page is told of it', time, async () => {
    const lines = await told(
      'refused',
      `${quiet(['sleep'])}
      process.on('uncaughtException', () => {});
      await create(options);`,
    );
    assert.deepEqual(lines, [
      ['abort', 'spindle: a task cannot suspend in emscripten_sleep(): call sp_sleep'],
    ]);
  });
});

test("the engine's own stack is what is said to be full, and what to do", time, async () => {
  const { stderr, exit } = await started(process.execPath, [fileOf('refused'), 'deep']);
  const line =
    /^spindle: JavaScript stack overflow in task 'caller', calls\(\): recurse less, or node --stack-size=\d+\n/;
  assert.match(stderr, line);
  assert.equal(exit, 134);
});

describe('Ctrl-C', () => {
  const listeners = (option) => `${quiet(['return', '0'])}
    process.on('warning', (warning) => tell(warning.name));
    await Promise.all(Array.from({ length: 20 }, () => create({ ...options, onExit: () => {} ${option} })));
    tell(process.listenerCount('SIGINT'));`;

  test("is the host's, however many programs it imports", time, async () => {
    assert.deepEqual(await told('called', listeners('')), [[0]]);
  });

  test("is a program's with the option `signals`", time, async () => {
    const script = `${quiet(['return', '0'])}
      await create({ ...options, signals: true });
      tell(process.listenerCount('SIGINT'));`;
    assert.deepEqual(await told('called', script), [[1], ['exit', 0]]);
  });
});

for (const program of ['reads', 'reads_small', 'reads_threads']) {
  describe(`${program}: standard input`, () => {
    const command = [process.execPath, fileOf(program)];
    const reads = (words, input) => started(command[0], [command[1], ...words], input);

    test('comes from a pipe, to main() and to a task', time, async () => {
      const { stdout, exit } = await reads(['main'], 'one\ntwo\nthree');
      assert.equal(stdout, 'main: one\ntask: two\ntask: threethe end\n');
      assert.equal(exit, 0);
    });

    test('comes from a file', time, () =>
      inNewFolder(async (place) => {
        await writeFile(join(place, 'lines'), 'one\ntwo\n');
        const { stdout } = await started(
          'sh',
          ['-c', '"$@" <lines', 'sh', ...command],
          'ignore',
          place,
        );
        assert.equal(stdout, 'task: one\ntask: two\nthe end\n');
      }),
    );

    test('that is empty ends at once', time, async () => {
      assert.equal((await reads([], 'ignore')).stdout, 'the end\n');
    });

    // The terminal echoes what is typed, in lines of its own.
    test('comes from a terminal, to main() and to a task, until Ctrl-D', time, async () => {
      const shown = `'${[...command, 'main'].join("' '")}'`;
      const { stdout } = await started('script', ['-qec', shown, '/dev/null'], 'one\ntwo\n');
      const said = stdout.split('\r\n').filter((line) => !/^(one|two|)$/.test(line));
      assert.deepEqual(said, ['main: one', 'task: two', 'the end']);
    });

    test('from a slow writer is waited for', time, async () => {
      const script = '(echo one; sleep 0.5; echo two) | "$@"';
      const { stdout } = await started('sh', ['-c', script, 'sh', ...command]);
      assert.equal(stdout, 'task: one\ntask: two\nthe end\n');
    });

    test('that does not block is waited for, too', time, async () => {
      const nonblocking =
        'import os, sys; os.set_blocking(0, False); os.execvp(sys.argv[1], sys.argv[1:])';
      const script = '(sleep 0.3; echo one; sleep 0.3; echo two) | python3 -c "$@"';
      const { stdout } = await started('sh', ['-c', script, 'sh', nonblocking, ...command]);
      assert.equal(stdout, 'task: one\ntask: two\nthe end\n');
    });
  });
}

test(
  'standard input is read where the file system is linked, until it is reopened',
  time,
  async () => {
    const { stdout } = await started(process.execPath, [fileOf('opens')], 'one\n');
    assert.equal(stdout, 'input: one\nfile: in it\n');
  },
);

test('a program with threads says at once that it needs SharedArrayBuffer', time, async () => {
  const url = JSON.stringify(pathToFileURL(fileOf('reads_threads')).href);
  const script = `delete globalThis.SharedArrayBuffer;
    await import(${url}).catch((error) => console.log(error.message));`;
  const { stdout, stderr } = await started(process.execPath, ['--input-type=module', '-e', script]);
  assert.match(
    stdout,
    /^this program uses threads, which need SharedArrayBuffer: serve its page with .*\n$/,
  );
  assert.equal(stderr, '');
});

test('flags2 interrupted before its first step reports that nothing was done', time, async () => {
  const lines = await told(
    '../flags2',
    `let text = '';
    create({
      arguments: ['--json', 'br'],
      onOutput: (piece, fd) => fd === 1 && (text += piece),
      postRun: (module) => module.interrupt(),
      onExit: (code) => console.log(JSON.stringify([code, JSON.parse(text).requested])),
    });`,
  );
  assert.deepEqual(lines, [[130, 0]]);
});
