"""What jobs do, and how a producer is asked, for the contestants in Python."""

import os
import sys
import time

PORT = int(os.environ["REDIS_PORT"])
_files = {}


def _append(variable, text):
    file = _files.get(variable)
    if file is None:
        file = _files[variable] = os.open(os.environ[variable], os.O_WRONLY | os.O_APPEND)
    os.write(file, text)


def noop(number, text):
    _append("JOBS_DONE", b".")


def sleep1(number, text):
    time.sleep(0.001)
    _append("JOBS_DONE", b".")


def sleep10(number, text):
    time.sleep(0.01)
    _append("JOBS_DONE", b".")


def latency(enqueued):
    _append("JOBS_LATENCIES", b"%d\n" % (time.time_ns() - enqueued))


def serve(modes, enqueue_one, jobs=None):
    """Does what the lines on stdin say; `jobs` are the functions in the form in which they are enqueued."""
    jobs = jobs or {job.__name__: job for job in (noop, sleep1, sleep10, latency)}
    for line in sys.stdin:
        mode, count, *rest = line.split()
        start = time.perf_counter()
        if mode == "paced":
            for number in range(int(count)):
                left = start + number * int(rest[0]) / 1e6 - time.perf_counter()
                if left > 0:
                    time.sleep(left)
                enqueue_one(jobs["latency"], time.time_ns())
        else:
            modes[mode](int(count), jobs[rest[0]], "x" * int(rest[1]), int(rest[2]))
        print(time.perf_counter() - start, flush=True)
