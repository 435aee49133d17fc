"""What the tests of the process trees share."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PYTHON = sys.executable


def clean_environ(**extra: str) -> dict[str, str]:
    """Return the environment of a user who has set nothing but `extra`."""
    ours = ("DJANGO_", "DATABASE_URL", "REDIS_URL", "PORTAL_", "PYTEST_", "CI", "BIND")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
    return kept | {"PYTHONDONTWRITEBYTECODE": "1"} | extra


def processes_with(marker: str) -> set[int]:
    """Return the living processes with `marker` in environment, command or folder.

    PostgreSQL and Redis overwrite their environment with a title: they are
    known by the folder they work in.
    """
    found = set()
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        with contextlib.suppress(OSError):
            state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
            known = b"".join(
                (
                    (folder / "environ").read_bytes(),
                    (folder / "cmdline").read_bytes(),
                    bytes((folder / "cwd").readlink()),
                )
            )
            if state != "Z" and marker.encode() in known:
                found.add(int(folder.name))
    return found


def wait_until(condition: Callable[[], bool], seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return condition()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def started(
    command: list[str], output: Path, **environ: str
) -> Iterator[subprocess.Popen[bytes]]:
    """Run `command` in its own session; nothing of it survives the block."""
    with output.open("wb") as file:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=clean_environ(**environ),
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
