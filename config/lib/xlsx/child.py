"""The disposable process: limits on itself first, then one file, then the end.

Run by path, isolated (`python -I`), with an empty environment. Standard input is
the request, standard output the answer (JSON both); file descriptors of the source
and of the result are named in the request.
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
from itertools import islice
from pathlib import Path

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
    folder = Path(__file__).resolve().parent
    for name, path in (
        ("config", folder.parent.parent),
        ("config.lib", folder.parent),
        ("config.lib.xlsx", folder),
    ):
        module = types.ModuleType(name)
        module.__path__ = [str(path)]
        sys.modules[name] = module


def _read(data: bytes, request: dict, limits, out) -> dict:
    from config.lib.xlsx.errors import WorkbookError
    from config.lib.xlsx.parse import parse

    sheets = [
        (sheet.name, sheet.hidden, *_spool(sheet.rows, out))
        for sheet in parse(data, request["extension"], limits)
    ]
    if not any(chunks for _name, _hidden, _width, chunks in sheets):
        raise WorkbookError("empty")
    return {"sheets": sheets}


def _spool(rows, out) -> tuple[int, list[tuple[int, int, int]]]:
    """Write rows in pieces; return the width and (start, size, count)s."""
    from config.lib.xlsx.spool import pack

    width, chunks = 0, []
    while batch := list(islice(rows, _CHUNK)):
        width = max(width, *(len(values) for _number, values in batch))
        chunks.append((out.tell(), out.write(pack(batch)), len(batch)))
    return width, chunks


def _annotate(data: bytes, request: dict, limits, out) -> dict:
    from config.lib.xlsx.patch import patch

    return patch(data, request, limits, out)


def _answer(request: dict) -> dict:
    _stand_in_packages()
    from config.lib.xlsx.errors import WorkbookError
    from config.lib.xlsx.limits import Limits

    limits = Limits(**request["limits"])
    work = {"read": _read, "annotate": _annotate}[request["mode"]]
    try:
        with os.fdopen(request["source"], "rb") as source:
            data = source.read(limits.size + 1)
        with os.fdopen(request["out"], "wb", buffering=1 << 20) as out:
            return work(data, request, limits, out)
    except WorkbookError as error:
        return {"error": error.code, "values": error.values}
    except MemoryError:
        return {"error": "memory", "values": {}}
    except Exception as error:
        return {"error": "damaged", "values": {}, "cause": type(error).__name__}


def main() -> None:
    gc.disable()  # many rows, no cycles, and an early end
    request = json.load(sys.stdin)
    _limit(request["limits"], request["seconds"], request["parent"])
    with contextlib.suppress(OSError, AttributeError):
        _leave_network()
    json.dump(_answer(request), sys.stdout)
    sys.stdout.flush()
    os._exit(0)  # no time for tidying up big heaps


main()
