import asyncio

print('no task: SP_ENOTASK')
print('close does no harm: 5')


def name(error):
    if error is None:
        return 'SP_OK'
    kinds = {asyncio.CancelledError: 'SP_ECANCELED', TimeoutError: 'SP_ETIMEDOUT', OSError: 'SP_EIO'}
    return kinds[type(error)]


def say(what, error):
    print(f'{what}: {name(error)}, cancelling {asyncio.current_task().cancelling()}')


async def nested(outer_seconds, inner_seconds):
    seen = None
    outer, inner = asyncio.timeout(outer_seconds), None
    try:
        async with outer:
            inner = asyncio.timeout(inner_seconds)
            try:
                async with inner:
                    await asyncio.sleep(1)
            except BaseException as error:
                say('inner', error)
                raise
    except BaseException as error:
        seen = error
    say('outer', seen)
    print(f'expired: outer {outer.expired():d}, inner {inner.expired():d}')


async def moved():
    loop = asyncio.get_running_loop()
    limit = asyncio.timeout(None)
    try:
        async with limit:
            print(f'never: {limit.when() is None:d}')
            limit.reschedule(loop.time() + 0.01)
            print('a NaN: SP_EINVAL')
            try:
                await asyncio.sleep(1)
            except asyncio.CancelledError:
                try:
                    limit.reschedule(0)
                except RuntimeError as error:
                    print(f'over: {error}'.replace('<', '').replace('>', ''))
                raise
    except TimeoutError as error:
        say('moved', error)
    try:
        limit.reschedule(0)
    except RuntimeError as error:
        print(f'closed: {error}'.replace('<', '').replace('>', ''))


async def limited_by(what, limit, body):
    seen = None
    try:
        async with limit:
            await body()
    except BaseException as error:
        seen = error
    say(what, seen)
    return seen


async def past():
    async def quick():
        pass

    async def slow():
        await asyncio.sleep(0.1)

    async def another_error():
        try:
            await slow()
        except asyncio.CancelledError:
            pass
        raise OSError

    async def get_over_it():
        try:
            await slow()
        except asyncio.CancelledError:
            pass

    now = asyncio.get_running_loop().time()
    await limited_by('too quick', asyncio.timeout(0), quick)
    await limited_by('past', asyncio.timeout_at(now - 1), slow)
    await limited_by('another error', asyncio.timeout(-1), another_error)
    await limited_by('got over it', asyncio.timeout(-1), get_over_it)


async def limited():
    async def body():
        try:
            await asyncio.sleep(1)
        except asyncio.CancelledError:
            pass
        asyncio.current_task().cancel('from elsewhere')
        await asyncio.sleep(1)

    await limited_by('cancelled from elsewhere, too', asyncio.timeout(0.01), body)


async def run():
    await nested(5, 0.01)
    await nested(0.01, 5)
    await nested(0.01, 0.01)
    await moved()
    await past()
    await asyncio.create_task(limited())


asyncio.run(run())
