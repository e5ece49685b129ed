import asyncio


def work(loop):
    loop.call_soon_threadsafe(print, "first")
    loop.call_soon_threadsafe(print, "second")
    return 42


def ring(loop, rung):
    loop.call_soon_threadsafe(rung.set_result, 7)


async def run():
    loop = asyncio.get_running_loop()
    print(f"result: {await asyncio.to_thread(work, loop)}")

    rung = loop.create_future()
    ringer = asyncio.create_task(asyncio.to_thread(ring, loop, rung))
    print(f"rung: {await rung}")
    await ringer

    print("on the loop's own thread:")
    loop.call_soon(print, "a")
    cancelled = loop.call_soon_threadsafe(print, "never")
    loop.call_soon_threadsafe(print, "b")
    loop.call_soon(print, "c")
    cancelled.cancel()
    await asyncio.sleep(0)
    print("end")


asyncio.run(run())
