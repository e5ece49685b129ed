// flags2 and flags3 as a person runs them, the same tests for the native programs and those on Node.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { countries } from '../web/server/countries.mjs';
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

const time = { timeout: 120_000 };

const allCodes = [...countries.keys()].map((code) => code.toUpperCase()).sort();
const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const everyCode = letters.flatMap((first) => letters.map((second) => first + second));

const lines = (text) => text.split('\n').slice(0, -1);
const escape = '\u001b';
const sorted = (list) => [...list].sort();

const counted = ({ downloaded, not_found, errors, cancelled }) =>
  downloaded + not_found + errors + cancelled;

const nameOf = (code) =>
  `${countries.get(code.toLowerCase()).country.replaceAll(/[ /]/g, '_')}.gif`;

for (const target of programTargets) {
  const commandOf = (program, words = []) => [...programCommand(target, program), ...words];
  const run = (program, words, { folder, env }) => {
    const [command, ...rest] = commandOf(program, words);
    return runProcess(command, rest, folder, env);
  };
  const start = (program, words, { folder, env }, seconds) =>
    startProcess(commandOf(program, words), { cwd: folder, env, seconds });
  const reportOf = async (program, words, place) => {
    const { stdout, stderr, exit } = await run(program, [...words, '--json'], place);
    return { report: JSON.parse(stdout), stdout, stderr, exit };
  };

  describe(`flags2 on ${target}`, () => {
    test('it says what it will do, and what became of it', time, async () => {
      await atServer({}, async (place) => {
        const { stdout, exit } = await run('flags2', [], place);
        assert.match(
          stdout,
          new RegExp(
            `^LOCAL site: ${place.env.SPINDLE_SERVER}/local\n` +
              'Searching for 20 flags: from BD to VN\n' +
              '5 concurrent connections will be used\\.\n' +
              '-{20}\n' +
              '20 flags downloaded\\.\n' +
              'Elapsed time: \\d+\\.\\d\\ds\n$',
          ),
        );
        assert.equal(exit, '0');
      });
    });

    test('one flag is one flag', time, async () => {
      await atServer({}, async (place) => {
        const { stdout } = await run('flags2', ['br'], place);
        assert.match(stdout, /^Searching for 1 flag: BR$/m);
        assert.match(stdout, /^1 concurrent connection will be used\.$/m);
        assert.match(stdout, /^1 flag downloaded\.$/m);
      });
    });

    test('up to ten are named', time, async () => {
      await atServer({}, async (place) => {
        const { stdout } = await run('flags2', ['us', 'br', 'US'], place);
        assert.match(stdout, /^Searching for 2 flags: BR, US$/m);
      });
    });

    test('the flags are saved as the server sent them, and nothing else', time, async () => {
      await atServer({}, async (place) => {
        await run('flags2', [], place);
        await assertSaved(place, pop20);
      });
    });

    const choices = [
      { words: ['-a'], codes: allCodes },
      { words: ['-e'], codes: everyCode },
      { words: ['b'], codes: letters.map((letter) => `B${letter}`) },
      { words: ['b', 'us', 'Br'], codes: [...letters.map((letter) => `B${letter}`), 'US'] },
      { words: ['-l', '3'], codes: pop20.slice(0, 3) },
      { words: ['-al10'], codes: allCodes.slice(0, 10) },
      { words: ['us', '-l', '5', 'br'], codes: ['BR', 'US'] },
    ];
    for (const { words, codes } of choices) {
      test(`${words.join(' ')} asks for ${codes.length} flags`, time, async () => {
        await atServer({}, async (place) => {
          const { report, exit } = await reportOf('flags2', words, place);
          const known = codes.filter((code) => allCodes.includes(code));
          assert.deepEqual(sorted(place.server.log.map(codeOf)), codes);
          assert.equal(report.requested, codes.length);
          assert.equal(report.downloaded, known.length);
          assert.equal(report.not_found, codes.length - known.length);
          assert.equal(exit, known.length === codes.length ? '0' : '1');
          await assertSaved(place, known);
        });
      });
    }

    for (const most of [1, 5, 12]) {
      test(`-m ${most} has ${most} requests run at once`, time, async () => {
        await atServer({ delay: [0.4, 0.5] }, async ({ server, ...place }) => {
          await run('flags2', ['-s', 'DELAY', '-m', String(most), '-l', '14'], place);
          assert.equal(mostAtOnce(server.log), most);
        });
      });
    }

    test('-v has a line for each flag in place of the bar', time, async () => {
      await atServer({}, async (place) => {
        const { stdout, stderr } = await run('flags2', ['-v', 'br', 'us', 'zz'], place);
        const said = lines(stdout).slice(3, 6);
        assert.deepEqual(sorted(said), ['BR OK', 'US OK', 'ZZ not found']);
        assert.match(stdout, /^2 flags downloaded\.\n1 not found\.$/m);
        assert.equal(stderr, '');
      });
    });

    for (const server of ['LOCAL', 'DELAY', 'ERROR']) {
      test(`all flags from ${server}: the counts add up, the files are the server's`, time, () =>
        atServer({ delay: [0, 0.3], random: seededRandom(3) }, async (place) => {
          const words = ['-a', '-m', '100', '-s', server];
          const { report } = await reportOf('flags2', words, place);
          const { log } = place.server;
          const good = log.filter(({ status }) => status === 200).map(codeOf);
          assert.equal(report.requested, 249);
          assert.equal(counted(report), 249);
          assert.equal(report.downloaded, good.length);
          assert.equal(report.errors, log.filter(({ status }) => status === 503).length);
          assert.equal(report.errors > 0, server === 'ERROR');
          await assertSaved(place, good);
        }),
      );
    }

    test('errors are counted by kind', time, async () => {
      await atServer({ delay: [0, 0.02], random: seededRandom(7) }, async (place) => {
        const { stdout, stderr, exit } = await run('flags2', ['-s', 'ERROR', 'us', 'b'], place);
        const failed = place.server.log.filter(({ status }) => status === 503).map(codeOf);
        assert.match(
          stdout,
          new RegExp(`^${failed.length} errors\\.\n {2}${failed.length} with HTTP 503$`, 'm'),
        );
        for (const code of failed) {
          assert.match(stderr, new RegExp(`^flags2: ${code}: GET .*: HTTP status 503$`, 'm'));
        }
        assert.equal(exit, '1');
      });
    });

    test('--json prints one object on stdout, and the rest on stderr', time, async () => {
      await atServer({}, async (place) => {
        const { report, stdout, stderr } = await reportOf('flags2', ['br', 'zz'], place);
        assert.equal(lines(stdout).length, 1);
        const { elapsed, ...others } = report;
        assert.ok(elapsed > 0 && elapsed < 5);
        const message = `GET ${place.env.SPINDLE_SERVER}/local/zz/zz.gif: HTTP status 404, not found`;
        assert.deepEqual(others, {
          requested: 2,
          downloaded: 1,
          not_found: 1,
          errors: 0,
          cancelled: 0,
          failures: [{ code: 'ZZ', kind: 'HTTP 404', message }],
        });
        assert.match(stderr, /^Searching for 2 flags: BR, ZZ$/m);
        assert.match(stderr, /^1 flag downloaded\.$/m);
      });
    });

    test('--events tells the phases of each download', time, async () => {
      await atServer({ delay: [0.1, 0.2] }, async (place) => {
        const { stdout, exit } = await run('flags2', ['--events', '-s', 'DELAY', '-m2'], place);
        const events = lines(stdout).map((line) => JSON.parse(line));
        const [begin, report] = [events[0], events.at(-1)];
        assert.equal(begin.event, 'begin');
        assert.equal(begin.requested, 20);
        assert.equal(begin.connections, 2);
        assert.equal(report.event, 'report');
        assert.equal(report.downloaded, 20);
        for (const code of pop20) {
          const own = events.filter((event) => event.code === code);
          assert.deepEqual(
            own.map(({ event, phase }) => phase ?? event),
            ['waiting', 'connecting', 'receiving', 'saving', 'done'],
          );
          assert.deepEqual(
            own.map((event) => event.time),
            own.map((event) => event.time).sort((a, b) => a - b),
          );
          assert.equal(own.at(-1).status, 'downloaded');
          assert.equal(own.at(-1).bytes, statSync(join(place.folder, own.at(-1).path)).size);
        }
        assert.equal(exit, '0');
      });
    });

    // Node takes its time to send the first requests, so those that follow are looked at.
    test('the times of its events agree with the log of the server', time, async () => {
      await atServer({ delay: [0.2, 0.4] }, async (place) => {
        const { stdout } = await run('flags2', ['--events', '-s', 'DELAY', '-m', '5'], place);
        const events = lines(stdout).map((line) => JSON.parse(line));
        const begin = events[0].unix - performance.timeOrigin / 1000;
        const at = (code, phase) =>
          begin + events.find((event) => event.code === code && event.phase === phase).time;
        const later = place.server.log.slice(5);
        assert.equal(later.length, 15);
        const apart = later.flatMap((entry) => [
          Math.abs(at(codeOf(entry), 'connecting') - entry.start),
          Math.abs(at(codeOf(entry), 'receiving') - entry.end),
        ]);
        // The machine, too, may take its time once.
        assert.ok(apart.sort((a, b) => a - b).at(-2) < 0.05, `${apart} s`);
      });
    });

    test('--output saves into another folder', time, async () => {
      await atServer({}, async (place) => {
        const folder = join(place.folder, 'my flags');
        mkdirSync(folder);
        const { exit } = await run('flags2', ['--output', 'my flags', 'br', 'us'], place);
        assert.equal(exit, '0');
        await assertSaved({ ...place, folder }, ['BR', 'US']);
      });
    });

    const impossible = [
      { what: 'a missing folder', make: () => {}, error: /no such file/i },
      {
        what: 'a file in the place of the folder',
        make: (path) => writeFileSync(path, ''),
        error: /not a directory/i,
      },
    ];
    for (const { what, make, error } of impossible) {
      test(`${what} is an error for each flag`, time, async () => {
        await atServer({}, async (place) => {
          make(join(place.folder, 'flags'));
          const words = ['--output', 'flags', 'br', 'us'];
          const { report, stderr, exit } = await reportOf('flags2', words, place);
          assert.equal(report.errors, 2);
          assert.match(stderr, /^flags2: BR: flags\/br\.gif: /m);
          assert.match(stderr, error);
          assert.equal(exit, '1');
        });
      });
    }

    test('a folder in the place of a file is an error, the rest goes on', time, async () => {
      await atServer({}, async (place) => {
        mkdirSync(join(place.folder, 'br.gif'));
        const { report, stderr } = await reportOf('flags2', [], place);
        assert.equal(report.errors, 1);
        assert.equal(report.downloaded, 19);
        assert.match(stderr, /^flags2: BR: br\.gif: Is a directory$/m);
        const others = pop20.filter((code) => code !== 'BR');
        await assertSaved(place, others, ['br.gif']);
      });
    });

    test('on a full disk the flags that fit are whole, the others errors', time, async (t) => {
      await atServer({}, async (place) => {
        const within = inSmallFileSystem('16k', place.folder);
        await inNewFolder(async (other) => {
          const reason = whyNot(inSmallFileSystem('16k', other));
          if (reason) return t.skip(`no file system can be mounted here: ${reason}`);
          const [command, ...words] = [...within, ...commandOf('flags2', ['--json'])];
          const { stdout, exit } = await runProcess(command, words, place.folder, place.env);
          const { downloaded, errors, failures } = JSON.parse(stdout);
          assert.ok(downloaded > 0 && errors > 0 && downloaded + errors === 20, stdout);
          assert.ok(
            failures.every(({ kind }) => kind === 'SP_ENOSPC'),
            stdout,
          );
          assert.equal(exit, '1');
          const failed = failures.map(({ code }) => code);
          const good = pop20.filter((code) => !failed.includes(code));
          await assertSaved({ ...place, folder: join(place.folder, 'kept') }, good);
        });
      });
    });

    test('--retries asks again until the answer is good', time, async () => {
      await atServer({ delay: [0, 0.01], random: seededRandom(5) }, async (place) => {
        const words = ['-s', 'ERROR', '--retries', '20', '-m', '20'];
        const { report, exit } = await reportOf('flags2', words, place);
        assert.equal(report.downloaded, 20);
        assert.equal(exit, '0');
        assert.ok(place.server.log.length > 20, `${place.server.log.length} requests`);
        await assertSaved(place, pop20);
      });
    });

    test('between retries it waits, longer each time', time, async () => {
      const failing = { delay: [0, 0], random: () => 0 };
      await atServer(failing, async (place) => {
        const words = ['-s', 'ERROR', '--retries', '3', 'br'];
        const { report } = await reportOf('flags2', words, place);
        const { log } = place.server;
        assert.equal(report.errors, 1);
        assert.equal(log.length, 4);
        const waits = log.slice(1).map(({ start }, i) => start - log[i].end);
        waits.forEach((seconds, i) => {
          const longest = 0.25 * 2 ** i;
          assert.ok(
            seconds >= longest / 2 - 0.01 && seconds < longest + 0.1,
            `wait ${i}: ${seconds}`,
          );
        });
      });
    });

    test('what is not found is not asked for again', time, async () => {
      await atServer({}, async (place) => {
        await run('flags2', ['--retries', '5', 'zz'], place);
        assert.equal(place.server.log.length, 1);
      });
    });

    test('--timeout gives a request up', time, async () => {
      await atServer({ delay: [10, 10] }, async (place) => {
        const words = ['-s', 'DELAY', '--timeout', '0.2', 'br'];
        const began = performance.now();
        const { report } = await reportOf('flags2', words, place);
        assert.ok(performance.now() - began < 3000);
        assert.equal(report.errors, 1);
        assert.equal(report.failures[0].kind, 'SP_ETIMEDOUT');
        assert.match(report.failures[0].message, /timed out after 0\.2 s$/);
      });
    });

    test('a server that is not there is missed once, not by each flag', time, async () => {
      await inNewFolder(async (folder) => {
        const place = { folder, env: { SPINDLE_SERVER: await urlOfNobody() } };
        const { report, stderr, exit } = await reportOf('flags2', ['-m', '20'], place);
        assert.equal(report.errors, 20);
        assert.equal(stderr.match(/the LOCAL server does not answer/g).length, 1);
        assert.match(stderr, /start it with \.\/run demo/);
        assert.equal(exit, '1');
      });
    });

    test('an output that cannot be written is said, and is no success', time, async () => {
      await atServer({}, async (place) => {
        const script = '"$@" >/dev/full';
        const command = ['-c', script, 'sh', ...commandOf('flags2', ['--json', 'br'])];
        const { stderr, exit } = await runProcess('sh', command, place.folder, place.env);
        assert.match(stderr, /^flags2: stdout cannot be written$/m);
        assert.equal(exit, '1');
        await assertSaved(place, ['BR']);
      });
    });

    test('in a folder that is read-only each flag is an error', time, async (t) => {
      const reason = whyNot(asOrdinaryUser);
      if (reason) return t.skip(`no command can be run as an ordinary user: ${reason}`);
      await atServer({}, async (place) => {
        chownSync(place.folder, ordinaryUser, -1);
        chmodSync(place.folder, 0o555);
        await inNewFolder(async (other) => {
          chmodSync(other, 0o755);
          copyProgram(target, 'flags2', other);
          const [command, ...words] = [
            ...asOrdinaryUser,
            ...programCommand(target, 'flags2', other),
            ...['--json', 'br', 'us'],
          ];
          const { stdout, exit } = await runProcess(command, words, place.folder, place.env);
          const { errors, failures } = JSON.parse(stdout);
          assert.equal(errors, 2);
          assert.ok(
            failures.every(({ kind }) => kind === 'SP_EACCES'),
            stdout,
          );
          assert.equal(exit, '1');
        });
      });
    });

    test(
      'more files at once than may be open are errors, and no missing server',
      time,
      async () => {
        await atServer({ delay: [0.3, 0.3] }, async (place) => {
          const script = 'ulimit -n 50; "$@"';
          const words = ['--json', '-s', 'DELAY', '-a', '-l', '80', '-m', '80'];
          const command = ['-c', script, 'sh', ...commandOf('flags2', words)];
          const { stdout, stderr } = await runProcess('sh', command, place.folder, place.env);
          const { downloaded, errors, failures } = JSON.parse(stdout);
          assert.equal(downloaded + errors, 80);
          assert.ok(errors > 0 && failures.every(({ kind }) => kind === 'SP_EIO'), stdout);
          assert.doesNotMatch(stderr, /does not answer/);
        });
      },
    );

    const wrong = [
      [['-x'], "no such option: '-x'"],
      [['-é'], "no such option: '-é'"],
      [['-ax'], "no such option: '-x'"],
      [['--help=x'], "no such option: '--help=x'"],
      [['--output', ''], "--output takes a folder, not: ''"],
      [['--colour'], "no such option: '--colour'"],
      [['-m'], "nothing follows the option: '-m'"],
      [['-m', '0'], "-m takes a number from 1 to 1000, not: '0'"],
      [['-m', '1001'], "-m takes a number from 1 to 1000, not: '1001'"],
      [['-m', 'five'], "-m takes a number from 1 to 1000, not: 'five'"],
      [['-l', '0'], "-l takes a number from 1 on, not: '0'"],
      [['-s', 'FTP'], "-s takes LOCAL, DELAY, ERROR or the URL of a server, not: 'FTP'"],
      [['--retries', '-1'], "--retries takes a number from 0 to 100, not: '-1'"],
      [['--timeout', '0'], "--timeout takes seconds, more than 0, not: '0'"],
      [['--timeout', 'inf'], "--timeout takes seconds, more than 0, not: 'inf'"],
      [['BRA'], "not a code of two letters, nor one letter: 'BRA'"],
      [['é'], "not a code of two letters, nor one letter: 'é'"],
      [['1'], "not a code of two letters, nor one letter: '1'"],
      [[''], "not a code of two letters, nor one letter: ''"],
      [['-i', 'list', 'br'], "-i stands alone, without -a, -e and codes: 'list'"],
    ];
    for (const [words, complaint] of wrong) {
      test(`${JSON.stringify(words)} is answered with the usage`, time, async () => {
        await atServer({}, async ({ server, ...place }) => {
          const { stdout, stderr, exit } = await run('flags2', words, place);
          assert.equal(lines(stderr)[0], `flags2: ${complaint}`);
          assert.match(lines(stderr)[1], /^usage: flags2 \[-a \| -e \| -i FILE \| CC \.\.\.\] /);
          assert.equal(stdout, '');
          assert.equal(exit, '2');
          assert.equal(server.log.length, 0);
        });
      });
    }

    test('a SPINDLE_SERVER that is no URL is named, where it is needed', time, async () => {
      await inNewFolder(async (folder) => {
        const place = { folder, env: { SPINDLE_SERVER: 'foo' } };
        const { stderr, exit } = await run('flags2', ['br'], place);
        assert.match(stderr, /^flags2: SPINDLE_SERVER is no URL of a server: 'foo'\nusage: /);
        assert.equal(exit, '2');
        assert.equal((await run('flags2', ['-h'], place)).exit, '0');
      });
    });

    test('-h explains every option', time, async () => {
      await inNewFolder(async (folder) => {
        const { stdout, stderr, exit } = await run('flags2', ['-h'], { folder });
        const options = '-a -e -i -l -m -s -v --retries --timeout --output --json --events -h';
        for (const option of options.split(' ')) {
          assert.match(stdout, new RegExp(`^  ${option}\\b`, 'm'));
        }
        assert.equal(stderr, '');
        assert.equal(exit, '0');
      });
    });

    test('Ctrl-C ends it with 130, and the report counts what is done', time, async () => {
      await atServer({ delay: [0, 10], random: zeroFor(5) }, async (place) => {
        const words = ['-s', 'DELAY', '-m', '20', '--json'];
        const { child, ended } = start('flags2', words, place);
        const { log } = place.server;
        const done = () => log.filter(({ status }) => status === 200).map(codeOf);
        await until(() => log.length === 20 && done().length === 5, 'the first five flags');
        await until(() => readdirSync(place.folder).length === 5, 'the first five files');
        const pressed = performance.now();
        child.kill('SIGINT');
        const { stdout, exit } = await ended;
        assert.ok(performance.now() - pressed < 1000);
        const report = JSON.parse(stdout);
        assert.equal(exit, '130');
        assert.equal(report.downloaded, 5);
        assert.equal(report.cancelled, 15);
        assert.ok(report.failures.every(({ kind }) => kind === 'SP_ECANCELED'));
        await until(() => log.filter(({ aborted }) => aborted).length === 15, 'the aborted ones');
        await assertSaved(place, done());
      });
    });

    test('a second Ctrl-C ends it at once', time, async () => {
      for (const milliseconds of [0, 1, 5, 30]) {
        await atServer({ delay: [10, 10] }, async ({ server, ...place }) => {
          const { child, ended } = start('flags2', ['-s', 'DELAY', '-m', '20'], place);
          await until(() => server.log.length === 20, 'the requests');
          child.kill('SIGINT');
          if (milliseconds > 0) await sleep(milliseconds);
          child.kill('SIGINT');
          const pressed = performance.now();
          const { exit } = await ended;
          assert.ok(performance.now() - pressed < 1000);
          assert.ok(['130', 'SIGINT'].includes(exit), exit);
        });
      }
    });

    test('interrupted at 50 random moments it leaves whole files only', time, async () => {
      const random = seededRandom(11);
      await atServer({ delay: [0, 0.02], random }, async (place) => {
        for (let i = 0; i < 50; i++) {
          const { log } = place.server;
          log.length = 0;
          const words = ['-a', '-m', '100', '-s', 'DELAY', '--json'];
          const { child, ended } = start('flags2', words, place);
          const moment = Math.floor(random() * 249);
          await until(() => log.filter(({ end }) => end !== null).length >= moment, 'a moment', 20);
          child.kill('SIGINT');
          const { stdout, exit } = await ended;
          if (exit !== 'SIGINT') {
            const report = JSON.parse(stdout);
            assert.equal(counted(report), 249);
            assert.equal(report.downloaded, readdirSync(place.folder).length);
            assert.ok(['0', '130'].includes(exit), exit);
          }
          const codes = readdirSync(place.folder).map((file) => file.slice(0, 2).toUpperCase());
          await assertSaved(place, codes);
          for (const file of readdirSync(place.folder)) rmSync(join(place.folder, file));
        }
      });
    });

    test('-i downloads the files that a list names', time, async () => {
      await atServer({}, async (place) => {
        writeFileSync(join(place.folder, 'list'), 'us/us.gif\r\n\nbr/br.gif');
        const { stdout, exit } = await run('flags2', ['-i', 'list'], place);
        assert.match(stdout, /^Searching for 2 files: br\/br\.gif, us\/us\.gif$/m);
        assert.match(stdout, /^2 files downloaded\.$/m);
        assert.equal(exit, '0');
        await assertSaved(place, ['BR', 'US'], ['list']);
      });
    });

    const badLists = [
      ['', /list: there is no path in it/],
      ['a/x\nb/x\n', /a\/x and b\/x: both would be saved as x/],
      ['a/\n', /a\/: the path names no file/],
    ];
    for (const [text, complaint] of badLists) {
      test(`a list of ${JSON.stringify(text)} is refused`, time, async () => {
        await inNewFolder(async (folder) => {
          writeFileSync(join(folder, 'list'), text);
          const { stderr, exit } = await run('flags2', ['-i', 'list'], { folder });
          assert.match(stderr, complaint);
          assert.equal(exit, '1');
        });
      });
    }

    test('a list that is not there is named', time, async () => {
      await inNewFolder(async (folder) => {
        const { stderr, exit } = await run('flags2', ['-i', 'nothing'], { folder });
        assert.match(stderr, /^flags2: nothing: no such file/i);
        assert.equal(exit, '1');
      });
    });
  });

  describe(`the progress bar of flags2 on ${target}`, () => {
    const shown = (frame) => frame.replaceAll(new RegExp(`${escape}\\[[0-9;]*[mK]`, 'g'), '');
    const framesOf = (text) => text.split('\r').filter((frame) => /%\|/.test(frame));

    test('where stderr is no terminal it is one line, at the end', time, async () => {
      await atServer({ delay: [0.1, 0.5] }, async (place) => {
        const { stderr } = await run('flags2', ['-s', 'DELAY', '-m', '20'], place);
        assert.match(stderr, /^100%\|[█#]+\| 20\/20 \[00:0\d<00:00, +\d+\.\d\dflag\/s\]\n$/);
      });
    });

    test('in a terminal it moves, at most ten times a second', time, async () => {
      await atServer({ delay: [0.2, 1.5] }, async (place) => {
        const { writes, stdout } = await inTerminal(place, ['-s', 'DELAY', '-m', '20']);
        const frames = framesOf(stdout);
        const [first, last] = [shown(frames[0]), shown(frames.at(-1))];
        assert.match(first, /^ {2}0%\| +\| 0\/20 \[00:00<\?, \?flag\/s\]$/);
        assert.match(last, /^100%\|█+\| 20\/20 \[00:01<00:00, +\d+\.\d\dflag\/s\]/);
        const counts = frames.map((frame) => Number(/ (\d+)\/20 /.exec(frame)[1]));
        assert.ok(new Set(counts).size > 3, `${counts}`);
        const at = writes.filter(({ text }) => /%\|/.test(text)).map((write) => write.at);
        const spread = at.at(-2) - at[0];
        assert.ok(at.length - 2 <= spread / 0.095, `${at.length} frames in ${spread} s`);
        assert.ok(at.length >= 6, `${at.length} frames in ${spread} s`);
      });
    });

    test('it obeys the width of the terminal, also after it changed', time, async () => {
      await atServer({ delay: [2, 2.5] }, async (place) => {
        const words = ['-s', 'DELAY', '-m', '20'];
        const resize = '( sleep 1.5; stty cols 50 <&3 ) &';
        const { stdout } = await inTerminal(place, words, { columns: 90, resize });
        const widths = framesOf(stdout).map((frame) => [...shown(frame).split('\n')[0]].length);
        assert.equal(widths[0], 89);
        assert.equal(widths.at(-1), 49);
        assert.deepEqual([...new Set(widths)], [89, 49]);
      });
    });

    test('in a narrow terminal it is cut, not wrapped', time, async () => {
      await atServer({ delay: [0.3, 0.4] }, async (place) => {
        const { stdout } = await inTerminal(place, ['-s', 'DELAY'], { columns: 20 });
        const frames = stdout.split('\r').filter((text) => /\d%/.test(text));
        assert.ok(frames.length > 2, stdout);
        for (const frame of frames) {
          const width = [...shown(frame).split('\n')[0]].length;
          assert.ok(width <= 19, `${width}: ${JSON.stringify(frame)}`);
        }
      });
    });

    test('it is coloured, but not with NO_COLOR', time, async () => {
      await atServer({}, async (place) => {
        const plain = { ...place, env: { ...place.env, NO_COLOR: '1' } };
        assert.match((await inTerminal(place, ['br'])).stdout, new RegExp(`${escape}\\[32m`));
        const { stdout } = await inTerminal(plain, ['br']);
        assert.doesNotMatch(stdout, new RegExp(`${escape}\\[[0-9;]*m`));
      });
    });

    test('without UTF-8 it is drawn in ASCII', time, async () => {
      await atServer({}, async (place) => {
        const env = { ...place.env, LC_ALL: 'C' };
        const { stderr } = await run('flags2', ['br'], { ...place, env });
        assert.match(stderr, /^100%\|#+\| 1\/1 /);
      });
    });

    test('an error stands on a line of its own', time, async () => {
      await atServer({}, async (place) => {
        mkdirSync(join(place.folder, 'br.gif'));
        const { stdout } = await inTerminal(place, ['br', 'us']);
        assert.match(
          stdout,
          new RegExp(`(^|\n|\r|${escape}\\[K)flags2: BR: br\\.gif: Is a directory\r?\n`),
        );
      });
    });

    // In a pseudo-terminal of that width; stderr is what it shows, stdout goes away.
    function inTerminal({ folder, env }, words, { columns = 80, resize = '' } = {}) {
      const quoted = commandOf('flags2', words).map((word) => `'${word.replaceAll("'", "'\\''")}'`);
      const script = `exec 3<&0; stty cols ${columns} rows 24; ${resize} ${quoted.join(' ')} >/dev/null; wait`;
      const settings = { TERM: 'xterm', LC_ALL: 'C.UTF-8', ...env };
      return startProcess(['script', '-qefc', script, '/dev/null'], { cwd: folder, env: settings })
        .ended;
    }
  });

  describe(`flags3 on ${target}`, () => {
    test('a file has the name of its country', time, async () => {
      await atServer({}, async (place) => {
        const { exit } = await run('flags3', [], place);
        assert.equal(exit, '0');
        assert.deepEqual(sorted(readdirSync(place.folder)), sorted(pop20.map(nameOf)));
        const sent = await (await fetch(`${place.server.url}local/br/br.gif`)).arrayBuffer();
        assert.ok(readFileSync(join(place.folder, 'Brazil.gif')).equals(Buffer.from(sent)));
      });
    });

    test('every country there is can be saved', time, async () => {
      await atServer({}, async (place) => {
        const { report } = await reportOf('flags3', ['-a', '-m', '50'], place);
        assert.equal(report.downloaded, 249);
        assert.deepEqual(sorted(readdirSync(place.folder)), sorted(allCodes.map(nameOf)));
      });
    });

    test('the second request has a turn of its own', time, async () => {
      await atServer({ delay: [0.05, 0.1] }, async (place) => {
        const words = ['--events', '-s', 'DELAY', '-m', '3', '-l', '9'];
        const { stdout } = await run('flags3', words, place);
        const { log } = place.server;
        assert.equal(log.length, 18);
        assert.equal(mostAtOnce(log), 3);
        const events = lines(stdout).map((line) => JSON.parse(line));
        const own = events.filter(({ code }) => code === 'BR').map(({ phase }) => phase);
        assert.deepEqual(own, [
          'waiting',
          'connecting',
          'waiting',
          'connecting',
          'saving',
          undefined,
        ]);
      });
    });

    const bad = ['{"code":"br"}', '{"country":""}', '{"country":7}', 'Brazil', '{"country":"Bra'];
    for (const metadata of bad) {
      test(`${metadata} as metadata is an error`, time, async () => {
        await atAnswers({ '/br/br.gif': 'GIF', '/br/metadata.json': metadata }, async (url) => {
          await inNewFolder(async (folder) => {
            const { report, exit } = await reportOf('flags3', ['-s', url, 'br'], { folder });
            assert.equal(report.failures[0].kind, 'SP_EPROTOCOL');
            assert.match(
              report.failures[0].message,
              /metadata\.json: no country's name that fits is in it$/,
            );
            assert.equal(exit, '1');
            assert.deepEqual(readdirSync(folder), []);
          });
        });
      });
    }

    const names = [
      ['{"country":"C\\u00f4te d\'Ivoire"}', "Côte_d'Ivoire.gif"],
      ['{ "code": ["{", {"country": "no"}], "country" : "a\\\\b\\/c" }', 'a_b_c.gif'],
      ['{"country":"\\ud83d\\ude00"}', '😀.gif'],
      ['{"country":"..\\u001b[31m\\nx"}', '_._[31m_x.gif'],
    ];
    for (const [metadata, file] of names) {
      test(`${metadata} names ${file}`, time, async () => {
        await atAnswers({ '/br/br.gif': 'GIF', '/br/metadata.json': metadata }, async (url) => {
          await inNewFolder(async (folder) => {
            await run('flags3', ['-s', url, 'br'], { folder });
            assert.deepEqual(readdirSync(folder), [file]);
          });
        });
      });
    }

    test('two countries of one name are not saved over each other', time, async () => {
      const metadata = '{"country":"Same"}';
      const answers = { '/br/br.gif': 'B', '/us/us.gif': 'U' };
      for (const cc of ['br', 'us']) answers[`/${cc}/metadata.json`] = metadata;
      await atAnswers(answers, async (url) => {
        await inNewFolder(async (folder) => {
          const { report, stderr } = await reportOf('flags3', ['-s', url, 'br', 'us'], { folder });
          assert.equal(report.downloaded, 1);
          assert.match(stderr, /Same\.gif: that name has the flag of (BR|US)$/m);
          assert.deepEqual(readdirSync(folder), ['Same.gif']);
        });
      });
    });

    test('it takes no lists', time, async () => {
      await inNewFolder(async (folder) => {
        const { stderr, exit } = await run('flags3', ['-i', 'list'], { folder });
        assert.match(stderr, /^flags3: it downloads flags only, no list like: 'list'\nusage: /);
        assert.equal(exit, '2');
      });
    });
  });
}

describe('flags2 with large files', () => {
  test('5,000 files of 1 MB, 50 at a time, take less than 40 MB of memory', time, async () => {
    const count = 5000;
    const body = Buffer.alloc(1 << 20, 'spindle ');
    await atAnswers(body, async (url) => {
      await inNewFolder(async (folder) => {
        const names = Array.from({ length: count }, (_, i) => `f${i}`);
        writeFileSync(join(folder, 'list'), names.join('\n'));
        const words = ['-s', url, '-i', 'list', '-m', '50', '--json'];
        const command = [...programCommand('native', 'flags2'), ...words];
        const { child, ended } = startProcess(command, { cwd: folder, seconds: 110 });
        const taking = takeAway(folder, body);
        const memory = watchMemory(child);
        const { stdout, exit } = await ended;
        assert.equal(exit, '0');
        assert.equal(JSON.parse(stdout).downloaded, count);
        assert.equal(await taking.end(), count, 'whole files');
        const most = memory.end();
        assert.ok(most > 1e6 && most < 40e6, `${most / 1e6} MB`);
      });
    });
  });
});

// --- servers and watchers

// The first `count` numbers are 0, the others 1.
function zeroFor(count) {
  let drawn = 0;
  return () => (drawn++ < count ? 0 : 1);
}

// Calls work(url) with a server that has these answers by path, or one for every path.
async function atAnswers(answers, work) {
  const server = createServer((request, response) => {
    const answer = Buffer.isBuffer(answers) ? answers : answers[request.url];
    if (answer === undefined) response.writeHead(404).end();
    else response.end(answer);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await work(`http://127.0.0.1:${server.address().port}`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

async function urlOfNobody() {
  let nobody;
  await atAnswers({}, async (url) => (nobody = url));
  return nobody;
}

// Checks and removes the files f0, f1, ... as they come, so that the disk need not hold them all.
function takeAway(folder, body) {
  let taken = 0;
  const take = () => {
    for (const name of readdirSync(folder).filter((file) => /^f\d+$/.test(file))) {
      const path = join(folder, name);
      if (statSync(path).size === body.length && readFileSync(path).equals(body)) taken++;
      rmSync(path);
    }
  };
  const timer = setInterval(take, 200);
  return {
    async end() {
      clearInterval(timer);
      take();
      return taken;
    },
  };
}

// The most memory that a process had resident, in bytes.
function watchMemory({ pid }) {
  let most = 0;
  const look = () => {
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      most = Math.max(most, Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024);
    } catch {
      // it has ended
    }
  };
  const timer = setInterval(look, 20);
  return {
    end() {
      clearInterval(timer);
      return most;
    },
  };
}
