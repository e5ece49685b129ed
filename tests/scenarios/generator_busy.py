import asyncio


async def tries(generator):
    for name, call in (
        ("next", lambda: anext(generator)),
        ("throw", lambda: generator.athrow(Exception("thrown"))),
        ("close", lambda: generator.aclose()),
    ):
        try:
            await call()
        except RuntimeError as error:
            print(f"{name}: {error}")


async def slow(self):
    await tries(self[0])
    for i in range(2):
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        yield i


async def run():
    self = []
    generator = slow(self)
    self.append(generator)
    intruder = asyncio.create_task(tries(generator))
    async for value in generator:
        print("got", value)
    await intruder


asyncio.run(run())
