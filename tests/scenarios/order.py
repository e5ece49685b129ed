import asyncio

def callback(name):
    print("callback", name)

async def worker(name):
    for i in range(3):
        print(name, i)
        await asyncio.sleep(0)
    asyncio.get_running_loop().call_soon(callback, name)
    print(name, "ends")
    return 0

async def run():
    loop = asyncio.get_running_loop()
    loop.call_soon(callback, "first")
    a = asyncio.create_task(worker("a"))
    loop.call_soon(callback, "second")
    b = asyncio.create_task(worker("b"))
    never = loop.call_soon(callback, "never")
    never.cancel()
    print("main waits")
    print("a gave", await a)
    print("b gave", await b)
    never.cancel()
    print("main ends")

asyncio.run(run())
