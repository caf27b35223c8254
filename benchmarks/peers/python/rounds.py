"""The Python side of the benchmarks: asyncio, uvloop and plain generators.

    rounds.py asyncio|uvloop ROW [TASKS]

Every line on stdin asks for one round of ROW; the answer is one line with its figure: nanoseconds per
operation, or bytes per parked task. The end of stdin is the end of the program. The JVM, Kotlin and Go
peers do the same work and speak the same way.
"""

import asyncio
import os
import sys
import time

clock = time.perf_counter_ns


async def switch(tasks=1_000, turns=20):
    async def yielder():
        for _ in range(turns):
            await asyncio.sleep(0)

    start = clock()
    await asyncio.gather(*[yielder() for _ in range(tasks)])
    return (clock() - start) / (tasks * turns)


async def turn(tasks):
    """In a turn of ours each of the others has one too."""
    over = False

    async def yielder():
        while not over:
            await asyncio.sleep(0)

    yielders = [asyncio.create_task(yielder()) for _ in range(tasks)]
    await asyncio.sleep(0)
    turns = max(2, 100_000 // tasks)
    start = clock()
    for _ in range(turns):
        await asyncio.sleep(0)
    figure = (clock() - start) / (turns * tasks)
    over = True
    await asyncio.gather(*yielders)
    return figure


async def one():
    return 1


async def spawn(others=0, tasks=10_000):
    gate = asyncio.get_running_loop().create_future()

    async def wait():
        await gate

    waiting = [asyncio.create_task(wait()) for _ in range(others)]
    await asyncio.sleep(0)
    start = clock()
    for _ in range(tasks):
        await asyncio.create_task(one())
    figure = (clock() - start) / tasks
    gate.set_result(1)
    if waiting:
        await asyncio.wait(waiting)
    return figure


async def gather(tasks=10_000):
    start = clock()
    await asyncio.gather(*[one() for _ in range(tasks)])
    return (clock() - start) / tasks


async def ping_pong(rounds=20_000):
    there, back = asyncio.Queue(1), asyncio.Queue(1)

    async def server():
        for _ in range(rounds):
            await back.put(await there.get())

    start = clock()
    serving = asyncio.create_task(server())
    for number in range(rounds):
        await there.put(number)
        assert await back.get() == number
    await serving
    return (clock() - start) / rounds


async def channel(items=100_000):
    queue = asyncio.Queue(1_000)

    async def produce():
        for number in range(items):
            await queue.put(number)

    start = clock()
    producing = asyncio.create_task(produce())
    total = 0
    for _ in range(items):
        total += await queue.get()
    await producing
    assert total == items * (items - 1) // 2
    return (clock() - start) / items


async def timer_fire(timers=100_000):
    loop = asyncio.get_running_loop()
    fired = loop.create_future()
    left = timers

    def fire():
        nonlocal left
        left -= 1
        if left == 0:
            fired.set_result(None)

    start = clock()
    for _ in range(timers):
        loop.call_later(0.001, fire)
    await fired
    return (clock() - start) / timers


async def timer_cancel(timers=100_000):
    loop = asyncio.get_running_loop()
    start = clock()
    handles = [loop.call_later(60, print) for _ in range(timers)]
    for handle in handles:
        handle.cancel()
    await asyncio.sleep(0)
    return (clock() - start) / timers


def resident():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


async def memory(tasks):
    """Resident bytes, as CPython has no used-heap figure; the growth of its heap is all there is in it."""
    loop = asyncio.get_running_loop()
    parked = []

    async def park():
        future = loop.create_future()
        parked.append(future)
        await future

    before = resident()
    handles = [asyncio.create_task(park()) for _ in range(tasks)]
    while len(parked) < tasks:
        await asyncio.sleep(0)
    figure = (resident() - before) / len(handles)
    print(figure, flush=True)
    os._exit(0)  # a million parked tasks need not be cancelled one by one


def numbers(count):
    number = 0
    while number < count:
        yield number
        number += 1


def generator(items=300_000):
    total = 0
    start = clock()
    for number in numbers(items):
        total += number
    figure = (clock() - start) / items
    assert total == items * (items - 1) // 2
    return figure


def level(depth, count):
    if depth == 0:
        yield from numbers(count)
    else:
        yield from level(depth - 1, count)


def deep_generator(items=100_000, levels=20):
    total = 0
    start = clock()
    for number in level(levels - 1, items):
        total += number
    figure = (clock() - start) / items
    assert total == items * (items - 1) // 2
    return figure


def loops(run, count=200):
    start = clock()
    for _ in range(count):
        assert run(one()) == 1
    return (clock() - start) / count


ROWS = {
    "switch": switch,
    "spawn": spawn,
    "gather": gather,
    "ping-pong": ping_pong,
    "channel": channel,
    "timer-fire": timer_fire,
    "timer-cancel": timer_cancel,
}


def main():
    loop_name, row = sys.argv[1:3]
    if loop_name == "uvloop":
        import uvloop

        run = uvloop.run
    else:
        run = asyncio.run
    if row == "generator-deep":
        play = deep_generator
    elif row.startswith("generator"):
        play = generator
    elif row == "memory":
        play = lambda: run(memory(int(sys.argv[3])))
    elif row == "loop":
        play = lambda: loops(run)
    elif row in ("turn", "spawn-among"):
        many = {"turn": turn, "spawn-among": spawn}[row]
        play = lambda: run(many(int(sys.argv[3])))
    else:
        play = lambda: run(ROWS[row]())
    for _ in sys.stdin:
        print(play(), flush=True)


main()
