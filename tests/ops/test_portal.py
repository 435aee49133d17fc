"""`manage.py portal` as a user meets it: real web, worker and beat."""

import contextlib
import http.client
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.ops.processes import (
    PYTHON,
    free_port,
    processes_with,
    started,
    wait_until,
)

pytestmark = pytest.mark.worker
STATIC = "/static/admin/css/base.css"
COMMAND = [PYTHON, "manage.py", "portal", "--empty"]


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Any]:
    """Start a portal on a free port; yield it once it answers."""
    output = folder / "out"
    port = free_port()
    marker = f"PORTAL-TREE-{os.getpid()}-{port}"
    environ = {
        "PORTAL_VAR": str(folder / "var"),
        "PORT": str(port),
        "TREE_MARKER": marker,
    }
    with started(COMMAND, output, **environ) as process:
        assert wait_until(lambda: "门户已启动" in output.read_text(), 90), (
            output.read_text()
        )
        process.port = port
        process.output = output.read_text
        process.alive = lambda: processes_with(marker)
        process.environ = environ
        yield process


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("portal")


@pytest.fixture(scope="module")
def portal(folder: Path):
    """The first start on an empty data folder, shared by the tests that only look."""
    with running(folder) as process:
        yield process


@pytest.fixture(scope="module")
def second_start(folder: Path, portal):
    """Start again on a copy of that data folder, which has its database."""
    copy = folder / "second"
    copy.mkdir()
    shutil.copytree(
        folder / "var", copy / "var", ignore=shutil.ignore_patterns("broker")
    )
    return copy


def status(port: int, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


def test_the_first_start_prints_a_one_time_password_and_the_address(portal):
    assert "一次性密码" in portal.output()
    assert f"http://127.0.0.1:{portal.port}/" in portal.output()


def test_static_files_are_served_without_a_collecting_step(portal):
    assert status(portal.port, STATIC) == 200


def test_a_taken_port_is_one_line(portal, tmp_path: Path):
    output = tmp_path / "out"
    environ = portal.environ | {"PORTAL_VAR": str(tmp_path / "var")}
    with started(COMMAND, output, **environ) as second:
        assert second.wait(30) == 1
    lines = output.read_text().splitlines()
    assert len(lines) == 1
    assert f"端口 {portal.port} 已被占用" in lines[0]
    assert "PORT" in lines[0]


def test_a_second_portal_on_the_same_data_folder_is_refused(portal, tmp_path: Path):
    output = tmp_path / "out"
    environ = portal.environ | {"PORT": str(free_port())}
    with started(COMMAND, output, **environ) as second:
        assert second.wait(30) == 1
    assert "PORTAL_VAR" in output.read_text()


def test_the_data_folder_is_private(portal, folder: Path):
    for path in (folder / "var").rglob("*"):
        with contextlib.suppress(FileNotFoundError):
            assert path.stat().st_mode & 0o077 == 0, path


def test_a_task_reaches_the_worker_past_a_damaged_message(portal, folder: Path):
    queue = folder / "var" / "broker" / "queue"
    assert wait_until(queue.exists)
    (queue / "0_damaged.portal.msg").write_text('{"body"')
    code = "from config.celery import clear_sessions_task as t; t.delay()"
    send = [PYTHON, "manage.py", "shell", "--no-imports", "-c", code]
    with started(send, folder / "sent", **portal.environ) as sender:
        assert sender.wait(60) == 0, (folder / "sent").read_text()
    assert wait_until(lambda: not list(queue.glob("*.msg")))
    assert "Traceback" not in portal.output()


def test_a_dead_web_process_comes_back(portal):
    def web() -> set[int]:
        found = set()
        for pid in portal.alive():
            with contextlib.suppress(OSError):
                if b"gunicorn" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    found.add(pid)
        return found

    before = web()
    os.kill(min(before), signal.SIGKILL)
    assert wait_until(lambda: web() and not web() & before)
    assert status(portal.port, STATIC) == 200
    assert "web    | 已退出" in portal.output()


def test_a_stop_signal_ends_web_worker_and_beat(second_start: Path):
    with running(second_start) as portal:
        assert "一次性密码" not in portal.output()
        assert wait_until(lambda: len(portal.alive()) >= 6)
        portal.send_signal(signal.SIGTERM)
        assert portal.wait(20) == 0
        assert portal.output().rstrip().endswith("门户已停止。")
        assert not portal.alive()
        assert "Traceback" not in portal.output()


def test_kill_9_leaves_no_orphan(second_start: Path):
    with running(second_start) as portal:
        assert wait_until(lambda: len(portal.alive()) >= 6)
        portal.kill()
        portal.wait()
        assert wait_until(lambda: not portal.alive(), 15)


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("DATABASE_URL", "postgres://u:p@127.0.0.1:{port}/portal"),
        ("REDIS_URL", "redis://127.0.0.1:{port}/0"),
    ],
)
def test_a_service_that_is_not_there_is_one_line(tmp_path: Path, name, url):
    output = tmp_path / "out"
    environ = {
        "PORT": str(free_port()),
        "PORTAL_VAR": str(tmp_path / "var"),
        name: url.format(port=free_port()),
    }
    with started(COMMAND, output, **environ) as process:
        assert process.wait(30) == 1
    assert name in output.read_text()
    assert len(output.read_text().splitlines()) == 1
