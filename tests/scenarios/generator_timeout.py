import asyncio


async def slower_each_time():
    try:
        for i in range(3):
            await asyncio.sleep(i * 0.1)
            yield i
        print("producer: ok")
    except asyncio.CancelledError:
        print("producer: cancelled")
        raise


async def patient():
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        print("first wait: cancelled")
    yield 2


async def ask(generator, seconds):
    try:
        async with asyncio.timeout(seconds):
            value = await anext(generator)
        print("got", value)
        return True
    except TimeoutError:
        print("timed out")
    except StopAsyncIteration:
        print("the end")
    return False


async def run():
    generator = slower_each_time()
    while await ask(generator, 0.05):
        pass
    await ask(generator, 0.05)
    generator = patient()
    await ask(generator, 0.01)
    await ask(generator, 0.01)


asyncio.run(run())
