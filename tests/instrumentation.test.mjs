// What Asyncify costs code that never suspends: nothing. Whatever may suspend is compiled to be unwound,
// and looks for that at each call; nothing else is. Seen in the machine code of a program.

import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('..', import.meta.url));
const program = `${project}build/web/instrumentation/instrumentation`;
const time = { timeout: 60_000 };

// Of Binaryen, which every Emscripten has with it.
const disassemble = '. ./emsdk.env && "$(em-config BINARYEN_ROOT)/bin/wasm-dis" "$1"';

let functions; // their text by their names
let reads; // how one reads in which state the module is: it runs, is unwound or entered anew

before(() => {
  const options = { cwd: project, encoding: 'utf8', maxBuffer: 1 << 28 };
  const text = execFileSync('sh', ['-c', disassemble, 'sh', `${program}.wasm`], options);
  const all = text.split(/\n(?= \(func )/).slice(1);
  functions = new Map(all.map((one) => [/^ \(func \$(\S+)/.exec(one)[1], one]));
  reads = `(global.get ${stateOf(text)})`;
});

// Where that stands, as Asyncify's own function tells that says it is entered anew: newer Emscriptens
// do not keep its name.
function stateOf(text) {
  const startRewind =
    /\(func \S+ \(param \$0 i32\)\s+\(global\.set (\S+)\s+\(i32\.const 2\)\s+\)\s+\(global\.set \S+\s+\(local\.get \$0\)/;
  const found = startRewind.exec(text);
  assert.ok(found, 'nothing starts to rewind');
  return found[1];
}

function textOf(name) {
  const text = functions.get(name);
  assert.ok(text, `the module has no function ${name}`);
  return text;
}

const isUnwindable = (name) => textOf(name).includes(reads);

test('the program that is looked at works', time, () => {
  const printed = execFileSync(process.execPath, [`${program}.mjs`], { encoding: 'utf8' });
  assert.equal(printed, 'it works\n');
});

for (const name of [
  'suspends',
  'calls_a_pointer',
  'sp_sleep_from',
  'sp_await_from',
  'sp_event_wait_from',
]) {
  test(`${name} may suspend and can be unwound`, time, () => assert.ok(isUnwindable(name)));
}

const neverSuspend = [
  'computes',
  'tells_others',
  'fails',
  'sp_event_set',
  'sp_fail',
  'sp_future_cancel',
  'sp_future_set_result',
  'sp_handle_cancel',
  'sp_lock_release',
  'sp_loop_call_later',
  'sp_loop_call_soon',
  'sp_loop_time',
  'sp_semaphore_release',
  'sp_task_detach',
  'sp__coroutine_resume',
  'sp__coroutine_suspend',
  'sp__js_turn',
  'sp__task_step',
  'sp__task_first_step',
];
for (const name of neverSuspend) {
  test(`${name} never suspends and is as if there were no Asyncify`, time, () =>
    assert.ok(!isUnwindable(name)),
  );
}
