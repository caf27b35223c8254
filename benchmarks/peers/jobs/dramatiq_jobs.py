"""Dramatiq as a contestant with jobs: dramatiq_jobs.py produce, or dramatiq_jobs.py work CONCURRENCY QUEUES.

See rq_jobs.py. One process with CONCURRENCY threads.
"""

import os
import sys

import dramatiq
import functions
from dramatiq.brokers.redis import RedisBroker

dramatiq.set_broker(RedisBroker(host="127.0.0.1", port=functions.PORT))
QUEUES = int(os.environ.get("JOBS_QUEUES", "1"))
jobs = {
    job.__name__: [
        dramatiq.actor(job, actor_name=f"{job.__name__}-{queue}", queue_name=f"q{queue}") for queue in range(QUEUES)
    ]
    for job in (functions.noop, functions.sleep1, functions.sleep10, functions.latency)
}


def one(count, actors, text, queues):
    for number in range(count):
        actors[number % queues].send(number, text)


if __name__ == "__main__":
    if sys.argv[1] == "produce":
        # Dramatiq has no call for several jobs.
        functions.serve({"one": one, "batch": one}, lambda actors, moment: actors[0].send(moment), jobs)
    else:
        os.environ["JOBS_QUEUES"] = sys.argv[3]
        os.environ["PYTHONPATH"] = os.path.dirname(os.path.abspath(__file__))
        program = os.path.join(os.path.dirname(sys.executable), "dramatiq")
        os.execv(program, [program, "dramatiq_jobs", "-p", "1", "-t", sys.argv[2]])
