"""What rq cron schedules in the interop tests."""

import tasks
from rq import cron

cron.register(tasks.add, "default", args=(20, 3), interval=3600, meta={"by": "cron"})
