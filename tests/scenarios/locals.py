import asyncio
from contextvars import ContextVar

word = ContextVar("word", default="nothing")
other = ContextVar("other", default="no other")


def show(who):
    print(f"{who}: {word.get()}, {other.get()}")


async def child(name):
    show(name)
    word.set("the child's")
    await asyncio.sleep(0)
    show(name)


def sets_its_own(name):
    show(name)
    word.set("the callback's")
    show(name)


kept = set()


def schedules(name):
    word.set("set in a callback")
    asyncio.get_running_loop().call_soon(sets_its_own, "called from a callback")
    kept.add(asyncio.create_task(child("task from a callback")))
    word.set("set later")
    show(name)


def when_done(name):
    def callback(future):
        show(name)
        word.set("the done-callback's")

    return callback


async def in_tasks():
    word.set("one")
    first = asyncio.create_task(child("first"))
    word.set("two")
    second = asyncio.create_task(child("second"))
    word.set("three")
    await first
    await second
    show("creator")


async def in_callbacks():
    loop = asyncio.get_running_loop()
    word.set("soon")
    loop.call_soon(sets_its_own, "call_soon")
    loop.call_soon(schedules, "schedules")
    for _ in range(3):
        await asyncio.sleep(0)
    word.set("later")
    loop.call_later(0.01, sets_its_own, "call_later")
    word.set("meanwhile")
    await asyncio.sleep(0.02)
    show("scheduler")


async def in_done_callbacks():
    future = asyncio.get_running_loop().create_future()
    word.set("added first")
    future.add_done_callback(when_done("first callback"))
    word.set("added second")
    future.add_done_callback(when_done("second callback"))
    word.set("when it is done")
    future.set_result(0)
    await asyncio.sleep(0)


async def one_more():
    show("producer")
    word.set("the producer's")
    yield


async def in_generators():
    generator = one_more()
    word.set("whoever asks")
    await anext(generator)
    show("asker")
    await anext(generator, None)


async def several_variables():
    other.set("another")
    task = asyncio.create_task(child("inherits both"))
    word.set("again")
    other.set("again")
    await task
    show("both")


async def run():
    show("main")
    await in_tasks()
    await in_callbacks()
    await in_done_callbacks()
    await in_generators()
    await several_variables()


asyncio.run(run())
