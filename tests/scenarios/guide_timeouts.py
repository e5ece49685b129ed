import asyncio


async def slow():
    try:
        await asyncio.sleep(1)
    except asyncio.CancelledError:
        print('  slow: cleaning up')
        raise


async def two_naps(seconds):
    async with asyncio.timeout(1):
        await asyncio.sleep(seconds)
        await asyncio.sleep(seconds)
    return 0


async def supervise():
    try:
        await asyncio.wait_for(slow(), 0.02)
    except TimeoutError:
        print('wait_for: timed out')

    print('two short naps:', await two_naps(0.01))
    try:
        await two_naps(0.6)
    except TimeoutError:
        print('two long naps: SP_ETIMEDOUT')


asyncio.run(supervise())
