import asyncio

class NoLuck(Exception):
    pass

async def waiter(promise, name):
    try:
        result = await promise
    except NoLuck:
        result = -1000
    print(name, "got", result)

async def waits_for_cancelled(promise):
    try:
        await promise
        print("waiter: not cancelled")
    except asyncio.CancelledError:
        print("waiter: cancelled")
        raise

def on_done(name):
    return lambda future: print(f"callback {name}: done", int(future.done()))

def raises_invalid(call, *args):
    try:
        call(*args)
        return 0
    except asyncio.InvalidStateError:
        return 1

async def run():
    create = asyncio.create_task
    new = asyncio.get_running_loop().create_future
    promise = new()
    promise.add_done_callback(on_done("one"))
    a = create(waiter(promise, "a"))
    b = create(waiter(promise, "b"))
    await asyncio.sleep(0)
    promise.add_done_callback(on_done("two"))
    removed = on_done("removed")
    promise.add_done_callback(removed)
    promise.add_done_callback(removed)
    print("too early:", raises_invalid(promise.result))
    print("removed", promise.remove_done_callback(removed))
    promise.set_result(42)
    print("set 0")
    print("set again:", raises_invalid(promise.set_result, 43))
    print("cancel:", int(promise.cancel()))
    promise.add_done_callback(on_done("late"))
    await a
    await b
    await asyncio.sleep(0)
    print("awaited when done:", await promise)

    promise = new()
    a = create(waiter(promise, "a"))
    await asyncio.sleep(0)
    promise.set_exception(NoLuck())
    await a
    try:
        promise.result()
    except NoLuck:
        print("error -1000")

    promise = new()
    a = create(waits_for_cancelled(promise))
    await asyncio.sleep(0)
    print("cancel:", int(promise.cancel()))
    try:
        await a
        print("waiter's end: not cancelled")
    except asyncio.CancelledError:
        print("waiter's end: cancelled")

asyncio.run(run())
