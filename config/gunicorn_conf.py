"""gunicorn, for the embedded default and for production alike."""

import os
import signal
from typing import Any

from config import env
from config.process import die_with_parent

bind = os.environ.get("GUNICORN_BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = env.number("WEB_WORKERS", default=2, low=1, high=64)
threads = env.number("WEB_THREADS", default=4, low=1, high=64)
preload_app = True
timeout = 60
graceful_timeout = 10
keepalive = 5
max_requests = 5000
max_requests_jitter = 500
# A whole-roster workbook is the largest upload; nginx has the same limit.
limit_request_line = 8190
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: PTH112
control_socket_disable = True

accesslog = "-" if env.flag("ACCESS_LOG", default=False) else None
# No query string: a search must not leave names in the log.
access_log_format = '%(h)s "%(m)s %(U)s" %(s)s %(B)s %(M)sms'
errorlog = "-"
loglevel = "warning"


def post_fork(server: Any, worker: Any) -> None:
    """Let a worker end with its master, even when that is killed -9."""
    die_with_parent(worker.ppid, signal.SIGTERM)
