"""Warnings of study: who is behind, and questions that nobody answered."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from activities.parameters.study import (
    MEMBER_HOURS,
    OFFICER_HOURS,
    REMIND_FROM_MONTH,
    TOLERANCE,
)
from activities.study import behind, learners
from config.lib.registry import Alert, AlertItem, register_alert
from members.models import Affiliation
from organizations import parameters
from organizations.access import Right
from organizations.models import Organization


def _behind(user: Any, today: date) -> QuerySet[Affiliation]:
    if today.month < parameters.get(REMIND_FROM_MONTH):
        return Affiliation.objects.none()
    here = Organization.objects.with_right(user, Right.RECORD_ACTIVITIES)
    return (
        behind(learners(here), here, today)
        .select_related("member")
        .order_by("organization__path", "member__name_pinyin", "member_id")
    )


def _behind_item(row: Affiliation, today: date) -> AlertItem:
    return AlertItem(
        row.organization_id,
        row.member.name,
        reverse("activities:member-study", args=[row.member_id]),
        date(today.year, 12, 31),
        "今年学时落后于时间进度，请安排补学",
    )


register_alert(
    Alert(
        key="study.behind",
        name="学时落后于进度",
        level="info",
        definition="今年学时少于全年要求按天折算、再减去允许落后学时的党员；当年入党的"
        "不列入，从提醒的月份起列出。",
        source="《中国共产党党员教育管理工作条例》；进度按天折算为本平台默认做法",
        right=Right.RECORD_ACTIVITIES,
        queryset=_behind,
        item=_behind_item,
        parameters=(MEMBER_HOURS, OFFICER_HOURS, REMIND_FROM_MONTH, TOLERANCE),
    )
)
