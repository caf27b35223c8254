"""What the Python side of the interop tests offers; the Java side offers the same names."""

import os
import time

from rq import get_current_job


def add(a, b):
    return a + b


def echo(value):
    return value


def boom(message):
    raise ValueError(message)


def noop():
    pass


def sleep(seconds):
    time.sleep(seconds)
    return "slept"


def hold(id):
    """Says that it has begun, and waits until it may go on, the first time."""
    gates = os.environ["GATES"]
    if os.path.exists(os.path.join(gates, id + ".begun")):
        return id
    open(os.path.join(gates, id + ".begun"), "w").close()
    while not os.path.exists(os.path.join(gates, id + ".open")):
        time.sleep(0.005)
    return id


def hold_and_boom(id):
    hold(id)
    raise ValueError("no luck")


def again(times):
    """A function that returns a Retry."""
    return again_later(times, 0)


def again_at_front(times):
    from rq import Retry

    return Retry(max=times, enqueue_at_front=True)


def again_later(times, seconds):
    from rq import Retry

    return Retry(max=times, interval=seconds)


def succeeded(job, connection, result, *args, **kwargs):
    pass


def went_wrong(job, connection, type, value, traceback):
    pass


def stopped(job, connection):
    pass


def note_meta(key, value):
    from rq import get_current_job

    job = get_current_job()
    job.meta[key] = value
    job.save_meta()


def once_broken(path):
    """Fails the first time only."""
    mark = os.path.join(os.environ["GATES"], path)
    if not os.path.exists(mark):
        open(mark, "w").close()
        raise ValueError("not yet")
    return "at last"


def broken_the_second_time(path):
    mark = os.path.join(os.environ["GATES"], path)
    if os.path.exists(mark):
        raise ValueError("not any more")
    open(mark, "w").close()
    return "for now"


def unwritable():
    return object()


def count():
    job = get_current_job()
    return job.connection.hincrby("runs", job.id, 1)
