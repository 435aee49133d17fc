"""The disposable process: limits on itself first, then one file, then the end.

Run by path, isolated (`python -I`), with nothing of the portal in its environment.
The arguments are descriptors of two files, of the question and of the answer (JSON
both); a byte on standard input says that there is a question, a byte on standard
output that it is answered. Descriptors of the source and of what is written stand in
the question.
"""

import contextlib
import ctypes
import gc
import json
import os
import resource
import signal
import sys
import types
from collections.abc import Iterator
from itertools import islice
from typing import IO

_CHUNK = 500  # rows a piece of the result holds
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_PR_SET_PDEATHSIG = 1


def _limit(limits: dict, seconds: int, parent: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory"],) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits["output"],) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before the line above
        os._exit(1)


def _leave_network() -> None:
    """Give up the network where the kernel lets a process do so."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) != 0:
        libc.unshare(_CLONE_NEWNET)


def _stand_in_packages() -> None:
    """Make `config.lib.xlsx` importable without running the project's packages."""
    folder = os.path.realpath(__file__)
    for name in ("config.lib.xlsx", "config.lib", "config"):
        folder = os.path.dirname(folder)  # noqa: PTH120 # pathlib takes 7 ms
        module = types.ModuleType(name)
        module.__path__ = [folder]
        sys.modules[name] = module


class _Work:
    """The one file this process is for; it is read once, and marked if asked."""

    def __init__(self, request: dict) -> None:
        from config.lib.xlsx.limits import Limits
        from config.lib.xlsx.upload import Upload

        limits = Limits(**request["limits"])
        with os.fdopen(request["source"], "rb") as source:
            data = source.read(limits.size + 1)
        self._upload = Upload(data, request["extension"], limits)

    def read(self, request: dict) -> dict:
        from config.lib.xlsx.errors import WorkbookError
        from config.lib.xlsx.parse import parse

        with _written(request["rows"]) as out:
            sheets = [
                (sheet.name, sheet.hidden, *_spool(sheet.rows, out))
                for sheet in parse(self._upload)
            ]
        if not any(chunks for _name, _hidden, _width, chunks in sheets):
            raise WorkbookError("empty")
        return {"sheets": sheets}

    def annotate(self, request: dict) -> dict:
        from config.lib.xlsx.patch import patch

        with _written(request["marked"]) as out:
            return patch(self._upload, request, out)


def _written(descriptor: int) -> IO[bytes]:
    """Open what the parent holds from its beginning; asked again, it begins anew."""
    out = os.fdopen(os.dup(descriptor), "wb", buffering=1 << 20)
    out.seek(0)
    out.truncate()
    return out


def _spool(
    rows: Iterator[tuple[int, list]], out: IO[bytes]
) -> tuple[int, list[tuple[int, int, int]]]:
    """Write rows in pieces; return the width and (start, size, count)s."""
    from config.lib.xlsx.spool import pack

    width, chunks = 0, []
    while batch := list(islice(rows, _CHUNK)):
        width = max(width, *(len(values) for _number, values in batch))
        chunks.append((out.tell(), out.write(pack(batch)), len(batch)))
    return width, chunks


def _answer(works: list[_Work], request: dict) -> dict:
    from config.lib.xlsx.errors import WorkbookError

    try:
        if not works:
            works.append(_Work(request))
        work = {"read": works[0].read, "annotate": works[0].annotate}
        return work[request["mode"]](request)
    except WorkbookError as error:
        return {"error": error.code, "values": error.values}
    except MemoryError:
        return {"error": "memory", "values": {}}
    except Exception as error:
        return {"error": "damaged", "values": {}, "cause": type(error).__name__}


def main() -> None:
    gc.disable()  # many rows, no cycles, and an early end
    asked, answered = (os.fdopen(int(number), "r+b") for number in sys.argv[1:])
    works: list[_Work] = []
    # The parent closes the pipe, or kills, when it needs no more.
    while os.read(sys.stdin.fileno(), 1):
        asked.seek(0)
        request = json.load(asked)
        if not works:
            _limit(request["limits"], request["seconds"], request["parent"])
            with contextlib.suppress(OSError, AttributeError):
                _leave_network()
            _stand_in_packages()
        answer = json.dumps(_answer(works, request)).encode()
        answered.seek(0)
        answered.truncate()
        answered.write(answer)
        answered.flush()
        os.write(sys.stdout.fileno(), b"\n")
    os._exit(0)  # no time for tidying up big heaps


main()
