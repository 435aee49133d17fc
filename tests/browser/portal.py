"""A whole portal for the browser: its own database, a web server and a worker."""

from __future__ import annotations

import contextlib
import http.client
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from aiosmtpd.controller import Controller
from django.conf import settings
from django.db import connection
from django.utils import timezone

from reports.demo import build_demo
from tests.liaison.mailbox import Mailbox
from tests.ops.processes import free_port, started, wait_until


@dataclass(frozen=True)
class Portal:
    """Where a portal answers, the passwords of its demo accounts, what it mailed."""

    url: str
    passwords: dict[str, str]
    folder: Path
    mailbox: Mailbox


@contextlib.contextmanager
def copied_database(template: str, name: str) -> Iterator[str]:
    """Use a copy of the database `template` in the block, then drop it.

    The tests' own database stays as it was: what a browser does is committed.
    """
    connection.close()
    own_name = connection.settings_dict["NAME"]
    quote = connection.ops.quote_name
    with connection._nodb_cursor() as cursor:
        # A worker that another test has killed may still be leaving.
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            [template],
        )
        cursor.execute(f"DROP DATABASE IF EXISTS {quote(name)} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {quote(name)} TEMPLATE {quote(template)}")
    connection.settings_dict["NAME"] = name
    try:
        yield name
    finally:
        connection.close()
        connection.settings_dict["NAME"] = own_name
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {quote(name)} WITH (FORCE)")


def written_demo() -> dict[str, str]:
    """Write the demo into the database in use; return its passwords by user name."""
    accounts = build_demo(timezone.localdate())
    connection.close()
    return {account.username: account.password for account in accounts}


def redis_url() -> str:
    """A database of Redis for this process of pytest alone."""
    number = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    parts = urlsplit(os.environ["REDIS_URL"])
    return urlunsplit(parts._replace(path=f"/{10 + int(number) % 6}"))


@contextlib.contextmanager
def running_portal(passwords: dict[str, str], folder: Path) -> Iterator[Portal]:
    """Serve the database in use with gunicorn, a Celery worker and a mail server."""
    port, mail_port = free_port(), free_port()
    mailbox = Mailbox()
    post = Controller(mailbox, hostname="127.0.0.1", port=mail_port)
    parts = urlsplit(os.environ["DATABASE_URL"])
    name = connection.settings_dict["NAME"]
    environ = {
        "DJANGO_SETTINGS_MODULE": "tests.liaison.mail_settings",
        "DATABASE_URL": urlunsplit(parts._replace(path=f"/{name}")),
        "REDIS_URL": redis_url(),
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
        "PORTAL_BASE_URL": f"http://127.0.0.1:{port}",
        "PORTAL_TEST_VAR": str(settings.VAR_DIR),
        "GUNICORN_BIND": f"127.0.0.1:{port}",
        "WEB_WORKERS": "1",
        "WEB_THREADS": "8",
    }
    web = [*(sys.executable, "-m", "gunicorn"), "config.wsgi"]
    web += ["--config", "python:config.gunicorn_conf"]
    worker = [*(sys.executable, "-m", "celery", "-A", "config", "worker")]
    worker += ["--concurrency", "1", "--loglevel", "WARNING", "--without-mingle"]
    web_log, worker_log = folder / "web.log", folder / "worker.log"
    with (
        listening(post),
        started(web, web_log, **environ),
        started(worker, worker_log, **environ),
    ):
        assert wait_until(lambda: _answers(port), 60), web_log.read_text()
        yield Portal(f"http://127.0.0.1:{port}", passwords, folder, mailbox)
        tail = web_log.read_text() + worker_log.read_text()
        assert "Traceback" not in tail, tail[-8000:]


@contextlib.contextmanager
def listening(server: Controller) -> Iterator[None]:
    server.start()
    try:
        yield
    finally:
        server.stop()


def committed(work: Callable[[], None]) -> None:
    """Do `work` on a connection of its own, so that the server sees it at once."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(work).result()
        pool.submit(lambda: connection.close()).result()


def _answers(port: int) -> bool:
    web = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        web.request("GET", "/healthz")
        return web.getresponse().status == 200
    except OSError:
        return False
    finally:
        web.close()
