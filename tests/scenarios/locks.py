import asyncio

create = asyncio.create_task

async def worker(lock, name):
    try:
        await lock.acquire()
    except asyncio.CancelledError as error:
        print(f"{name}: {error}")
        raise
    print(name, "has it")
    await asyncio.sleep(0)
    print(name, "lets go")
    lock.release()

async def outcome(task, name):
    try:
        await task
        print(f"{name}: not cancelled")
    except asyncio.CancelledError:
        print(f"{name}: cancelled")

async def run():
    lock = asyncio.Lock()
    a = create(worker(lock, "a"))
    b = create(worker(lock, "b"))
    await asyncio.sleep(0)
    print("main asks while a has it: locked", int(lock.locked()))
    await worker(lock, "main")
    await a
    await b
    print("locked", int(lock.locked()))

    await lock.acquire()
    a = create(worker(lock, "a"))
    await asyncio.sleep(0)
    lock.release()
    print("released, and a has not run: locked", int(lock.locked()))
    await worker(lock, "main")
    await a

    await lock.acquire()
    a = create(worker(lock, "a"))
    b = create(worker(lock, "b"))
    await asyncio.sleep(0)
    a.cancel("a is not needed")
    lock.release()
    await outcome(a, "a")
    await b

    await lock.acquire()
    a = create(worker(lock, "a"))
    b = create(worker(lock, "b"))
    await asyncio.sleep(0)
    lock.release()
    a.cancel("too late for a")
    await outcome(a, "a")
    await b

asyncio.run(run())
