import asyncio

create = asyncio.create_task
stock = 0

async def waiter(condition, name):
    async with condition:
        await condition.wait()
        print(f"{name} woke, locked {int(condition.locked())}")

async def notify(condition, count):
    async with condition:
        condition.notify(count)

async def some_and_all(condition):
    tasks = [create(waiter(condition, name)) for name in "abcd"]
    await asyncio.sleep(0)
    await notify(condition, 1)
    await tasks[0]
    print("one woke:", int(not tasks[1].done()))
    await notify(condition, 2)
    await tasks[1]
    await tasks[2]
    async with condition:
        condition.notify_all()
        print("all are notified, but main has the lock")
        await asyncio.sleep(0)
    await tasks[3]

async def buyer(condition, wanted):
    global stock
    async with condition:
        found = await condition.wait_for(lambda: stock if stock >= wanted else 0)
        stock -= wanted
        print(f"wanted {wanted}, found {found}")

async def until_it_is_so(condition):
    global stock
    a = create(buyer(condition, 3))
    b = create(buyer(condition, 2))
    for _ in range(5):
        await asyncio.sleep(0)
        async with condition:
            stock += 1
            print("stock", stock)
            condition.notify_all()
        await asyncio.sleep(0)
    await a
    await b

async def run():
    condition = asyncio.Condition()
    await some_and_all(condition)
    await until_it_is_so(condition)

asyncio.run(run())
