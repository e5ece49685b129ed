import asyncio


class Four(Exception):
    pass


def name(result):
    if isinstance(result, asyncio.CancelledError):
        return 'SP_ECANCELED'
    return 'error' if isinstance(result, Four) else 'SP_OK'


async def steps(number):
    for _ in range(number):
        try:
            await asyncio.sleep(0)
        except asyncio.CancelledError as error:
            print(f'  {number} cancelled: {error or "cancelled"}')
            raise
    print(f'  {number} done')
    if number == 4:
        raise Four('four failed')
    return number


def start(total):
    return [asyncio.create_task(steps(count)) for count in (3, 1, 2, 4, 6)[:total]]


async def say(what, awaitable):
    try:
        result = await awaitable
        print(f'{what}: SP_OK')
        return result
    except (Four, asyncio.CancelledError) as error:
        print(f'{what}: {name(error)}, {error or "cancelled"}')


async def gathers(all):
    try:
        await asyncio.gather(*start(2), return_exceptions=all)
    except asyncio.CancelledError as error:
        print(f'gathering: SP_ECANCELED, {error}')
        raise


async def cancelled(all):
    task = asyncio.create_task(gathers(all))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    task.cancel('enough')
    await say('cancelled', task)


async def run():
    tasks = start(3)
    print(*await say('well', asyncio.gather(*tasks, tasks[0])))
    await say('nothing', asyncio.gather())

    tasks = start(5)
    await say('one fails', asyncio.gather(*tasks))
    print(f'the last goes on: {await tasks[4]}')

    tasks = start(4)
    tasks[2].cancel()
    results = await say('all', asyncio.gather(*tasks, return_exceptions=True))
    print(*(name(result) for result in results), end=' \n')

    tasks = start(4)
    for _ in range(7):
        await asyncio.sleep(0)
    await say('failed before', asyncio.gather(*tasks))

    await cancelled(False)
    await cancelled(True)


asyncio.run(run())
