"""The reference: runs a program of the oracle's language on CPython's own asyncio.

A program is translated to Python, one `async def` for each of its coroutines, and runs on a loop
whose clock is virtual. What it does is written as a trace, which spindle's has to equal byte for
byte. README.md in this folder describes the language and the trace.
"""

import asyncio
import asyncio.base_events
import asyncio.runners
import asyncio.taskgroups
import contextlib
import contextvars
import math
import sys
import types

# --- order: where asyncio leaves it to a hash of addresses, it is the order of arrival ---


class OrderedSet(dict):
    """A set that iterates in the order in which its members came."""

    def __init__(self, members=()):
        super().__init__(dict.fromkeys(members))

    def add(self, member):
        self[member] = None

    def remove(self, member):
        del self[member]

    def discard(self, member):
        self.pop(member, None)


def as_completed_in_order(self, futures, timeout):
    """_AsCompletedIterator.__init__ but for its set, whose order decides who of several that are
    done already comes first."""
    self._done = asyncio.Queue()
    self._timeout_handle = None
    self._todo = OrderedSet(futures)
    for future in self._todo:
        future.add_done_callback(self._handle_completion)
    if self._todo and timeout is not None:
        loop = asyncio.get_running_loop()
        self._timeout_handle = loop.call_later(timeout, self._handle_timeout)
    self._todo_left = len(self._todo)


# A module's own name hides the built-in one: TaskGroup._tasks, and the set in wait().
asyncio.taskgroups.set = OrderedSet
asyncio.tasks.set = OrderedSet
asyncio.tasks._AsCompletedIterator.__init__ = as_completed_in_order
asyncio.tasks.all_tasks = lambda loop: [task for task in loop.created if not task.done()]


# --- what the tests of the 3.14 branch demand, and 3.14.2 does not do ---


async def next_that_can_be_cancelled(self):
    """_AsCompletedIterator.__anext__: one who is cancelled takes nothing from the iteration."""
    if not self._todo_left:
        raise StopAsyncIteration
    self._todo_left -= 1
    try:
        return await self._wait_for_one()
    except asyncio.CancelledError:
        self._todo_left += 1
        raise


# A future that was shielded in vain reports its error when it is dropped, as any other.
asyncio.tasks._log_on_exception = lambda future: None
asyncio.tasks._AsCompletedIterator.__anext__ = next_that_can_be_cancelled


# --- time ---


class Deadlock(BaseException):
    """Nothing is ready, and no timer will make anything ready."""


class Loop(asyncio.base_events.BaseEventLoop):
    """Its time stands still while anything is ready, then jumps to the next timer."""

    def __init__(self):
        super().__init__()
        self._clock_resolution = 1e-9  # as spindle's
        self._selector = self
        self._asyncgens = OrderedSet()
        self.now = 0.0
        self.created = OrderedSet()
        self.set_task_factory(self.made)

    def made(self, loop, coroutine, **options):
        task = asyncio.Task(coroutine, loop=loop, **options)
        self.created.add(task)
        return task

    def time(self):
        return self.now

    def select(self, timeout):
        if timeout is None:
            raise Deadlock
        if timeout > 0:
            self.now = self._scheduled[0]._when
        return []

    def _process_events(self, events):
        pass

    def _write_to_self(self):
        pass


# --- errors, by their names in spindle ---


class UserError(Exception):
    def __init__(self, number, message):
        super().__init__(message)
        self.number = number


class LostGroup(Exception):
    """An exception group that was caught and raised again: spindle keeps the list of the errors
    only until the next call fails."""


class Skip(Exception):
    """The operation makes no sense now, and is left out by both sides."""


CODES = [
    (asyncio.CancelledError, 'SP_ECANCELED'),
    (TimeoutError, 'SP_ETIMEDOUT'),
    (asyncio.InvalidStateError, 'SP_EINVALIDSTATE'),
    (asyncio.BrokenBarrierError, 'SP_EBROKEN'),
    (RuntimeError, 'SP_EINVALIDSTATE'),
    (asyncio.QueueEmpty, 'SP_EEMPTY'),
    (asyncio.QueueFull, 'SP_EFULL'),
    (asyncio.QueueShutDown, 'SP_ESHUTDOWN'),
    (BaseExceptionGroup, 'SP_EGROUP'),
    (LostGroup, 'SP_EGROUP'),
    (GeneratorExit, 'SP_EGENERATOREXIT'),
    (ValueError, 'SP_EINVAL'),
]


def code(error):
    if isinstance(error, UserError):
        return f'SP_EUSER-{error.number}'
    return next((name for kind, name in CODES if isinstance(error, kind)), repr(error))


def in_task():
    return asyncio._get_running_loop() is not None and asyncio.current_task() is not None


def describe(error):
    text = code(error)
    if isinstance(error, (UserError, asyncio.CancelledError)) and error.args and error.args[0]:
        return f'{text} "{error.args[0]}"'
    if text == 'SP_EGROUP':
        # Outside tasks spindle does not say what is in it.
        known = isinstance(error, BaseExceptionGroup) and in_task()
        return f'{text} [{"; ".join(map(describe, error.exceptions)) if known else ""}]'
    return text


KINDS = {
    'any': lambda error: True,
    'cancelled': lambda error: isinstance(error, asyncio.CancelledError),
    'timedout': lambda error: isinstance(error, TimeoutError),
    'user': lambda error: isinstance(error, UserError),
    'group': lambda error: code(error) == 'SP_EGROUP',
    'error': lambda error: isinstance(error, Exception),
}


def raised_again(error):
    return LostGroup() if isinstance(error, BaseExceptionGroup) else error


def made_error(kind, message):
    args = () if message == '-' else (message,)
    if kind == 'cancelled':
        return asyncio.CancelledError(*args)
    if kind == 'timedout':
        return TimeoutError()
    return UserError(int(kind), message)


# --- what a running program consists of ---


class Item:
    """In a queue. Only the tens are compared, so that equal items can be told apart."""

    def __init__(self, number):
        self.number = number

    def __lt__(self, other):
        return self.number // 10 < other.number // 10


def show(value):
    if isinstance(value, (list, tuple)):
        return '[' + ' '.join(show(each) for each in value) + ']'
    if isinstance(value, BaseException):
        return code(value)
    if isinstance(value, Item):
        return show(value.number)
    if isinstance(value, bool):
        return str(int(value))
    return f'{value:.9g}' if isinstance(value, float) else str(value)


DECLARATIONS = {
    'lock': lambda run: asyncio.Lock(),
    'event': lambda run: asyncio.Event(),
    'semaphore': lambda run, value: asyncio.Semaphore(int(value)),
    'bounded': lambda run, value: asyncio.BoundedSemaphore(int(value)),
    'condition': lambda run, lock=None: asyncio.Condition(lock and run.objects[lock]),
    'barrier': lambda run, parties: asyncio.Barrier(int(parties)),
    'queue': lambda run, size: asyncio.Queue(int(size)),
    'lifo': lambda run, size: asyncio.LifoQueue(int(size)),
    'priority': lambda run, size: asyncio.PriorityQueue(int(size)),
    'future': lambda run: run.loop.create_future(),
    'counter': lambda run: 0,
    'local': lambda run: contextvars.ContextVar('local', default=0),
}


class Run:
    """One run of one program: its objects and its trace. The translated program calls it `run`."""

    def __init__(self):
        self.loop = Loop()
        self.trace = []
        self.over = False
        self.objects = {}  # 'l0', 'f1' ... as declared
        self.tasks = {}  # 't3' -> task
        self.names = {}  # task or future -> 't3'
        self.handles = {}  # 'h0' -> Scheduled
        self.open = {}  # 'm0' and 'n0' -> the timeout, the group, while it is open
        self.iterations = {}  # 'i0' -> Iteration, while it is open
        self.generators = {}
        self.asking = {}  # how many calls of each are under way
        self.made = []  # generators, in the order of their making; kept, so that none is collected
        self.closed = []  # those that were closed
        self.watchers = {}
        self.loop.set_exception_handler(self.report)

    def declare(self, kind, name, *words):
        self.objects[name] = DECLARATIONS[kind](self, *words)
        if kind == 'future':
            self.names[self.objects[name]] = name

    # --- the trace

    def write(self, text):
        if not self.over:
            self.trace.append(text)

    def event(self, line, *values):
        task = asyncio.current_task()
        who = self.names.get(task, '-') if task else 'cb'
        words = ' '.join(show(value) for value in values)
        self.write(f'{self.loop.now:.9g} {who} {line} {words}'.rstrip())

    def done(self, line, value):
        values = value if isinstance(value, tuple) else (value,)
        self.event(line, *(each for each in values if each is not None))

    def failed(self, line, error, swallow=False):
        """Says that an operation failed. Whether the error goes on."""
        if isinstance(error, Skip):
            self.event(line, 'skip')
            return False
        self.event(line, f'! {describe(error)}')
        return not swallow

    def caught(self, line, error, kind):
        if not KINDS[kind](error):
            return False
        self.event(line, f'caught {describe(error)}')
        return True

    def report(self, loop, context):
        """What the loop's exception handler is told, but for what hangs on garbage collection."""
        for sign, kind in (('shutdown', 'shutdown'), ('closing of', 'generator')):
            # Closing again what would not be closed raises StopAsyncIteration: spindle returns 0.
            error = context.get('exception')
            if sign in context['message'] and not isinstance(error, StopAsyncIteration):
                future = context.get('task') or context.get('future')
                name = self.names.get(future, '-')
                self.write(f'{loop.now:.9g} report {kind} {name} {describe(error)}')

    # --- tasks and futures, by name

    def find(self, name):
        found = self.tasks.get(name) if name[0] == 't' else self.objects[name]
        if found is None:
            raise Skip
        return found

    def may_await(self, name):
        """No circles: a task awaits only those whose number is greater than its own."""
        own = self.names.get(asyncio.current_task())
        return name[0] != 't' or (own is not None and int(name[1:]) > int(own[1:]))

    def may_join(self, name, group):
        """The task of a group waits for those in it."""
        if group not in self.open:
            return False
        owner = self.names.get(self.open[group]._parent_task, 't-1')
        return int(name[1:]) > int(owner[1:])

    def awaited(self, name):
        if not self.may_await(name):
            raise Skip
        return self.find(name)

    def several(self, names, awaited):
        """Those that exist, and may be awaited."""
        found = [name for name in names if name[0] != 't' or name in self.tasks]
        return [self.find(name) for name in found if not awaited or self.may_await(name)]

    def name_list(self, futures):
        return [self.names.get(future, '-') for future in futures]

    def adopt(self, name, task):
        self.tasks[name] = task
        self.names[task] = name

    async def body(self, name, function):
        self.adopt(name, asyncio.current_task())
        self.loop.created.add(self.tasks[name])  # an eager task is not made yet
        self.event('begin')
        try:
            result = await function()
        except BaseException as error:
            self.event('end', f'! {describe(error)}')
            raise
        self.event('end', result)
        return result

    def spawn(self, slot, function, group=None, **options):
        if slot in self.tasks or (group and not self.may_join(slot, group)):
            raise Skip
        create = self.open[group].create_task if group else asyncio.create_task
        self.adopt(slot, create(self.body(slot, function), **options))

    def task_name(self, name):
        """Without a name of its own: which it is among the unnamed of this run."""
        text = self.find(name).get_name()
        return text if not text.startswith('Task-') else f'Task-{int(text[5:]) - self.unnamed}'

    def error_of(self, name):
        try:
            error = self.find(name).exception()
        except (asyncio.CancelledError, asyncio.InvalidStateError) as raised:
            error = raised
        return describe(error) if error else 0

    def outcome(self, future):
        if not future.done():
            return 'pending'
        if future.cancelled():
            return f'cancelled {describe(future._make_cancelled_error())}'
        error = future.exception()
        return f'finished {describe(error) if error else future.result()}'

    # --- callbacks

    def schedule(self, name, call, callback, *when):
        scheduled = Scheduled()
        scheduled.handle = call(*when, scheduled.run, callback)
        self.handles[name] = scheduled

    def drop(self, name):
        if name not in self.handles or self.handles[name].done:
            raise Skip
        self.handles[name].done = True
        self.handles[name].handle.cancel()
        return self.handles[name].handle.cancelled()

    def handle_when(self, name):
        if name not in self.handles or self.handles[name].done:
            raise Skip
        handle = self.handles[name].handle
        return handle.when() if isinstance(handle, asyncio.TimerHandle) else 'soon'

    def watcher(self, name, callback):
        """The same function for the same pair, so that it can be removed."""
        if (name, callback) not in self.watchers:
            self.watchers[name, callback] = lambda future: callback(name)
        return self.watchers[name, callback]

    # --- waits

    async def gather(self, all, *names):
        return await asyncio.gather(*self.several(names, True), return_exceptions=all)

    async def wait(self, return_when, timeout, *names):
        futures = self.several(names, False)
        done, pending = await asyncio.wait(futures, timeout=timeout, return_when=return_when)
        return tuple(self.name_list(f for f in futures if f in each) for each in (done, pending))

    def each(self, timeout, *names):
        return asyncio.as_completed(self.several(names, True), timeout=timeout)

    def iterate(self, name, timeout, *names):
        if name in self.iterations:
            raise Skip
        each = asyncio.as_completed(self.several(names, False), timeout=timeout)
        self.iterations[name] = Iteration(each)

    async def advance(self, name):
        if name not in self.iterations:
            raise Skip
        iteration = self.iterations[name]
        iteration.asking += 1
        try:
            return self.names[await anext(iteration.each)]
        except StopAsyncIteration:
            return 'ended'
        finally:
            iteration.asking -= 1

    def leave(self, name):
        if name not in self.iterations or self.iterations[name].asking:
            raise Skip
        with Iterated(self.iterations.pop(name).each):
            pass

    # --- what is open for a while: timeouts, groups

    def limit(self, name):
        if name not in self.open:
            raise Skip
        return self.open[name]

    def reschedule(self, name, delay):
        self.limit(name).reschedule(None if delay is None else self.loop.now + delay)

    def limit_state(self, name):
        limit = self.limit(name)
        return math.inf if limit.when() is None else limit.when(), limit.expired()

    # --- generators

    def generator(self, name):
        if name not in self.generators:
            raise Skip
        return self.generators[name]

    def open_generator(self, name, producer):
        if name in self.generators:
            raise Skip
        self.generators[name] = producer()
        self.made.append(self.generators[name])

    async def ask(self, name, how, *arguments):
        """anext, athrow, aclose."""
        generator = self.generator(name)
        self.asking[name] = self.asking.get(name, 0) + 1
        try:
            value = await how(generator, *arguments)
            return 'ended' if value is None else [value]  # None: athrow after the end
        except StopAsyncIteration:
            return 'ended'
        finally:
            self.asking[name] -= 1

    async def close_generator(self, name):
        generator = self.generator(name)
        if not self.asking.get(name):
            self.closed.append(generator)
        await self.ask(name, types.AsyncGeneratorType.aclose)

    def free_generator(self, name):
        """Does at once what happens when the last reference goes."""
        generator = self.generator(name)
        if self.asking.get(name):
            raise Skip
        del self.generators[name]
        begun = generator in self.loop._asyncgens and generator.ag_frame is not None
        if begun and generator not in self.closed:
            self.loop._asyncgen_finalizer_hook(generator)

    # --- from the beginning to the end

    def phase(self, what, call, *arguments):
        try:
            call(*arguments)
        except Deadlock:
            self.write(f'{self.loop.now:.9g} {what} deadlock')
        except RuntimeError as error:
            if 'stopped before' not in str(error):
                raise
            self.write(f'{self.loop.now:.9g} {what} stopped')

    def run_main(self, function):
        coroutine = self.body('t0', function)
        task = self.loop.create_task(coroutine)
        self.unnamed = int(task.get_name()[5:]) - 1
        self.adopt('t0', task)
        try:
            self.loop.run_until_complete(task)
        except BaseException:
            if not task.done():
                raise
            # Its own error, which the trace has.

    def shut_down(self):
        """As asyncio.Runner.close."""
        tasks = asyncio.tasks.all_tasks(self.loop)
        try:
            asyncio.runners._cancel_all_tasks(self.loop)
        except (Deadlock, RuntimeError):
            self.report_failed(tasks)
            raise
        self.loop._asyncgens = OrderedSet(g for g in self.made if g in self.loop._asyncgens)
        self.loop.run_until_complete(self.loop.shutdown_asyncgens())
        self.loop.run_until_complete(self.loop.shutdown_default_executor())

    def report_failed(self, tasks):
        """What asyncio does at the end of a shutdown, and spindle also at the end of one that
        cannot go on."""
        for task in tasks:
            if task.done() and not task.cancelled() and task.exception():
                context = {'message': 'shutdown', 'task': task, 'exception': task.exception()}
                self.loop.call_exception_handler(context)

    def final_states(self):
        self.write(f'{self.loop.now:.9g} over')
        for name, task in sorted(self.tasks.items(), key=lambda pair: int(pair[0][1:])):
            self.write(f'{name} {self.outcome(task)}')
        for name, thing in self.objects.items():
            state = FINAL.get(name[0])
            if state:
                self.write(f'{name} {show(state(self, thing))}')

    def all(self, program):
        program(self)
        self.phase('run', self.run_main, program.__globals__['c_main'])
        self.write(f'{self.loop.now:.9g} shutdown')
        self.phase('shutdown', self.shut_down)
        self.final_states()
        self.over = True
        self.loop.close()
        self.close_what_is_left()
        return self.trace

    def close_what_is_left(self):
        """Now, and not when it is collected, in the middle of another run. Each may refuse."""
        coroutines = [task.get_coro() for task in self.loop.created if not task.done()]
        for _ in range(200):
            for coroutine in coroutines:
                with contextlib.suppress(BaseException):
                    coroutine.close()
            for generator in self.made:
                with contextlib.suppress(BaseException):
                    generator.aclose().send(None)
            left = [each for each in coroutines if getattr(each, 'cr_frame', None)]
            if not left and not any(each.ag_frame for each in self.made):
                return


def queue_state(queue):
    return queue.qsize(), queue.maxsize, queue.empty(), queue.full()


FINAL = {
    'f': lambda run, future: run.outcome(future),
    'l': lambda run, lock: lock.locked(),
    'c': lambda run, condition: condition.locked(),
    's': lambda run, semaphore: semaphore.locked(),
    'e': lambda run, event: event.is_set(),
    'b': lambda run, barrier: (barrier.n_waiting, barrier.broken),
    'q': lambda run, queue: queue_state(queue),
    'x': lambda run, counter: counter,
}


class Iteration:
    """An as_completed that is not a block; `asking` says how many calls are under way."""

    def __init__(self, each):
        self.each = each
        self.asking = 0


class Scheduled:
    """A call that was scheduled; `done` when it has run or was taken back."""

    done = False

    def run(self, callback):
        self.done = True
        callback()


# --- translation ---


def seconds(word):
    return 'None' if word == 'inf' else repr(float(word))


def spawn(name, function, *words):
    options = [f'{word.split("=")[0]}={word.split("=")[1]!r}' for word in words if '=' in word]
    options += ['eager_start=True'] if 'eager' in words else []
    return ', '.join([f'run.spawn({name!r}, c_{function}', *options]).replace('in=', 'group=') + ')'


def listed(names):
    return ''.join(f', {name!r}' for name in names)


def message(word):
    return 'None' if word == '-' else repr(word)


# name of the operation -> the Python expression of what it does, whose value goes into the trace
OPERATIONS = {
    'spawn': spawn,
    'name': lambda t: f'run.task_name({t!r})',
    'rename': lambda t, name: f'run.find({t!r}).set_name({name!r})',
    'cancel': lambda x, why='-': f'run.find({x!r}).cancel({message(why)})',
    'uncancel': lambda t: f'run.find({t!r}).uncancel()',
    'cancelling': lambda t: f'run.find({t!r}).cancelling()',
    'await': lambda x: f'await run.awaited({x!r})',
    'done': lambda x: f'run.find({x!r}).done()',
    'cancelled': lambda x: f'run.find({x!r}).cancelled()',
    'result': lambda x: f'run.find({x!r}).result()',
    'error': lambda x: f'run.error_of({x!r})',
    'set': lambda f, n: f'{f}.set_result({n})',
    'fail': lambda f, n, why: f'{f}.set_exception(made_error({n!r}, {why!r}))',
    'sleep': lambda t: f'await asyncio.sleep({seconds(t)})',
    'call': lambda name: f'await c_{name}()',
    'raise': lambda kind, why: f'throw(made_error({kind!r}, {why!r}))',
    'stop': lambda: 'run.loop.stop()',
    'current': lambda: 'run.names.get(asyncio.current_task(), "-")',
    'all': lambda: 'run.name_list(asyncio.tasks.all_tasks(run.loop))',
    'soon': lambda h, k: f'run.schedule({h!r}, run.loop.call_soon, k_{k})',
    'later': lambda h, t, k: f'run.schedule({h!r}, run.loop.call_later, k_{k}, {seconds(t)})',
    'at': lambda h, t, k: f'run.schedule({h!r}, run.loop.call_at, k_{k}, {seconds(t)})',
    'drop': lambda h: f'run.drop({h!r})',
    'when': lambda h: f'run.handle_when({h!r})',
    'watch': lambda x, k: f'run.find({x!r}).add_done_callback(run.watcher({x!r}, k_{k}))',
    'unwatch': lambda x, k: f'run.find({x!r}).remove_done_callback(run.watcher({x!r}, k_{k}))',
    'gather': lambda *xs: f'await run.gather(False{listed(xs)})',
    'gatherall': lambda *xs: f'await run.gather(True{listed(xs)})',
    'wait': lambda mode, t, *xs: f'await run.wait(asyncio.{mode}, {seconds(t)}{listed(xs)})',
    'iterate': lambda i, t, *xs: f'run.iterate({i!r}, {seconds(t)}{listed(xs)})',
    'advance': lambda i: f'await run.advance({i!r})',
    'leave': lambda i: f'run.leave({i!r})',
    'waitfor': lambda x, t: f'await asyncio.wait_for(run.awaited({x!r}), {seconds(t)})',
    'shield': lambda x: f'await asyncio.shield(run.awaited({x!r}))',
    'reschedule': lambda m, t: f'run.reschedule({m!r}, {seconds(t)})',
    'limit': lambda m: f'run.limit_state({m!r})',
    'acquire': lambda o: f'nothing(await {o}.acquire())',
    'release': lambda o: f'{o}.release()',
    'locked': lambda o: f'{o}.locked()',
    'ewait': lambda e: f'nothing(await {e}.wait())',
    'eset': lambda e: f'{e}.set()',
    'eclear': lambda e: f'{e}.clear()',
    'eisset': lambda e: f'{e}.is_set()',
    'cwait': lambda c: f'nothing(await {c}.wait())',
    'cwaitfor': lambda c, x, n: f'nothing(await {c}.wait_for(lambda: run.objects[{x!r}] >= {n}))',
    'notify': lambda c, n: f'{c}.notify({n})',
    'notifyall': lambda c: f'{c}.notify_all()',
    'add': lambda x, n: f'add(run, {x!r}, {n})',
    'bwait': lambda b: f'await {b}.wait()',
    'breset': lambda b: f'await {b}.reset()',
    'babort': lambda b: f'await {b}.abort()',
    'bstate': lambda b: f'({b}.parties, {b}.n_waiting, {b}.broken)',
    'put': lambda q, n: f'await {q}.put(Item({n}))',
    'get': lambda q: f'await {q}.get()',
    'tryput': lambda q, n: f'{q}.put_nowait(Item({n}))',
    'tryget': lambda q: f'{q}.get_nowait()',
    'taskdone': lambda q: f'{q}.task_done()',
    'join': lambda q: f'await {q}.join()',
    'shutdown': lambda q, now='': f'{q}.shutdown({now == "now"})',
    'qstate': lambda q: f'queue_state({q})',
    'setlocal': lambda v, n: f'nothing({v}.set({n}))',
    'getlocal': lambda v: f'{v}.get()',
    'open': lambda g, p: f'run.open_generator({g!r}, p_{p})',
    'next': lambda g: f'await run.ask({g!r}, anext)',
    'throw': lambda g, n, why: f'await run.ask({g!r}, athrow, made_error({n!r}, {why!r}))',
    'close': lambda g: f'await run.close_generator({g!r})',
    'free': lambda g: f'run.free_generator({g!r})',
    'yield': lambda n: f'(yield {n})',
}

# name of the block -> what comes before its body. {0}, {1} ... are its words, {line} its number.
BLOCKS = {
    'loop': ['for _ in range({0}):'],
    'with': ['async with {0}:'],
    'group': [
        'b{line} = asyncio.TaskGroup()',
        'with Opened(run, {0!r}, b{line}):',
        '    async with b{line}:',
    ],
    'timeout': [
        'b{line} = asyncio.timeout({1})',
        'with Limited(run, {0!r}, b{line}, {line}):',
        '    async with b{line}:',
    ],
    'timeoutat': [
        'b{line} = asyncio.timeout_at({1})',
        'with Limited(run, {0!r}, b{line}, {line}):',
        '    async with b{line}:',
    ],
    'each': [
        'i{line} = run.each({0}, *{names})',
        'with Iterated(i{line}):',
        '    async for b{line} in i{line}:',
    ],
}


class Opened:
    """While it is entered, others find the thing by its name."""

    def __init__(self, run, name, thing):
        self.run, self.name, self.thing = run, name, thing

    def __enter__(self):
        self.run.open[self.name] = self.thing

    def __exit__(self, *error):
        if self.run.open.get(self.name) is self.thing:
            del self.run.open[self.name]


class Limited(Opened):
    def __init__(self, run, name, thing, line):
        super().__init__(run, name, thing)
        self.line = line

    def __exit__(self, *error):
        super().__exit__(*error)
        self.run.event(self.line, 'expired', self.thing.expired())


class Iterated:
    """sp_as_completed_close: Python's iterator is not told that nobody goes on with it."""

    def __init__(self, each):
        self.each = each

    def __enter__(self):
        pass

    def __exit__(self, *error):
        if self.each._timeout_handle is not None:
            self.each._timeout_handle.cancel()


athrow = types.AsyncGeneratorType.athrow


def throw(error):
    raise error


def nothing(value):
    """For a result that is no news."""


def add(run, name, number):
    run.objects[name] += number
    return run.objects[name]


class Translation:
    """The lines of a program, one after the other, to the lines of a Python module."""

    def __init__(self, text):
        self.lines = [line.split('#')[0].split() for line in text.splitlines()]
        self.out = ['def declare(run):', '    pass']
        self.at = 0
        self.kind = None

    def emit(self, depth, *lines):
        self.out += ['    ' * depth + line for line in lines]

    def take(self):
        """The next line that is not empty: its number and its words."""
        while not self.lines[self.at]:
            self.at += 1
        self.at += 1
        return self.at, self.lines[self.at - 1]

    def module(self):
        definitions = []
        while any(self.lines[self.at :]):
            line, words = self.take()
            if words[0] in DECLARATIONS:
                self.emit(1, f'global {words[1]}', f'run.declare({", ".join(map(repr, words))})')
                self.emit(1, f'{words[1]} = run.objects[{words[1]!r}]')
            else:
                declared, self.out = self.out, []
                self.definition(line, *words)
                definitions += self.out
                self.out = declared
        return '\n'.join([*self.out, *definitions, ''])

    def definition(self, line, kind, name):
        self.kind = kind
        prefix = {'coroutine': 'async def c', 'callback': 'def k', 'producer': 'async def p'}[kind]
        self.emit(0, f'{prefix}_{name}({"name=None" if kind == "callback" else ""}):')
        if kind == 'callback':
            self.emit(1, f'run.event({line}, "run", *([name] if name else []))')
        self.body(1)
        if kind == 'coroutine':
            self.emit(1, 'return 0')
        if kind == 'producer':
            self.emit(1, 'return', 'yield')  # an async generator even if it never yields

    def body(self, depth):
        """Up to the line that ends it, which is returned."""
        self.emit(depth, 'pass')
        while True:
            line, words = self.take()
            if words[0] in ('end', 'except', 'finally'):
                return line, words
            self.operation(depth, line, words[0].lstrip('?'), words[1:], words[0][0] == '?')

    def operation(self, depth, line, name, words, swallow):
        if name == 'try':
            self.try_block(depth)
        elif name in BLOCKS:
            self.block(depth, line, name, words, swallow)
        elif name == 'return':
            self.emit(depth, f'run.event({line})')
            self.emit(depth, 'return' if self.kind != 'coroutine' else f'return {words[0]}')
        elif name == 'reraise':
            self.emit(depth, 'raise raised_again(sys.exception())')
        else:
            value = OPERATIONS[name](*words)
            swallow = swallow or self.kind == 'callback'
            self.emit(depth, 'try:', f'    run.done({line}, {value})')
            self.emit(depth, f'except BaseException as e{line}:')
            self.emit(depth, f'    if run.failed({line}, e{line}, {swallow}): raise')

    def block(self, depth, line, name, words, swallow):
        start = 1 if name.startswith('timeout') else 0
        values = list(words)
        if name in TIMED:
            values[start] = seconds(words[start])
        heads = [head.format(*values, line=line, names=words[1:]) for head in BLOCKS[name]]
        self.emit(depth, 'try:')
        self.emit(depth + 1, *heads)
        inside = f', run.names[b{line}]' if name == 'each' else ''
        within = depth + (3 if heads[-1][0] == ' ' else 2)
        self.emit(within, f'run.event({line}, "in"{inside})')
        self.body(within)
        self.emit(depth + 1, f'run.event({line}, "out")')
        self.emit(depth, f'except BaseException as e{line}:')
        self.emit(depth, f'    if run.failed({line}, e{line}, {swallow}): raise')

    def try_block(self, depth):
        self.emit(depth, 'try:')
        self.emit(depth + 1, 'try:')
        line, words = self.body(depth + 2)
        self.emit(depth + 1, f'except BaseException as e{line}:')
        if words[0] == 'except':
            self.emit(depth + 2, f'if not run.caught({line}, e{line}, {words[1]!r}): raise')
            line, words = self.body(depth + 2)
        else:
            self.emit(depth + 2, 'raise')
        if words[0] == 'finally':
            self.emit(depth, f'except BaseException as e{line}:')
            self.emit(depth + 1, f'raise raised_again(e{line})')
            self.emit(depth, 'finally:')
            self.body(depth + 1)
        else:
            self.emit(depth, 'finally: pass')


TIMED = ('timeout', 'timeoutat', 'each')


def translated(text):
    """The Python program that a program is: to be read, too."""
    return Translation(text).module()


def trace_of(text):
    """The trace of a program, as text."""
    asyncio._set_running_loop(None)  # Pyodide runs the browser's
    run = Run()
    names = dict(globals(), run=run)
    exec(compile(translated(text), 'program', 'exec'), names)
    sys.unraisablehook = lambda unraisable: None  # what is left is closed by the garbage collector
    return '\n'.join(contextvars.copy_context().run(run.all, names['declare'])) + '\n'
