"""Warnings of units that cannot be reached, or that stay silent for long."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from config.lib.registry import Alert, AlertItem, register_alert
from liaison.choices import DeliveryState
from liaison.models import FeedbackPacket, LiaisonCard
from organizations import parameters
from organizations.access import Right
from organizations.choices import FeedbackChannel
from organizations.models import WorkUnit

_FEEDBACK = "街道经验材料《街道党建创新》：情况的反馈机制；天数为本平台默认值"
_ESCALATE_DAYS = "liaison.escalate_days"


def _no_channel(user: Any, today: date) -> QuerySet[WorkUnit]:
    """Units with people in the street, and nobody there to hand a packet to."""
    cards = (
        LiaisonCard.objects.lying_below(user.rights_paths(Right.ISSUE_FEEDBACK))
        .open()
        .filter(home_unit=OuterRef("pk"))
        .order_by("pk")
    )
    return (
        WorkUnit.objects.exclude(feedback_channel=FeedbackChannel.EMAIL)
        .filter(contact_name="")
        .annotate(place_id=Subquery(cards.values("organization_id")[:1]))
        .filter(place_id__isnull=False)
        .order_by("name", "pk")
    )


def _no_channel_item(unit: Any, today: date) -> AlertItem:
    return AlertItem(
        unit.place_id,
        unit.name,
        unit.get_absolute_url(),
        detail=f"{unit.get_feedback_channel_display()}，但没有登记党务联络人，"
        "反馈材料送不到人",
    )


def _escalated(user: Any, today: date) -> QuerySet[FeedbackPacket]:
    """Packets whose unit has been silent for so long that reminding is not enough."""
    limit = today - timedelta(days=parameters.get(_ESCALATE_DAYS))
    reached = ~Q(
        deliveries__reminders__state=DeliveryState.FAILED,
        deliveries__reminders__is_broken_off=False,
    )
    packets = FeedbackPacket.objects.visible_to(user).filter(
        sent_at__date__lte=limit, receipt__isnull=True
    )
    return (
        packets.annotate(asked=Count("deliveries__reminders", filter=reached))
        .select_related("period", "work_unit")
        .order_by("sent_at", "number")
    )


def _escalated_item(packet: Any, today: date) -> AlertItem:
    sent_on = timezone.localdate(packet.sent_at)
    asked = f"催办 {packet.asked} 次" if packet.asked else "没有催办过"
    return AlertItem(
        packet.period.organization_id,
        packet.work_unit.name,
        packet.get_absolute_url(),
        sent_on,
        f"{packet.title}送达 {(today - sent_on).days} 天没有答复，{asked}，"
        "请街道负责人直接联系单位党组织",
    )


register_alert(
    Alert(
        "liaison.no_channel",
        "单位没有联络人",
        "warning",
        "有在用联系卡的单位以链接或纸质送达，却没有登记党务联络人。",
        _FEEDBACK,
        Right.ISSUE_FEEDBACK,
        _no_channel,
        _no_channel_item,
    )
)
register_alert(
    Alert(
        "liaison.escalated",
        "反馈久无答复，升级督办",
        "danger",
        "反馈材料送达后，单位超过设定天数没有答复，须由街道负责人出面。",
        _FEEDBACK,
        Right.ISSUE_FEEDBACK,
        _escalated,
        _escalated_item,
        (_ESCALATE_DAYS,),
    )
)
