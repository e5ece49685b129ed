import asyncio


def stops(loop):
    print("stopping")
    loop.call_soon(print, "after the run that was stopped")
    loop.stop()
    print("running still:", int(loop.is_running()))


async def answers(loop):
    print("in its loop:", int(asyncio.get_running_loop() is loop))
    await asyncio.sleep(0)
    return 42


class Failed(Exception):
    pass


async def fails():
    raise Failed("no answer")


async def stops_and_sleeps(loop):
    loop.stop()
    await asyncio.sleep(0)
    print("goes on in the next run")
    return 5


def until_complete(loop):
    task = loop.create_task(answers(loop))
    print("running:", int(loop.is_running()))
    print("first:", loop.run_until_complete(task))
    print("done already:", loop.run_until_complete(task))
    try:
        loop.run_until_complete(fails())
    except Failed as error:
        print(f"error: -1000, {error}")
    future = loop.create_future()
    future.set_result(7)
    print("future:", loop.run_until_complete(future))


def stopped_before_it_is_done(loop):
    task = loop.create_task(stops_and_sleeps(loop))
    try:
        loop.run_until_complete(task)
    except RuntimeError as error:
        print(f"refused: 1, {error}")
    print("again:", loop.run_until_complete(task))


def for_ever(loop):
    loop.call_soon(print, "first")
    loop.call_later(0.01, stops, loop)
    loop.run_forever()
    print("stopped")
    loop.stop()
    loop.run_forever()
    print("one iteration")


def many_came_in_the_last_iteration(loop):
    began = []

    async def begins():
        began.append(1)

    def makes_many_and_stops():
        tasks.extend(loop.create_task(begins()) for _ in range(500))
        loop.stop()

    tasks = []
    loop.call_soon(makes_many_and_stops)
    loop.call_soon(print, "in the same iteration")
    loop.run_forever()
    print("began:", len(began))
    loop.stop()
    loop.run_forever()
    print("began:", len(began))


loop = asyncio.new_event_loop()
until_complete(loop)
stopped_before_it_is_done(loop)
for_ever(loop)
many_came_in_the_last_iteration(loop)
print("closed:", int(loop.is_closed()))
loop.close()
loop.close()
print("closed:", int(loop.is_closed()))
for name, call in ("run", loop.run_forever), ("call_soon", lambda: loop.call_soon(print, "never")):
    try:
        call()
    except RuntimeError as error:
        print(f"{name}: {error}")
