"""Makes every CPython from 3.11 on follow the rules that Simul follows: those of the newest, on a clock that jumps.

Three things are pinned that asyncio leaves open: timers of the same time fire in the order of their creation, a TaskGroup
cancels its tasks in the order of theirs, and so does the end of a run. What newer versions changed is patched into older
ones, one function or class for each change. Times are whole numbers, of which nobody has to know the unit.
"""

import asyncio
import collections
import heapq
import sys

from asyncio import base_events, tasks


class Deadlock(BaseException):
    """No task can ever run again."""


# ---- the clock


class OrderedTimer(asyncio.TimerHandle):
    """Heaps are not stable: among equals, asyncio leaves the order open."""

    __slots__ = ["number"]

    def __lt__(self, other):
        return (self._when, self.number) < (other._when, other.number)


class VirtualClockLoop(base_events.BaseEventLoop):
    """Jumps to the next timer where others would wait for it."""

    def __init__(self):
        super().__init__()
        self._selector = self
        self._clock_resolution = 0.5  # timers before now + this are due
        self.now = 0
        self.timers = 0
        self.all_tasks = []
        self.set_task_factory(self.make_task)
        self.gave_up = False
        self.set_exception_handler(VirtualClockLoop.look_for_recursion)

    def look_for_recursion(self, context):
        self.gave_up |= isinstance(context.get("exception"), RecursionError)

    def time(self):
        return self.now

    def call_at(self, when, callback, *args, context=None):
        timer = OrderedTimer(when, callback, args, self, context)
        timer.number = self.timers
        self.timers += 1
        heapq.heappush(self._scheduled, timer)
        timer._scheduled = True
        return timer

    def select(self, wait):
        if wait is None:
            raise Deadlock
        if wait > 0:
            self.now = self._scheduled[0]._when
        return ()

    def _process_events(self, events):
        pass

    def make_task(self, loop, coroutine, **options):
        return Task(coroutine, loop=loop, **options)

    def start_eagerly(self, coroutine):
        """Runs its first step now (3.12)."""
        return Task(coroutine, loop=self, eager_start=True)


# ---- tasks


class Task(tasks._PyTask):
    """CPython's own task in Python: the one in C cannot be told to keep its error."""

    def __init__(self, coroutine, *, eager_start=False, **options):
        options["loop"].all_tasks.append(self)
        if eager_start and sys.version_info >= (3, 12):
            options["eager_start"] = True
        super().__init__(coroutine, **options)
        if eager_start and sys.version_info < (3, 12):
            self._loop._ready.pop()  # the first step, which was put there just now
            around = tasks._current_tasks.pop(self._loop, None)
            try:
                self._context.run(self._Task__step)
            finally:
                if around is not None:
                    tasks._current_tasks[self._loop] = around

    def uncancel(self):
        """The last request that is taken back takes back what is not delivered yet (3.13)."""
        left = super().uncancel()
        if left == 0:
            self._must_cancel = False
        return left

    def _make_cancelled_error(self):
        """Everybody who asks is told the reason; asyncio tells the first only."""
        error = super()._make_cancelled_error()
        if self.cancelled():
            self._cancel_message = error.args[0] if error.args else None
        return error

    @property
    def _cancel_message(self):
        error = self._cancelled_exc
        return self.reason if error is None else error.args[0] if error.args else None

    @_cancel_message.setter
    def _cancel_message(self, reason):
        self.reason = reason

    reason = None


def cancel_leftovers(leftovers, reason):
    """Asks each once; asyncio asks a task again for every other that waits for it."""
    asked = {}
    for first in leftovers:
        task = first
        while not task.done() and task not in asked:
            asked[task] = first
            awaited = task._fut_waiter
            if not isinstance(awaited, Task) or awaited.done():
                task.cancel(reason)
                break
            if asked.get(awaited) is first:
                raise RecursionError("they wait for each other")
            task._num_cancels_requested += 1
            task = awaited


def shield(awaitable):
    """Passes on the reason for which what is inside was cancelled; asyncio drops it."""
    inner = asyncio.ensure_future(awaitable)
    outer = asyncio.shield(inner)
    if outer is not inner:
        cancel = outer.cancel
        outer.cancel = lambda **how: cancel(**(how or {"msg": reason_of(inner)}))  # a task that cancels says msg=
    return outer


def gather(*parts, return_exceptions=False):
    """Keeps the reason for which it was cancelled; asyncio loses it if the last part went on. Asks each part once."""
    ready = asyncio.get_running_loop()._ready
    before = len(ready)
    outer = asyncio.gather(*parts, return_exceptions=return_exceptions)
    if not parts:
        return outer
    outer._children = list(dict.fromkeys(outer._children))
    if sys.version_info < (3, 12):
        # What has ended counts at once (3.12).
        for handle in list(ready)[before:]:
            if handle._callback.__qualname__ == "gather.<locals>._done_callback":
                ready.remove(handle)
                handle._run()
    cancel, set_exception = outer.cancel, outer.set_exception

    def remember_reason(msg=None):
        accepted = cancel(msg=msg)
        if accepted:
            outer.reason = msg
        return accepted

    def tell_reason(error):
        was_let_through = not return_exceptions and any(part.cancelled() for part in outer._children)
        if outer._cancel_requested and isinstance(error, asyncio.CancelledError) and not was_let_through:
            error = asyncio.CancelledError(*([outer.reason] if outer.reason else []))
        set_exception(error)

    outer.cancel, outer.set_exception = remember_reason, tell_reason
    return outer


def reason_of(cancelled):
    args = cancelled._make_cancelled_error().args
    return args[0] if args else None


async def wait_for(awaitable, limit):
    """Waits in the present task, inside of timeout() (3.12)."""
    if limit is not None and limit <= 0:
        task = asyncio.ensure_future(awaitable)
        if task.done():
            return task.result()
        await tasks._cancel_and_wait(task, **({} if sys.version_info >= (3, 12) else {"loop": task.get_loop()}))
        try:
            return task.result()
        except asyncio.CancelledError as e:
            raise TimeoutError from e
    async with asyncio.timeout(limit):
        return await awaitable


async def wait_for_new(coroutine, limit):
    """Without time left it is not started; asyncio starts a task to cancel it, which takes a turn."""
    if limit <= 0:
        coroutine.close()
        raise TimeoutError
    return await wait_for(coroutine, limit)


class AsCompleted:
    """Gives out the tasks themselves (3.13), in the order of the arguments where they end together."""

    def __init__(self, tasks, limit):
        self.pending = dict.fromkeys(tasks)
        self.ended = asyncio.Queue()
        self.left = len(self.pending)
        self.timer = None
        for task in self.pending:
            task.add_done_callback(self.note)
        if self.pending and limit is not None:
            self.timer = asyncio.get_running_loop().call_later(limit, self.give_up)

    def note(self, task):
        if self.pending:
            del self.pending[task]
            self.ended.put_nowait(task)
            if not self.pending and self.timer is not None:
                self.timer.cancel()

    def give_up(self):
        for task in self.pending:
            task.remove_done_callback(self.note)
            self.ended.put_nowait(None)
        self.pending.clear()

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self.left == 0:
            raise StopAsyncIteration
        self.left -= 1
        task = await self.ended.get()
        if task is None:
            raise TimeoutError
        return task


# ---- groups


class InOrder(dict):
    """What of a set a TaskGroup uses, in the order of adding."""

    def add(self, item):
        self[item] = None

    def discard(self, item):
        self.pop(item, None)


class TaskGroup(asyncio.TaskGroup):
    def __init__(self):
        super().__init__()
        self._tasks = InOrder()

    if sys.version_info < (3, 13):

        async def __aexit__(self, kind, error, _):
            """Takes the own request back after the tasks have ended, and makes that of somebody else once more (3.13)."""
            self._exiting = True
            cancelled = error if isinstance(error, asyncio.CancelledError) else None
            if error is not None and not self._aborting:
                self._abort()
            while self._tasks:
                self._on_completed_fut = self._loop.create_future()
                try:
                    await self._on_completed_fut
                except asyncio.CancelledError as e:
                    if not self._aborting:
                        cancelled = e
                        self._abort()
                self._on_completed_fut = None
            if self._parent_cancel_requested and self._parent_task.uncancel() == 0:
                cancelled = None
            if cancelled is not None and not self._errors:
                raise cancelled
            if error is not None and not isinstance(error, asyncio.CancelledError):
                self._errors.append(error)
            if self._errors:
                if self._parent_task.cancelling():
                    self._parent_task.uncancel()
                    self._parent_task.cancel()
                raise BaseExceptionGroup("unhandled errors in a TaskGroup", self._errors) from None
            return True


# ---- synchronisation

Condition, Semaphore, BoundedSemaphore = asyncio.Condition, asyncio.Semaphore, asyncio.BoundedSemaphore


class Lock(asyncio.Lock):
    """Refuses the holder who asks again; in asyncio it waits for itself for ever."""

    def __init__(self):
        super().__init__()
        self.holder = None

    async def acquire(self):
        if self.holder is asyncio.current_task():
            raise RuntimeError("a Lock is not re-entrant")
        await super().acquire()
        self.holder = asyncio.current_task()

    def release(self):
        super().release()
        self.holder = None


if sys.version_info < (3, 13):

    class Condition(asyncio.Condition):
        async def wait(self):
            """Who is cancelled passes the signal on, and throws the latest cancellation itself (3.13)."""
            if not self.locked():
                raise RuntimeError("cannot wait on un-acquired lock")
            waiter = self._get_loop().create_future()
            self.release()
            try:
                try:
                    self._waiters.append(waiter)
                    try:
                        await waiter
                        return True
                    finally:
                        self._waiters.remove(waiter)
                finally:
                    latest = None
                    while True:
                        try:
                            await self.acquire()
                            break
                        except asyncio.CancelledError as e:
                            latest = e
                    if latest is not None:
                        raise latest
            except BaseException:
                self._wake(1)
                raise

        def notify(self, n=1):
            if not self.locked():
                raise RuntimeError("cannot notify on un-acquired lock")
            self._wake(n)

        def _wake(self, n):
            for waiter in [waiter for waiter in self._waiters if not waiter.done()][:n]:
                waiter.set_result(False)

    class Semaphore(asyncio.Semaphore):
        async def acquire(self):
            """Whoever stops waiting lets in as many others as there are permits (3.13)."""
            if not self.locked():
                self._value -= 1
                return True
            if self._waiters is None:
                self._waiters = collections.deque()
            waiter = self._get_loop().create_future()
            self._waiters.append(waiter)
            try:
                try:
                    await waiter
                finally:
                    self._waiters.remove(waiter)
            except asyncio.CancelledError:
                if waiter.done() and not waiter.cancelled():
                    self._value += 1
                raise
            finally:
                while self._value > 0 and self._wake_up_next():
                    pass
            return True

        def _wake_up_next(self):
            for waiter in self._waiters or ():
                if not waiter.done():
                    self._value -= 1
                    waiter.set_result(True)
                    return True
            return False

    class BoundedSemaphore(Semaphore):
        def __init__(self, value):
            super().__init__(value)
            self.bound = value

        def release(self):
            if self._value >= self.bound:
                raise ValueError("released too many times")
            super().release()


def barrier(parties):
    barrier = asyncio.Barrier(parties)
    barrier._cond = Condition(Lock())
    return barrier


# ---- queues

Queue, LifoQueue, PriorityQueue = asyncio.Queue, asyncio.LifoQueue, asyncio.PriorityQueue

if sys.version_info >= (3, 13):
    QueueShutDown = asyncio.QueueShutDown
else:

    class QueueShutDown(Exception):
        """The queue was shut down (3.13)."""

    class CanShutDown:
        """Queue.shutdown (3.13): who waits is woken and looks again."""

        is_shut_down = False

        async def put(self, item):
            if self.is_shut_down:
                raise QueueShutDown
            await super().put(item)

        def full(self):
            return not self.is_shut_down and super().full()  # whoever waits goes on, and put_nowait refuses

        def put_nowait(self, item):
            if self.is_shut_down:
                raise QueueShutDown
            super().put_nowait(item)

        def empty(self):
            return super().empty() and not self.is_shut_down

        def get_nowait(self):
            if self.is_shut_down and not self._queue:
                raise QueueShutDown
            return super().get_nowait()

        def shutdown(self, immediate=False):
            self.is_shut_down = True
            if immediate:
                while self._queue:
                    self._get()
                    if self._unfinished_tasks > 0:
                        self._unfinished_tasks -= 1
                if self._unfinished_tasks == 0:
                    self._finished.set()
            for waiters in self._getters, self._putters:
                while waiters:
                    self._wakeup_next(waiters)

    class Queue(CanShutDown, asyncio.Queue):
        pass

    class LifoQueue(CanShutDown, asyncio.LifoQueue):
        pass

    class PriorityQueue(CanShutDown, asyncio.PriorityQueue):
        pass
