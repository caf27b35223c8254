"""RQ as a contestant with jobs.

    rq_jobs.py rq|rq-simple produce
    rq_jobs.py rq|rq-simple work CONCURRENCY QUEUES

The producer does what a line on stdin says, MODE JOBS KIND BYTES QUEUES or paced JOBS MICROS, and answers
with the seconds it took. The worker runs until it is killed; RQ's run one job at a time, whatever CONCURRENCY
says. rq forks for every job, which is what `rq worker` does unless told otherwise; rq-simple does not.
"""

import sys

import functions
from redis import Redis
from rq import Queue, SimpleWorker, Worker

connection = Redis(port=functions.PORT)


def work(kind, queues):
    chosen = Worker if kind == "rq" else SimpleWorker
    names = [f"q{number}" for number in range(queues)]
    chosen(names, connection=connection).work(logging_level="WARNING")


def one(jobs, job, text, queues):
    for number in range(jobs):
        queues[number % len(queues)].enqueue(job, number, text)


def batch(jobs, job, text, queues):
    for start in range(0, jobs, 500):
        for which, queue in enumerate(queues):
            numbers = [n for n in range(start, min(jobs, start + 500)) if n % len(queues) == which]
            if numbers:
                queue.enqueue_many([Queue.prepare_data(job, (number, text)) for number in numbers])


def produce():
    def queues(count):
        return [Queue(f"q{number}", connection=connection) for number in range(count)]

    functions.serve(
        {"one": lambda *request: one(*request[:3], queues(request[3])),
         "batch": lambda *request: batch(*request[:3], queues(request[3]))},
        lambda job, moment: Queue("q0", connection=connection).enqueue(job, moment),
    )


if sys.argv[2] == "produce":
    produce()
else:
    work(sys.argv[1], int(sys.argv[4]))
