"""The warning of programs that get nowhere."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from activities.completion import audience, earned_by_member
from activities.models import Program
from activities.parameters.duties import REMIND_DAYS
from activities.suggestions import FIVE_ONES
from config.lib.periods import HalfYear
from config.lib.registry import Alert, AlertItem, register_alert
from members.models import Affiliation
from organizations import parameters
from organizations.access import Right
from organizations.models import Organization

MOBILE_ITEMS = "activities.mobile_items_per_half_year"


def _silent_mobile(user: Any, today: date) -> QuerySet[Affiliation]:
    """Mobile members, at their educating branch, with too few items this half year."""
    half = HalfYear.containing(today)
    here = Organization.objects.with_right(user, Right.RECORD_ACTIVITIES)
    if today < half.end - timedelta(days=parameters.get(REMIND_DAYS)):
        return Affiliation.objects.visible_to(user).none()
    program = Program.objects.of_line(FIVE_ONES).in_force(today).first()
    if program is None:
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
        "六月、十二月到期前几天起列出。",
        source="街道经验材料《街道党建创新》（流动党员“五个一”）；项数为本平台默认值",
        right=Right.RECORD_ACTIVITIES,
        queryset=_silent_mobile,
        reads_first=True,
        item=_silent_mobile_item,
        parameters=(MOBILE_ITEMS, REMIND_DAYS),
    )
)
