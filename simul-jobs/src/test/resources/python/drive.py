"""Drives the real rq for the interop tests: drive.py REDIS_URL STEP ARGUMENTS_AS_JSON, answers with JSON on stdout."""

import json
import os
import sys
from datetime import datetime, timedelta, timezone

from redis import Redis
from rq import Callback, Queue, Retry, SimpleWorker, Worker
from rq.command import send_stop_job_command
from rq.exceptions import DuplicateJobError
from rq.job import Job
from rq.registry import FailedJobRegistry, FinishedJobRegistry, StartedJobRegistry
from rq.serializers import DefaultSerializer, JSONSerializer

redis = Redis.from_url(sys.argv[1])
step, arguments = sys.argv[2], json.loads(sys.argv[3])


def serializer(options):
    return DefaultSerializer if options.pop("pickle", False) else JSONSerializer


def enqueue(function, args, kwargs, retries=None, pickle=False, **options):
    queue = Queue("default", connection=redis, serializer=serializer({"pickle": pickle}))
    retry = Retry(max=retries) if retries else None
    return queue.enqueue_call(function, args=args, kwargs=kwargs, retry=retry, **options).id


def enqueue_unique(id):
    """Whether it was let in."""
    queue = Queue("default", connection=redis, serializer=JSONSerializer)
    try:
        return bool(queue.enqueue_call("tasks.noop", job_id=id, unique=True))
    except DuplicateJobError:
        return False


def enqueue_stoppable(seconds, callback):
    queue = Queue("default", connection=redis, serializer=JSONSerializer)
    return queue.enqueue_call("tasks.sleep", args=[seconds], on_stopped=Callback(callback)).id


def enqueue_past_due(count):
    queue = Queue("default", connection=redis, serializer=JSONSerializer)
    past = datetime.now(timezone.utc) - timedelta(minutes=5)
    return [queue.enqueue_at(past, "tasks.count").id for _ in range(count)]


def work_and_die_before_children_are_queued():
    """Lets the worker die where RQ 3.0 has written the end of a parent and not yet queued its children."""
    from rq.registry import ReadyJobRegistry

    ReadyJobRegistry.enqueue_jobs = lambda _, ids: os._exit(9) if ids else []
    work()


def read(id, pickle=False):
    chosen = serializer({"pickle": pickle})
    job = Job.fetch(id, connection=redis, serializer=chosen)
    result = job.latest_result()
    registries = [
        registry.key.split(":")[1]
        for registry in (
            r("default", connection=redis, serializer=chosen)
            for r in (StartedJobRegistry, FinishedJobRegistry, FailedJobRegistry)
        )
        if id in registry.get_job_ids(cleanup=False)
    ]
    return {
        "status": job.get_status().value,
        "value": result.return_value if result else None,
        "traceback": result.exc_string if result else None,
        "type": result.type.value if result else None,
        "retries_left": job.retries_left,
        "meta": job.meta,
        "registries": registries,
        "executions": len(job.get_executions()),
    }


def work(pickle=False):
    worker = SimpleWorker(["default"], connection=redis, serializer=serializer({"pickle": pickle}))
    worker.work(burst=True, logging_level="WARNING")
    return True


def requeue(id):
    job = Job.fetch(id, connection=redis, serializer=DefaultSerializer)
    job.requeue()
    return id


def cancel(id, enqueue_dependents=False):
    Job.fetch(id, connection=redis, serializer=JSONSerializer).cancel(enqueue_dependents=enqueue_dependents)
    return id


def stop(id):
    send_stop_job_command(redis, id, serializer=JSONSerializer)
    return id


def listed(registry, queue="default"):
    chosen = Queue(queue, connection=redis, serializer=JSONSerializer)
    return getattr(chosen, registry).get_job_ids() if registry != "queued" else chosen.job_ids


def workers():
    return [
        {"name": w.name, "state": w.get_state(), "queues": w.queue_names(), "current": w.get_current_job_id(), "pid": w.pid}
        for w in Worker.all(connection=redis)
    ]


def cleanup():
    """What a Python worker does every ten minutes, and rq info on every look."""
    worker = SimpleWorker(["default"], connection=redis, serializer=JSONSerializer)
    worker.clean_registries()
    return True


print(json.dumps(globals()[step](**arguments)))
