"""A mail that left and came back: the attempt failed after all, and is taken up again.

What bounced may be sent anew by any channel: the packet counts as sent only by the
attempts before it, and stands among those to hand over when there are none.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from config.lib.errors import RuleError
from liaison.choices import DeliveryState
from liaison.choices.bounces import BounceReason
from liaison.models import Delivery, FeedbackPacket, Receipt
from liaison.services.delivery import locked_packet
from organizations import audit
from organizations.choices import AuditAction, FeedbackChannel
from organizations.models import User


@transaction.atomic
def record_bounce(
    *, packet_id: Any, attempt: int, reason: str, words: str, actor: User
) -> Delivery:
    """Call the last e-mail of a packet failed; its link stops working.

    `attempt` is the one the page showed: of an older page nothing is changed. Raises
    FeedbackPacket.DoesNotExist out of scope, PermissionDenied, RuleError.
    """
    packet = locked_packet(packet_id, actor)
    last = packet.deliveries.order_by("-attempt").first()
    is_mail = last is not None and last.channel == FeedbackChannel.EMAIL
    if last is None or not is_mail or last.attempt != attempt:
        raise RuleError("最近一次不是这封邮件，请刷新后再登记。", code="not_last")
    if last.state != DeliveryState.SENT:
        raise RuleError("这封邮件没有送出，无须登记退信。", code="not_sent")
    if Receipt.objects.filter(packet=packet).exists():
        raise RuleError("单位已经确认，邮件没有退回。", code="confirmed")
    said = f"，{words.strip()}" if words.strip() else ""
    last.state, last.revoked_at = DeliveryState.FAILED, timezone.now()
    last.error = f"退信：{BounceReason(reason).label}{said}"[:300]
    last.save(update_fields=["state", "revoked_at", "error"])
    earlier = packet.deliveries.filter(state=DeliveryState.SENT).order_by("-attempt")
    reached = earlier.first()
    FeedbackPacket.objects.filter(pk=packet.pk).update(
        sent_at=reached.sent_at if reached else None,
        channel=reached.channel if reached else packet.channel,
    )
    audit.record(
        actor=actor,
        action=AuditAction.PACKET_BOUNCED,
        target=packet,
        organization=packet.period.organization,
        details={"attempt": attempt, "reason": reason},
    )
    return last
