import asyncio

async def cleans_up(name):
    try:
        await asyncio.sleep(10)
    finally:
        print(name, "cleans up")
        await asyncio.sleep(0.01)
        print(name, "is through")

kept = []

async def run():
    kept.append(asyncio.create_task(cleans_up("a")))
    await asyncio.sleep(0)
    print("main ends")
    return 0

print("run gave", asyncio.run(run()))
