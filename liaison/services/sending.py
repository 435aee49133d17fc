"""Ordering the sending: one packet at once, or all of a round by a job."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from config.lib.errors import RuleError
from liaison.choices import FeedbackState
from liaison.models import Delivery, FeedbackPacket, FeedbackPeriod
from liaison.services.checks import check_all_passed
from liaison.services.delivery import check_approved, deliver
from organizations import audit
from organizations.access import Right, require
from organizations.choices import AuditAction, FeedbackChannel
from organizations.models import Job, User
from organizations.services.jobs import request_job


@transaction.atomic
def hand_over(*, packet_id: Any, channel: str, actor: User) -> Delivery:
    """Start an attempt; an e-mail gets its job in the same transaction.

    Raises as `delivery.deliver` does.
    """
    delivery = deliver(packet_id=packet_id, channel=channel, actor=actor)
    if channel == FeedbackChannel.EMAIL:
        request_job(
            kind="liaison.mail_packets",
            title=f"发送反馈邮件 {delivery.packet.number}",
            actor=actor,
            parameters={"deliveries": [delivery.pk]},
        )
    return delivery


@transaction.atomic
def hand_over_on_paper(*, packet_ids: Iterable[Any], actor: User) -> int:
    """Note that packets were handed over on paper; return how many were."""
    number = 0
    for packet_id in packet_ids:
        deliver(packet_id=packet_id, channel=FeedbackChannel.PAPER, actor=actor)
        number += 1
    return number


def request_building(*, period_id: int, actor: User) -> Job:
    period = _closed_round(period_id, actor)
    check_all_passed(period)
    return request_job(
        kind="liaison.build_packets",
        title=f"生成{period.title}反馈材料",
        actor=actor,
        parameters={"period": period.pk},
        key=f"liaison.build:{period.pk}",
    )


def request_delivery(*, period_id: int, actor: User) -> Job:
    """Order the sending of every packet not sent yet by its unit's channel."""
    period = _built_round(period_id, actor)
    check_approved(period)
    return request_job(
        kind="liaison.deliver_round",
        title=f"送达{period.title}反馈材料",
        actor=actor,
        parameters={"period": period.pk},
        key=f"liaison.deliver:{period.pk}",
    )


@transaction.atomic
def approve_round(*, period_id: int, actor: User) -> FeedbackPeriod:
    """Approve that a round's packets go out. Approving twice changes nothing."""
    _built_round(period_id, actor)
    period = FeedbackPeriod.objects.select_for_update().get(pk=period_id)
    if period.approved_at is None:
        period.approved_at, period.approved_by = timezone.now(), actor
        period.save(update_fields=["approved_at", "approved_by"])
        audit.record(
            actor=actor,
            action=AuditAction.FEEDBACK_APPROVED,
            target=period,
            organization=period.organization,
        )
    return period


def request_archive(*, period_id: int, actor: User) -> Job:
    """Order one zip file of every workbook of a round, to print and to seal."""
    period = _built_round(period_id, actor)
    return request_job(
        kind="liaison.archive_packets",
        title=f"打包{period.title}反馈材料",
        actor=actor,
        parameters={"period": period.pk},
        key=f"liaison.archive:{period.pk}:{actor.pk}",
    )


def unsent_by_channel(period: FeedbackPeriod) -> dict[str, list[Any]]:
    """Ids of the packets to hand over, by the channel their unit has today."""
    found: dict[str, list[Any]] = {channel: [] for channel in FeedbackChannel.values}
    rows = (
        FeedbackPacket.objects.filter(period=period)
        .to_hand_over()
        .order_by("number")
        .values_list("pk", "work_unit__feedback_channel")
    )
    for pk, channel in rows:
        found[channel].append(pk)
    return found


def _closed_round(period_id: int, actor: User) -> FeedbackPeriod:
    rounds = FeedbackPeriod.objects.visible_to(actor).select_related("organization")
    period = rounds.get(pk=period_id)
    require(actor, Right.ISSUE_FEEDBACK, period.organization)
    if period.state == FeedbackState.OPEN:
        raise RuleError("这一期反馈还在填写，请先截止再生成材料。", code="period_open")
    return period


def _built_round(period_id: int, actor: User) -> FeedbackPeriod:
    period = _closed_round(period_id, actor)
    if period.state != FeedbackState.BUILT:
        raise RuleError("反馈材料还没有生成，请先生成材料。", code="not_built")
    return period
