// The programs of src/demos as a person runs them, the same tests for the native and the Node ones.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startFixture } from './support/fixture-server.mjs';
import { assertSaved, atServer, codeOf, mostAtOnce, pop20 } from './support/program-place.mjs';
import {
  asOrdinaryUser,
  copyProgram,
  inSmallFileSystem,
  ordinaryUser,
  programCommand,
  programTargets,
  startProcess,
  whyNot,
} from './support/program-process.mjs';
import { inNewFolder, runProcess } from './support/scenarios.mjs';
import { seededRandom } from './support/server-random.mjs';
import { until } from './support/until.mjs';

const time = { timeout: 60_000 };

const downloaders = ['flags_sequential', 'flags'];
const spinners = {
  spinner:
    /^spinner object: <Task pending name='Task-2' coro=<spin\(\) running at spinner\.c:\d+>>$/,
  spinner_threads:
    /^spinner object: <Task pending name='Task-2' coro=<spin_in_thread\(\) running at spinner_threads\.c:\d+>>$/,
};
const wiped = `\r${' '.repeat('| thinking!'.length)}\r`;

const lines = (text) => text.split('\n').slice(0, -1);
const sorted = (list) => [...list].sort();
const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);

function assertClose(number, expected, tolerance, what) {
  const apart = Math.abs(number - expected);
  assert.ok(apart <= tolerance, `${what}: ${number} is not within ${tolerance} of ${expected}`);
}

// One run for several tests: it is made when the first of them asks for it.
function once(make) {
  let made;
  return () => (made ??= make());
}

// What the flag downloaders print: { codes, count, seconds }.
function reportIn(stdout) {
  const form = /^((?:[A-Z]{2} )*)\n(\d+) flags downloaded in (\d+\.\d\d)s\n$/;
  const [, codes, count, seconds] = form.exec(stdout) ?? assert.fail(JSON.stringify(stdout));
  return { codes: codes.split(' ').slice(0, -1), count: Number(count), seconds: Number(seconds) };
}

// Random numbers of which the first ones draw the shortest delay and the others the longest.
function slowAfter(count) {
  let drawn = 0;
  return () => (drawn++ < count ? 0 : 1);
}

const quoted = (words) => words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');

for (const target of programTargets) {
  const commandOf = (program, words = []) => [...programCommand(target, program), ...words];
  const run = ([command, ...words], { folder, env }) => runProcess(command, words, folder, env);
  const start = (command, { folder, env }) => startProcess(command, { cwd: folder, env });

  for (const [program, object] of Object.entries(spinners)) {
    const watched = once(() =>
      inNewFolder((folder) => start(commandOf(program), { folder }).ended),
    );
    const framesOf = (stdout) => stdout.match(/\r[^\r\n] thinking!/g) ?? [];

    describe(`${program} on ${target}`, () => {
      test('the first line shows the task of the spinner', time, async () => {
        assert.match(lines((await watched()).stdout)[0], object);
      });

      test('the frames | / - \\ follow each other', time, async () => {
        const frames = framesOf((await watched()).stdout);
        const expected = frames.map((_, i) => `\r${'|/-\\'[i % 4]} thinking!`);
        assert.ok(frames.length >= 28 && frames.length <= 31, `${frames.length} frames`);
        assert.deepEqual(frames, expected);
      });

      test('a frame comes every 0.1 s', time, async () => {
        const writes = (await watched()).writes.filter(({ text }) => text.includes('thinking!'));
        assert.ok(writes.length >= 25, `the frames came in ${writes.length} pieces`);
        const gaps = writes.slice(1).map(({ at }, i) => at - writes[i].at);
        assertClose(gaps.sort((a, b) => a - b)[gaps.length >> 1], 0.1, 0.015, 'median gap');
      });

      test('after the frames the line is wiped and the answer printed', time, async () => {
        const { stdout } = await watched();
        const last = stdout.lastIndexOf('thinking!') + 'thinking!'.length;
        assert.equal(stdout.slice(last), `${wiped}Answer: 42\n`);
      });

      test('nothing else is printed', time, async () => {
        const { stdout, stderr } = await watched();
        const [first] = lines(stdout);
        const rest = framesOf(stdout).join('') + `${wiped}Answer: 42\n`;
        assert.equal(stdout, `${first}\n${rest}`);
        assert.equal(stderr, '');
      });

      test('it exits with 0', time, async () => {
        assert.equal((await watched()).exit, '0');
      });

      test('it takes 3.0 to 3.3 s, from its first output on', time, async () => {
        const { began, writes, end } = await watched();
        assert.ok(end - began >= 3, `${end - began} s in all`);
        assert.ok(end - writes[0].at >= 2.98, `${end - writes[0].at} s`);
        assert.ok(end - writes[0].at <= 3.3, `${end - writes[0].at} s`);
      });

      test('Ctrl-C ends it at once with 130 and wipes the line', time, async () => {
        await inNewFolder(async (folder) => {
          const { child, shows, ended } = start(commandOf(program), { folder });
          await shows(/- thinking!/);
          const pressed = performance.now();
          child.kill('SIGINT');
          const { stdout, stderr, exit } = await ended;
          assert.ok(performance.now() - pressed < 1000, `${performance.now() - pressed} ms`);
          assert.equal(exit, '130');
          assert.ok(stdout.endsWith(` thinking!${wiped}`), JSON.stringify(stdout));
          assert.equal(stderr, '');
        });
      });

      test('a second Ctrl-C right after the first ends it, too', time, async () => {
        for (const milliseconds of [0, 1, 5, 30]) {
          await inNewFolder(async (folder) => {
            const { child, shows, ended } = start(commandOf(program), { folder });
            await shows(/- thinking!/);
            await pressTwice(child, ended, milliseconds);
          });
        }
      });

      test('it does not hang or crash when its output is closed early', time, async () => {
        await inNewFolder(async (folder) => assertPipeCloses(commandOf(program), { folder }));
      });
    });
  }

  async function pressTwice(child, ended, milliseconds) {
    child.kill('SIGINT');
    if (milliseconds > 0) await sleep(milliseconds);
    child.kill('SIGINT');
    const pressed = performance.now();
    const { exit, stderr } = await ended;
    assert.ok(performance.now() - pressed < 1000, `${performance.now() - pressed} ms`);
    assert.ok(['130', 'SIGINT'].includes(exit), `${milliseconds} ms apart: exit ${exit}`);
    assert.equal(stderr, '');
  }

  // The reader of the pipe goes away after the first byte.
  async function assertPipeCloses(command, place) {
    const script = '{ "$@"; echo "exit $?" >&2; } | head -c 1';
    const began = performance.now();
    const { stderr } = await run(['sh', '-c', script, 'sh', ...command], place);
    assert.ok(performance.now() - began < 5000, `${performance.now() - began} ms`);
    assert.match(stderr, /^exit (0|1|141)\n$/); // 141: ended by SIGPIPE, as programs are
  }

  for (const program of downloaders) {
    const oneByOne = program === 'flags_sequential';
    const onStderr = (code, text) => `${program}: ${code}: ${text}`;

    describe(`${program} on ${target}`, () => {
      test('twenty flags are shown and counted', time, async () => {
        await atServer({}, async (place) => {
          const { stdout, stderr, exit } = await run(commandOf(program), place);
          assert.equal(stderr, '');
          const { codes, count } = reportIn(stdout);
          assert.deepEqual(oneByOne ? codes : sorted(codes), pop20);
          assert.equal(count, 20);
          assert.equal(exit, '0');
        });
      });

      test('LOCAL takes less than a second', time, async () => {
        await atServer({ delay: [60, 60] }, async (place) => {
          const { seconds, count } = reportIn((await run(commandOf(program), place)).stdout);
          assert.equal(count, 20);
          assert.ok(seconds < 1, `${seconds} s`);
        });
      });

      test('the flags are saved as the server sent them, and nothing else', time, async () => {
        await atServer({}, async (place) => {
          await run(commandOf(program), place);
          await assertSaved(place, pop20);
        });
      });

      test('flags that are there already are replaced', time, async () => {
        await atServer({}, async (place) => {
          await run(['sh', '-c', 'seq 9999 >br.gif; echo old >cn.gif'], place);
          const { exit } = await run(commandOf(program, ['BR', 'CN']), place);
          assert.equal(exit, '0');
          await assertSaved(place, ['BR', 'CN']);
        });
      });

      test(oneByOne ? 'one flag is asked for at a time' : 'all are asked for at once', time, () =>
        atServer({ delay: [0.1, 0.4] }, async ({ server, ...place }) => {
          await run(commandOf(program, ['-s', 'DELAY']), place);
          assert.deepEqual(sorted(server.log.map(codeOf)), pop20);
          if (oneByOne) assert.equal(mostAtOnce(server.log), 1);
          else assert.ok(mostAtOnce(server.log) >= 15, `${mostAtOnce(server.log)} at once`);
        }),
      );

      const timeOf = oneByOne ? 'the sum of the delays' : 'about the longest delay';
      test(`from DELAY they take ${timeOf}`, time, async () => {
        await atServer({ delay: [0.1, 0.4] }, async ({ server, ...place }) => {
          const { stdout, exit } = await run(commandOf(program, ['-s', 'DELAY']), place);
          const { count, seconds } = reportIn(stdout);
          const delays = server.log.map(({ delay }) => delay);
          assert.equal(count, 20);
          assert.equal(exit, '0');
          const expected = oneByOne ? sum(delays) : Math.max(...delays);
          assert.ok(seconds >= expected - 0.01, `${seconds} s are less than ${expected}`);
          assertClose(seconds, expected, oneByOne ? 0.15 * expected : 0.25, 'seconds');
        });
      });

      test('the seconds it prints are those that passed', time, async () => {
        await atServer({ delay: [1, 1] }, async (place) => {
          const { ended } = start(commandOf(program, ['-s', 'DELAY', 'BR']), place);
          const { stdout, began, end } = await ended;
          const { seconds } = reportIn(stdout);
          assert.ok(seconds >= 1 && seconds <= end - began, `${seconds} of ${end - began}`);
        });
      });

      test('an error is a line on stderr, and the others go on', time, async () => {
        await atServer({ delay: [0, 0.02], random: seededRandom(7) }, async (place) => {
          const { log, url } = place.server;
          const { stdout, stderr, exit } = await run(commandOf(program, ['-s', 'ERROR']), place);
          const failed = log.filter(({ status }) => status === 503).map(codeOf);
          const good = log.filter(({ status }) => status === 200).map(codeOf);
          assert.ok(failed.length > 0 && good.length > 0 && log.length === 20, `${failed}`);
          const line = (code) => {
            const path = `error/${code.toLowerCase()}/${code.toLowerCase()}.gif`;
            return onStderr(code, `${url}${path}: HTTP status 503`);
          };
          assert.deepEqual(sorted(lines(stderr)), sorted(failed).map(line));
          assert.deepEqual(sorted(reportIn(stdout).codes), sorted(good));
          assert.equal(reportIn(stdout).count, good.length);
          assert.equal(exit, '1');
          await assertSaved(place, good);
        });
      });

      test('a code of no country is not found', time, async () => {
        await atServer({}, async (place) => {
          const { stdout, stderr, exit } = await run(commandOf(program, ['zz', 'br']), place);
          const url = `${place.server.url}local/zz/zz.gif`;
          assert.equal(stderr, `${onStderr('ZZ', `${url}: HTTP status 404, not found`)}\n`);
          assert.deepEqual(reportIn(stdout).codes, ['BR']);
          assert.equal(exit, '1');
          await assertSaved(place, ['BR']);
        });
      });

      test('codes may be written in any case, and twice', time, async () => {
        await atServer({}, async (place) => {
          const words = ['jp', 'Br', 'BR', 'cN', 'br', 'JP'];
          const { stdout, exit } = await run(commandOf(program, words), place);
          const { codes, count } = reportIn(stdout);
          assert.deepEqual(oneByOne ? codes : sorted(codes), ['BR', 'CN', 'JP']);
          assert.equal(count, 3);
          assert.equal(exit, '0');
          assert.deepEqual(sorted(place.server.log.map(codeOf)), ['BR', 'CN', 'JP']);
          await assertSaved(place, ['BR', 'CN', 'JP']);
        });
      });

      for (const end of ['', '/']) {
        test(`-s takes a URL that ends in local${end}`, time, async () => {
          await atServer({}, async (place) => {
            const words = ['-s', `${place.server.url}local${end}`, 'BR'];
            const { stderr, exit } = await run(commandOf(program, words), { folder: place.folder });
            assert.equal(stderr, '');
            assert.equal(exit, '0');
            assert.deepEqual(
              place.server.log.map(({ path }) => path),
              ['/local/br/br.gif'],
            );
          });
        });
      }

      test('LOCAL, DELAY and ERROR are those of SPINDLE_SERVER', time, async () => {
        await atServer({ delay: [0, 0], random: () => 0.9 }, async ({ server, ...place }) => {
          for (const name of ['LOCAL', 'DELAY', 'ERROR']) {
            assert.equal((await run(commandOf(program, ['-s', name, 'BR']), place)).exit, '0');
          }
          const asked = server.log.map((entry) => entry.server);
          assert.deepEqual(asked, ['local', 'delay', 'error']);
        });
      });

      test('SPINDLE_SERVER may end in a slash, as the server prints it', time, async () => {
        await atServer({}, async ({ server, folder }) => {
          const env = { SPINDLE_SERVER: server.url };
          const { stderr, exit } = await run(commandOf(program, ['BR']), { folder, env });
          assert.equal(stderr, '');
          assert.equal(exit, '0');
        });
      });

      for (const name of ['LOCAL', 'DELAY', 'ERROR']) {
        test(`if ${name} does not answer, one line says how to start it`, time, async () => {
          await withRefusedUrl(async (url, folder) => {
            const place = { folder, env: { SPINDLE_SERVER: url } };
            const { stdout, stderr, exit } = await run(commandOf(program, ['-s', name]), place);
            const at = `${url}/${name.toLowerCase()}`;
            const help = `the ${name} server does not answer at ${at}: start it with ./run demo`;
            assert.ok(stderr.startsWith(`${program}: ${help} (`), stderr);
            assert.match(stderr, /^[^\n]+\)\n$/, 'one line, with the reason at its end');
            assert.equal(reportIn(stdout).count, 0);
            assert.equal(exit, '1');
          });
        });
      }

      test('a URL that refuses is named for each flag', time, async () => {
        await withRefusedUrl(async (url, folder) => {
          const words = ['-s', url, 'BR', 'CN'];
          const { stdout, stderr, exit } = await run(commandOf(program, words), { folder });
          const [first, second, ...rest] = lines(stderr).sort();
          assert.ok(first.startsWith(onStderr('BR', `GET ${url}/br/br.gif: `)), stderr);
          assert.ok(second.startsWith(onStderr('CN', `GET ${url}/cn/cn.gif: `)), stderr);
          assert.match(first, /refused|connect/i);
          assert.deepEqual(rest, []);
          assert.doesNotMatch(stderr, /run demo/);
          assert.equal(reportIn(stdout).count, 0);
          assert.equal(exit, '1');
        });
      });

      test('an https URL of a server without TLS is one line, too', time, async () => {
        await atServer({}, async ({ server, folder }) => {
          const url = server.url.replace('http:', 'https:') + 'local';
          const { stderr, exit } = await run(commandOf(program, ['-s', url, 'BR']), { folder });
          assert.ok(stderr.startsWith(onStderr('BR', `GET ${url}/br/br.gif: `)), stderr);
          assert.equal(stderr.split('\n').length, 2, JSON.stringify(stderr));
          assert.equal(exit, '1');
        });
      });

      const wrong = [
        ['-s'],
        ['BR', '-s'],
        ['-s', 'FTP'],
        ['-s', 'local'],
        ['-s', ''],
        ['-s', 'ftp://127.0.0.1/'],
        ['-x'],
        ['-'],
        ['BR', '-x'],
        ['B'],
        ['BRA'],
        ['1X'],
        ['é'],
        [''],
      ];
      for (const words of wrong) {
        test(`${JSON.stringify(words)} is answered with the usage`, time, async () => {
          await atServer({}, async ({ server, ...place }) => {
            const { stdout, stderr, exit } = await run(commandOf(program, words), place);
            const [what, usage] = lines(stderr);
            assert.ok(what.startsWith(`${program}: `) && what.includes(`'${words.at(-1)}'`), what);
            assert.equal(usage, `usage: ${program} [-s LOCAL|DELAY|ERROR|URL] [CC ...]`);
            assert.equal(stdout, '');
            assert.equal(exit, '2');
            assert.equal(server.log.length, 0);
          });
        });
      }

      // Five flags come at once, the others would take 10 s; Ctrl-C is pressed in between.
      const interrupted = (check) =>
        atServer({ delay: [0, 10], random: slowAfter(5) }, async (place) => {
          const { log } = place.server;
          const asked = oneByOne ? 6 : 20;
          const { child, shows, ended } = start(commandOf(program, ['-s', 'DELAY']), place);
          await shows(/^(?:[A-Z]{2} ){5}/);
          await until(() => log.length === asked, 'the requests');
          const pressed = performance.now();
          child.kill('SIGINT');
          const result = await ended;
          const milliseconds = performance.now() - pressed;
          const done = log.filter(({ status }) => status === 200);
          await check({ ...place, ...result, milliseconds, asked, done: done.map(codeOf) });
        });

      test('Ctrl-C ends it within a second, with 130', time, async () => {
        await interrupted(({ milliseconds, exit, stderr }) => {
          assert.ok(milliseconds < 1000, `${milliseconds} ms`);
          assert.equal(exit, '130');
          assert.equal(stderr, '');
        });
      });

      test('after Ctrl-C it says how many were downloaded', time, async () => {
        await interrupted(({ stdout, done }) => {
          const { codes, count } = reportIn(stdout);
          assert.equal(count, 5);
          assert.deepEqual(sorted(codes), sorted(done));
        });
      });

      test('after Ctrl-C the folder has whole flags only', time, async () => {
        await interrupted((place) => assertSaved(place, place.done));
      });

      test('Ctrl-C aborts the requests that run, and no more are made', time, async () => {
        await interrupted(async ({ server, asked }) => {
          const aborted = () => server.log.filter((entry) => entry.aborted).length;
          await until(() => aborted() === asked - 5, 'the aborted requests');
          assert.equal(server.log.length, asked);
        });
      });

      test('as many flags are counted as there are, whenever Ctrl-C is pressed', time, async () => {
        for (let answers = 1; answers <= 20; answers += 2) {
          await atServer({}, async (place) => {
            const answered = () => place.server.log.filter(({ status }) => status === 200);
            const { child, ended } = start(commandOf(program), place);
            await until(() => answered().length >= answers, 'the answers');
            child.kill('SIGINT');
            const { stdout, exit } = await ended;
            assert.ok(['0', '130', 'SIGINT'].includes(exit), exit);
            if (exit === 'SIGINT') return; // the program was about to exit
            const { codes, count } = reportIn(stdout);
            await assertSaved(place, codes);
            assert.equal(count, codes.length);
          });
        }
      });

      test('a second Ctrl-C right after the first ends it, too', time, async () => {
        for (const milliseconds of [0, 1, 5, 30]) {
          await atServer({ delay: [10, 10] }, async ({ server, ...place }) => {
            const { child, ended } = start(commandOf(program, ['-s', 'DELAY']), place);
            await until(() => server.log.length === (oneByOne ? 1 : 20), 'the requests');
            await pressTwice(child, ended, milliseconds);
          });
        }
      });

      test('a flag that cannot be saved is named, the others are saved', time, async () => {
        await atServer({}, async (place) => {
          mkdirSync(join(place.folder, 'br.gif'));
          const { stdout, stderr, exit } = await run(commandOf(program), place);
          const others = pop20.filter((code) => code !== 'BR');
          assert.equal(stderr, `${onStderr('BR', 'br.gif: Is a directory')}\n`);
          assert.deepEqual(sorted(reportIn(stdout).codes), others);
          assert.equal(reportIn(stdout).count, 19);
          assert.equal(exit, '1');
          await assertSaved(place, others, ['br.gif']);
        });
      });

      test('in a folder that is read-only each flag is named', time, async (t) => {
        await atServer({}, async (place) => {
          await asOrdinary(t, place, 0o555, async (command) => {
            const { stdout, stderr, exit } = await run([...command, 'BR', 'CN'], place);
            assert.match(lines(stderr).sort()[0], /: BR: br\.gif: .*permission denied/i);
            assert.match(lines(stderr).sort()[1], /: CN: cn\.gif: .*permission denied/i);
            assert.equal(lines(stderr).length, 2);
            assert.equal(reportIn(stdout).count, 0);
            assert.equal(exit, '1');
          });
        });
      });

      test('on a full disk the flags that fit are whole, the others named', time, async (t) => {
        await atServer({}, async (place) => {
          const within = inSmallFileSystem('16k', place.folder);
          await inNewFolder(async (other) => {
            const reason = whyNot(inSmallFileSystem('16k', other));
            if (reason) return t.skip(`no file system can be mounted here: ${reason}`);
            const { stdout, stderr, exit } = await run([...within, ...commandOf(program)], place);
            const { codes } = reportIn(stdout);
            const failed = pop20.filter((code) => !codes.includes(code));
            assert.ok(codes.length > 0 && failed.length > 0, `${codes}; ${failed}`);
            const named = lines(stderr).sort();
            assert.equal(named.length, failed.length, stderr);
            failed.forEach((code, i) => {
              assert.ok(named[i].startsWith(onStderr(code, `${code.toLowerCase()}.gif: `)), stderr);
              assert.match(named[i], /no space left on device/i);
            });
            assert.equal(exit, '1');
            await assertSaved({ ...place, folder: join(place.folder, 'kept') }, codes);
          });
        });
      });

      test('it runs from a folder with blanks, in a folder with blanks', time, async () => {
        await atServer({}, async (place) => {
          const here = { ...place, folder: join(place.folder, "flags, #1 100% 'mine'") };
          mkdirSync(here.folder);
          await inNewFolder(async (other) => {
            const there = join(other, 'my programs #2 50% ü');
            copyProgram(target, program, there);
            const command = programCommand(target, program, there);
            const { stderr, exit } = await run([...command, 'BR'], here);
            assert.equal(stderr, '');
            assert.equal(exit, '0');
            await assertSaved(here, ['BR']);
          });
        });
      });

      test('it is found by a relative path and through a link', time, async () => {
        await atServer({}, async (place) => {
          const command = commandOf(program);
          const file = command.pop();
          await inNewFolder(async (other) => {
            symlinkSync(file, join(other, 'program'));
            for (const path of [file, join(other, 'program')]) {
              const words = [...command, relative(place.folder, path), 'BR'];
              const { stderr, exit } = await run(words, place);
              assert.equal(stderr, '');
              assert.equal(exit, '0');
            }
          });
          assert.equal(place.server.log.length, 2);
          await assertSaved(place, ['BR']);
        });
      });

      test('it runs as an ordinary user', time, async (t) => {
        await atServer({}, async (place) => {
          await asOrdinary(t, place, 0o755, async (command) => {
            const { stderr, exit } = await run(command, place);
            assert.equal(stderr, '');
            assert.equal(exit, '0');
            await assertSaved(place, pop20);
          });
        });
      });

      test('it does not hang or crash when its output is closed early', time, async () => {
        await atServer({ delay: [0, 0.1] }, async (place) => {
          await assertPipeCloses(commandOf(program, ['-s', 'DELAY']), place);
        });
      });

      test('without any output it still saves whole flags', time, async () => {
        await atServer({}, async (place) => {
          const closed = ['sh', '-c', '"$@" >&- 2>&-', 'sh', ...commandOf(program)];
          const { exit } = await run(closed, place);
          assert.ok(['0', '1'].includes(exit), `exit ${exit}`);
          await assertSaved(place, pop20);
        });
      });

      if (spawnSync('script', ['--version']).status === 0) {
        test('a terminal is shown the same text as a pipe', time, async () => {
          await atServer({}, async (place) => {
            const words = oneByOne ? ['br', 'cn', 'zz'] : ['br'];
            const command = commandOf(program, words);
            const terminal = ['script', '-qec', `${quoted(command)} 2>/dev/null`, '/dev/null'];
            const [shown, piped] = [await run(terminal, place), await run(command, place)];
            const timeless = (text) => text.replaceAll('\r\n', '\n').replace(/\d+\.\d\ds/, 'T');
            assert.match(piped.stdout, /^BR /);
            assert.equal(timeless(shown.stdout), timeless(piped.stdout));
          });
        });
      }

      // Calls work(command) with a copy of the program that an ordinary user may run in place.folder.
      async function asOrdinary(t, { folder }, mode, work) {
        const reason = whyNot(asOrdinaryUser);
        if (reason) return t.skip(`no command can be run as an ordinary user: ${reason}`);
        chownSync(folder, ordinaryUser, -1);
        chmodSync(folder, mode);
        return inNewFolder(async (other) => {
          chmodSync(other, 0o755);
          copyProgram(target, program, other);
          return work([...asOrdinaryUser, ...programCommand(target, program, other)]);
        });
      }
    });
  }
}

test('native: only a program that makes requests loads libcurl', () => {
  const loaded = (program) => {
    const [file] = programCommand('native', program);
    const { stdout, status } = spawnSync('ldd', [file], { encoding: 'utf8' });
    assert.equal(status, 0, `ldd ${file}`);
    return stdout.includes('libcurl');
  };
  assert.deepEqual(['spinner', 'stress', 'flags'].map(loaded), [false, false, true]);
});

// Calls work(url, folder) with a URL without a slash at its end where nobody listens.
async function withRefusedUrl(work) {
  const fixture = await startFixture();
  try {
    await inNewFolder((folder) => work(fixture.refusedUrl.replace(/\/$/, ''), folder));
  } finally {
    await fixture.close();
  }
}
