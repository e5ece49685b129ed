import asyncio


async def works():
    print("works: begins")
    try:
        await asyncio.sleep(0)
    except asyncio.CancelledError:
        print("works: SP_ECANCELED")
        raise
    print("works: SP_OK")
    return 5


async def watch(task, iterations):
    for i in range(iterations):
        print(f"{i}: done {int(task.done())}")
        await asyncio.sleep(0)


async def run():
    loop = asyncio.get_running_loop()
    loop.call_soon(print, "a")
    task = asyncio.run_coroutine_threadsafe(works(), loop)
    loop.call_soon(print, "b")
    await watch(task, 5)
    print(f"result: {task.result(0)}")

    print("cancelled before it began")
    task = asyncio.run_coroutine_threadsafe(works(), loop)
    print(f"cancel: {int(task.cancel())}")
    await watch(task, 5)
    print(f"result: {'SP_ECANCELED' if task.cancelled() else 'other'}")

    print("cancelled while it runs, and let go")
    task = asyncio.run_coroutine_threadsafe(works(), loop)
    await watch(task, 2)
    print(f"cancel: {int(task.cancel())}")
    loop.call_soon(print, "c")
    del task
    for i in range(3):
        print(i)
        await asyncio.sleep(0)


asyncio.run(run())
