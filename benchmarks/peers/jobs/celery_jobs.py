"""Celery as a contestant with jobs: celery_jobs.py produce, or celery_jobs.py work CONCURRENCY QUEUES. See rq_jobs.py."""

import sys

import functions
from celery import Celery

url = f"redis://127.0.0.1:{functions.PORT}/0"
app = Celery("celery_jobs", broker=url, backend=url)
jobs = {
    job.__name__: app.task(name=job.__name__)(job)
    for job in (functions.noop, functions.sleep1, functions.sleep10, functions.latency)
}


def one(count, job, text, queues):
    for number in range(count):
        job.apply_async((number, text), queue=f"q{number % queues}")


if sys.argv[1] == "produce":
    # Celery has no call for several jobs.
    functions.serve({"one": one, "batch": one}, lambda job, moment: job.apply_async((moment,), queue="q0"), jobs)
else:
    queues = ",".join(f"q{number}" for number in range(int(sys.argv[3])))
    pool = ["-P", "threads", "-c", sys.argv[2]] if int(sys.argv[2]) > 1 else ["-P", "prefork", "-c", "1"]
    app.worker_main(["worker", "-l", "WARNING", "-Q", queues, *pool])
