"""Warnings of Party life and of the programs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.http import urlencode

from activities.choices import ActivityKind
from activities.completion import audience, earned_by_member
from activities.models import Activity, Program
from activities.suggestions import FIVE_ONES
from config.lib.periods import HalfYear, Month, Period, Quarter
from config.lib.registry import Alert, AlertItem, register_alert
from members.models import Affiliation
from organizations import parameters
from organizations.access import Right
from organizations.models import Organization

REMIND_FROM = "activities.remind_from_day"
THEME_DAYS = "activities.theme_days_per_month"
MEMBERS_MEETINGS = "activities.members_meetings_per_quarter"
MOBILE_ITEMS = "activities.mobile_items_per_half_year"


def _is_time(period: Period, today: date) -> bool:
    """Whether the reminders of `period` show: late in its last month."""
    last_month = period.months()[-1]
    return today in last_month and today.day >= parameters.get(REMIND_FROM)


def _branches_missing(
    kind: str, parameter: str, period_of: Callable[[date], Period]
) -> Callable[[Any, date], QuerySet[Organization]]:
    """Return the query for branches that held `kind` too seldom in the period."""

    def missing(user: Any, today: date) -> QuerySet[Organization]:
        period = period_of(today)
        branches = (
            Organization.objects.with_right(user, Right.RECORD_ACTIVITIES)
            .open()
            .branches()
        )
        if not _is_time(period, today):
            return branches.none()
        held = (
            Activity.objects.held()
            .during(period)
            .filter(kind=kind, organization=OuterRef("pk"))
            .order_by()
            .values("organization")
            .annotate(times=Count("pk"))
            .values("times")
        )
        wanted = parameters.get(parameter)
        people = Affiliation.objects.open().order_by().values("organization")
        return (
            branches.filter(pk__in=people)
            .annotate(held=Coalesce(Subquery(held), 0))
            .filter(held__lt=wanted)
            .order_by("path")
        )

    return missing


def _branch_item(
    kind: ActivityKind, period_of: Callable[[date], Period]
) -> Callable[[Organization, date], AlertItem]:
    def item(branch: Organization, today: date) -> AlertItem:
        period = period_of(today)
        query = urlencode({"branch": branch.pk, "kind": kind})
        return AlertItem(
            branch.pk,
            str(branch),
            f"{reverse('activities:record')}?{query}",
            period.months()[-1].end,
            f"{period.title}已开展{kind.label}{branch.held}次",
        )

    return item


def _register_meeting(
    key: str,
    name: str,
    kind: ActivityKind,
    parameter: str,
    period_of: Callable[[date], Period],
    definition: str,
    source: str,
) -> None:
    register_alert(
        Alert(
            key=key,
            name=name,
            level="warning",
            definition=definition,
            source=source,
            right=Right.RECORD_ACTIVITIES,
            queryset=_branches_missing(kind, parameter, period_of),
            item=_branch_item(kind, period_of),
            parameters=(parameter, REMIND_FROM),
        )
    )


_register_meeting(
    "activities.theme_day_missing",
    "本月未开展主题党日",
    ActivityKind.THEME_DAY,
    THEME_DAYS,
    Month.containing,
    "本月开展主题党日还不到规定次数的党支部，请及时开展并记录；每月从提醒日起列出。",
    "《中国共产党支部工作条例（试行）》第十六条",
)
_register_meeting(
    "activities.members_meeting_missing",
    "本季度未召开支部党员大会",
    ActivityKind.MEMBERS_MEETING,
    MEMBERS_MEETINGS,
    Quarter.containing,
    "本季度召开支部党员大会还不到规定次数的党支部，请及时召开并记录；季末月从提醒日起列出。",
    "《中国共产党支部工作条例（试行）》第十一条",
)


def _silent_mobile(user: Any, today: date) -> QuerySet[Affiliation]:
    """Mobile members, at their educating branch, with too few items this half year."""
    half = HalfYear.containing(today)
    here = Organization.objects.with_right(user, Right.RECORD_ACTIVITIES)
    program = Program.objects.of_line(FIVE_ONES).in_force(today).first()
    if program is None or not _is_time(half, today):
        return Affiliation.objects.visible_to(user).none()
    return (
        audience(program, here)
        .annotate(earned=earned_by_member(program, half.start, half.end))
        .filter(earned__lt=parameters.get(MOBILE_ITEMS))
        .select_related("member")
        .order_by("organization__path", "member__name_pinyin", "member_id")
    )


def _silent_mobile_item(row: Affiliation, today: date) -> AlertItem:
    half = HalfYear.containing(today)
    return AlertItem(
        row.organization_id,
        row.member.name,
        row.member.get_absolute_url(),
        half.end,
        f"{half.title}五个一还没有完成记录",
    )


register_alert(
    Alert(
        key="activities.mobile_without_item",
        name="流动党员半年没有五个一记录",
        level="warning",
        definition="本半年完成五个一还不到规定项数的流动党员；"
        "六月、十二月从提醒日起列出。",
        source="街道经验材料《街道党建创新》（流动党员“五个一”）；项数为本平台默认值",
        right=Right.RECORD_ACTIVITIES,
        queryset=_silent_mobile,
        reads_first=True,
        item=_silent_mobile_item,
        parameters=(MOBILE_ITEMS, REMIND_FROM),
    )
)
