"""Asking units that have not confirmed once more: by e-mail, or noting a call.

A reminder is a row before it is a mail. As with deliveries, an e-mail is claimed
(SENDING, committed) before the server is spoken to; one whose worker died meanwhile
is settled as unknown and never sent again, so that no reminder goes out twice.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils import timezone

from config.lib.errors import RuleError
from liaison import rules
from liaison.choices import DeliveryState, ReminderWay
from liaison.models import Delivery, FeedbackPacket, Receipt, Reminder
from liaison.services.delivery import locked_packet
from organizations import audit, parameters
from organizations.choices import AuditAction, FeedbackChannel
from organizations.models import User
from organizations.services.jobs import request_job

# Longer than any worker may run: what is still SENDING then was left by a dead one.
STALE_AFTER = timedelta(hours=1)
BROKEN_OFF = "催办邮件发送中断，是否送出不明。"
NO_LONGER = "单位已经确认，或材料已重新送达，没有催办。"
TODAY_ALREADY = "今天已经催办过这个单位，请改天再催。"


@transaction.atomic
def remind_now(*, packet_id: Any, actor: User) -> Reminder:
    """Remind a unit at once; where the packet went by e-mail a job mails it.

    A packet handed over by link or on paper has no address: the call that somebody
    made is noted. Raises FeedbackPacket.DoesNotExist out of scope, PermissionDenied,
    RuleError when there is nothing to remind of, or a second time on one day.
    """
    packet = locked_packet(packet_id, actor)
    delivery = packet.deliveries.order_by("-attempt").first()
    if delivery is None or delivery.state != DeliveryState.SENT:
        raise RuleError("材料还没有送达，请先送达再催办。", code="not_sent")
    if Receipt.objects.filter(packet=packet).exists():
        raise RuleError("单位已经确认，无须催办。", code="confirmed")
    today = timezone.localdate()
    if today in _tried_on(delivery):
        raise RuleError(TODAY_ALREADY, code="reminded_today")
    if delivery.channel != FeedbackChannel.EMAIL:
        return _noted(packet, delivery, actor)
    if not settings.EMAIL_URL:
        raise RuleError(
            "本机没有配置邮件服务器（EMAIL_URL），请打电话催办。", code="no_mail_server"
        )
    reminder = _planned(delivery, ReminderWay.EMAIL, actor)
    request_job(
        kind="liaison.mail_reminders",
        title=f"催办反馈确认 {packet.number}",
        actor=actor,
        parameters={"reminders": [reminder.pk]},
    )
    return reminder


def _noted(packet: FeedbackPacket, delivery: Delivery, actor: User) -> Reminder:
    reminder = _planned(delivery, ReminderWay.PHONE, actor)
    _settle_as_sent(reminder)
    reminder.refresh_from_db()
    audit.record(
        actor=actor,
        action=AuditAction.PACKET_REMINDED,
        target=packet,
        organization=packet.period.organization,
        details={"way": ReminderWay.PHONE, "number": reminder.number},
    )
    return reminder


# By the clock ---------------------------------------------------------------------


def due_deliveries(today: date) -> list[int]:
    """Ids of e-mails whose unit has not confirmed and whose turn has come."""
    every, most = _parameters()
    latest = today - timedelta(days=every)
    reached = ~Q(reminders__state=DeliveryState.FAILED, reminders__is_broken_off=False)
    return list(
        Delivery.objects.filter(
            channel=FeedbackChannel.EMAIL,
            state=DeliveryState.SENT,
            revoked_at__isnull=True,
            packet__receipt__isnull=True,
            sent_at__date__lte=latest,
        )
        .annotate(
            last=Max("reminders__created_at"),
            count=Count("reminders", filter=reached),
        )
        .filter(Q(last__isnull=True) | Q(last__date__lte=latest), count__lt=most)
        .order_by("pk")
        .values_list("pk", flat=True)
    )


@transaction.atomic
def plan_reminder(*, delivery_id: int, today: date) -> Reminder | None:
    """Write down the next reminder of an e-mail, or None when its turn has passed.

    Two clocks at once take turns at the packet's row; the second finds the first's.
    """
    delivery = Delivery.objects.get(pk=delivery_id)
    FeedbackPacket.objects.select_for_update().defer("content").get(
        pk=delivery.packet_id
    )
    delivery.refresh_from_db()
    is_confirmed = Receipt.objects.filter(packet=delivery.packet_id).exists()
    if is_confirmed or delivery.revoked_at or delivery.sent_at is None:
        return None
    every, most = _parameters()
    is_due = rules.is_reminder_due(
        sent_on=timezone.localdate(delivery.sent_at),
        tried_on=_tried_on(delivery),
        reached=delivery.reminders.reached().count(),
        today=today,
        every_days=every,
        at_most=most,
    )
    return _planned(delivery, ReminderWay.EMAIL, None) if is_due else None


def left_behind() -> list[int]:
    """Ids of the clock's own reminders that a dead worker planned and did not begin."""
    waiting = Reminder.objects.filter(
        state=DeliveryState.PENDING, created_by__isnull=True
    )
    return list(waiting.order_by("pk").values_list("pk", flat=True))


def settle_stale(now: datetime) -> int:
    """Call reminders unknown whose worker died while sending; return how many."""
    return Reminder.objects.filter(
        state=DeliveryState.SENDING, claimed_at__lt=now - STALE_AFTER
    ).update(state=DeliveryState.FAILED, is_broken_off=True, error=BROKEN_OFF)


# Sending --------------------------------------------------------------------------


def claim_for_mailing(reminder_id: int) -> Reminder | None:
    """Take a pending reminder for sending, or None when it is not to be sent."""
    waiting = Reminder.objects.filter(pk=reminder_id, state=DeliveryState.PENDING)
    taken = waiting.filter(
        delivery__revoked_at__isnull=True, delivery__packet__receipt__isnull=True
    ).update(state=DeliveryState.SENDING, claimed_at=timezone.now())
    if not taken:
        waiting.update(state=DeliveryState.FAILED, error=NO_LONGER)
        return None
    return Reminder.objects.select_related(
        "delivery__packet__period__organization", "delivery__packet__work_unit"
    ).get(pk=reminder_id)


@transaction.atomic
def mark_sent(reminder: Reminder) -> None:
    if not _settle_as_sent(reminder):
        return
    packet = reminder.delivery.packet
    audit.record(
        actor=reminder.created_by,
        action=AuditAction.PACKET_REMINDED,
        target=packet,
        organization=packet.period.organization,
        details={"way": reminder.way, "number": reminder.number},
    )


def mark_failed(reminder: Reminder, error: str) -> None:
    Reminder.objects.filter(pk=reminder.pk, state=DeliveryState.SENDING).update(
        state=DeliveryState.FAILED, error=error[:300]
    )


def settle_broken_off(reminder: Reminder) -> None:
    """The server fell silent: the mail may have arrived, and is not sent again."""
    Reminder.objects.filter(pk=reminder.pk, state=DeliveryState.SENDING).update(
        state=DeliveryState.FAILED, is_broken_off=True, error=BROKEN_OFF
    )


def _settle_as_sent(reminder: Reminder) -> bool:
    now = timezone.now()
    open_states = [DeliveryState.PENDING, DeliveryState.SENDING]
    settled = Reminder.objects.filter(pk=reminder.pk, state__in=open_states).update(
        state=DeliveryState.SENT, sent_at=now, error=""
    )
    if settled:
        FeedbackPacket.objects.filter(pk=reminder.delivery.packet_id).update(
            reminded_at=now
        )
    return bool(settled)


def _planned(delivery: Delivery, way: str, actor: User | None) -> Reminder:
    last = delivery.reminders.aggregate(last=Max("number"))["last"] or 0
    return Reminder.objects.create(
        delivery=delivery, number=last + 1, way=way, created_by=actor
    )


def _tried_on(delivery: Delivery) -> list[date]:
    moments = delivery.reminders.values_list("created_at", flat=True)
    return [timezone.localdate(moment) for moment in moments]


def _parameters() -> tuple[int, int]:
    return (
        parameters.get("liaison.unit_remind_every_days"),
        parameters.get("liaison.unit_remind_at_most"),
    )
