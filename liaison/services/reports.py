"""What home units answer and tell: kept as to-dos, settled by who keeps the cards.

Nothing else changes by the unit's word. Cards are closed and home units corrected by
the services that do so, and a report only says that it was done.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.versions import save_versioned
from liaison.choices.reports import AnswerKind, ReportKind, ReportState
from liaison.models import (
    Delivery,
    FeedbackPacket,
    LiaisonCard,
    MemberAnswer,
    Receipt,
    UnitReport,
)
from liaison.rules import reports as rules
from organizations import audit
from organizations.access import Right, require
from organizations.choices import AuditAction
from organizations.models import Organization, User

_AS_REPORT = {AnswerKind.DIFFERS: ReportKind.DIFFERS, AnswerKind.LEFT: ReportKind.LEFT}


@dataclass(frozen=True)
class Answer:
    """The unit's word on the member of one card of the packet."""

    card: str
    kind: str
    words: str = ""


def keep_answers(receipt: Receipt, answers: Iterable[Answer]) -> list[MemberAnswer]:
    """Write what the unit says of its members; what asks for action becomes a to-do.

    Called in the transaction of the confirmation. Raises RuleError.
    """
    packet = receipt.packet
    names = {line["card"]: line["name"] for line in packet.content["people"]}
    given = [answer for answer in answers if answer.kind]
    cards = _cards(answer.card for answer in given)
    kept = []
    for answer in given:
        if answer.card not in names or answer.card not in cards:
            raise RuleError("有人不在这份材料中，请刷新后重填。", code="not_listed")
        rules.check_answer(answer.kind, answer.words, names[answer.card])
        kept.append(
            MemberAnswer(
                receipt=receipt,
                card=cards[answer.card],
                kind=answer.kind,
                words=answer.words.strip(),
            )
        )
    MemberAnswer.objects.bulk_create(kept)
    for row in kept:
        if row.kind in _AS_REPORT:
            _new_report(
                packet,
                kind=_AS_REPORT[AnswerKind(row.kind)],
                card=row.card,
                person_name=names[row.card.number],
                words=row.words,
                told_by=receipt.confirmed_by,
                delivery=receipt.delivery,
                entered_by=receipt.entered_by,
            )
    return kept


def _cards(numbers: Iterable[str]) -> dict[str, LiaisonCard]:
    rows = LiaisonCard.objects.filter(number__in=list(numbers))
    return {card.number: card for card in rows.select_related("organization")}


@dataclass(frozen=True)
class Message:
    """What a unit tells: of somebody on the packet (`card`), or of a name it gives."""

    kind: str
    card: str
    person_name: str
    words: str
    told_by: str
    request_id: UUID


@transaction.atomic
def tell_by_link(*, delivery: Delivery, message: Message) -> UnitReport | None:
    """Take a message through a link; the same `request_id` is taken once.

    None when the link stopped working while the packet's row was waited for.
    """
    packet = FeedbackPacket.objects.select_for_update(of=("self",)).get(
        pk=delivery.packet_id
    )
    alive = Delivery.objects.filter(
        pk=delivery.pk, revoked_at__isnull=True, used_at__isnull=True
    )
    if not alive.exists():
        return None
    return _told(packet, message, delivery=delivery, entered_by=None)


@transaction.atomic
def tell(*, packet_id: Any, message: Message, actor: User) -> UnitReport:
    """Take a message of the unit's contact person, or one that staff enter for it.

    Raises FeedbackPacket.DoesNotExist out of scope, PermissionDenied, RuleError.
    """
    packet = (
        FeedbackPacket.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("period__organization")
        .get(pk=packet_id)
    )
    if packet.work_unit_id not in actor.contact_unit_ids:
        require(actor, Right.ISSUE_FEEDBACK, packet.period.organization)
    return _told(packet, message, delivery=None, entered_by=actor)


def _told(
    packet: FeedbackPacket,
    message: Message,
    *,
    delivery: Delivery | None,
    entered_by: User | None,
) -> UnitReport:
    earlier = packet.reports.filter(request_id=message.request_id).first()
    if earlier is not None:
        return earlier
    rules.check_report_count(packet.reports.count())
    names = {line["card"]: line["name"] for line in packet.content["people"]}
    card, name = None, message.person_name.strip()
    if message.card:
        card = _cards([message.card]).get(message.card)
        if card is None or message.card not in names:
            raise RuleError("所选的人不在这份材料中，请重新选择。", code="not_listed")
        name = names[message.card]
    if not name:
        raise RuleError("请选择党员，或填写姓名。", code="name_missing")
    return _new_report(
        packet,
        kind=message.kind,
        card=card,
        person_name=name,
        words=message.words.strip(),
        told_by=message.told_by.strip(),
        delivery=delivery,
        entered_by=entered_by,
        request_id=message.request_id,
    )


def _new_report(
    packet: FeedbackPacket, *, card: LiaisonCard | None, **values: Any
) -> UnitReport:
    """A to-do of the branch that keeps the card, else of the street."""
    place = card.organization if card else packet.period.organization
    report = UnitReport(
        packet=packet,
        work_unit_id=packet.work_unit_id,
        organization=place,
        card=card,
        **values,
    )
    left_out = ["packet", "work_unit", "organization", "card", "delivery", "entered_by"]
    report.full_clean(exclude=[*left_out, "settled_by", "settled_at", "request_id"])
    report.save()
    audit.record(
        actor=values["entered_by"],
        action=AuditAction.UNIT_REPORTED,
        target=report,
        organization=place,
        details={"kind": report.kind},
    )
    return report


# Settling ---------------------------------------------------------------------------


@transaction.atomic
def settle_report(
    *, report_id: int, version: int, outcome: str, reply: str, actor: User
) -> UnitReport:
    """Accept a report, or lay it aside with a reason; the unit reads the reply.

    Raises UnitReport.DoesNotExist out of scope, StaleError, RuleError: somebody who
    left is accepted once his card is closed or his home unit corrected.
    """
    report = _locked(report_id, actor)
    rules.check_settling(
        state=report.state,
        outcome=outcome,
        reply=reply,
        is_left=report.kind == ReportKind.LEFT and report.card is not None,
        is_followed=is_followed(report),
    )
    report.state, report.reply = outcome, reply.strip()
    report.settled_at, report.settled_by = timezone.now(), actor
    save_versioned(report, version=version)
    _settled(report, actor, outcome)
    return report


def is_followed(report: UnitReport) -> bool:
    """Whether the card is closed, or the person's home unit another by now."""
    card = report.card
    if card is None or card.ends_on is not None:
        return True
    return card.member.home_unit_id != report.work_unit_id


@transaction.atomic
def pass_on_report(
    *, report_id: int, version: int, organization_id: int, actor: User
) -> UnitReport:
    """Give a report to another branch or community, to be settled there."""
    report = _locked(report_id, actor)
    if report.state != ReportState.OPEN:
        raise RuleError("这条反映已经办结。", code="settled")
    places = Organization.objects.open().with_right(actor, Right.KEEP_CARDS)
    place = places.get(pk=organization_id)
    if place.pk == report.organization_id:
        raise RuleError("已经由这个党组织办理，请选择别的。", code="same_place")
    report.organization = place
    save_versioned(report, version=version)
    _settled(report, actor, "passed_on")
    return report


def hand_over_reports(*, source: Organization, target: Organization) -> int:
    """Let the open reports of a merged branch go over with its cards."""
    return (
        UnitReport.objects.open()
        .filter(organization=source)
        .update(organization=target)
    )


def _locked(report_id: int, actor: User) -> UnitReport:
    report = (
        UnitReport.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("organization", "card__member", "packet")
        .get(pk=report_id)
    )
    require(actor, Right.KEEP_CARDS, report.organization)
    return report


def _settled(report: UnitReport, actor: User, outcome: str) -> None:
    audit.record(
        actor=actor,
        action=AuditAction.UNIT_REPORT_SETTLED,
        target=report,
        organization=report.organization,
        details={"outcome": outcome},
    )
