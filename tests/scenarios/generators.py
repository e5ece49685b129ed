import asyncio


async def rest(iterations):
    for _ in range(iterations):
        await asyncio.sleep(0)


async def count(name):
    print(name, "begins")
    for i in range(3):
        await rest(4)
        yield i
        print(name, "goes on")
    print(name, "ends")


async def ask(generator):
    try:
        print("got", await anext(generator))
        return True
    except StopAsyncIteration:
        print("the end")
    except Exception as error:
        print(f"error: {error}")
    return False


async def tick():
    for i in range(4):
        print("tick", i)
        await rest(3)


async def beside_a_task():
    ticks = asyncio.create_task(tick())
    generator = count("count")
    while await ask(generator):
        pass
    await ask(generator)
    await ticks


async def fails():
    yield 1
    raise Exception("no more numbers")


async def an_error_comes_once():
    generator = fails()
    await ask(generator)
    await ask(generator)
    await ask(generator)


async def at_once():
    for i in range(4):
        yield i


async def squares(inner):
    async for value in inner:
        yield value * value


async def says(text):
    print(text)


async def in_one_another():
    other = asyncio.create_task(says("another task"))
    outer = squares(at_once())
    while await ask(outer):
        pass
    await other


async def by_several_tasks():
    generator = count("shared")
    await asyncio.create_task(ask(generator))
    await ask(generator)
    await asyncio.create_task(ask(generator))
    await ask(generator)


async def run():
    await beside_a_task()
    await an_error_comes_once()
    await in_one_another()
    await by_several_tasks()
    count("never")


asyncio.run(run())
