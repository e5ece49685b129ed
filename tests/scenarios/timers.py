import asyncio

def callback(name):
    print("callback", name)

async def sleeper(tenths):
    await asyncio.sleep(tenths / 10)
    print("slept", tenths)
    return tenths

async def equal(name):
    await asyncio.sleep(0.05)
    print("equal", name)

async def run():
    loop = asyncio.get_running_loop()
    tasks = [asyncio.create_task(sleeper(n)) for n in (5, 1, 3)]
    loop.call_later(0.2, callback, "at 0.2")
    loop.call_at(loop.time() + 0.4, callback, "at 0.4")
    loop.call_later(0, callback, "at once")
    never = loop.call_later(0.25, callback, "never")
    loop.call_later(-1, callback, "in the past")
    same = [asyncio.create_task(equal(n)) for n in "xyz"]
    never.cancel()
    total = 0
    for task in tasks:
        total += await task
    for task in same:
        await task
    print("sum", total)

asyncio.run(run())
