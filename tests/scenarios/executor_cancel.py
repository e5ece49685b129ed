import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

begun = threading.Event()
go = threading.Event()


def blocks():
    begun.set()
    go.wait()
    print("ran on")


async def in_pool(fn, *args):
    await asyncio.get_running_loop().run_in_executor(pool, fn, *args)
    return 0


async def run():
    running = asyncio.create_task(in_pool(blocks))
    queued = asyncio.create_task(in_pool(print, "never"))
    last = asyncio.create_task(in_pool(print, "last"))
    while not begun.is_set():
        await asyncio.sleep(0.001)

    queued.cancel("not needed")
    try:
        await queued
    except asyncio.CancelledError as error:
        print(f"queued: SP_ECANCELED: {error}")
    running.cancel()
    try:
        await running
    except asyncio.CancelledError:
        print("running: SP_ECANCELED")
    go.set()
    print(f"last: {await last}")

    begun.clear()
    go.clear()
    blocked = asyncio.create_task(in_pool(blocks))
    while not begun.is_set():
        await asyncio.sleep(0.001)
    go.set()


with ThreadPoolExecutor(1) as pool:
    asyncio.run(run())
print("end")
