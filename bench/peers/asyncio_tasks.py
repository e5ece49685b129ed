"""The cases for Python's asyncio, on its own loop or on uvloop's. The argument after the loop is the
case. (Not named asyncio.py: it would import itself.)"""

import asyncio
import os
import random
import resource
import sys
from time import perf_counter

USAGE = (
    "usage: asyncio_tasks.py asyncio|uvloop step COUNT [0 [random]] | create one|batch | "
    "message ROOM | semaphore | sleeps | parked | stacks"
)
STEPS, STEPS_AT_LEAST = 500_000, 3
CREATED, BATCH = 100_000, 10_000
MESSAGES = 200_000
PASSING, PASSES, PERMITS = 1000, 100, 20
SLEEPING, SLEEPS = 100_000, 10
PARKED = 1_000_000


async def yield_for(rounds):
    for _ in range(rounds):
        await asyncio.sleep(0)


async def step(count, order="in turn"):
    rounds = max(STEPS // count, STEPS_AT_LEAST)
    loop = asyncio.get_running_loop()
    taken = 0.0

    async def member(begin, takes_time):
        nonlocal taken
        if begin:
            await begin
        await yield_for(rounds // 5 + 1)
        began = perf_counter()
        await yield_for(rounds)
        if takes_time:
            taken = perf_counter() - began

    begins = [loop.create_future() if order == "random" else None for _ in range(count)]
    tasks = [asyncio.create_task(member(begin, i == 0)) for i, begin in enumerate(begins)]
    if order == "random":
        await asyncio.sleep(0)
        for begin in random.sample(begins, count):
            begin.set_result(None)
    for task in tasks:
        await task
    return taken * 1e9 / rounds / count


async def nothing():
    pass


async def run_batches(count, size):
    for _ in range(0, count, size):
        tasks = [asyncio.create_task(nothing()) for _ in range(size)]
        for task in tasks:
            await task


async def create(size):
    await run_batches(CREATED // 5, size)
    began = perf_counter()
    await run_batches(CREATED, size)
    return (perf_counter() - began) * 1e9 / CREATED


async def message(room):
    queue = asyncio.Queue(room)

    async def produce():
        for _ in range(MESSAGES + MESSAGES // 5):
            await queue.put(queue)

    producer = asyncio.create_task(produce())
    for _ in range(MESSAGES // 5):
        await queue.get()
    began = perf_counter()
    for _ in range(MESSAGES):
        await queue.get()
    taken = perf_counter() - began
    await producer
    return taken * 1e9 / MESSAGES


async def pass_all():
    semaphore = asyncio.Semaphore(PERMITS)

    async def passing():
        for _ in range(PASSES):
            async with semaphore:
                await asyncio.sleep(0)

    await asyncio.gather(*[passing() for _ in range(PASSING)])


async def semaphore():
    await pass_all()
    began = perf_counter()
    await pass_all()
    return (perf_counter() - began) * 1e3


async def sleeps():
    async def sleeper():
        for _ in range(SLEEPS):
            await asyncio.sleep(random.random() * 0.01)

    tasks = [asyncio.create_task(sleeper()) for _ in range(SLEEPING)]
    for task in tasks:
        await task
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def resident_bytes():
    with open("/proc/self/status", encoding="utf-8") as status:
        line = next(line for line in status if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024


async def park_all(count):
    tasks = [asyncio.create_task(asyncio.sleep(1e6)) for _ in range(count)]
    await asyncio.sleep(0)
    return tasks


async def parked():
    before = resident_bytes()
    tasks = await park_all(PARKED)
    return (resident_bytes() - before) / len(tasks)


async def stacks():
    began = perf_counter()
    tasks = await park_all(SLEEPING)
    return (perf_counter() - began) * 1e6 / len(tasks)


def chosen(words):
    match words:
        case ["step", count, "0", "random"]:
            return step(int(count), "random")
        case ["step", count] | ["step", count, "0"]:
            return step(int(count))
        case ["create", ("one" | "batch") as how]:
            return create(1 if how == "one" else BATCH)
        case ["message", room]:
            return message(int(room))
        case [("semaphore" | "sleeps" | "parked" | "stacks") as name]:
            return globals()[name]()
    sys.exit(USAGE)


async def print_figure(case):
    print(f"{await case:.3f}", flush=True)
    os._exit(0)  # what is parked is not cancelled, which would take long


def main():
    if len(sys.argv) < 3 or sys.argv[1] not in ("asyncio", "uvloop"):
        sys.exit(USAGE)
    if sys.argv[1] == "uvloop":
        import uvloop

        uvloop.install()
    asyncio.run(print_figure(chosen(sys.argv[2:])))


main()
