"""Figures of activity rooms: rooms, openings, users by kind of member."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.urls import reverse
from django.utils.http import urlencode

from config.lib.monthends import within_months
from config.lib.periods import Month
from config.lib.registry import Indicator, IndicatorGroup, register_group
from organizations.models import Room, RoomOpening
from organizations.room_querysets import USERS

_SEED = "街道经验材料《街道党建创新》：党员活动室（三站）"
_LABELS = {
    "in_post": "在职党员",
    "mobile": "流动党员",
    "on_roll": "在册党员",
    "others": "居民群众",
}


def _list(organization_id: int, month: Month) -> str:
    query = urlencode({"organization": organization_id, "group": "all"})
    return f"{reverse('organizations:room-list')}?{query}"


ROOMS = Indicator(
    "organizations.rooms",
    "党员活动室",
    "个",
    "月末已启用、没有停用的党员活动室。",
    _SEED,
    _list,
)
OPENINGS = Indicator(
    "organizations.room_openings",
    "活动室开放",
    "次",
    "当月登记的活动室开放，撤回的不计。",
    _SEED,
    _list,
)
BY_USERS = {
    name: Indicator(
        f"organizations.room_{name}",
        f"活动室使用：{_LABELS[name]}",
        "人次",
        f"当月开放登记的{_LABELS[name]}人次之和，撤回的不计。",
        _SEED,
        _list,
    )
    for name in USERS
}


def compute_months(
    organizations: QuerySet, months: Sequence[Month]
) -> Sequence[Mapping[int, Mapping[str, int]]]:
    """One query for rooms, one for openings, where the room's organization lies."""
    figures: list[Any] = [defaultdict(lambda: defaultdict(int)) for _ in months]
    rooms = Room.objects.filter(organization__in=organizations).order_by()
    for pk, begin, ended in rooms.values_list("organization", "opened_on", "closed_on"):
        for place, month in enumerate(months):
            day = month.end - timedelta(days=1)
            if begin <= day and (ended is None or ended > day):
                figures[place][pk][ROOMS.key] += 1
    held = RoomOpening.objects.standing().filter(room__organization__in=organizations)
    rows = (
        within_months(held, "held_on", months)
        .order_by()
        .values_list("room__organization", "month_place")
        .annotate(Count("pk"), *(Sum(name) for name in USERS))
    )
    for pk, turn, number, *people in rows:
        figures[turn][pk][OPENINGS.key] += number
        for name, total in zip(USERS, people, strict=True):
            figures[turn][pk][BY_USERS[name].key] += total
    return figures


register_group(
    IndicatorGroup(
        key="organizations.rooms",
        indicators=(ROOMS, OPENINGS, *BY_USERS.values()),
        compute_months=compute_months,
    )
)
