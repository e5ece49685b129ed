import asyncio

async def sleepy(name):
    print(name, "starts")
    try:
        await asyncio.sleep(10)
        print(f"{name}: woke")
    except asyncio.CancelledError:
        print(f"{name}: cancelled")
        raise

async def refuses():
    try:
        await asyncio.sleep(10)
        print("refuses: woke")
    except asyncio.CancelledError:
        print("refuses: asked to stop, goes on")
    await asyncio.sleep(0.01)
    print("refuses: next sleep gives 0")
    return 7

async def cleans_up():
    try:
        await asyncio.sleep(10)
    finally:
        print("cleaning up")
        await asyncio.sleep(0.02)
        print("cleaned up")

async def awaits(inner):
    try:
        await inner
        print("awaits: done")
    except asyncio.CancelledError:
        print("awaits: cancelled")
        raise

async def cancels_itself():
    asyncio.current_task().cancel()
    print("itself: still running")
    try:
        await asyncio.sleep(0)
        print("itself: not cancelled")
    except asyncio.CancelledError:
        print("itself: cancelled")
        await asyncio.sleep(0)
        print("itself: then 0")
        raise

async def ends_at_once():
    asyncio.current_task().cancel()
    return 5

class Failure(Exception):
    pass

async def fails_when_cancelled():
    asyncio.current_task().cancel()
    raise Failure()

async def outcome(task):
    try:
        await task
        return "a result"
    except asyncio.CancelledError:
        return "cancelled"

async def run():
    create = asyncio.create_task
    task = create(sleepy("unborn"))
    print("asked:", int(task.cancel()))
    print("before its start:", await outcome(task))

    task = create(sleepy("sleeper"))
    await asyncio.sleep(0)
    task.cancel()
    print("cancelled already:", int(task.cancelled()))
    print("while it sleeps:", await outcome(task))
    print("asked again:", int(task.cancel()))
    print("cancelled now:", int(task.cancelled()))

    task = create(refuses())
    await asyncio.sleep(0)
    task.cancel()
    task.cancel()
    print("cancelling", task.cancelling())
    for _ in range(3):
        print("uncancel", task.uncancel())
    print("refused:", await task)

    inner = create(cleans_up())
    outer = create(awaits(inner))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    outer.cancel()
    print("through a chain:", await outcome(outer))
    print("inner cancelled:", int(inner.cancelled()))

    print("cancels itself:", await outcome(create(cancels_itself())))
    print("ends at once:", await outcome(create(ends_at_once())))
    try:
        await create(fails_when_cancelled())
    except Failure:
        print("fails: -1000")

asyncio.run(run())
