import asyncio


async def tidy():
    try:
        yield 1
    except GeneratorExit:
        print("cleaning up")
        await asyncio.sleep(0.01)
        print("cleaned up")
        raise


async def stubborn():
    for value in 1, 2:
        try:
            yield value
        except GeneratorExit:
            print("stubborn: the generator is closed")
        except Exception as error:
            print("stubborn:", error)


async def fails_at_close():
    try:
        yield 1
    except GeneratorExit:
        raise Exception("not clean")


async def ends_well():
    try:
        yield 1
    except GeneratorExit:
        pass


async def show(call, coroutine):
    try:
        value = await coroutine
        print(f"{call}: ended" if value is None else f"{call}: got {value}")
    except StopAsyncIteration:
        print(f"{call}: ended")
    except Exception as error:
        print(f"{call}: {error}")


async def next(generator):
    await show("next", anext(generator))


async def throw(generator, message):
    await show("throw", generator.athrow(Exception(message)))


async def closes(generator):
    try:
        await generator.aclose()
        print("close: closed")
    except Exception as error:
        print(f"close: {error}")


async def closed_at_a_yield(producer):
    generator = producer()
    await next(generator)
    await closes(generator)
    await closes(generator)
    await next(generator)


async def unstarted():
    generator = tidy()
    await closes(generator)
    await next(generator)
    generator = tidy()
    await throw(generator, "too early")
    await next(generator)


async def thrown_into():
    generator = stubborn()
    await next(generator)
    await throw(generator, "first")
    await throw(generator, "second")
    await throw(generator, "after its end")
    await closes(generator)
    generator = tidy()
    await next(generator)
    await throw(generator, "passed on")
    await next(generator)


async def ignores_its_closing():
    generator = stubborn()
    await next(generator)
    await closes(generator)
    await next(generator)
    await closes(generator)


async def run():
    await closed_at_a_yield(tidy)
    await closed_at_a_yield(fails_at_close)
    await closed_at_a_yield(ends_well)
    await unstarted()
    await thrown_into()
    await ignores_its_closing()


asyncio.run(run())
