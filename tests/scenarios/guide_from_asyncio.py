import asyncio

async def brew(cup, seconds):
    await asyncio.sleep(seconds)
    if cup == "mocha":
        raise ValueError(f"no milk for a {cup}")
    return len(cup)

async def serve(orders):
    tasks = [asyncio.create_task(brew(*order), name=order[0]) for order in orders]
    async with asyncio.timeout(5):
        return await asyncio.gather(*tasks, return_exceptions=True)

async def run():
    orders = [("espresso", 0.02), ("mocha", 0.01), ("latte", 0.03)]
    results = await serve(orders)
    for (cup, _), result in zip(orders, results):
        print(f"{cup}: {'failed' if isinstance(result, Exception) else 'ready'}")

asyncio.run(run())
