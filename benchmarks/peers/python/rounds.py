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


async def one():
    return 1


async def spawn(tasks=10_000):
    start = clock()
    for _ in range(tasks):
        await asyncio.create_task(one())
    return (clock() - start) / tasks


async def gather(tasks=10_000):
    start = clock()
    await asyncio.gather(*[one() for _ in range(tasks)])
    return (clock() - start) / tasks


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


def main():
    loop_name, row = sys.argv[1:3]
    if loop_name == "uvloop":
        import uvloop

        run = uvloop.run
    else:
        run = asyncio.run
    if row.startswith("generator"):
        play = generator
    elif row == "memory":
        play = lambda: run(memory(int(sys.argv[3])))
    else:
        play = lambda: run({"switch": switch, "spawn": spawn, "gather": gather}[row]())
    for _ in sys.stdin:
        print(play(), flush=True)


main()
