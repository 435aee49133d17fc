"""Warnings of programs: what waits for the branch's word."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from activities.models import Achievement
from config.lib.registry import Alert, AlertItem, register_alert
from organizations.access import Right


def _waiting(user: Any, today: date) -> QuerySet[Achievement]:
    """Achievements at the branches whose own secretary the user is."""
    own = {post.organization_id for post in user.current_posts}
    return (
        Achievement.objects.visible_to(user)
        .waiting()
        .filter(organization__in=own - {None})
        .select_related("member", "item")
        .order_by("achieved_on", "pk")
    )


def _waiting_item(row: Achievement, today: date) -> AlertItem:
    return AlertItem(
        row.organization_id,
        row.member.name,
        reverse("activities:achievement-waiting"),
        row.achieved_on,
        f"{row.item.name}，请核对后确认",
    )


register_alert(
    Alert(
        key="activities.achievement_waiting",
        name="完成记录待支部确认",
        level="info",
        definition="街道、社区代记的完成记录，党员所在党支部还没有确认，暂不计入完成情况。",
        source="街道经验材料《街道党建创新》（“五个一”“六带”由党支部组织落实）",
        right=Right.RECORD_ACTIVITIES,
        queryset=_waiting,
        item=_waiting_item,
    )
)
