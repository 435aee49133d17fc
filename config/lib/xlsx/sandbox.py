"""Start the disposable process and judge how it ended."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import fields, replace
from pathlib import Path
from typing import IO, Any

from django.conf import settings

from config.lib.xlsx.errors import MESSAGES, WorkbookError
from config.lib.xlsx.limits import MEGABYTE, Limits

logger = logging.getLogger(__name__)

_CHILD = Path(__file__).with_name("child.py")
_ANSWER = 16 * MEGABYTE  # bytes of the answer that are read at most


def current_limits() -> Limits:
    """Return the limits, with what `settings.XLSX_LIMITS` changes of them."""
    changes = getattr(settings, "XLSX_LIMITS", None) if settings.configured else None
    known = {field.name for field in fields(Limits)}
    if unknown := set(changes or {}) - known:
        raise ValueError(f"unknown XLSX_LIMITS: {', '.join(sorted(unknown))}")
    return replace(Limits(), **(changes or {}))


def file_extension(name: str) -> str:
    """Return the extension of an uploaded file's name, lower case, no dot."""
    return Path(name.strip().replace("\x00", "")).suffix.lower().lstrip(".")


def run_child(
    mode: str, source: Path, out: IO[bytes], limits: Limits, **request: Any
) -> dict:
    """Let a limited process read `source` and write to `out`; return its answer.

    Raises WorkbookError for every way the file can be unusable, a killed or
    crashed process included.
    """
    size = _checked_size(source, limits)
    seconds = limits.seconds_for(size)
    with (
        source.open("rb") as opened,
        tempfile.TemporaryFile() as asked,
        tempfile.TemporaryFile() as answered,
    ):
        request |= {
            "mode": mode,
            "source": opened.fileno(),
            "out": out.fileno(),
            "limits": limits.as_dict(),
            "seconds": seconds,
            "parent": os.getpid(),
        }
        asked.write(json.dumps(request).encode())
        asked.seek(0)
        status = _wait(asked, answered, (opened.fileno(), out.fileno()), seconds)
        if status != 0:
            raise _judge(status, seconds)
        answered.seek(0)
        return _checked_answer(answered.read(_ANSWER))


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


def _wait(asked: IO, answered: IO, descriptors: tuple[int, ...], seconds: int) -> int:
    """Run the child; return its code, negative for a signal, -9 when it is late."""
    command = [sys.executable, "-I", "-B", "-X", "utf8", str(_CHILD)]
    with subprocess.Popen(
        command,
        stdin=asked,
        stdout=answered,
        stderr=subprocess.DEVNULL,
        pass_fds=descriptors,
        env={},
        cwd="/",
        start_new_session=True,
    ) as process:
        try:
            return process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            return -signal.SIGXCPU
        finally:
            if process.poll() is None:
                process.kill()


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
