import asyncio


async def readings(degrees):
    print("sensor on")
    try:
        while True:
            await asyncio.sleep(0.05)
            yield degrees
            degrees += 0.5
    finally:
        print("sensor off")


async def watch(limit):
    sensor = readings(20)
    async for reading in sensor:
        print(f"{reading:.1f} degrees")
        if reading > limit:
            break
    await sensor.aclose()


asyncio.run(watch(21))
