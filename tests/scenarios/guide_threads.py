import asyncio
from concurrent.futures import ThreadPoolExecutor


async def ask(part):
    await asyncio.sleep(0.01)
    return 1000 * part


def count_primes(loop, part):
    limit = asyncio.run_coroutine_threadsafe(ask(part), loop).result()
    count = sum(all(n % divisor for divisor in range(2, n)) for n in range(2, limit))
    loop.call_soon_threadsafe(print, f"part {part} is counted")
    return count


async def run(pool):
    loop = asyncio.get_running_loop()
    for part in (1, 2, 3):
        count = await loop.run_in_executor(pool, count_primes, loop, part)
        print(f"{count} primes below {1000 * part}")


with ThreadPoolExecutor(2) as pool:
    asyncio.run(run(pool))
