"""The jobs of MixedFleetTest, and the worker that runs them in Python: fleet.py REDIS_URL STEP ARGUMENTS_AS_JSON."""

import json
import os
import signal
import sys
from datetime import timedelta

from redis import Redis
from rq import Callback, Queue, Repeat, Retry, Worker, get_current_job
from rq.group import Group
from rq.job import Dependency
from rq.serializers import JSONSerializer
from rq.webhook import Webhook


def run_count():
    job = get_current_job()
    return job.connection.hincrby("fleet:runs", job.id, 1)


def add(a, b, scale):
    run_count()
    return (a + b) * scale


def boom():
    run_count()
    raise ValueError("no luck")


def flaky(failures):
    if run_count() <= failures:
        raise ValueError("not yet")
    return "at last"


def again():
    run_count()
    return Retry(max=2)


def odd():
    run_count()
    return object()


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def succeeded(job, connection, result):
    connection.rpush("fleet:callbacks", f"succeeded {job.id} {result}")


def failed(job, connection, kind, error, trace):
    connection.rpush("fleet:callbacks", f"failed {job.id} {error}")


def enqueue(hook):
    a, b = (Queue(name, connection=redis, serializer=JSONSerializer) for name in ("a", "b"))
    call = {"on_success": Callback("fleet.succeeded"), "on_failure": Callback("fleet.failed")}

    def put(queue, id, function, *args, **options):
        kwargs = {"scale": 1} if function == "add" and len(args) == 2 else {}
        return queue.enqueue_call("fleet." + function, args, kwargs, job_id=id, **options)

    put(a, "plain", "add", 2, 3)
    put(
        a, "full", "add", 2, 3, 10, timeout="1m", result_ttl=500, failure_ttl=1000, ttl=2000,
        description="Größe", meta={"user": "ana"}, retry=Retry(max=2, interval=[1, 2]), at_front=True, **call
    )  # fmt: skip
    put(a, "flaky", "flaky", 2, retry=Retry(max=3), **call)
    put(b, "late", "boom", retry=Retry(max=2, interval=[5, 9]), **call)
    put(b, "returned", "again")
    put(a, "parent", "add", 1, 1)
    put(b, "child", "add", 1, 2, depends_on="parent")
    put(a, "bad", "boom")
    put(b, "waiting", "add", 1, 3, depends_on="bad")
    put(b, "allowed", "add", 1, 4, depends_on=Dependency(jobs=["bad", "parent"], allow_failure=True))
    b.enqueue_in(timedelta(hours=1), "fleet.add", 1, 5, 1, job_id="due")
    put(a, "repeated", "add", 1, 6, repeat=Repeat(times=2, interval=5))
    members = [Queue.prepare_data("fleet.add", (1, n), {"scale": 1}, job_id=f"member{n}") for n in (7, 8)]
    Group.create(connection=redis, name="team").enqueue_many(b, members)
    put(a, "unique", "add", 1, 9, unique=True)
    hooks = [Webhook(hook, "finished", method="POST"), Webhook(hook, "failed", method="POST")]
    put(a, "hooked", "add", 1, 10, webhooks=hooks)
    put(a, "unhooked", "boom", webhooks=hooks)
    put(a, "odd", "odd")
    put(b, "brief", "add", 1, 11, result_ttl=0)
    put(a, "dies", "die", **call)
    put(b, "heir", "add", 1, 12, depends_on=Dependency(jobs=["dies"], allow_failure=True))
    return True


def work():
    worker = Worker(["a", "b"], connection=redis, serializer=JSONSerializer)
    worker.work(burst=True, with_scheduler=True, logging_level="ERROR")
    return True


if __name__ == "__main__":
    redis = Redis.from_url(sys.argv[1])
    print(json.dumps(globals()[sys.argv[2]](**json.loads(sys.argv[3]))))
