"""Schedulers of the real rq beside ours: upkeep.py REDIS_URL STEP ARGUMENTS_AS_JSON, answers with JSON on stdout."""

import json
import sys
from datetime import datetime, timedelta, timezone

from redis import Redis
from rq import Queue, SimpleWorker
from rq.cron import CronScheduler
from rq.scheduler import RQScheduler
from rq.serializers import JSONSerializer

redis = Redis.from_url(sys.argv[1])
step, arguments = sys.argv[2], json.loads(sys.argv[3])


def enqueue_due(function, args, id):
    """A job whose time has come already."""
    queue = Queue("default", connection=redis, serializer=JSONSerializer)
    due = datetime.now(timezone.utc) - timedelta(seconds=1)
    return queue.enqueue_at(due, function, *args, job_id=id, meta={"who": "python"}).id


def schedule():
    """One look of a scheduler; the queues whose lock it got."""
    scheduler = RQScheduler(["default"], connection=redis, serializer=JSONSerializer)
    held = sorted(scheduler.acquire_locks())
    if held:
        scheduler.enqueue_scheduled_jobs()
        scheduler.release_locks()
    return held


def run_scheduler():
    """A scheduler until SIGTERM."""
    scheduler = RQScheduler(["default"], connection=redis, serializer=JSONSerializer)
    scheduler.acquire_locks()
    scheduler.work()


def finish_while_another_parent_changes():
    """Works a parent; when its end is about to be written, the other parent of its child is changed as by its worker."""
    queue = Queue("default", connection=redis, serializer=JSONSerializer)
    other = Queue("other", connection=redis, serializer=JSONSerializer).enqueue_call("tasks.noop", job_id="other")
    parent = queue.enqueue_call("tasks.add", args=(1, 2), job_id="parent")
    queue.enqueue_call("tasks.noop", job_id="child", depends_on=[other, parent])
    ends = []

    class Worker(SimpleWorker):
        def increment_successful_job_count(self, pipeline=None):
            super().increment_successful_job_count(pipeline)
            if not ends:
                redis.hset("rq:job:other", "last_heartbeat", "")
            ends.append(self.name)

    Worker([queue], connection=redis, serializer=JSONSerializer).work(burst=True, logging_level="WARNING")
    return len(ends)


def cron():
    return [
        {
            "name": scheduler.name,
            "config_file": scheduler.config_file,
            "pid": scheduler.pid,
            "jobs": [
                {"function": job.func_name, "queue": job.queue_name, "interval": job.interval, "cron": job.cron}
                for job in scheduler.get_jobs()
            ],
        }
        for scheduler in CronScheduler.all(connection=redis)
    ]


print(json.dumps(globals()[step](**arguments)))
