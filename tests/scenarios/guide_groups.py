import asyncio


async def work(name, seconds, fails):
    try:
        await asyncio.sleep(seconds)
    except asyncio.CancelledError:
        print(f'{name}: cancelled')
        raise
    print(f'{name}: {"fails" if fails else "done"}')
    if fails:
        raise OSError(f'{name} broke')


async def together(*jobs):
    async with asyncio.TaskGroup() as group:
        for job in jobs:
            group.create_task(work(*job))
    return 0


async def factory():
    print('the first group:', await together(('saw', 0.02, False), ('drill', 0.01, False)))
    try:
        await together(('lathe', 1, False), ('press', 0.02, True))
    except* OSError as group:
        print('the second group: SP_EGROUP')
        for error in group.exceptions:
            print(f'  {error}')


asyncio.run(factory())
