"""Warnings of joint conferences."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import DateField, QuerySet, Value

from config.lib.registry import Alert, AlertItem, register_alert
from liaison.models import (
    Conference,
    ConferenceDecision,
    ConferenceMeeting,
    ConferenceSeat,
)
from liaison.parameters.conferences import MEETING_MONTHS, UNHELD_DAYS
from liaison.rules.conferences import half_to_ask
from organizations import parameters
from organizations.access import Right

_MINUTES = "街道工作联席会议制度：议定事项明确责任单位和时限"
_RHYTHM = "社区共建联席会议制度：每半年开会一次，3月、12月召开"
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


def _overdue(user: Any, today: date) -> QuerySet[ConferenceDecision]:
    return (
        ConferenceDecision.objects.visible_to(user)
        .overdue(today)
        .filter(meeting__conference__ended_on__isnull=True)
        .with_owner()
        .order_by("due_on", "pk")
    )


def _overdue_item(row: ConferenceDecision, today: date) -> AlertItem:
    return AlertItem(
        organization_id=row.meeting.conference.organization_id,
        label=row.words,
        url=row.get_absolute_url(),
        due_on=row.due_on,
        detail=f"{row.meeting}议定，{row.owner}办",
    )


def _unrecorded(user: Any, today: date) -> QuerySet[ConferenceMeeting]:
    rows = ConferenceMeeting.objects.visible_to(user).unrecorded(today)
    return rows.select_related("conference").order_by("meets_on", "pk")


def _unrecorded_item(row: ConferenceMeeting, today: date) -> AlertItem:
    return AlertItem(
        organization_id=row.conference.organization_id,
        label=row.title,
        url=row.get_absolute_url(),
        due_on=row.meets_on,
        detail="开会日期已过，请登记到会情况；没有开的请取消",
    )


def _unheld(user: Any, today: date) -> QuerySet[Conference]:
    months = [parameters.get(key) for key in MEETING_MONTHS]
    half, due = half_to_ask(today, days=parameters.get(UNHELD_DAYS), months=months)
    return (
        Conference.objects.visible_to(user)
        .unheld(half, due, today)
        .annotate(due=Value(due, output_field=DateField()))
        .select_related("organization")
        .order_by("founded_on", "pk")
    )


def _unheld_item(row: Conference, today: date) -> AlertItem:
    return AlertItem(
        organization_id=row.organization_id,
        label=str(row),
        url=row.get_absolute_url(),
        due_on=row.due,
        detail="这半年还没有开会，也没有召集",
    )


register_alert(
    Alert(
        key="liaison.decision_overdue",
        name="联席会议定事项逾期",
        level="danger",
        definition="党建联席会的议定事项，办理期限已过，还没有办结的。",
        source=_MINUTES,
        right=Right.KEEP_AGREEMENTS,
        queryset=_overdue,
        item=_overdue_item,
    )
)
register_alert(
    Alert(
        key="liaison.meeting_unrecorded",
        name="联席会议没有登记",
        level="warning",
        definition="开会日期已过的联席会议，没有登记到会情况，也没有取消的。",
        source=_MINUTES,
        right=Right.KEEP_AGREEMENTS,
        queryset=_unrecorded,
        item=_unrecorded_item,
    )
)
register_alert(
    Alert(
        key="liaison.conference_unheld",
        name="联席会半年没有开会",
        level="warning",
        definition=(
            "到了每半年应开会的月底前规定天数，这半年还没有开会、也没有召集会议的"
            "党建联席会；过了期限一直提醒到开会为止。"
        ),
        source=_RHYTHM,
        right=Right.KEEP_AGREEMENTS,
        queryset=_unheld,
        item=_unheld_item,
        parameters=(*MEETING_MONTHS, UNHELD_DAYS),
    )
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
