"""CPU, wall and queries of one piece of work, on either side."""

from __future__ import annotations

import os
import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext


@dataclass(frozen=True)
class Sample:
    """Seconds a run: `cpu` of Python and its children, `db` of the backend."""

    cpu: float
    db: float
    wall: float

    @property
    def total(self) -> float:
        return self.cpu + self.db

    def as_json(self) -> dict[str, float]:
        return asdict(self)


def _own_cpu() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def _backend_cpu(pid: int) -> float:
    """Seconds the PostgreSQL process of this connection has computed."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
    except (OSError, IndexError):
        parts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


def backend_pid() -> int:
    connection.ensure_connection()
    return connection.connection.get_backend_pid()


def timed(work: Callable[[], Any], repeat: int = 1) -> Sample:
    """Run `work` `repeat` times and return the mean."""
    pid = backend_pid()
    cpu, db, wall = _own_cpu(), _backend_cpu(pid), time.perf_counter()
    for _ in range(repeat):
        work()
    wall = time.perf_counter() - wall
    cpu, db = _own_cpu() - cpu, _backend_cpu(pid) - db
    return Sample(cpu / repeat, db / repeat, wall / repeat)


def check_references() -> None:
    """Let PostgreSQL check foreign keys now, as it would at the commit.

    A measure takes back what it has written, and would never pay for them.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def vacuum() -> None:
    """Clear away what a measure has taken back, in the tables of both sides.

    Autovacuum does so in time; without it each run meets the dead rows of those before
    it under the same keys, which no office would.
    """
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")


def queries_of(work: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        work()
    return len(captured)


def peak_memory() -> int:
    """The most memory this program held, in MB.

    Not `ru_maxrss`: that begins with the size of the process that started this one.
    """
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


@dataclass
class Result:
    """One line of the table; `theirs` is empty where there is no peer."""

    name: str
    goal: str
    ours: list[Sample]
    theirs: list[Sample] = field(default_factory=list)
    queries: int | None = None
    their_queries: int | None = None
    extra: dict[str, Any] = field(default_factory=dict)
    is_met: bool | None = None

    @property
    def cpu(self) -> float:
        return statistics.median(s.total for s in self.ours)

    @property
    def their_cpu(self) -> float:
        return statistics.median(s.total for s in self.theirs)

    @property
    def ratio(self) -> float:
        """How many times less CPU than the peer."""
        return self.their_cpu / self.cpu

    @property
    def spread(self) -> tuple[float, float]:
        """The least and the greatest ratio of any two runs."""
        ours, theirs = [s.total for s in self.ours], [s.total for s in self.theirs]
        return min(theirs) / max(ours), max(theirs) / min(ours)

    @property
    def calm(self) -> float:
        """The ratio of the cheapest run of each side.

        What else the machine does only ever adds to a run, so these two were disturbed
        least; told beside the medians, by which goals are judged.
        """
        ours, theirs = [s.total for s in self.ours], [s.total for s in self.theirs]
        return min(theirs) / min(ours)

    def as_json(self) -> dict[str, Any]:
        found = {
            "name": self.name,
            "goal": self.goal,
            "ours": [s.as_json() for s in self.ours],
            "theirs": [s.as_json() for s in self.theirs],
            "queries": self.queries,
            "their_queries": self.their_queries,
            "extra": self.extra,
            "is_met": self.is_met,
            "cpu": self.cpu,
        }
        if self.theirs:
            found |= {"ratio": self.ratio, "spread": self.spread, "calm": self.calm}
        return found


def in_turn(
    works: dict[str, Callable[[], Sample]], rounds: int, *, warm: bool = True
) -> dict[str, list[Sample]]:
    """Run the works A B A B …, `rounds` times each after a warm-up."""
    if warm:
        for work in works.values():
            work()
    found: dict[str, list[Sample]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            found[name].append(work())
    return found
