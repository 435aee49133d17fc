"""Handing packets over: by e-mail, by a one-time link, on paper; and what comes back.

An e-mail is claimed (SENDING, committed) before the server is spoken to. A worker that
dies in between leaves the attempt SENDING, and nobody sends that attempt again: it is
settled as unknown, and a person decides on a new attempt. So an attempt never mails
twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from config.lib.errors import RuleError
from liaison.choices import DeliveryState
from liaison.models import Delivery, FeedbackPacket, FeedbackPeriod, Receipt
from liaison.services.reports import Answer, keep_answers
from liaison.services.tokens import signed_token, token_digest
from organizations import audit, parameters
from organizations.access import Right, require
from organizations.choices import AuditAction, FeedbackChannel
from organizations.models import User

BROKEN_OFF = "发送中断，邮件是否送出不明。请与单位核实，需要时再次送达。"


def link_token(delivery: Delivery) -> str:
    """The signed token of a delivery's link, made again whenever it is needed."""
    return signed_token("liaison.delivery", f"{delivery.packet_id}:{delivery.attempt}")


@transaction.atomic
def deliver(*, packet_id: Any, channel: str, actor: User) -> Delivery:
    """Start one more attempt to hand a packet over; earlier links stop working.

    Paper and links count as sent at once; an e-mail waits for its job. Raises
    FeedbackPacket.DoesNotExist outside the actor's scope, RuleError when the unit has
    confirmed already or the channel cannot be used.
    """
    packet = locked_packet(packet_id, actor)
    if Receipt.objects.filter(packet=packet).exists():
        raise RuleError("单位已经确认，无须再次送达。", code="confirmed")
    if packet.corrects is not None and packet.corrects.sent_at is None:
        raise RuleError(
            f"原材料（编号 {packet.corrects.number}）还没有送达，"
            "请先送达原材料，再送补充。",
            code="original_not_sent",
        )
    check_approved(packet.period)
    _check_channel(packet, channel)
    now = timezone.now()
    packet.deliveries.filter(revoked_at__isnull=True).update(revoked_at=now)
    delivery = Delivery(
        packet=packet,
        channel=channel,
        attempt=packet.deliveries.count() + 1,
        state=DeliveryState.PENDING,
        recipient=packet.work_unit.contact_email
        if channel == FeedbackChannel.EMAIL
        else packet.work_unit.contact_name,
        expires_at=now + timedelta(days=parameters.get("liaison.link_days")),
        created_by=actor,
    )
    # On paper too: the printed letter carries the link as a code to scan.
    delivery.token_sha256 = token_digest(link_token(delivery))
    delivery.save()
    if channel != FeedbackChannel.EMAIL:
        mark_sent(delivery)
    audit.record(
        actor=actor,
        action=AuditAction.PACKET_SENT,
        target=packet,
        organization=packet.period.organization,
        details={"channel": channel, "attempt": delivery.attempt},
    )
    return delivery


def check_approved(period: FeedbackPeriod) -> None:
    """Raise RuleError while the street, where it wants to, has not approved a round."""
    if period.approved_at is None and parameters.get("liaison.street_approval") == "on":
        raise RuleError(
            f"{period.title}反馈还没有批准，请先在“单位送达”页批准。",
            code="not_approved",
        )


def locked_packet(packet_id: Any, actor: User) -> FeedbackPacket:
    """A packet the actor issues, locked."""
    packet = (
        FeedbackPacket.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("period__organization", "work_unit", "corrects")
        .get(pk=packet_id)
    )
    require(actor, Right.ISSUE_FEEDBACK, packet.period.organization)
    return packet


def _check_channel(packet: FeedbackPacket, channel: str) -> None:
    if channel != FeedbackChannel.EMAIL:
        return
    if not settings.EMAIL_URL:
        raise RuleError(
            "本机没有配置邮件服务器（EMAIL_URL），请改用链接或纸质送达。",
            code="no_mail_server",
        )
    if not packet.work_unit.contact_email:
        raise RuleError(
            f"“{packet.work_unit}”没有登记联络邮箱，请先在单位信息中填写。",
            code="no_address",
        )


def mark_sent(delivery: Delivery) -> None:
    now = timezone.now()
    Delivery.objects.filter(pk=delivery.pk).update(
        state=DeliveryState.SENT, sent_at=now, error="", is_broken_off=False
    )
    FeedbackPacket.objects.filter(pk=delivery.packet_id).update(
        sent_at=now, channel=delivery.channel, reminded_at=None
    )


def mark_failed(delivery: Delivery, error: str) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(
        state=DeliveryState.FAILED, error=error[:300]
    )


def claim_for_mailing(delivery_id: int) -> Delivery | None:
    """Take a pending e-mail for sending, or None when it was taken before.

    An attempt found SENDING was left by a worker that died: nobody knows whether the
    mail went out, so it is settled as failed with that sentence.
    """
    taken = Delivery.objects.filter(
        pk=delivery_id, state=DeliveryState.PENDING, revoked_at__isnull=True
    ).update(state=DeliveryState.SENDING)
    delivery = Delivery.objects.select_related(
        "packet__period__organization", "packet__work_unit"
    ).get(pk=delivery_id)
    if taken:
        return delivery
    if delivery.state == DeliveryState.SENDING:
        settle_broken_off(delivery)
    return None


def settle_broken_off(delivery: Delivery) -> None:
    """Call an attempt failed whose worker died; one that ended meanwhile stays."""
    Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.SENDING).update(
        state=DeliveryState.FAILED, is_broken_off=True, error=BROKEN_OFF
    )


def find_by_token(token: str) -> Delivery | None:
    """The delivery whose link carries `token` and still works, else None."""
    delivery = (
        Delivery.objects.select_related("packet__period__organization")
        .filter(token_sha256=token_digest(token))
        .first()
    )
    if delivery is None or delivery.revoked_at or delivery.used_at:
        return None
    if delivery.expires_at is None or delivery.expires_at <= timezone.now():
        return None
    return delivery


@transaction.atomic
def note_opened(delivery: Delivery) -> None:
    """Remember the first opening of a link."""
    first = Delivery.objects.filter(pk=delivery.pk, opened_at__isnull=True)
    if first.update(opened_at=timezone.now()):
        audit.record(
            actor=None,
            action=AuditAction.PACKET_OPENED,
            target=delivery.packet,
            organization=delivery.packet.period.organization,
        )


@transaction.atomic
def confirm_by_link(
    *, token: str, name: str, words: str, answers: Sequence[Answer] = ()
) -> Receipt | None:
    """Confirm through a link, which then stops working; None when it does not work."""
    delivery = find_by_token(token)
    if delivery is None:
        return None
    packet = FeedbackPacket.objects.select_for_update(of=("self",)).get(
        pk=delivery.packet_id
    )
    if find_by_token(token) is None or Receipt.objects.filter(packet=packet).exists():
        return None
    receipt = _receipt(packet, name, words, answers, delivery=delivery, entered_by=None)
    Delivery.objects.filter(pk=delivery.pk).update(used_at=timezone.now())
    return receipt


@transaction.atomic
def enter_receipt(
    *,
    packet_id: Any,
    name: str,
    words: str,
    actor: User,
    answers: Sequence[Answer] = (),
) -> Receipt:
    """Enter a paper receipt for a unit, or confirm as the unit's own contact person."""
    packet = (
        FeedbackPacket.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("period__organization")
        .get(pk=packet_id)
    )
    if packet.work_unit_id not in actor.contact_unit_ids:
        require(actor, Right.ISSUE_FEEDBACK, packet.period.organization)
    if packet.sent_at is None:
        raise RuleError("材料还没有送达，不能登记回执。", code="not_sent")
    if Receipt.objects.filter(packet=packet).exists():
        raise RuleError("单位已经确认过。", code="confirmed")
    receipt = _receipt(packet, name, words, answers, delivery=None, entered_by=actor)
    packet.deliveries.filter(revoked_at__isnull=True).update(revoked_at=timezone.now())
    return receipt


def _receipt(
    packet: FeedbackPacket,
    name: str,
    words: str,
    answers: Sequence[Answer],
    *,
    delivery: Delivery | None,
    entered_by: User | None,
) -> Receipt:
    receipt = Receipt(
        packet=packet,
        confirmed_by=name.strip(),
        words=words.strip(),
        delivery=delivery,
        entered_by=entered_by,
    )
    receipt.full_clean(exclude=["delivery", "entered_by"])
    receipt.save()
    keep_answers(receipt, answers)
    audit.record(
        actor=entered_by,
        action=AuditAction.PACKET_CONFIRMED,
        target=packet,
        organization=packet.period.organization,
    )
    return receipt
