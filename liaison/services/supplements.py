"""Corrections after issue: numbered supplements of a packet that stays as it was."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import JSONField, TextField, Value
from django.db.models.functions import Cast
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.versions import StaleError
from liaison.models import FeedbackPacket, FeedbackRemark, LiaisonCard
from liaison.services.delivery import locked_packet
from liaison.services.packets import canonical, digest, people_of
from liaison.supplementing import (
    REMOVED,
    Change,
    Correction,
    Line,
    changes,
    corrected_lines,
    lines_in_force,
)
from organizations import audit, parameters
from organizations.choices import AuditAction
from organizations.models import User
from organizations.signals import facts_changed

REASON_MOST = 300


class Draft(NamedTuple):
    """What a supplement begins with; `version` counts the supplements before it."""

    version: int
    before: dict[str, Line]
    now: dict[str, Line]


def draft_of(packet: FeedbackPacket) -> Draft:
    """The lines in force of a packet, and those that the record would give now."""
    earlier = list(
        packet.supplements.order_by("supplement_number").values_list(
            "content", flat=True
        )
    )
    unit_id = packet.work_unit_id
    now = {line["card"]: line for line in people_of(packet.period, [unit_id])[unit_id]}
    return Draft(len(earlier), lines_in_force(packet.content, earlier), now)


@transaction.atomic
def issue_supplement(
    *,
    packet_id: Any,
    version: int,
    reason: str,
    corrections: Sequence[Correction],
    actor: User,
    request_id: UUID | None = None,
) -> FeedbackPacket:
    """Freeze the next supplement of a packet; the same `request_id` issues once.

    The packet's row is locked: two at once take turns, and the second is stale. Raises
    FeedbackPacket.DoesNotExist out of scope, PermissionDenied, StaleError, RuleError
    without a reason or without anything that differs.
    """
    packet = locked_packet(packet_id, actor)
    if packet.corrects_id is not None:
        raise RuleError("这一份已是补充，请在原材料上再做补充。", code="is_supplement")
    if request_id is not None:
        issued = packet.supplements.filter(request_id=request_id).first()
        if issued is not None:
            return issued
    draft = draft_of(packet)
    if version != draft.version:
        raise StaleError("刚有人为这份材料签发了补充，请对照后再签发。")
    if not reason.strip():
        raise RuleError("请写明更正的原因。", code="reason_missing")
    grades = parameters.get("liaison.feedback_grades")
    lines = corrected_lines(draft.before, draft.now, corrections, grades)
    supplement = _frozen(packet, draft.version + 1, reason.strip(), lines)
    supplement.issued_by, supplement.request_id = actor, request_id
    supplement.save()
    _write_remarks(packet, lines, actor)
    audit.record(
        actor=actor,
        action=AuditAction.SUPPLEMENT_ISSUED,
        target=packet,
        organization=packet.period.organization,
        details={"number": supplement.number, "people": len(lines)},
    )
    # Read again: what was given to be saved was an expression.
    supplement.refresh_from_db()
    return supplement


def _frozen(
    packet: FeedbackPacket, serial: int, reason: str, lines: list[Line]
) -> FeedbackPacket:
    """A supplement, not saved; it names the packet by its hash."""
    number = f"{packet.number}-B{serial}"
    text = canonical(
        packet.content
        | {
            "number": number,
            "issued_on": timezone.localdate().isoformat(),
            "people": lines,
            "supplement": {
                "serial": serial,
                "reason": reason,
                "number": packet.number,
                "issued_on": packet.content["issued_on"],
                "sha256": packet.content_sha256,
            },
        }
    )
    return FeedbackPacket(
        period=packet.period,
        work_unit=packet.work_unit,
        corrects=packet,
        supplement_number=serial,
        number=number,
        # Written as it was hashed.
        content=Cast(Value(text, TextField()), JSONField()),
        content_sha256=digest(text),
        member_count=len(lines),
        channel=packet.work_unit.feedback_channel,
    )


def _write_remarks(packet: FeedbackPacket, lines: list[Line], actor: User) -> None:
    """Let the community's table say what the unit is told."""
    told = {
        line["card"]: line
        for line in lines
        if line["change"] != REMOVED and line["grade"]
    }
    cards = {
        card.number: card for card in LiaisonCard.objects.filter(number__in=list(told))
    }
    written = {
        remark.card_id: remark
        for remark in FeedbackRemark.objects.select_for_update().filter(
            period=packet.period, card__in=list(cards.values())
        )
    }
    touched = set()
    for number, card in cards.items():
        line = told[number]
        row = written.get(card.pk) or FeedbackRemark(
            period=packet.period, card=card, version=0
        )
        if (row.grade, row.words) == (line["grade"], line["words"]):
            continue
        row.grade, row.words, row.written_by = line["grade"], line["words"], actor
        row.version += 1
        row.save()
        touched.add(card.organization_id)
    if touched:
        facts_changed.send(
            sender=FeedbackRemark,
            organization_ids=touched,
            since=packet.period.starts_on,
        )


def received(packet: FeedbackPacket) -> list[tuple[FeedbackPacket, list[Change]]]:
    """The supplements of a packet that its unit has been sent, with what they say."""
    sent = packet.supplements.filter(sent_at__isnull=False)
    rows = sent.order_by("supplement_number")
    return [(supplement, changes(supplement.content)) for supplement in rows]
