import asyncio

class Item:
    def __init__(self, priority, number):
        self.priority = priority
        self.number = number

    def __lt__(self, other):
        return self.priority < other.priority

def show(name, queue):
    print(f"{name}:", end="")
    for i in range(40):
        queue.put_nowait(Item(i * 7 % 5, i))
        if i % 2 == 1:
            print(f" {queue.get_nowait().number}", end="")
    while not queue.empty():
        print(f" {queue.get_nowait().number}", end="")
    print()

show("fifo", asyncio.Queue())
show("lifo", asyncio.LifoQueue())
show("priority", asyncio.PriorityQueue())
