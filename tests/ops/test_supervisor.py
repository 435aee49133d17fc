"""The process tree, with small children that behave badly on purpose."""

import os
import selectors
import signal
import sys
import textwrap
from pathlib import Path

import pytest

from config.supervisor import CannotStartError, Child, Probe, only_one, open_socket
from tests.ops.processes import PYTHON, processes_with, started, wait_until

PARENT = textwrap.dedent(
    """
    import sys
    from config.supervisor import Child, Supervisor
    children = [
        Child(name, [sys.executable, "-c", code])
        for name, code in zip(sys.argv[1::2], sys.argv[2::2])
    ]
    Supervisor(children, sys.stdout).run()
    print("ended")
    """
)
SLEEP = "import time; print('up', flush=True); time.sleep(60)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEP}"


@pytest.fixture
def tree(tmp_path: Path):
    """Start a supervisor over named programs; give the process and its output."""
    marker = f"TREE-{os.getpid()}-{tmp_path.name}"
    output = tmp_path / "out"

    def start(*programs: str):
        command = [PYTHON, "-c", PARENT, *programs]
        return started(command, output, TREE_MARKER=marker)

    start.output = output.read_text
    start.alive = lambda: processes_with(marker)
    return start


def test_lines_carry_the_name_of_their_process(tree):
    with tree("web", SLEEP, "worker", SLEEP):
        assert wait_until(lambda: "web    | up" in tree.output())
        assert wait_until(lambda: "worker | up" in tree.output())


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_stop_signal_ends_the_tree_cleanly(tree, signum):
    with tree("web", SLEEP, "beat", SLEEP) as process:
        assert wait_until(lambda: tree.output().count("| up") == 2)
        process.send_signal(signum)
        assert process.wait(10) == 0
        assert tree.output().endswith("ended\n")
        assert not tree.alive()


def test_killing_the_parent_leaves_no_orphan(tree):
    with tree("web", SLEEP, "beat", SLEEP) as process:
        assert wait_until(lambda: tree.output().count("| up") == 2)
        assert len(tree.alive()) == 3
        process.kill()
        process.wait()
        assert wait_until(lambda: not tree.alive(), 5)


def test_a_second_signal_ends_a_child_that_does_not_listen(tree):
    with tree("web", STUBBORN) as process:
        assert wait_until(lambda: "| up" in tree.output())
        process.terminate()
        assert wait_until(lambda: "正在停止" in tree.output())
        process.terminate()
        assert process.wait(5) == 0
        assert not tree.alive()


def test_a_child_that_ends_is_started_again_with_growing_pauses(tree):
    with tree("web", "print('short', flush=True); raise SystemExit(3)"):
        assert wait_until(lambda: tree.output().count("| short") >= 3)
        assert "已退出（代码 3），0.5 秒后重新启动" in tree.output()
        assert "已退出（代码 3），1 秒后重新启动" in tree.output()


def test_what_a_dead_child_left_behind_is_ended_too(tree):
    fork = (
        "import os, time\nif os.fork() == 0:\n    time.sleep(60)\n"
        "print('forked', flush=True)"
    )
    with tree("web", fork) as process:
        assert wait_until(lambda: tree.output().count("| forked") >= 2)
        assert len(tree.alive()) <= 3
        process.terminate()
        assert process.wait(10) == 0
        assert not tree.alive()


def test_a_healthy_run_resets_the_pause():
    child = Child("web", [sys.executable])
    child.pause_seconds = 16
    child.started_at = -1e9
    assert child.plan_restart() == 0.5


def test_a_taken_port_is_one_chinese_line_naming_PORT():  # noqa: N802
    with open_socket("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(CannotStartError, match=f"端口 {port} 已被占用") as caught:
            open_socket("127.0.0.1", port)
    assert "PORT" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_one_data_folder_has_one_portal(tmp_path: Path):
    with (
        only_one(tmp_path),
        pytest.raises(CannotStartError, match="PORTAL_VAR"),
        only_one(tmp_path),
    ):
        pass
    with only_one(tmp_path):
        pass


def test_ready_is_said_after_a_good_answer_only():
    with open_socket("127.0.0.1", 0) as listener:
        selector = selectors.DefaultSelector()
        probe = Probe(listener.getsockname(), selector)
        good, bad = b"HTTP/1.1 200 OK", b"HTTP/1.1 500"
        for answer, is_ready in [(b"", False), (bad, False), (good, True)]:
            probe.next_at = 0
            probe.ask()
            with listener.accept()[0] as client:
                assert client.recv(999).startswith(b"GET /healthz ")
                client.sendall(answer)
            assert selector.select(timeout=2)
            assert probe.is_answered() is is_ready
