import asyncio

kept = []


async def tidy(name):
    try:
        yield name
    except asyncio.CancelledError:
        print(f"{name}: cancelled")
        raise
    except GeneratorExit:
        print(f"{name}: the generator is closed")
        await asyncio.sleep(0)
        print(f"{name}: cleaned up")
        if name == "last":
            raise Exception(f"{name} fails")
        raise


async def begun(name):
    generator = tidy(name)
    print(await anext(generator), "begun")
    return generator


async def run():
    await begun("first")
    for i in range(5):
        print(i)
        await asyncio.sleep(0)
    kept.append(await begun("last"))
    await begun("late")
    kept.append(tidy("never begun"))
    print("the end")


asyncio.run(run())
