import asyncio


async def fails(message):
    await asyncio.sleep(0)
    raise Exception(message)


async def inner():
    async with asyncio.TaskGroup() as group:
        group.create_task(fails("inner one"))
        group.create_task(fails("inner two"))


async def outer():
    async with asyncio.TaskGroup() as group:
        group.create_task(inner())
        await asyncio.sleep(0)
        raise Exception("the body")


async def outermost():
    async with asyncio.TaskGroup() as group:
        group.create_task(inner())


def show(group, depth):
    for error in group.exceptions:
        is_group = isinstance(error, BaseExceptionGroup)
        print("  " * depth + ("a group" if is_group else str(error)))
        if is_group:
            show(error, depth + 1)


async def awaited(function):
    try:
        await asyncio.create_task(function())
    except BaseExceptionGroup as group:
        print(1)
        show(group, 1)


async def run():
    print("none: 1")
    await awaited(inner)
    await awaited(outer)
    await awaited(outermost)
    task = asyncio.create_task(inner())
    for _ in range(6):
        await asyncio.sleep(0)
    print("gone: 1")
    print("exception:", int(isinstance(task.exception(), BaseExceptionGroup)))
    show(task.exception(), 1)


asyncio.run(run())
print("outside tasks: 1")
