"""What the tests of ends need of the real rq: endings.py REDIS_URL STEP ARGUMENTS_AS_JSON, answers with JSON on stdout."""

import json
import sys

from redis import Redis
from rq import Callback, Queue, Repeat, Retry, SimpleWorker
from rq.group import Group
from rq.job import Dependency, Job
from rq.serializers import JSONSerializer
from rq.webhook import Webhook

redis = Redis.from_url(sys.argv[1])
step, arguments = sys.argv[2], json.loads(sys.argv[3])


def queue(name="default"):
    return Queue(name, connection=redis, serializer=JSONSerializer)


def enqueue(webhook):
    """One job for each thing that may happen at an end."""
    q = queue()
    q.enqueue_call("tasks.add", args=(1, 2), job_id="called", on_success=Callback("hooks.done", timeout=5))
    q.enqueue_call("tasks.boom", args=("no luck",), job_id="failed", on_failure=Callback("hooks.failed"))
    q.enqueue_call("tasks.boom", args=("no luck",), job_id="later", retry=Retry(max=2, interval=[30, 60]))
    q.enqueue_call("tasks.boom", args=("no luck",), job_id="front", retry=Retry(max=2))
    q.enqueue_call("tasks.add", args=(1, 2), job_id="repeated", repeat=Repeat(times=2, interval=0))
    q.enqueue_call("tasks.add", args=(1, 2), job_id="again", repeat=Repeat(times=2, interval=50))
    q.enqueue_call("tasks.add", args=(3, 4), job_id="hooked", webhooks=[Webhook(webhook, "finished", method="POST")])
    q.enqueue_call("hooks.retry", args=(1,), job_id="returned")
    group = Group.create(connection=redis, name="pair")
    group.enqueue_many(q, [Queue.prepare_data("tasks.add", args=(i, i), job_id=f"pair{i}") for i in (1, 2)])
    parent = q.enqueue_call("tasks.boom", args=("no luck",), job_id="parent")
    other = queue("other")
    other.enqueue_call("tasks.noop", job_id="strict", depends_on=parent)
    other.enqueue_call("tasks.noop", job_id="lenient", depends_on=Dependency(parent, allow_failure=True))
    other.enqueue_call("tasks.noop", job_id="child", depends_on=["called", "pair1"])
    return True


def limit():
    from rq import RateLimit

    for i in range(3):
        queue().enqueue_call("tasks.noop", job_id=f"limited{i}", rate_limit=RateLimit("api", 1))
    return queue().job_ids


def states(ids):
    jobs = {id: Job.fetch(id, connection=redis, serializer=JSONSerializer) for id in ids}
    return {
        id: {
            "status": job.get_status().value,
            "types": [result.type.value for result in reversed(job.results())],
            "value": job.return_value(),
            "retries_left": job.retries_left,
            "repeats_left": job.repeats_left,
            "number_of_retries": job.number_of_retries,
            "meta": job.meta,
        }
        for id, job in jobs.items()
    }


def places(name="default"):
    q = queue(name)
    return {
        "queued": q.job_ids,
        "finished": q.finished_job_registry.get_job_ids(cleanup=False),
        "failed": q.failed_job_registry.get_job_ids(cleanup=False),
        "scheduled": q.scheduled_job_registry.get_job_ids(cleanup=False),
        "deferred": q.deferred_job_registry.get_job_ids(cleanup=False),
        "started": q.started_job_registry.get_job_ids(cleanup=False),
    }


def work():
    SimpleWorker(["default", "other"], connection=redis, serializer=JSONSerializer).work(
        burst=True, logging_level="WARNING"
    )
    return True


print(json.dumps(globals()[step](**arguments)))
