import asyncio

running = peak = 0

async def download(permits, file):
    global running, peak
    async with permits:
        running += 1
        peak = max(peak, running)
        print(file, "begins")
        await asyncio.sleep(0.02)
        running -= 1

async def run():
    permits = asyncio.Semaphore(2)
    files = ["red", "green", "blue", "white", "black"]
    tasks = [asyncio.create_task(download(permits, file)) for file in files]
    for task in tasks:
        await task
    print(f"never more than {peak} at once")

asyncio.run(run())
