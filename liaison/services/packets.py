"""Building packets: one a unit and round, however often and however roughly it runs.

Units are taken in batches, each in one transaction with a handful of queries, so a
killed run goes on where it stopped and memory stays flat.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import JSONField, TextField, Value
from django.db.models.functions import Cast, Coalesce, NullIf
from django.utils import timezone

from config.lib.errors import RuleError
from liaison.choices import FeedbackState
from liaison.models import (
    FeedbackPacket,
    FeedbackPeriod,
    FeedbackRemark,
    LiaisonCard,
)
from liaison.round_cards import owed_of_street
from liaison.service_record import Record, records
from liaison.services.checks import check_all_passed
from liaison.services.periods import period_of
from organizations import audit
from organizations.choices import AuditAction
from organizations.models import WorkUnit

UNITS_A_BATCH = 200
NOT_WORDED = "社区未填写评语"


def build_packets(
    *,
    period_id: int,
    guard: Callable[[], None] = lambda: None,
    progress: Callable[[int, int], None] = lambda done, total: None,
    actor: Any = None,
) -> int:
    """Build what is missing of a closed round and return how many packets were new.

    A job passes `guard`, called first in every transaction (it raises when another
    worker took over), and `progress(done, total)`, called between them. Raises
    RuleError while the round is open.
    """
    period = FeedbackPeriod.objects.select_related("organization").get(pk=period_id)
    if period.state == FeedbackState.OPEN:
        raise RuleError("这一期反馈还在填写，请先截止再生成材料。", code="period_open")
    if period.state == FeedbackState.CLOSED:
        check_all_passed(period)
    missing = _units_without_packet(period)
    done_before = period.packets.originals().count()
    total = done_before + len(missing)
    built = 0
    for start in range(0, len(missing), UNITS_A_BATCH):
        with transaction.atomic():
            guard()
            FeedbackPeriod.objects.select_for_update().get(pk=period.pk)
            built += _build_batch(period, missing[start : start + UNITS_A_BATCH])
        progress(done_before + built, total)
    _mark_built(period, built, guard, actor)
    return built


def _cards(period: FeedbackPeriod):
    """Cards the round is about."""
    return LiaisonCard.objects.filter(owed_of_street(period))


def _units_without_packet(period: FeedbackPeriod) -> list[int]:
    return list(
        WorkUnit.objects.filter(pk__in=_cards(period).values("home_unit"))
        .exclude(pk__in=period.packets.values("work_unit"))
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def _build_batch(period: FeedbackPeriod, unit_ids: list[int]) -> int:
    """Build the packets of some units; those built meanwhile are passed over."""
    taken = set(
        period.packets.filter(work_unit__in=unit_ids).values_list(
            "work_unit", flat=True
        )
    )
    units = [
        _Unit(*row)
        for row in WorkUnit.objects.filter(pk__in=set(unit_ids) - taken)
        .order_by("pk")
        .values_list("pk", "name", "party_organization_name", "feedback_channel")
    ]
    people = people_of(period, [unit.pk for unit in units])
    first = period.packets.originals().count() + 1
    FeedbackPacket.objects.bulk_create(
        _packets(period, zip(itertools.count(first), units, strict=False), people)
    )
    return len(units)


def people_of(
    period: FeedbackPeriod, unit_ids: list[int]
) -> dict[int, list[dict[str, Any]]]:
    """The lines of a round's people by home unit, as the record says now."""
    these = _cards(period).filter(home_unit__in=unit_ids)
    cards = [
        _Card(*row)
        for row in these.order_by("member__name_pinyin", "pk").values_list(
            *("pk", "member_id", "home_unit_id", "number", "member__name"),
            # As an organization calls itself.
            Coalesce(
                NullIf("organization__short_name", Value("")), "organization__name"
            ),
        )
    ]
    done = records(cards, period.starts_on, period.ends_on, among=these)
    words = FeedbackRemark.objects.filter(period=period, card__in=these.values("pk"))
    remarks = {
        card_id: (grade, text)
        for card_id, grade, text in words.values_list("card_id", "grade", "words")
    }
    people: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for card in cards:
        people[card.unit_id].append(
            _person(card, done[card.pk], *remarks.get(card.pk, ("", NOT_WORDED)))
        )
    return people


class _Unit(NamedTuple):
    pk: int
    name: str
    party_organization: str
    channel: str


class _Card(NamedTuple):
    pk: int
    member_id: int
    unit_id: int
    number: str
    name: str
    branch: str


def _person(card: _Card, record: Record, grade: str, words: str) -> dict[str, Any]:
    return {
        "member_id": card.member_id,
        "name": card.name,
        "card": card.number,
        "branch": card.branch,
        "times": record.times,
        "hours": str(record.hours),
        "deeds": [
            {
                "on": done_on.isoformat(),
                "kind": label,
                "content": content,
                "hours": str(hours),
            }
            for done_on, _, label, content, hours in record.deeds
        ],
        "grade": grade,
        "words": words,
    }


def _packets(
    period: FeedbackPeriod,
    units: Iterable[tuple[int, _Unit]],
    people: dict[int, list[dict[str, Any]]],
) -> Iterator[FeedbackPacket]:
    """Packets, not saved, of units with their serial numbers."""
    common = {
        "street": period.organization.name,
        "period": period.label,
        "period_title": period_of(period).title,
        "starts_on": period.starts_on.isoformat(),
        "ends_on": period.ends_on.isoformat(),
        "issued_on": timezone.localdate().isoformat(),
    }
    for serial, unit in units:
        number = f"{period.organization.code}-{period.label}-{serial:04d}"
        text = canonical(
            common
            | {
                "number": number,
                "unit": unit.name,
                "party_organization": unit.party_organization,
                "people": people[unit.pk],
            }
        )
        yield FeedbackPacket(
            period=period,
            work_unit_id=unit.pk,
            number=number,
            # Written as it was hashed: made into JSON once.
            content=Cast(Value(text, TextField()), JSONField()),
            content_sha256=digest(text),
            member_count=len(people[unit.pk]),
            channel=unit.channel,
        )


def content_digest(content: dict[str, Any]) -> str:
    """SHA-256 of the frozen content in its canonical form."""
    return digest(canonical(content))


def canonical(content: dict[str, Any]) -> str:
    """The one way a content is written before it is hashed."""
    return json.dumps(
        content, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def _mark_built(
    period: FeedbackPeriod, built: int, guard: Callable[[], None], actor: Any
) -> None:
    guard()
    FeedbackPeriod.objects.filter(pk=period.pk, state=FeedbackState.CLOSED).update(
        state=FeedbackState.BUILT, built_at=timezone.now()
    )
    if built:
        audit.record(
            actor=actor,
            action=AuditAction.PACKETS_BUILT,
            target=period,
            organization=period.organization,
            details={"packets": built},
        )
