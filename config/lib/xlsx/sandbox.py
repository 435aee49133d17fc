"""Start the disposable process and judge how it ended."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import select
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO, Any, cast

from django.conf import settings

from config.lib.xlsx.errors import MESSAGES, WorkbookError
from config.lib.xlsx.limits import MEGABYTE, Limits

logger = logging.getLogger(__name__)

_CHILD = Path(__file__).with_name("child.py")
# Nothing of ours, and a hint to glibc: to keep the memory of one big part for the
# next instead of giving it back and asking for it page by page again.
_ENVIRONMENT = {
    "MALLOC_MMAP_THRESHOLD_": str(32 * MEGABYTE),
    "MALLOC_TRIM_THRESHOLD_": str(512 * MEGABYTE),
    "MALLOC_TOP_PAD_": str(32 * MEGABYTE),
}
_TICK = b"\n"
_ANSWER = 16 * MEGABYTE  # bytes of the answer that are read at most


def current_limits() -> Limits:
    """Return the limits, with what `settings.XLSX_LIMITS` changes of them."""
    changes = getattr(settings, "XLSX_LIMITS", None) if settings.configured else None
    if unknown := set(changes or {}).difference(Limits._fields):
        raise ValueError(f"unknown XLSX_LIMITS: {', '.join(sorted(unknown))}")
    return Limits(**(changes or {}))


def file_extension(name: str) -> str:
    """Return the extension of an uploaded file's name, lower case, no dot."""
    return Path(name.strip().replace("\x00", "")).suffix.lower().lstrip(".")


class Child:
    """One disposable process over one file; it answers until it is closed.

    The first question is to read the file; it is asked for marks without starting
    or inflating anything again. Raises WorkbookError for every way the file can be
    unusable, a killed or crashed process included.
    """

    def __init__(self, source: Path, extension: str, limits: Limits) -> None:
        size = _checked_size(source, limits)
        self._seconds = limits.seconds_for(size)
        with contextlib.ExitStack() as stack:
            opened = stack.enter_context(source.open("rb"))
            files = [stack.enter_context(tempfile.TemporaryFile()) for _ in range(4)]
            self._asked, self._answered, self.rows, self.marked = files
            self._about = {
                "source": opened.fileno(),
                "extension": extension,
                "limits": limits._asdict(),
                "seconds": self._seconds,
                "parent": os.getpid(),
                "rows": self.rows.fileno(),
                "marked": self.marked.fileno(),
            }
            self._process = _start(
                arguments=[self._asked.fileno(), self._answered.fileno()],
                kept=[opened, *files],
            )
            self._asking = cast(IO[bytes], self._process.stdin)
            self._answering = cast(IO[bytes], self._process.stdout)
            self._files = stack.pop_all()

    def ask(self, mode: str, **request: Any) -> dict:
        """Let the process read the file or write what is asked for; its answer."""
        self._asked.seek(0)
        self._asked.truncate()
        self._asked.write(json.dumps(self._about | request | {"mode": mode}).encode())
        self._asked.flush()
        status = self._wait()
        if status is not None:
            self.close()
            raise _judge(status, self._seconds)
        self._answered.seek(0)
        return _checked_answer(self._answered.read(_ANSWER))

    def _wait(self) -> int | None:
        """Let it work; None once it has answered, else how it ended.

        A question and an answer are one byte each in a pipe, so that neither side
        can hold up the other; what they say lies in files.
        """
        with contextlib.suppress(BrokenPipeError):
            os.write(self._asking.fileno(), _TICK)
        waiting = select.poll()
        waiting.register(self._answering, select.POLLIN)
        if not waiting.poll(self._seconds * 1000):
            return -signal.SIGXCPU
        if os.read(self._answering.fileno(), 1):
            return None
        try:
            return self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:  # it fell silent without an end
            return -signal.SIGKILL

    def close(self) -> None:
        """End the process; rows that were read stay readable."""
        if self._process.returncode is None:
            self._process.kill()
            self._process.wait()
        self._asking.close()
        self._answering.close()

    def forget(self) -> None:
        """End the process and drop its files."""
        self.close()
        self._files.close()

    def __del__(self) -> None:
        if hasattr(self, "_files"):
            self.forget()


def _start(arguments: list[int], kept: list[IO[bytes]]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-I", "-B", "-X", "utf8", str(_CHILD), *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        pass_fds=[file.fileno() for file in kept],
        env=_ENVIRONMENT,
        cwd="/",
        start_new_session=True,
    )


def _checked_size(source: Path, limits: Limits) -> int:
    if not source.is_file():
        raise WorkbookError("missing")
    size = source.stat().st_size
    if size == 0:
        raise WorkbookError("empty_file")
    if size > limits.size:
        raise WorkbookError(
            "too_large",
            size=f"{size / MEGABYTE:.1f}",
            limit=limits.size // MEGABYTE,
        )
    return size


def _judge(status: int, seconds: int) -> WorkbookError:
    logger.warning("workbook child ended with status %s", status)
    if status == -signal.SIGXCPU:
        return WorkbookError("too_slow", limit=seconds)
    if status in (-signal.SIGABRT, -signal.SIGKILL, -signal.SIGSEGV):
        return WorkbookError("memory")
    return WorkbookError("damaged")


def _checked_answer(raw: bytes) -> dict:
    try:
        answer = json.loads(raw)
    except ValueError:
        raise WorkbookError("damaged") from None
    if not isinstance(answer, dict):
        raise WorkbookError("damaged")
    code = answer.get("error")
    if code is None:
        return answer
    if cause := answer.get("cause"):
        logger.info("workbook refused as damaged: %s", cause)
    raise WorkbookError(code if code in MESSAGES else "damaged", **answer["values"])
