"""Builds the data once and takes the measures in turn."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from tests.bench import (
    attendance,
    comparing,
    feedback,
    figures,
    importing,
    lists,
    mobile,
    moving,
    pages,
    report,
    traffic,
    tree,
    wholeroster,
)
from tests.bench.clock import Result, Sample
from tests.bench.link import Peer
from tests.bench.people import FULL, QUICK, Size, branch_of
from tests.bench.street import Street, load

ALL = (
    *("import", "list", "search", "figures", "feedback", "roster", "moving"),
    *("mobile", "attendance", "comparing", "tree", "pages"),
    "traffic",
)


def run(options: argparse.Namespace) -> int:
    wanted = options.only.split(",") if options.only else list(ALL)
    size = QUICK if options.quick else FULL
    if options.members:
        size = replace(size, members=options.members)
    if options.many_units:
        size = replace(size, units=size.units * 5, card_every=1)
    peer = Peer()
    street = build(size, peer)
    print(json.dumps(report.machine()), flush=True)
    results: list[Result] = []
    counts: dict[tuple[str, str], int] = {}
    with tempfile.TemporaryDirectory() as name:
        for work in wanted:
            begin = time.perf_counter()
            if work == "pages":
                counts = pages.query_counts(street)
            else:
                found = MEASURES[work](street, peer, Path(name), options)
                report.print_results(found)
                results += found
            print(f"({work}: {time.perf_counter() - begin:.0f} s)\n", flush=True)
    peer.close()
    report.print_results(results)
    if counts:
        report.print_counts(counts, pages.MOST_QUERIES)
    if options.output:
        report.write(options.output, size, results, counts)
    return 0


def build(size: Size, peer: Peer) -> Street:
    """Both sides' tables, at the same time; then as an office's would be kept."""
    begin, today = time.perf_counter(), timezone.localdate()
    peer.send("build", size=asdict(size), today=today.isoformat())
    call_command("migrate", verbosity=0)
    with transaction.atomic():
        street = load(size, today)
    assert peer.answer()["members"] == size.members
    connection.set_autocommit(True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    peer.ask("login")
    took = time.perf_counter() - begin
    print(f"{size.members} members on both sides in {took:.0f} s", flush=True)
    return street


def _import(
    street: Street, peer: Peer, folder: Path, options: argparse.Namespace
) -> list[Result]:
    found = importing.measure(street, peer, folder, options.rounds, options.peer_rounds)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # rows that were taken back
    return found


def _feedback(
    street: Street, peer: Peer, folder: Path, options: argparse.Namespace
) -> list[Result]:
    user = str(street.users["staff"].pk)
    with feedback.small_round(street) as small:
        found = feedback.measure(street, small, options.rounds)
        few = child("feedback", str(small.pk), user)
    many = child("feedback", str(street.round.pk), user)
    found[0].extra |= {
        f"peak MB at {few['done']} and {many['done']} units": (
            f"{few['peak']} and {many['peak']}"
        )
    }
    return found


def _roster(
    street: Street, peer: Peer, folder: Path, options: argparse.Namespace
) -> list[Result]:
    """Each in a process of its own; a tenth of the street shows whether it is flat."""
    wholeroster.sealed_labels_hold()
    size, path = street.size, folder / "whole.xlsx"
    runs: dict[str, list[dict[str, Any]]] = {"ours": [], "limit": []}
    user = str(street.users["staff"].pk)
    for _ in range(options.rounds):
        for writer, found in runs.items():
            place = str(street.root.pk)
            found.append(child("roster", writer, place, user, str(path)))
            assert found[-1]["done"] == size.members
            wholeroster.check(path, size, range(size.members), street.today)
    part = child("roster", "ours", str(street.communities[0].pk), user, str(path))
    inside = [n for n in range(size.members) if branch_of(n, size) < size.branches]
    wholeroster.check(path, size, inside, street.today)
    ours, limit = ([Sample(**r["sample"]) for r in runs[n]] for n in ("ours", "limit"))
    line = Result(f"roster of {size.members} by 25", "≤ 2 of the limit", ours)
    least = Result("the limit: own XML over a cursor", "—", limit)
    peaks = max(r["peak"] for r in runs["ours"])
    line.extra = {
        "of the limit": f"{line.cpu / least.cpu:.2f}",
        f"peak MB at {part['done']} and {size.members}": f"{part['peak']} and {peaks}",
    }
    line.is_met = line.cpu <= 2 * least.cpu
    return [line, least]


def child(*words: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.child", *words],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def _list(
    street: Street, peer: Peer, folder: Path, options: argparse.Namespace
) -> list[Result]:
    return lists.measure(street, peer, options.rounds)


def _search(
    street: Street, peer: Peer, folder: Path, options: argparse.Namespace
) -> list[Result]:
    return lists.measure_search(street, peer, options.rounds)


def _figures(
    street: Street, peer: Peer, folder: Path, options: argparse.Namespace
) -> list[Result]:
    return figures.measure(street, options.rounds)


def _moving(
    street: Street, peer: Peer, folder: Path, options: argparse.Namespace
) -> list[Result]:
    return moving.measure(street, options.rounds)


def _mobile(
    street: Street, peer: Peer, folder: Path, options: argparse.Namespace
) -> list[Result]:
    return mobile.measure(street, options.rounds)


def _attendance(
    street: Street, peer: Peer, folder: Path, options: argparse.Namespace
) -> list[Result]:
    return attendance.measure(street, options.rounds)


def _comparing(
    street: Street, peer: Peer, folder: Path, options: argparse.Namespace
) -> list[Result]:
    return comparing.measure(street, options.rounds)


def _tree(
    street: Street, peer: Peer, folder: Path, options: argparse.Namespace
) -> list[Result]:
    return tree.measure(street, options.rounds)


def _traffic(
    street: Street, peer: Peer, folder: Path, options: argparse.Namespace
) -> list[Result]:
    return traffic.measure(street, 5 if options.quick else 20)


MEASURES = {
    "import": _import,
    "list": _list,
    "search": _search,
    "figures": _figures,
    "feedback": _feedback,
    "roster": _roster,
    "moving": _moving,
    "mobile": _mobile,
    "attendance": _attendance,
    "comparing": _comparing,
    "tree": _tree,
    "traffic": _traffic,
}
