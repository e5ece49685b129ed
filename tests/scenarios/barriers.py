import asyncio

create = asyncio.create_task

async def worker(barrier, name):
    for turn in (1, 2):
        number = await barrier.wait()
        print(f"{name}, round {turn}: number {number}")

async def together(barrier):
    a = create(worker(barrier, "a"))
    b = create(worker(barrier, "b"))
    c = create(worker(barrier, "c"))
    await asyncio.sleep(0)
    await a
    await b
    await c
    print(f"waiting {barrier.n_waiting} of {barrier.parties}")

async def one_round(barrier, name):
    try:
        print(f"{name}: number {await barrier.wait()}")
    except asyncio.BrokenBarrierError as error:
        print(f"{name}: {error}")
    except asyncio.CancelledError as error:
        print(f"{name}: {error}")
        raise

async def reset(barrier):
    a = create(one_round(barrier, "a"))
    b = create(one_round(barrier, "b"))
    await asyncio.sleep(0)
    print("waiting", barrier.n_waiting)
    await barrier.reset()
    c = create(one_round(barrier, "c"))
    await a
    await b
    print("c waits:", barrier.n_waiting)
    c.cancel("c gives up")
    await asyncio.gather(c, return_exceptions=True)
    print("waiting", barrier.n_waiting)

async def broken(barrier):
    a = create(one_round(barrier, "a"))
    await asyncio.sleep(0)
    await barrier.abort()
    await a
    await one_round(barrier, "main")
    print("broken", int(barrier.broken))
    await barrier.reset()
    print("broken", int(barrier.broken))

async def run():
    barrier = asyncio.Barrier(3)
    await together(barrier)
    await reset(barrier)
    await broken(barrier)

asyncio.run(run())
