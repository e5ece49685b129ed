import asyncio

MENU = [('soup', 0.08, 4), ('salad', 0.02, 5), ('pasta', 0.05, 9)]


async def cook(name, seconds, price):
    await asyncio.sleep(seconds)
    return price


def order():
    return [asyncio.create_task(cook(*dish)) for dish in MENU]


async def dinner():
    prices = await asyncio.gather(*order())
    for (name, _, _), price in zip(MENU, prices):
        print(f'{name}: {price}')

    for done in asyncio.as_completed(order()):
        print(f'served for {await done}')


asyncio.run(dinner())
