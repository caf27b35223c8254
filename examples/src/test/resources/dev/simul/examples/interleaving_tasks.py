"""InterleavingTasks.java in asyncio: the two must print the same lines in the same order."""

import asyncio


async def main():
    fives = asyncio.create_task(count("fives", 5, 15))
    listener = asyncio.create_task(listen(fives))
    print("two tasks are spawned, none has run")

    for line in await asyncio.gather(count("ones", 1, 4), count("tens", 10, 20)):
        print(line)
    await listener
    await asyncio.gather(nap("long", 60), nap("short", 30), nap("none", 0))
    print("all done")


async def count(name, step, last):
    for number in range(step, last + 1, step):
        print(f"{name}: {number}")
        await asyncio.sleep(0)
    return f"{name} are counted up to {last}"


async def listen(task):
    print("listening")
    print("heard:", await task)


async def nap(name, milliseconds):
    print(name, "nap begins")
    await asyncio.sleep(milliseconds / 1000)
    print(name, "nap ends")
    return name


asyncio.run(main())
