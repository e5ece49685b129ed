import asyncio

create = asyncio.create_task

async def producer(queue):
    for letter in "ABCDE":
        await queue.put(letter)
        print(f"put {letter}, size {queue.qsize()}")

async def consumer(queue, name):
    try:
        print(name, "got", await queue.get())
    except asyncio.CancelledError as error:
        print(f"{name}: {error}")
        raise

async def end(task):
    await asyncio.gather(task, return_exceptions=True)

async def a_full_queue():
    queue = asyncio.Queue(2)
    task = create(producer(queue))
    await asyncio.sleep(0)
    try:
        queue.put_nowait("F")
    except asyncio.QueueFull:
        print(f"full {int(queue.full())}, refused 1, maxsize {queue.maxsize}")
    for _ in range(5):
        await consumer(queue, "main")
    await task
    try:
        queue.get_nowait()
    except asyncio.QueueEmpty:
        print(f"empty {int(queue.empty())}, refused 1")

async def an_empty_queue():
    queue = asyncio.Queue()
    a, b, c, d = (create(consumer(queue, name)) for name in "abcd")
    await asyncio.sleep(0)
    a.cancel("a waited in vain")
    queue.put_nowait("A")
    b.cancel("b was woken, and c gets it")
    await end(a)
    await end(b)
    await end(c)
    queue.put_nowait("B")
    print("main is quicker than d")
    await consumer(queue, "main")
    await asyncio.sleep(0)
    queue.put_nowait("C")
    await d

async def worker(queue):
    while True:
        item = await queue.get()
        await asyncio.sleep(0)
        print("done with", item)
        queue.task_done()

async def until_all_is_done():
    queue = asyncio.Queue()
    for letter in "ABC":
        await queue.put(letter)
    task = create(worker(queue))
    await queue.join()
    print("join 0")
    task.cancel()
    await end(task)
    await queue.join()
    print("join again 0")

async def run():
    await a_full_queue()
    await an_empty_queue()
    await until_all_is_done()

asyncio.run(run())
