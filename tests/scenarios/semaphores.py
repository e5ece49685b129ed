import asyncio

create = asyncio.create_task
inside = 0

async def worker(semaphore, name):
    global inside
    try:
        await semaphore.acquire()
    except asyncio.CancelledError as error:
        print(f"{name}: {error}")
        raise
    inside += 1
    print(f"{name} is in, with {inside}")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    inside -= 1
    semaphore.release()

async def two_at_a_time():
    semaphore = asyncio.Semaphore(2)
    tasks = [create(worker(semaphore, name)) for name in "abcde"]
    await asyncio.sleep(0)
    print("locked", int(semaphore.locked()))
    for task in tasks:
        await task
    print(f"locked {int(semaphore.locked())}, value {semaphore._value}")

async def cancelled():
    semaphore = asyncio.Semaphore(0)
    a = create(worker(semaphore, "a"))
    b = create(worker(semaphore, "b"))
    c = create(worker(semaphore, "c"))
    await asyncio.sleep(0)
    a.cancel("a waited in vain")
    semaphore.release()
    b.cancel("b had the permit and gives it to c")
    for task in (a, b, c):
        await asyncio.gather(task, return_exceptions=True)
    print("value", semaphore._value)

async def run():
    await two_at_a_time()
    await cancelled()

asyncio.run(run())
