"""Building packets: one a unit and round, however often and however roughly it runs.

Units are taken in batches, each in one transaction with a handful of queries, so a
killed run goes on where it stopped and memory stays flat.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from config.lib.errors import RuleError
from liaison.choices import FeedbackState
from liaison.models import (
    FeedbackPacket,
    FeedbackPeriod,
    FeedbackRemark,
    LiaisonCard,
)
from liaison.service_record import Record, records
from liaison.services.periods import period_of
from organizations import audit
from organizations.choices import AuditAction
from organizations.models import Organization, WorkUnit

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
    missing = _units_without_packet(period)
    done_before = period.packets.count()
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
    """Cards in force during the round, of the street's branches."""
    return LiaisonCard.objects.filter(
        organization__in=Organization.objects.subtree(period.organization)
    ).active_during(period.starts_on, period.ends_on)


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
    units = WorkUnit.objects.in_bulk([pk for pk in unit_ids if pk not in taken])
    by_unit: dict[int, list[LiaisonCard]] = defaultdict(list)
    cards = list(
        _cards(period)
        .filter(home_unit__in=units)
        .select_related("member", "organization")
        .order_by("member__name_pinyin", "pk")
    )
    for card in cards:
        by_unit[card.home_unit_id].append(card)
    done = records(cards, period.starts_on, period.ends_on)
    remarks = {
        remark.card_id: remark
        for remark in FeedbackRemark.objects.filter(period=period, card__in=cards)
    }
    serial = period.packets.count()
    packets = []
    for unit_id, unit in sorted(units.items()):
        serial += 1
        people = [
            _person(card, done[card.pk], remarks.get(card.pk))
            for card in by_unit[unit_id]
        ]
        packets.append(_packet(period, unit, serial, people))
    FeedbackPacket.objects.bulk_create(packets)
    return len(packets)


def _person(
    card: LiaisonCard, record: Record, remark: FeedbackRemark | None
) -> dict[str, Any]:
    return {
        "member_id": card.member_id,
        "name": card.member.name,
        "card": card.number,
        "branch": str(card.organization),
        "times": record.times,
        "hours": str(record.hours),
        "deeds": [
            {
                "on": deed.done_on.isoformat(),
                "kind": deed.label,
                "content": deed.content,
                "hours": str(deed.hours),
            }
            for deed in record.deeds
        ],
        "grade": remark.grade if remark else "",
        "words": remark.words if remark else NOT_WORDED,
    }


def _packet(
    period: FeedbackPeriod, unit: WorkUnit, serial: int, people: list[dict[str, Any]]
) -> FeedbackPacket:
    number = f"{period.organization.code}-{period.label}-{serial:04d}"
    content = {
        "number": number,
        "unit": unit.name,
        "party_organization": unit.party_organization_name,
        "street": period.organization.name,
        "period": period.label,
        "period_title": period_of(period).title,
        "starts_on": period.starts_on.isoformat(),
        "ends_on": period.ends_on.isoformat(),
        "issued_on": timezone.localdate().isoformat(),
        "people": people,
    }
    return FeedbackPacket(
        period=period,
        work_unit=unit,
        number=number,
        content=content,
        content_sha256=content_digest(content),
        member_count=len(people),
        channel=unit.feedback_channel,
    )


def content_digest(content: dict[str, Any]) -> str:
    """SHA-256 of the frozen content in its canonical form."""
    canonical = json.dumps(
        content, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


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
