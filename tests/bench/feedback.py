"""Measure 6: packets of a whole round, built and drawn as workbooks."""

from __future__ import annotations

import contextlib
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from django.db import transaction

from liaison.models import (
    FeedbackPacket,
    FeedbackPeriod,
    LiaisonCard,
    UnitSchedule,
)
from liaison.packet_workbook import packet_workbook
from liaison.services.packets import UNITS_A_BATCH, build_packets
from organizations.models import Organization, User
from tests.bench import deeds
from tests.bench.clock import Result, Sample, queries_of, timed
from tests.bench.street import Street

GOAL = 150  # packets a second of CPU


def build(period: FeedbackPeriod, actor: User) -> int:
    return build_packets(
        period_id=period.pk,
        guard=lambda: None,
        progress=lambda done, total: None,
        actor=actor,
    )


def draw(period: FeedbackPeriod) -> tuple[int, int]:
    """Make every workbook, as the archive job does; (packets, bytes)."""
    rows = FeedbackPacket.objects.filter(period=period).order_by("number")
    packets = size = 0
    for content in rows.values_list("content", flat=True).iterator(chunk_size=200):
        packets += 1
        size += len(packet_workbook(content))
    return packets, size


def run(period: FeedbackPeriod, actor: User) -> tuple[Sample, Sample, int]:
    """Build and draw one round, then take it back: (build, draw, packets)."""
    done: list[Any] = []
    with transaction.atomic():
        built = timed(lambda: done.append(build(period, actor)))
        drawn = timed(lambda: done.append(draw(period)))
        _check(period, done)
        transaction.set_rollback(True)
    return built, drawn, done[0]


def _check(period: FeedbackPeriod, done: list[Any]) -> None:
    """Everybody with a card has one line, in the packet of his own unit."""
    cards = dict(
        period_cards(period).values_list("number", "home_unit__name").order_by()
    )
    units: dict[str, str] = {}
    for content in period.packets.values_list("content", flat=True):
        for person in content["people"]:
            units[person["card"]] = content["unit"]
            assert person["times"] >= 2, person
            assert person["grade"], person
    assert units == cards
    assert done[0] == len(set(cards.values())) == done[1][0]
    one = period.packets.order_by("number").first()
    with zipfile.ZipFile(BytesIO(packet_workbook(one.content))) as archive:
        texts = b"".join(archive.read(name) for name in archive.namelist())
    for person in one.content["people"]:
        assert person["name"].encode() in texts, person["name"]


def period_cards(period: FeedbackPeriod) -> Any:
    # The units with another rhythm have a round of their own.
    others = UnitSchedule.objects.exclude(kind=period.kind).values("work_unit")
    return (
        LiaisonCard.objects.open()
        .filter(organization__in=Organization.objects.subtree(period.organization))
        .exclude(home_unit__in=others)
    )


def _queries(period: FeedbackPeriod, actor: User) -> tuple[int, int]:
    """Queries of building a round, and its packets."""
    done: list[int] = []
    with transaction.atomic():
        queries = queries_of(lambda: done.append(build(period, actor)))
        transaction.set_rollback(True)
    return queries, done[0]


@contextlib.contextmanager
def small_round(street: Street) -> Iterator[FeedbackPeriod]:
    """A round of the first community alone, with a tenth of the units."""
    period = deeds.feedback_round(street.communities[0], street.today)
    try:
        yield period
    finally:
        period.delete()


def measure(street: Street, small: FeedbackPeriod, rounds: int) -> list[Result]:
    actor = street.users["staff"]
    run(street.round, actor)
    runs = [run(street.round, actor) for _ in range(rounds)]
    packets = runs[0][2]
    queries, _ = _queries(street.round, actor)
    few_queries, few = _queries(small, actor)
    batches = -(-packets // UNITS_A_BATCH) - -(-few // UNITS_A_BATCH)
    a_batch = (queries - few_queries) / batches if batches else 0
    both = [_sum(built, drawn) for built, drawn, _ in runs]
    line = Result(f"feedback of {packets} units", f"≥ {GOAL} a second", both, [])
    line.queries = queries
    line.extra = {
        "packets a second": round(packets / line.cpu),
        "build CPU": round(Result("", "", [b for b, _, _ in runs]).cpu, 2),
        "draw CPU": round(Result("", "", [d for _, d, _ in runs]).cpu, 2),
        "queries a batch of 200": a_batch,
        f"queries for {few}": few_queries,
    }
    line.is_met = packets / line.cpu >= GOAL and a_batch <= 12
    return [line]


def _sum(one: Sample, other: Sample) -> Sample:
    return Sample(one.cpu + other.cpu, one.db + other.db, one.wall + other.wall)
