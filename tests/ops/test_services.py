"""scripts/services.py: real services for one command, and nothing left of them."""

import os
import signal
from pathlib import Path

import pytest

from tests.ops.processes import (
    PYTHON,
    free_port,
    processes_with,
    started,
    wait_until,
)

SERVICES = [PYTHON, "scripts/services.py"]
ASK = """
import os, psycopg2, redis
with psycopg2.connect(os.environ["DATABASE_URL"]) as connection:
    cursor = connection.cursor()
    cursor.execute("SELECT 6 * 7")
    print("answer", cursor.fetchone()[0])
print("redis", redis.Redis.from_url(os.environ["REDIS_URL"]).ping(), flush=True)
"""
# Given services over a socket: none is started, and none is needed.
ELSEWHERE = {
    "DATABASE_URL": "postgres://u:p@/db?host=/nowhere",
    "REDIS_URL": "unix:///nowhere/redis",
}


@pytest.fixture
def services(tmp_path: Path):
    """Run services.py over a command; give its output and processes."""
    output = tmp_path / "out"
    marker = f"SERVICES-TREE-{os.getpid()}-{tmp_path.name}"

    def start(*arguments: str, **environ: str):
        return started([*SERVICES, *arguments], output, TREE_MARKER=marker, **environ)

    start.output = output.read_text
    start.alive = lambda: processes_with(marker)
    return start


def test_the_command_finds_postgresql_and_redis_and_nothing_stays(services):
    with services("exec", PYTHON, "-c", ASK) as process:
        assert process.wait(60) == 0, services.output()
        folder = Path("/tmp").glob(f"portal-services-{process.pid}-*")
        assert not list(folder)
    assert "answer 42" in services.output()
    assert "redis True" in services.output()
    assert not services.alive()


@pytest.mark.parametrize("signum", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_no_process_survives_a_signal(services, signum):
    code = f"{ASK}\nimport time\nprint('waiting', flush=True)\ntime.sleep(60)"
    with services("exec", PYTHON, "-c", code) as process:
        assert wait_until(lambda: "waiting" in services.output(), 60)
        folder = f"portal-services-{process.pid}-"
        # PostgreSQL with its helpers, and Redis.
        assert len(processes_with(folder)) >= 5
        process.send_signal(signum)
        process.wait(30)
        assert wait_until(lambda: not services.alive() | processes_with(folder), 15)


def test_the_exit_code_is_the_commands_own(services):
    with services("exec", "false", **ELSEWHERE) as process:
        assert process.wait(30) == 1


@pytest.mark.parametrize(
    ("environ", "name"),
    [
        ({"DATABASE_URL": "postgres://u:p@127.0.0.1:{port}/db"}, "DATABASE_URL"),
        ({"REDIS_URL": "redis://127.0.0.1:{port}/0"}, "REDIS_URL"),
        ({"DATABASE_URL": "sqlite:///portal.sqlite3"}, "DATABASE_URL"),
    ],
)
def test_a_given_service_that_cannot_serve_is_refused(services, environ, name):
    given = {key: url.format(port=free_port()) for key, url in environ.items()}
    with services("pytest", "--version", **given) as process:
        assert process.wait(30) == 2
    assert name in services.output()
    assert len(services.output().splitlines()) == 1


def test_lite_is_an_error_under_ci(services):
    with services("pytest", "--lite", "--version", CI="1") as process:
        assert process.wait(30) == 2
    assert "--lite" in services.output()


def test_lite_says_loudly_what_it_leaves_out(services):
    with services("pytest", "--lite", "--version") as process:
        assert process.wait(30) == 0
    assert "只用 SQLite" in services.output()


def test_pytests_summary_stays_the_last_line(services, tmp_path: Path):
    case = tmp_path / "test_one.py"
    case.write_text("def test_one():\n    pass\n")
    arguments = ["-n0", "-p", "no:django", "-p", "no:cacheprovider", "-c", "/dev/null"]
    with services(
        "pytest", *arguments, f"--rootdir={tmp_path}", str(case), **ELSEWHERE
    ) as process:
        assert process.wait(60) == 0, services.output()
    assert "1 passed" in services.output().splitlines()[-1]
