import asyncio


async def level(depth):
    try:
        if depth == 0:
            await asyncio.sleep(3600)
        else:
            await asyncio.create_task(level(depth - 1))
    except asyncio.CancelledError:
        print(f"{depth}: SP_ECANCELED, asked {asyncio.current_task().cancelling()} times")
        raise


async def awaits(task):
    try:
        await task
    except asyncio.CancelledError:
        print(f"another: SP_ECANCELED, asked {asyncio.current_task().cancelling()} times")
        raise


async def run():
    outermost = asyncio.create_task(level(3))
    asyncio.create_task(awaits(outermost))
    for _ in range(6):
        await asyncio.sleep(0)


asyncio.run(run())
