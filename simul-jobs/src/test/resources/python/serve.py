"""Keeps the real rq loaded for the interop tests: each line on stdin is a request in JSON, done in a forked child.

A request has "id" and either "program", "url", "step" and "arguments" (one of the programs beside this one) or "rq", the
arguments of the rq command. The answers, in any order: {"id", "pid"} at the start and {"id", "rc", "output"} at the end.
"""

import json
import os
import runpy
import sys
import tempfile
import threading
import traceback

import prompt  # noqa: F401
import rq.cli

# Loaded once for all.
import rq.cron  # noqa: F401
import rq.scheduler  # noqa: F401

try:
    import rq_dashboard.cli  # noqa: F401
except ImportError:
    pass  # only some have it

HERE = os.path.dirname(os.path.abspath(__file__))
ANSWERS = os.dup(1)
WRITING = threading.Lock()


def answer(**fields):
    line = (json.dumps(fields) + "\n").encode()
    with WRITING:
        while line:
            line = line[os.write(ANSWERS, line) :]


def run(request):
    if "rq" in request:
        sys.argv = ["rq", *request["rq"]]
        rq.cli.main()
    else:
        program = os.path.join(HERE, request["program"])
        sys.argv = [program, request["url"], request["step"], json.dumps(request["arguments"])]
        runpy.run_path(program, run_name="__main__")


def child(output, request):
    os.dup2(output.fileno(), 1)
    os.dup2(output.fileno(), 2)
    code = 0
    try:
        run(request)
    except SystemExit as e:
        code = e.code if isinstance(e.code, int) else int(e.code is not None)
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def wait(request, pid, output):
    _, status = os.waitpid(pid, 0)
    output.seek(0)
    answer(id=request["id"], rc=os.waitstatus_to_exitcode(status), output=output.read().decode(errors="replace"))
    output.close()


for line in sys.stdin:
    request = json.loads(line)
    output = tempfile.TemporaryFile()
    pid = os.fork()
    if pid == 0:
        sys.stdin.close()
        child(output, request)
    answer(id=request["id"], pid=pid)
    threading.Thread(target=wait, args=(request, pid, output), daemon=True).start()
