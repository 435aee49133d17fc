"""Warnings of joint conferences."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from config.lib.registry import Alert, AlertItem, register_alert
from liaison.models import ConferenceSeat
from organizations.access import Right

_RULES = "街道党建联席会议制度：每个成员单位一名负责同志参加，更换时书面告知"


def _unnamed(user: Any, today: date) -> QuerySet[ConferenceSeat]:
    return (
        ConferenceSeat.objects.visible_to(user)
        .without_delegate()
        .named()
        .select_related("conference__organization")
        .order_by("joined_on", "pk")
    )


def _unnamed_item(row: ConferenceSeat, today: date) -> AlertItem:
    return AlertItem(
        organization_id=row.conference.organization_id,
        label=str(row),
        url=row.get_absolute_url(),
        due_on=row.joined_on,
        detail=f"{row.conference}，还没有登记代表",
    )


register_alert(
    Alert(
        key="liaison.conference_unnamed",
        name="联席会成员单位没有代表",
        level="info",
        definition="党建联席会现有的成员单位，还没有登记代表的。",
        source=_RULES,
        right=Right.KEEP_AGREEMENTS,
        queryset=_unnamed,
        item=_unnamed_item,
    )
)
