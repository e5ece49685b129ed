import asyncio

create = asyncio.create_task

async def waiter(event, name):
    try:
        await event.wait()
        print(f"{name}: it happened, set {int(event.is_set())}")
    except asyncio.CancelledError as error:
        print(f"{name}: {error}, set {int(event.is_set())}")
        raise

async def end(task):
    await asyncio.gather(task, return_exceptions=True)

async def run():
    event = asyncio.Event()
    a = create(waiter(event, "a"))
    b = create(waiter(event, "b"))
    c = create(waiter(event, "c"))
    await asyncio.sleep(0)
    b.cancel("b gives up")
    event.set()
    event.set()
    event.clear()
    d = create(waiter(event, "d"))
    await end(a)
    await end(b)
    await end(c)
    print("d waits:", int(not d.done()))
    event.set()
    await waiter(event, "main")
    await end(d)

    event.clear()
    e = create(waiter(event, "e"))
    await asyncio.sleep(0)
    event.set()
    e.cancel("too late")
    await end(e)

asyncio.run(run())
