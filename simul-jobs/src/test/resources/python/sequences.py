"""Does with the real rq what SimulActor does with Simul: sequences.py REDIS_URL, a step a line on stdin, its answer a line on stdout.

A step is a JSON list of its verb and its arguments by name; see the files in sequences for what there is.
"""

import json
import multiprocessing
import os
import sys
import time
import traceback
from datetime import datetime, timezone

import prompt  # noqa: F401
import looks
from redis import Redis
from rq import Callback, Queue, Repeat, Retry, SimpleWorker, Worker
from rq.command import send_kill_horse_command, send_shutdown_command, send_stop_job_command
from rq.exceptions import InvalidJobOperation, NoSuchJobError
from rq.group import Group
from rq.job import Dependency, Job
from rq.serializers import JSONSerializer
from rq.suspension import resume, suspend
from rq.webhook import Webhook

url = sys.argv[1]
redis = Redis.from_url(url)
running = {}


def queue(name):
    return Queue(name, connection=redis, serializer=JSONSerializer)


def job(id):
    return Job.fetch(id, connection=redis, serializer=JSONSerializer)


def options(given):
    """Options of the sequences as rq's keyword arguments."""
    known = {
        key: given.pop(key) for key in ("at_front", "description", "meta", "result_ttl", "failure_ttl", "ttl") if key in given
    }
    known["job_id"] = given.pop("id", None)
    if "timeout" in given:
        known["job_timeout"] = given.pop("timeout")
    if "retry" in given:
        known["retry"] = Retry(
            max=given.pop("retry"), interval=given.pop("intervals", 0), enqueue_at_front=given.pop("retry_at_front", False)
        )
    if "repeat" in given:
        known["repeat"] = Repeat(times=given.pop("repeat"), interval=given.pop("interval", 0))
    if "after" in given:
        after, lenient, front = given.pop("after"), given.pop("allow_failure", None), given.pop("after_at_front", None)
        known["depends_on"] = (
            after if lenient is None and front is None else Dependency(after, allow_failure=bool(lenient), enqueue_at_front=bool(front))
        )
    if "after_jobs" in given:
        known["depends_on"] = [job(id) for id in given.pop("after_jobs")]
    for name in ("on_success", "on_failure", "on_stopped"):
        if name in given:
            known[name] = Callback(given.pop(name), **({"timeout": given.pop(name + "_timeout")} if name + "_timeout" in given else {}))
    if "webhook" in given:
        known["webhooks"] = [Webhook(given.pop("webhook"), job_status=given.pop("webhook_status", "finished"))]
    if "rate_limit" in given:
        from rq import RateLimit  # of rq 3

        known["rate_limit"] = RateLimit(*given.pop("rate_limit"))
    if given.pop("unique", False):
        known["unique"] = True
    return known


def enqueue(function, args=(), kwargs=None, queue="default", at=None, within=None, **given):
    target = globals()["queue"](queue)
    try:
        call, known = (function, *args), options(given)
        if at is not None:
            target.enqueue_at(datetime.fromtimestamp(at, timezone.utc), *call, **(kwargs or {}), **known)
        elif within is not None:
            at = datetime.fromtimestamp(int(time.time()) + within, timezone.utc)
            target.enqueue_at(at, *call, **(kwargs or {}), **known)
        else:
            target.enqueue(*call, **(kwargs or {}), **known)
    except Exception as e:
        return refused(e)


def refused(error):
    """What is refused must change nothing; the dump shows it."""
    print("refused", type(error).__name__, error, file=sys.stderr)
    return "refused"


def prepared(jobs):
    return [
        Queue.prepare_data(function, args=tuple(args), **renamed(options({"id": id, **rest})))
        for id, function, args, rest in jobs
    ]


def renamed(known):
    if "job_timeout" in known:
        known["timeout"] = known.pop("job_timeout")
    return known


def many(jobs, queue="default"):
    try:
        globals()["queue"](queue).enqueue_many(prepared(jobs))
    except Exception as e:
        return refused(e)


def enqueue_again(id, at_front=False):
    """Whether it waits for others or not: `enqueue_job` would let a child wait on."""
    again = job(id)
    queue(again.origin)._enqueue_job(again, at_front=at_front)


def group(name, jobs, queue="default"):
    Group.create(connection=redis, name=name).enqueue_many(queue=globals()["queue"](queue), job_datas=prepared(jobs))


def work(queues=("default",), name="w1", scheduler=False, max_jobs=None):
    worker = SimpleWorker([queue(q) for q in queues], name=name, connection=redis, serializer=JSONSerializer)
    worker.work(burst=True, logging_level="CRITICAL", with_scheduler=scheduler, max_jobs=max_jobs)


def serve(name, queues):
    worker = Worker(queues, name=name, connection=Redis.from_url(url), serializer=JSONSerializer)
    worker.work(burst=True, logging_level="CRITICAL")


def start(id, queues=("default",), name="w1", child=False):
    """A forking worker in the background; goes on when the job has begun."""
    process = multiprocessing.get_context("fork").Process(target=serve, args=(name, list(queues)))
    process.start()
    running[name] = process
    wait(lambda: redis.hget(f"rq:job:{id}", "status") == b"started" and os.path.exists(begun(id)))


def begun(id):
    return os.path.join(os.environ["GATES"], id + ".begun")


def wait(condition):
    end = time.time() + 20
    while not condition():
        if time.time() > end:
            raise TimeoutError(condition)
        time.sleep(0.005)


def open_gate(id):
    open(os.path.join(os.environ["GATES"], id + ".open"), "w").close()


def finish(id, name="w1"):
    """Lets the running job go on, and waits for its worker's end."""
    open_gate(id)
    running.pop(name).join()


def await_end(name="w1"):
    running.pop(name).join()


def kill(name="w1"):
    """The worker and its horse, so that nobody records anything any more."""
    process = running.pop(name)
    for child in open(f"/proc/{process.pid}/task/{process.pid}/children").read().split():
        os.kill(int(child), 9)
    process.kill()
    process.join()


def kill_horse(name="w1"):
    send_kill_horse_command(redis, name)


def shutdown(name="w1"):
    """Goes on when the worker, which has a job, has heard it."""
    send_shutdown_command(redis, name)
    wait(lambda: redis.hexists(f"rq:worker:{name}", "shutdown_requested_date"))


def stop(id):
    send_stop_job_command(redis, id, serializer=JSONSerializer)


def cancel(id, dependents=False):
    try:
        job(id).cancel(enqueue_dependents=dependents)
    except Exception as e:
        return refused(e)


def delete(id, dependents=False):
    job(id).delete(delete_dependents=dependents)


def requeue(id, at_front=False, registry="failed", queue="default"):
    try:
        looks.registry(redis, queue, registry).requeue(id, at_front=at_front)
    except Exception as e:
        return refused(e)


def remove(id, queue="default"):
    globals()["queue"](queue).remove(id)


def empty(queue="default"):
    globals()["queue"](queue).empty()


def delete_queue(queue="default"):
    globals()["queue"](queue).delete()


def compact(queue="default"):
    if redis.exists(f"rq:queue:{queue}"):  # rq stumbles over one that is not there
        globals()["queue"](queue).compact()


def save_meta(id, meta):
    changed = job(id)
    changed.meta.update(meta)
    changed.save_meta()


def suspend_all(seconds=None):
    suspend(redis, ttl=seconds)


def resume_all():
    resume(redis)


def raw(command):
    """The same command on both sides, to bring time forward or damage something."""
    redis.execute_command(*[now(word) for word in command])


def now(word):
    return str(int(time.time()) + int(word[3:] or 0)) if isinstance(word, str) and word.startswith("now") else word


for line in sys.stdin:
    verb, arguments = json.loads(line)
    try:
        if verb.startswith("look_"):
            answer = getattr(looks, verb.removeprefix("look_"))(redis, **arguments)
        else:
            answer = globals()[verb](**arguments) or "ok"
        print(json.dumps({"answer": answer}), flush=True)
    except (InvalidJobOperation, NoSuchJobError) as e:
        print(json.dumps({"answer": refused(e)}), flush=True)
    except Exception:
        print(json.dumps({"broken": traceback.format_exc()}), flush=True)
