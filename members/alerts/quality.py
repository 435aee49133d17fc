"""Warnings about records that may be one person's."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse

from config.lib.registry import Alert, AlertItem, register_alert
from members.models import Affiliation, DuplicatePair
from organizations.access import Right


def _pairs(user: Any, today: date) -> QuerySet[DuplicatePair]:
    places = Affiliation.objects.open().filter(member=OuterRef("first")).order_by("pk")
    return (
        DuplicatePair.objects.visible_to(user)
        .open()
        .select_related("first")
        .annotate(place_id=Subquery(places.values("organization")[:1]))
        .order_by("found_at", "pk")
    )


def _item(pair: DuplicatePair, today: date) -> AlertItem:
    return AlertItem(
        organization_id=pair.place_id,
        label=pair.first.name,
        url=reverse("members:pair-merge", args=[pair.pk]),
        detail=f"{pair.get_reason_display()}，请核对身份证后合并或排除",
    )


register_alert(
    Alert(
        key="members.duplicate_pairs",
        name="疑似重复的档案",
        level="warning",
        definition="姓名和出生日期，或姓名、性别和入党日期相同的两份档案，还没有核对。",
        source="本平台工作惯例：同一人只有一份档案",
        right=Right.SETTLE_CLAIMS,
        queryset=_pairs,
        item=_item,
    )
)
