"""Runs programs of the differential test on asyncio: one program per line comes in, its trace and an empty line go out.

The language is described in docs/differential-testing.md, its twin in Java is dev.simul.differential.Interpreter. A
statement that cannot do anything (its task was never started, say) does nothing, so that every shortened program is one.
"""

import asyncio
import contextlib
import contextvars
import gc
import re
import sys
import warnings

import rules


class Boom(Exception):
    """The failure of a program."""


class Me:
    """Who runs: a task or a callback, and what surrounds the present statement."""

    def __init__(self, name, group=None):
        self.name = name
        self.group = group
        self.limits = []
        self.caught = None
        self.tokens = []


class Returned:
    """That a body ends here."""

    def __init__(self, value):
        self.value = value


# ---- programs


class Node(list):
    number = 0

    def word(self, index, otherwise=""):
        return self[index] if index < len(self) and isinstance(self[index], str) else otherwise

    def count(self, index, otherwise):
        word = self.word(index)
        return int(word) if re.fullmatch(r"\d{1,6}", word) else otherwise

    def lists(self):
        return [part for part in self if not isinstance(part, str)]

    def words(self):
        return [part for part in self[1:] if isinstance(part, str)]


def parse(text):
    number = 0
    stack = [Node()]
    for token in re.findall(r"[()]|[^()\s]+", text):
        if token == "(":
            node = Node()
            node.number = number
            number += 1
            stack[-1].append(node)
            stack.append(node)
        elif token == ")":
            stack.pop()
        else:
            stack[-1].append(token)
    return stack[0][0]


# ---- words for what happens


def first(error):
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def message(error):
    word = str(error.args[0]) if error.args else ""
    return word if word.startswith("m") else ""


def describe(error):
    """One word for what was thrown; for a group, for its first member."""
    match first(error):
        case asyncio.CancelledError() as e:
            return f"Cancelled({message(e)})"
        case TimeoutError():
            return "Timeout"
        case Boom() as e:
            return e.args[0]
        case RecursionError():
            asyncio.get_running_loop().gave_up = True
            return "RecursionError"
        case asyncio.QueueEmpty() | asyncio.QueueFull() | rules.QueueShutDown() | asyncio.BrokenBarrierError() as e:
            return type(e).__name__.removesuffix("Error")
        case RuntimeError() | ValueError() | asyncio.InvalidStateError():
            return "Misuse"
        case other:
            return f"Unexpected {type(other).__name__}: {other}"


KINDS = {
    "cancelled": asyncio.CancelledError,
    "timeout": TimeoutError,
    "error": Exception,
    "all": BaseException,
}


def is_of_kind(error, kind):
    return isinstance(first(error), KINDS.get(kind, BaseException))


# What a name stands for, by its letter; the number is how many permits it has, or how many items fit.
KINDS_OF_THINGS = {
    "l": lambda number: rules.Lock(),
    "e": lambda number: asyncio.Event(),
    "c": lambda number: rules.Condition(rules.Lock()),
    "s": rules.Semaphore,
    "b": rules.BoundedSemaphore,
    "d": rules.barrier,
    "q": rules.Queue,
    "f": rules.LifoQueue,
    "h": rules.PriorityQueue,
}

VARIABLES = {name: contextvars.ContextVar(name, default="0") for name in ("v0", "v1")}


class Run:
    """One program and its trace."""

    def __init__(self, program):
        self.program = program
        self.trace = []
        self.is_tracing = True
        self.failures = 0
        self.births = {}
        self.unfinished = set()
        self.things = {}
        self.variables = {}
        self.counters = {}
        self.calls = {}

    # ---- from outside

    def run(self):
        self.loop = loop = rules.VirtualClockLoop()
        asyncio.set_event_loop(loop)
        try:
            loop.run_until_complete(self.body("main", self.program))
        except rules.Deadlock:
            self.say("loop", "deadlock")
        except BaseException:
            pass  # the trace has it
        self.left = set(self.unfinished)
        if not self.left:
            self.is_tracing = False
        leftovers = [task for task in loop.all_tasks if not task.done()]
        if leftovers:
            try:
                rules.cancel_leftovers(leftovers, "closing")
                loop.run_until_complete(asyncio.gather(*leftovers, return_exceptions=True))
            except RecursionError:
                loop.gave_up = True
            except BaseException:
                pass
        self.is_tracing = False
        loop._scheduled.clear()
        loop._ready.clear()
        loop.close()
        return self.trace

    def say(self, *words):
        if self.is_tracing:
            self.trace.append(f"{self.loop.time()} {' '.join(map(str, words))}")

    # ---- bodies and blocks

    def birth(self, name):
        """A name for this life of it."""
        self.births[name] = count = self.births.get(name, 0) + 1
        return f"{name}.{count}"

    async def body(self, name, node, group=None):
        """What a task does, from its first step to its end."""
        me = Me(self.birth(name), group)
        self.unfinished.add(me.name)
        try:
            signal = await self.block(node.lists(), me)
            value = signal.value if signal else "none"
            self.say(me.name, "ends =" + value)
            return value
        except BaseException as e:
            self.say(me.name, "ends !" + describe(e))
            raise
        finally:
            self.unfinished.discard(me.name)
            if self.is_tracing and hasattr(self, "left"):
                self.left.discard(me.name)
                self.is_tracing = bool(self.left)

    async def block(self, statements, me):
        for statement in statements:
            signal = await self.statement(statement, me)
            if signal is not None:
                return signal
        return None

    async def statement(self, node, me):
        head = node.word(0).replace("-", "_")
        act = getattr(self, "act_" + head, None)
        if act is not None:
            return self.act(act, node, me)
        do = getattr(self, "do_" + head, None)
        if do is None:
            return None
        self.say(me.name, node.number, node[0], "...")
        try:
            value = await do(node, me)
        except BaseException as e:
            self.say(me.name, node.number, node[0], "!" + (self.members(e) if head == "group" else describe(e)))
            raise
        if isinstance(value, Returned):
            self.say(me.name, node.number, node[0], "leaves")
            return value
        self.say(me.name, node.number, node[0], f"={'none' if value is None else value}")
        return None

    def act(self, act, node, me):
        """A statement that does not wait; in tasks and callbacks."""
        try:
            value = act(node, me)
        except BaseException as e:
            self.say(me.name, node.number, node[0], "!" + describe(e))
            raise
        if isinstance(value, Returned):
            return value
        self.say(me.name, node.number, node[0], f"={'none' if value is None else value}")
        return None

    def callback(self, name, node, *, suffix=""):
        """What the loop calls; its statements must not wait."""
        me = Me(name)
        self.say(name, "called" + suffix)
        for statement in node.lists():
            act = getattr(self, "act_" + statement.word(0).replace("-", "_"), None)
            if act is not None and statement.word(0) not in ("eager", "return", "raise", "raise-cancelled"):
                try:
                    self.act(act, statement, me)
                except Exception:
                    pass

    def members(self, error):
        if not isinstance(error, BaseExceptionGroup):
            return describe(error)
        return "+".join(dict.fromkeys(describe(e) for e in error.exceptions))

    def handle(self, name):
        """The task or promise of a name, None if there is none yet."""
        if name == "self":
            return asyncio.current_task()
        if name.startswith("p") and name not in self.things:
            self.things[name] = self.loop.create_future()
        return self.things.get(name)

    def thing(self, node, kinds):
        """What the name in a statement stands for, None if it is nothing of these kinds."""
        name = node.word(1)
        if not re.fullmatch(r"[a-z]\d", name) or name[0] not in kinds:
            return None
        if name not in self.things:
            self.things[name] = KINDS_OF_THINGS[name[0]](int(name[1]))
        return self.things[name]

    def handles(self, names):
        found = (self.handle(name) for name in names if name != "self")
        return [handle for handle in found if handle is not None]

    # ---- statements that do not wait

    def act_note(self, node, me):
        return "noted"

    def act_return(self, node, me):
        return Returned(node.word(1, "0"))

    def act_raise(self, node, me):
        self.failures += 1
        raise Boom(f"{node.word(1, 'E')}:{self.failures}")

    def act_raise_cancelled(self, node, me):
        raise asyncio.CancelledError(node.word(1))

    def act_rethrow(self, node, me):
        if me.caught is not None:
            raise me.caught
        return "none"

    def act_spawn(self, node, me):
        name = node.word(1, "t")
        self.things[name] = self.loop.create_task(self.body(name, node, me.group))
        return "spawned"

    def act_eager(self, node, me):
        name = node.word(1, "t")
        self.things[name] = self.loop.start_eagerly(self.body(name, node, me.group))
        return "spawned"

    def act_fork(self, node, me):
        if me.group is None:
            return "none"
        name = node.word(1, "t")
        coroutine = self.body(name, node, me.group)
        self.things[name] = me.group.create_task(coroutine)
        return "forked"

    def act_cancel(self, node, me):
        handle = self.handle(node.word(1))
        if handle is None:
            return "none"
        reason = node.word(2)
        return str(handle.cancel(reason) if reason else handle.cancel()).lower()

    def act_uncancel(self, node, me):
        handle = self.handle(node.word(1))
        return handle.uncancel() if isinstance(handle, rules.Task) else "none"

    def act_requests(self, node, me):
        handle = self.handle(node.word(1))
        return handle.cancelling() if isinstance(handle, rules.Task) else "none"

    def act_look(self, node, me):
        handle = self.handle(node.word(1))
        return "none" if handle is None else self.outcome(handle)

    def outcome(self, handle):
        if not handle.done():
            return "pending"
        try:
            return f"returned({handle.result()})"
        except asyncio.CancelledError:
            return "cancelled"
        except BaseException as e:
            return f"threw({describe(e)})"

    def act_on_done(self, node, me):
        handle = self.handle(node.word(1))
        if handle is None:
            return "none"
        name = self.birth("callback")
        handle.add_done_callback(lambda done: self.callback(name, node, suffix=f" {self.outcome(done)}"))
        return name

    def act_call_soon(self, node, me):
        name = self.birth("callback")
        self.calls[node.word(1)] = self.loop.call_soon(lambda: self.callback(name, node))
        return name

    def act_call_later(self, node, me):
        name = self.birth("callback")
        self.calls[node.word(1)] = self.loop.call_later(node.count(2, 0), lambda: self.callback(name, node))
        return name

    def act_cancel_call(self, node, me):
        handle = self.calls.get(node.word(1))
        return None if handle is None else handle.cancel()

    def act_complete(self, node, me):
        return self.settle(node, lambda promise: promise.set_result(node.word(2, "0")))

    def act_fail(self, node, me):
        def fail(promise):
            self.failures += 1
            promise.set_exception(Boom(f"{node.word(2, 'E')}:{self.failures}"))

        return self.settle(node, fail)

    def settle(self, node, end):
        name = node.word(1)
        promise = self.handle(name)
        if promise is None or not name.startswith("p"):
            return "none"
        if promise.done():
            return "false"
        end(promise)
        return "true"

    def act_reschedule(self, node, me):
        if not me.limits:
            return "none"
        word = node.word(1)
        me.limits[-1].reschedule(None if word == "never" else self.loop.time() + node.count(1, 0))
        return "moved"

    def act_expired(self, node, me):
        return str(me.limits[-1].expired()).lower() if me.limits else "none"

    def act_set_var(self, node, me):
        variable = VARIABLES.get(node.word(1))
        if variable is None:
            return "none"
        me.tokens.append((variable, variable.set(node.word(2, "0"))))
        return "set"

    def act_get_var(self, node, me):
        variable = VARIABLES.get(node.word(1))
        return "none" if variable is None else variable.get()

    def act_reset_var(self, node, me):
        if not me.tokens:
            return "none"
        variable, token = me.tokens.pop()
        variable.reset(token)
        return variable.get()

    def act_release(self, node, me):
        thing = self.thing(node, "lcsb")
        return "none" if thing is None else thing.release()

    def act_locked(self, node, me):
        thing = self.thing(node, "lcsb")
        return "none" if thing is None else str(thing.locked()).lower()

    def act_set(self, node, me):
        thing = self.thing(node, "e")
        return "none" if thing is None else thing.set()

    def act_clear(self, node, me):
        thing = self.thing(node, "e")
        return "none" if thing is None else thing.clear()

    def act_notify(self, node, me):
        thing = self.thing(node, "c")
        return "none" if thing is None else thing.notify(node.count(2, 1))

    def act_bump(self, node, me):
        name = node.word(1)
        self.counters[name] = count = self.counters.get(name, 0) + 1
        return count

    def act_put_nowait(self, node, me):
        thing = self.thing(node, "qfh")
        if thing is None:
            return "none"
        try:
            thing.put_nowait(node.count(2, 0))
            return "true"
        except asyncio.QueueFull:
            return "false"

    def act_get_nowait(self, node, me):
        thing = self.thing(node, "qfh")
        try:
            return None if thing is None else thing.get_nowait()
        except asyncio.QueueEmpty:
            return None

    def act_task_done(self, node, me):
        thing = self.thing(node, "qfh")
        return "none" if thing is None else thing.task_done()

    def act_shutdown(self, node, me):
        thing = self.thing(node, "qfh")
        return "none" if thing is None else thing.shutdown()

    def act_shutdown_now(self, node, me):
        thing = self.thing(node, "qfh")
        return "none" if thing is None else thing.shutdown(immediate=True)

    def act_size(self, node, me):
        thing = self.thing(node, "qfh")
        return "none" if thing is None else thing.qsize()

    # ---- statements that wait

    async def do_acquire(self, node, me):
        thing = self.thing(node, "lcsb")
        if thing is not None:
            await thing.acquire()

    async def do_with(self, node, me):
        thing = self.thing(node, "lcsb")
        if thing is None:
            return await self.block(node.lists(), me)
        async with thing:
            return await self.block(node.lists(), me)

    async def do_wait_event(self, node, me):
        thing = self.thing(node, "e")
        if thing is not None:
            await thing.wait()

    async def do_wait_condition(self, node, me):
        thing = self.thing(node, "c")
        if thing is not None:
            await thing.wait()

    async def do_wait_until(self, node, me):
        thing = self.thing(node, "c")
        if thing is not None:
            await thing.wait_for(lambda: self.counters.get(node.word(1), 0) >= node.count(2, 1))

    async def do_wait_barrier(self, node, me):
        thing = self.thing(node, "d")
        return None if thing is None else await thing.wait()

    async def do_abort(self, node, me):
        thing = self.thing(node, "d")
        return None if thing is None else await thing.abort()

    async def do_reset(self, node, me):
        thing = self.thing(node, "d")
        return None if thing is None else await thing.reset()

    async def do_put(self, node, me):
        thing = self.thing(node, "qfh")
        if thing is not None:
            await thing.put(node.count(2, 0))

    async def do_get(self, node, me):
        thing = self.thing(node, "qfh")
        return None if thing is None else await thing.get()

    async def do_join(self, node, me):
        thing = self.thing(node, "qfh")
        if thing is not None:
            await thing.join()

    async def do_do(self, node, me):
        return await self.block(node.lists(), me)

    async def do_repeat(self, node, me):
        for _ in range(min(node.count(1, 2), 3)):
            signal = await self.block(node.lists(), me)
            if signal is not None:
                return signal

    async def do_sleep(self, node, me):
        await asyncio.sleep(node.count(1, 0))

    async def do_await(self, node, me):
        handle = self.handle(node.word(1))
        self.refuse_self(handle)
        return "none" if handle is None else await handle

    def refuse_self(self, handle):
        if handle is asyncio.current_task():
            raise RuntimeError("asyncio says so at the next turn, Simul at once")

    async def do_shield(self, node, me):
        return await rules.shield(self.body("shielded", node))

    async def do_shield_task(self, node, me):
        handle = self.handle(node.word(1))
        return "none" if handle is None else await rules.shield(handle)

    async def do_gather(self, node, me):
        return self.row(await rules.gather(*(self.body("part", part) for part in node.lists())))

    def row(self, results):
        return "[" + ",".join(describe(r) if isinstance(r, BaseException) else str(r) for r in results) + "]"

    async def do_gather_results(self, node, me):
        parts = (self.body("part", part) for part in node.lists())
        return self.row(await rules.gather(*parts, return_exceptions=True))

    async def do_gather_tasks(self, node, me):
        handles = self.handles(node.words())
        return self.row(await rules.gather(*handles)) if handles else "none"

    async def do_gather_tasks_results(self, node, me):
        handles = self.handles(node.words())
        return self.row(await rules.gather(*handles, return_exceptions=True)) if handles else "none"

    async def do_wait(self, node, me):
        names = [name for name in node.words() if name != "self" and self.handle(name) is not None]
        if not names:
            return "none"
        when = {"first": asyncio.FIRST_COMPLETED, "exception": asyncio.FIRST_EXCEPTION}
        handles = self.handles(names)  # names may stand for other tasks when it returns
        done, _ = await asyncio.wait(
            handles,
            timeout=node.count(2, 0) if node.word(2).isdigit() else None,
            return_when=when.get(node.word(1), asyncio.ALL_COMPLETED),
        )
        return ",".join(name for name in names if handles[names.index(name)] in done)

    async def do_wait_for(self, node, me):
        handle = self.handle(node.word(2))
        if node.count(1, 0) > 0:
            self.refuse_self(handle)
        return "none" if handle is None else await rules.wait_for(handle, node.count(1, 0))

    async def do_wait_for_new(self, node, me):
        return await rules.wait_for_new(self.block(node.lists(), me), node.count(1, 0))

    async def do_as_completed(self, node, me):
        handles = self.handles(node.words())
        async for done in rules.AsCompleted(handles, node.count(1, 0) if node.word(1).isdigit() else None):
            self.say(me.name, node.number, node[0], "gives", self.outcome(done))
            signal = await self.block(node.lists(), me)
            if signal is not None:
                return signal

    async def do_generate(self, node, me):
        """An asynchronous generator, closed at the end; it yields in its outermost statements."""
        parts = {part.word(0): part for part in node.lists()}

        async def generator():
            try:
                for statement in parts.get("body", Node()).lists():
                    if statement.word(0) == "yield":
                        self.say(me.name, statement.number, "yields")
                        yield statement.number
                    elif await self.statement(statement, me) is not None:
                        return
            finally:
                await self.block(parts.get("finally", Node()).lists(), me)

        async with contextlib.aclosing(generator()) as values:
            async for value in values:
                self.say(me.name, node.number, "gets", value)
                signal = await self.block(parts.get("each", Node()).lists(), me)
                if signal is not None:
                    return signal

    async def do_timeout(self, node, me):
        async with asyncio.timeout(node.count(1, 0)) as limit:
            me.limits.append(limit)
            try:
                return await self.block(node.lists(), me)
            finally:
                me.limits.pop()

    async def do_group(self, node, me):
        around = me.group
        async with rules.TaskGroup() as me.group:
            try:
                return await self.block(node.lists(), me)
            finally:
                me.group = around

    async def do_try(self, node, me):
        parts = node.lists()
        try:
            try:
                return await self.block([part for part in parts if part.word(0) not in ("catch", "finally")], me)
            except BaseException as e:
                for part in parts:
                    if part.word(0) == "catch" and is_of_kind(e, part.word(1)):
                        break
                else:
                    raise
                before, me.caught = me.caught, e
                try:
                    return await self.block(part.lists(), me)
                finally:
                    me.caught = before
        finally:
            for part in parts:
                if part.word(0) == "finally":
                    await self.block(part.lists(), me)


def main():
    warnings.simplefilter("ignore")
    sys.unraisablehook = lambda _: None
    gc.disable()  # coroutines that a program has left behind must not be closed, and clean up, in the middle of another
    for count, line in enumerate(sys.stdin):
        if count % 200 == 0:
            gc.collect()
        run = Run(parse(line))
        # What coroutines that were left behind set when they are closed must not be seen by others.
        trace = contextvars.Context().run(run.run)
        if run.loop.gave_up:  # tasks that wait for each other were cancelled
            trace = ["RecursionError"]
        sys.stdout.write("\n".join(trace) + "\n\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
