"""What the benchmark prints, and the file with every single run."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import connection

from tests.bench.clock import Result
from tests.bench.people import Size

ROOT = Path(__file__).resolve().parents[2]
HEADINGS = (
    "measure",
    "goal",
    "CPU",
    "of it database",
    "wall",
    "peer CPU",
    "ratio (least to most; of the cheapest runs)",
    "queries (peer)",
    "also",
    "met",
)


def commit() -> str:
    def git(*words: str) -> str:
        done = subprocess.run(
            ["git", *words], cwd=ROOT, capture_output=True, text=True, check=False
        )
        return done.stdout.strip()

    dirty = git("status", "--porcelain", "--untracked-files=no")
    return git("rev-parse", "--short", "HEAD") + (" and changes" if dirty else "")


def machine() -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        server = cursor.fetchone()[0]
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "commit": commit(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "postgresql": server.split()[0],
        "load": [round(x, 1) for x in os.getloadavg()],
    }


def seconds(value: float) -> str:
    return f"{value * 1000:.1f} ms" if value < 1 else f"{value:.2f} s"


def line(result: Result) -> list[str]:
    middle = sorted(result.ours, key=lambda s: s.total)[len(result.ours) // 2]
    ratio = theirs = "—"
    if result.theirs:
        low, high = result.spread
        ratio = f"{result.ratio:.1f} times ({low:.1f} to {high:.1f}; {result.calm:.1f})"
        theirs = seconds(result.their_cpu)
    queries = "—" if result.queries is None else str(result.queries)
    if result.their_queries is not None:
        queries += f" ({result.their_queries})"
    return [
        result.name,
        result.goal,
        seconds(result.cpu),
        seconds(middle.db),
        seconds(middle.wall),
        theirs,
        ratio,
        queries,
        ", ".join(f"{name} {value}" for name, value in result.extra.items()) or "—",
        {None: "—", True: "yes", False: "NO"}[result.is_met],
    ]


def print_results(results: list[Result]) -> None:
    print("| " + " | ".join(HEADINGS) + " |")
    print("|" + " --- |" * len(HEADINGS))
    for result in results:
        print("| " + " | ".join(line(result)) + " |", flush=True)


def print_counts(counts: dict[tuple[str, str], int], most: int) -> None:
    print(f"\nQueries a page: {len(counts)} pages, at most {max(counts.values())}")
    for (name, role), number in sorted(counts.items(), key=lambda x: -x[1]):
        print(f"  {number:3} {role:9} {name}{'  OVER' if number > most else ''}")


def write(path: Path, size: Size, results: list[Result], counts: Any) -> None:
    found = {
        "machine": machine(),
        "members": size.members,
        "results": [result.as_json() for result in results],
        "queries": {f"{name} · {role}": n for (name, role), n in counts.items()},
    }
    path.write_text(json.dumps(found, ensure_ascii=False, indent=1))
