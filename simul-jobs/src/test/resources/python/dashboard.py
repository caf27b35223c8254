"""Opens pages of the real rq-dashboard: dashboard.py REDIS_URL STEP ARGUMENTS_AS_JSON, answers with JSON on stdout."""

import json
import sys
import threading
import urllib.error
import urllib.request

from rq.serializers import JSONSerializer
from rq_dashboard.cli import make_flask_app
from rq_dashboard.web import config, setup_rq_connection
from werkzeug.serving import make_server


def open_all(requests):
    """Each request is a method and a path; the answers are a status and a body each."""
    app = make_flask_app(None, None, None, "")
    app.config["RQ_DASHBOARD_REDIS_URL"] = sys.argv[1]
    config.serializer = JSONSerializer  # --json
    setup_rq_connection(app)
    server = make_server("127.0.0.1", 0, app)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return [open_one(f"http://127.0.0.1:{server.port}{path}", method) for method, path in requests]


def open_one(url, method):
    try:
        with urllib.request.urlopen(urllib.request.Request(url, method=method)) as answer:
            return [answer.status, answer.read().decode()]
    except urllib.error.HTTPError as e:
        return [e.code, ""]


print(json.dumps(globals()[sys.argv[2]](**json.loads(sys.argv[3]))))
