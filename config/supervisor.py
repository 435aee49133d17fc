"""The process tree of `manage.py portal`: web, worker and beat under one parent.

Whatever happens to the parent, kill -9 included, nothing is left running: the
kernel ends each child with it, and each child ends its own.
"""

import contextlib
import fcntl
import os
import re
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from config import env
from config.process import bound_to_this_process, end_group

ROOT = Path(__file__).resolve().parent.parent
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
STOP_SECONDS = 15
LONGEST_PAUSE_SECONDS = 30
# A child that ran this long was healthy: its next restart is immediate again.
HEALTHY_SECONDS = 60


class CannotStartError(Exception):
    """The portal cannot start; the message is for the user, in Chinese."""


@dataclass
class Child:
    """One program of the portal, restarted whenever it ends."""

    name: str
    argv: list[str]
    environ: dict[str, str] = field(default_factory=dict)
    pass_fds: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_at: float = 0.0
    pause_seconds: float = 0.0
    partial_line: bytes = b""

    def start(self) -> None:
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(
            self.argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env=os.environ | self.environ,
            pass_fds=self.pass_fds,
            # Its own session: Ctrl-C reaches the parent alone, which asks
            # each child once to stop.
            start_new_session=True,
            preexec_fn=bound_to_this_process(),
        )

    def plan_restart(self) -> float:
        """Return the seconds to wait: 0.5 at first, then twice as long each time."""
        now = time.monotonic()
        if now - self.started_at >= HEALTHY_SECONDS:
            self.pause_seconds = 0.0
        self.pause_seconds = min(
            max(0.5, self.pause_seconds * 2), LONGEST_PAUSE_SECONDS
        )
        self.process = None
        self.start_at = now + self.pause_seconds
        return self.pause_seconds


def open_socket(host: str, port: int) -> socket.socket:
    """Listen on `host`:`port` before anything else is done."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host.strip("[]"), port))
        listener.listen(512)
    except PermissionError as error:
        raise CannotStartError(
            f"没有权限使用端口 {port}。请用 PORT 换一个 1024 以上的端口，"
            "例如：PORT=8080 scripts/run"
        ) from error
    except OSError as error:
        raise CannotStartError(
            f"端口 {port} 已被占用（{error.strerror}）。请用 PORT 换一个端口，"
            f"例如：PORT={port + 1} scripts/run"
        ) from error
    return listener


@contextlib.contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the lock of a data folder; the kernel frees it with this process."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "portal.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            raise CannotStartError(
                f"数据目录 {folder} 已有一个门户在运行（进程 {file.read().strip()}）。"
                "请先停止它，或用 PORTAL_VAR 指定另一个数据目录。"
            ) from error
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


def portal_children(listener: socket.socket) -> list[Child]:
    """Return web, worker and beat as they run on one machine."""
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "--quiet", "--app", "config.celery"]
    # The embedded default may run as root; on servers the units say who it is.
    silent = {"PYTHONWARNINGS": "ignore:You're running the worker with superuser"}
    # A stop must not wait half an hour for a long task: it gets the soft
    # shutdown's seconds, and its job is taken up again at the next start.
    impatient = {"REMAP_SIGTERM": "SIGQUIT"} | silent
    descriptor = listener.fileno()
    workers = str(env.number("WORKER_PROCESSES", default=1, low=1, high=32))
    web = [*python, "gunicorn", "--config", "python:config.gunicorn_conf"]
    quiet = ["--loglevel", "WARNING"]
    lean = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    return [
        Child(
            "web",
            [*web, "--bind", f"fd://{descriptor}", "config.wsgi"],
            pass_fds=(descriptor,),
        ),
        Child(
            "worker",
            [*celery, "worker", "--concurrency", workers, *lean, *quiet],
            impatient,
        ),
        Child(
            "beat",
            [*celery, "beat", "--pidfile=", *quiet],
            silent,
        ),
    ]


class Supervisor:
    """Start the children, pass on their output, restart and at last stop them."""

    def __init__(self, children: list[Child], out: IO[str]) -> None:
        self.children = children
        self.out = out
        self.selector = selectors.DefaultSelector()
        self.stopping_since: float | None = None
        self.width = max(len(child.name) for child in children)

    def run(self, address: tuple[str, int] | None = None, ready: str = "") -> None:
        """Run until a stop signal; print `ready` once `address` answers."""
        wakeup, restore = self._catch_signals()
        self.selector.register(wakeup, selectors.EVENT_READ, "signal")
        probe = Probe(address, self.selector) if address else None
        try:
            while not self._is_finished():
                self._start_due()
                if probe:
                    probe.ask()
                for key, _ in self.selector.select(timeout=0.2):
                    if key.data == "signal":
                        self._on_signal(wakeup.recv(64))
                    elif isinstance(key.data, Child):
                        self._relay(key.data, key.fd)
                    elif probe and probe.is_answered():
                        self.say(ready)
                        probe = None
                self._reap()
        finally:
            if probe:
                probe.close()
            self._end_everything()
            restore()

    def say(self, line: str) -> None:
        with contextlib.suppress(OSError, ValueError):
            self.out.write(f"{line}\n")
            self.out.flush()

    def _catch_signals(self) -> tuple[socket.socket, Callable[[], None]]:
        reader, writer = socket.socketpair()
        reader.setblocking(False)
        writer.setblocking(False)
        kept = {}
        for signum in STOP_SIGNALS:
            if signum == signal.SIGHUP and signal.getsignal(signum) == signal.SIG_IGN:
                continue  # nohup: the terminal may close
            kept[signum] = signal.signal(signum, lambda *_: None)
        previous_fd = signal.set_wakeup_fd(writer.fileno())

        def restore() -> None:
            signal.set_wakeup_fd(previous_fd)
            for signum, handler in kept.items():
                signal.signal(signum, handler)
            reader.close()
            writer.close()

        return reader, restore

    def _on_signal(self, received: bytes) -> None:
        if not any(signum in STOP_SIGNALS for signum in received):
            return
        if self.stopping_since is None:
            self.stopping_since = time.monotonic()
            self.say("正在停止……")
            for child in self.children:
                if child.process:
                    with contextlib.suppress(ProcessLookupError):
                        child.process.terminate()
        else:  # asked again: no more patience
            self._end_everything()

    def _start_due(self) -> None:
        if self.stopping_since is not None:
            return
        for child in self.children:
            if child.process is None and time.monotonic() >= child.start_at:
                child.start()
                output = child.process.stdout.fileno()
                os.set_blocking(output, False)
                self.selector.register(output, selectors.EVENT_READ, child)

    def _relay(self, child: Child, descriptor: int) -> None:
        try:
            chunk = os.read(descriptor, 65536)
        except BlockingIOError:
            return
        if not chunk:
            self.selector.unregister(descriptor)
            return
        *lines, child.partial_line = (child.partial_line + chunk).split(b"\n")
        if len(child.partial_line) > 65536:
            lines, child.partial_line = [*lines, child.partial_line], b""
        for line in lines:
            text = line.decode("utf-8", "replace").rstrip()
            self.say(f"{child.name:<{self.width}} | {text}")

    def _reap(self) -> None:
        for child in self.children:
            process = child.process
            if process is None or process.poll() is None:
                continue
            self._close_output(process)
            end_group(process.pid)  # what it may have left behind
            if self.stopping_since is not None:
                child.process = None
                continue
            pause = child.plan_restart()
            self.say(
                f"{child.name:<{self.width}} | 已退出（代码 {process.returncode}），"
                f"{pause:g} 秒后重新启动"
            )

    def _close_output(self, process: subprocess.Popen[bytes]) -> None:
        for key in list(self.selector.get_map().values()):
            if key.fd == process.stdout.fileno():
                self._relay(key.data, key.fd)
                with contextlib.suppress(KeyError):
                    self.selector.unregister(key.fd)
        process.stdout.close()

    def _is_finished(self) -> bool:
        if self.stopping_since is None:
            return False
        if time.monotonic() - self.stopping_since > STOP_SECONDS:
            return True
        return all(child.process is None for child in self.children)

    def _end_everything(self) -> None:
        for child in self.children:
            if child.process:
                end_group(child.process.pid)
                child.process.wait()


class Probe:
    """Ask /healthz until it answers well.

    The socket listens from the first moment, so the first request simply waits
    for the web process; it is repeated only after an error.
    """

    def __init__(
        self, address: tuple[str, int], selector: selectors.BaseSelector
    ) -> None:
        self.address = address
        self.selector = selector
        self.socket: socket.socket | None = None
        self.next_at = 0.0

    def ask(self) -> None:
        if self.socket is not None or time.monotonic() < self.next_at:
            return
        self.next_at = time.monotonic() + 0.5
        host, port = self.address
        with contextlib.suppress(OSError):
            self.socket = socket.create_connection((host, port), timeout=0.2)
            request = f"GET /healthz HTTP/1.0\r\nHost: localhost:{port}\r\n\r\n"
            self.socket.sendall(request.encode())
            self.socket.setblocking(False)
            self.selector.register(self.socket, selectors.EVENT_READ, "probe")

    def is_answered(self) -> bool:
        """Read what came: anything but a server's error says the web is up."""
        try:
            answer = self.socket.recv(64)
        except BlockingIOError:
            return False
        except OSError:
            answer = b""
        self.close()
        return bool(re.match(rb"HTTP/1\.\d [1-4]", answer))

    def close(self) -> None:
        if self.socket is not None:
            with contextlib.suppress(KeyError):
                self.selector.unregister(self.socket)
            self.socket.close()
            self.socket = None
