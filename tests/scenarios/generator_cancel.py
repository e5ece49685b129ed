import asyncio



async def sleeps(name, seconds):
    try:
        await asyncio.sleep(seconds)
        print(f"{name}: ok")
    except asyncio.CancelledError:
        print(f"{name}: cancelled")
        raise


async def waits():
    await sleeps("producer", 10)
    yield 5


async def goes_on():
    while True:
        try:
            await sleeps("producer", 10)
        except asyncio.CancelledError:
            pass
        yield 5


async def passes_on(inner):
    try:
        value = await anext(inner)
        print("between: ok")
    except asyncio.CancelledError:
        print("between: cancelled")
        raise
    yield value


async def asks(generator):
    try:
        print("asker: got", await anext(generator))
    except asyncio.CancelledError:
        print("asker: cancelled")
        raise
    await asyncio.sleep(0)
    print("asker: then ok")


async def cancel_who_asks(generator):
    asker = asyncio.create_task(asks(generator))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    asker.cancel("enough")
    try:
        await asker
        print("outcome: ok")
    except asyncio.CancelledError:
        print("outcome: cancelled")


async def stop_at_close():
    try:
        yield 5
    except GeneratorExit:
        await sleeps("cleaning up", 10)
        raise


async def closes(generator):
    try:
        await generator.aclose()
        print("close: ok")
    except asyncio.CancelledError:
        print("close: cancelled")
        raise


async def cancel_who_closes():
    generator = stop_at_close()
    await anext(generator)
    closer = asyncio.create_task(closes(generator))
    await asyncio.sleep(0)
    closer.cancel()
    try:
        await closer
        print("outcome: ok")
    except asyncio.CancelledError:
        print("outcome: cancelled")


async def run():
    generator = waits()
    await cancel_who_asks(generator)
    print("then:", await anext(generator, 0))
    generator = goes_on()
    await cancel_who_asks(generator)
    await generator.aclose()
    await cancel_who_asks(passes_on(waits()))
    await cancel_who_closes()


asyncio.run(run())
