import asyncio

async def consume(queue):
    while True:
        item = await queue.get()
        print("working on", item)
        await asyncio.sleep(0.02)
        queue.task_done()

async def run():
    queue = asyncio.Queue(2)
    one = asyncio.create_task(consume(queue))
    two = asyncio.create_task(consume(queue))
    for item in "ABCDEF":
        await queue.put(item)
    print(f"all are put, {queue.qsize()} wait")
    await queue.join()
    print("all are done")
    one.cancel()
    two.cancel()
    await asyncio.gather(one, two, return_exceptions=True)

asyncio.run(run())
