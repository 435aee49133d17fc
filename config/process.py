"""Processes that must not outlive the one that started them (Linux).

Standard library only: scripts/services.py uses it before Django is loaded.
"""

import ctypes
import os
import signal
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(parent: int, signum: int = signal.SIGTERM) -> None:
    """Ask the kernel for `signum` when the thread that forked this process ends.

    `parent` is its process id: when it is gone already no signal would ever
    come, so the process ends here.
    """
    _libc.prctl(_PR_SET_PDEATHSIG, signum, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def bound_to_this_process(signum: int = signal.SIGTERM) -> Callable[[], None]:
    """Return a `preexec_fn` that ends the child together with this process."""
    parent = os.getpid()

    def prepare() -> None:
        # A child inherits what its parent ignores, as under nohup.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        die_with_parent(parent, signum)

    return prepare


def end_group(pid: int, signum: int = signal.SIGKILL) -> None:
    """Send `signum` to a process group that may be gone."""
    try:
        os.killpg(pid, signum)
    except (ProcessLookupError, PermissionError):
        return
