"""The same download as bench/programs/download.c, with aiohttp on uvloop.

    aiohttp_download.py LIST BASE CONCURRENT FOLDER [executor]

Saves each file in the loop, which is the faster; with "executor" in asyncio's default threads.
"""

import asyncio
import sys

import aiohttp
import uvloop


def save(path, body):
    with open(path, "wb") as file:
        file.write(body)


async def download(session, turns, base, path, folder, in_executor):
    try:
        async with session.get(f"{base}/{path}") as response:
            if response.status != 200:
                raise RuntimeError(f"{path}: status {response.status}")
            body = await response.read()
    finally:
        turns.release()
    if in_executor:
        await asyncio.get_running_loop().run_in_executor(None, save, f"{folder}/{path}", body)
    else:
        save(f"{folder}/{path}", body)


async def main(paths, base, concurrent, folder, in_executor):
    turns = asyncio.Semaphore(concurrent)
    connector = aiohttp.TCPConnector(limit=concurrent)
    async with aiohttp.ClientSession(connector=connector) as session:
        tasks = []
        for path in paths:
            await turns.acquire()
            tasks.append(
                asyncio.create_task(download(session, turns, base, path, folder, in_executor))
            )
        await asyncio.gather(*tasks)


with open(sys.argv[1]) as lines:
    wanted = lines.read().split()
uvloop.install()
asyncio.run(main(wanted, sys.argv[2], int(sys.argv[3]), sys.argv[4], sys.argv[5:] == ["executor"]))
