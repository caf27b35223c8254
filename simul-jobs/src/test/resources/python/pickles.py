"""Drives the real rq with its default serializer, pickle: pickles.py REDIS_URL STEP ARGUMENTS_AS_JSON, answers with JSON."""

import datetime
import decimal
import json
import sys
import uuid

from redis import Redis
from rq import Queue, SimpleWorker
from rq.job import Job

redis = Redis.from_url(sys.argv[1])
step, arguments = sys.argv[2], json.loads(sys.argv[3])


class Order:
    """What only this program knows."""

    def __init__(self, number):
        self.number = number

    def ship(self):
        return self.number


def enqueue(function, args="()", kwargs="{}", meta="None", depends_on=None):
    """Arguments are Python expressions."""
    queue = Queue("default", connection=redis)
    called = eval(function) if function.startswith("Order(") else function
    return queue.enqueue_call(
        called, args=eval(args), kwargs=eval(kwargs), meta=eval(meta), depends_on=depends_on
    ).id


def enqueue_all(calls):
    return [enqueue(**call) for call in calls]


def read_all(ids):
    return [read(id) for id in ids]


def work():
    SimpleWorker(["default"], connection=redis).work(burst=True, logging_level="WARNING")
    return True


def requeue(id):
    Job.fetch(id, connection=redis).requeue()
    return id


def read(id):
    job = Job.fetch(id, connection=redis)
    result = job.latest_result()
    return {
        "status": job.get_status().value,
        "value": repr(result.return_value) if result else None,
        "result": repr(job.result),
        "traceback": result.exc_string if result else None,
        "meta": repr(job.meta),
        "call": repr((job.func_name, job.instance, job.args, job.kwargs)),
    }


print(json.dumps(globals()[step](**arguments)))
