"""Schedulers of the real rq beside ours: upkeep.py REDIS_URL STEP ARGUMENTS_AS_JSON, answers with JSON on stdout."""

import json
import sys
from datetime import datetime, timedelta, timezone

from redis import Redis
from rq import Queue
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
