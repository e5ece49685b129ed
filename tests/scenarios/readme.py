import asyncio

async def say(word):
    await asyncio.sleep(1)
    print(word)

async def both(word):
    other = asyncio.create_task(say("world"))
    await say(word)
    await other

asyncio.run(both("hello"))
