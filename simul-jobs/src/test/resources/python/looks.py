"""What the real rq reads of jobs, queues and registries, in the form in which SimulLooks says it."""

import re
import time
from datetime import timezone

from rq import Queue
from rq.exceptions import NoSuchGroupError, NoSuchJobError
from rq.group import Group
from rq.job import Job
from rq.registry import (
    CanceledJobRegistry,
    DeferredJobRegistry,
    FailedJobRegistry,
    FinishedJobRegistry,
    ScheduledJobRegistry,
    StartedJobRegistry,
)
from rq.serializers import JSONSerializer

REGISTRIES = {
    "canceled": CanceledJobRegistry,
    "deferred": DeferredJobRegistry,
    "failed": FailedJobRegistry,
    "finished": FinishedJobRegistry,
    "scheduled": ScheduledJobRegistry,
    "started": StartedJobRegistry,
}


def fetch(redis, id):
    try:
        return Job.fetch(id, connection=redis, serializer=JSONSerializer)
    except NoSuchJobError:
        return None


def here(redis, id):
    return Job.fetch(id, connection=redis, serializer=JSONSerializer)


def moment(at):
    """What is near counts as now, what is not as it is."""
    if at is None:
        return None
    at = at.replace(tzinfo=at.tzinfo or timezone.utc)
    return "now" if abs(time.time() - at.timestamp()) < 86400 else at.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def said(traceback):
    """The message of the error, without its type, which differs by language, and without the time of day."""
    line = traceback.strip().splitlines()[-1] if traceback else None
    return line and re.sub(r"[0-9:.]+\+00:00", "time", line.split(": ", 1)[-1])


def job(redis, id):
    it = fetch(redis, id)
    return it and {
        "status": it.get_status(refresh=False).value,
        "queue": it.origin,
        "function": it.func_name,
        "args": list(it.args),
        "kwargs": it.kwargs,
        "description": it.description,
        "created": moment(it.created_at),
        "enqueued": moment(it.enqueued_at),
        "started": moment(it.started_at),
        "ended": moment(it.ended_at),
        "worker": it.worker_name or None,
        "timeout": it.timeout,
        "result_ttl": it.result_ttl,
        "failure_ttl": it.failure_ttl,
        "ttl": it.ttl,
        "meta": it.get_meta(),
        "retries_left": it.retries_left,
        "retry_intervals": it.retry_intervals or [],
        "retry_at_front": bool(it.enqueue_at_front_on_retry),
        "repeats_left": it.repeats_left,
        "repeat_intervals": it.repeat_intervals or [],
        "after": [str(parent, "utf-8") if isinstance(parent, bytes) else parent for parent in it._dependency_ids],
        "dependents": sorted(it.dependent_ids),
        "allow_failure": bool(it.allow_dependency_failures),
        "at_front": bool(it.enqueue_at_front),
        "on_success": it._success_callback_name,
        "on_failure": it._failure_callback_name,
        "on_stopped": it._stopped_callback_name,
        "group": it.group_id,
        "result": it.return_value(refresh=True),
        "error": said(it.exc_info),
    }


def jobs(redis, ids):
    return [it and it.id for it in Job.fetch_many(ids, connection=redis, serializer=JSONSerializer)]


def results(redis, id):
    return [
        {"type": it.type.value, "result": it.return_value, "error": said(it.exc_string), "worker": it.worker_name or None}
        for it in here(redis, id).results()
    ]


def wait(redis, id, seconds):
    result = here(redis, id).latest_result(timeout=seconds)
    return result and result.type.value


def executions(redis, id):
    return [{"job": it.job_id, "worker": it.worker_name or None} for it in here(redis, id).get_executions()]


def queue(redis, queue="default", offset=0, count=-1):
    it = Queue(queue, connection=redis, serializer=JSONSerializer)
    return {
        "key": it.key,
        "count": it.count,
        "empty": it.is_empty(),
        "ids": it.get_job_ids(offset, count),
    }


def place(redis, id, queue="default"):
    it = Queue(queue, connection=redis, serializer=JSONSerializer)
    found = it.fetch_job(id)
    return {"job": found and found.id, "position": it.get_job_position(id)}


def queues(redis):
    return sorted(it.name for it in Queue.all(connection=redis))


def registry(redis, queue, kind):
    return REGISTRIES[kind](queue, connection=redis, serializer=JSONSerializer)


def entries(redis, kind, queue="default", offset=0, count=-1, descending=False):
    """Without the clean-up that comes with it, unless one is asked for."""
    it = registry(redis, queue, kind)
    return {
        "key": it.key,
        "count": it.get_job_count(cleanup=False),
        "ids": it.get_job_ids(offset, -1 if count == -1 else offset + count - 1, desc=descending, cleanup=False),
    }


def expired(redis, kind, until, queue="default"):
    return [id.split(":")[0] for id in registry(redis, queue, kind).get_expired_job_ids(until)]


def expiry(redis, kind, id, queue="default"):
    it = registry(redis, queue, kind)
    return {"there": id in it, "at": moment(it.get_expiration_time(fetch(redis, id)))} if id in it else {"there": False, "at": None}


def group(redis, name):
    try:
        return sorted(it.id for it in Group.fetch(name, connection=redis).get_jobs())
    except NoSuchGroupError:
        return []


def groups(redis):
    return sorted(it.name for it in Group.all(connection=redis))
