"""Warnings of committees: no secretary, sizes that do not fit, results not approved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.urls import reverse

from config.lib.registry import Alert, AlertItem, register_alert
from members.teams import headless, too_small, waiting_long, without_committee
from organizations import parameters
from organizations.access import Right
from organizations.models import Election, Organization
from organizations.parameter_specs import (
    APPROVAL_DAYS,
    BRANCH_SIZE_LEAST,
    COMMITTEE_SIZE_LEAST,
    TEAM_SIZE_LEAST,
)

_BRANCHES = "《中国共产党支部工作条例（试行）》第二章"


def _page(detail: str) -> Callable[[Organization, date], AlertItem]:
    def item(row: Organization, today: date) -> AlertItem:
        return AlertItem(
            organization_id=row.pk,
            label=row.short_name,
            url=reverse("members:team", args=[row.pk]),
            detail=detail,
        )

    return item


def _waiting_item(row: Election, today: date) -> AlertItem:
    days = parameters.get(APPROVAL_DAYS)
    return AlertItem(
        organization_id=row.organization_id,
        label=str(row.organization),
        url=reverse("members:election", args=[row.pk]),
        due_on=row.held_on + timedelta(days=days),
        detail="选举结果还没有批复",
    )


def _register(
    key: str,
    name: str,
    level: str,
    definition: str,
    queryset: Callable[[Any, date], Any],
    item: Callable[[Any, date], AlertItem],
    *used: str,
    source: str = _BRANCHES,
) -> None:
    register_alert(
        Alert(
            key=f"members.{key}",
            name=name,
            level=level,
            definition=definition,
            source=source,
            right=Right.KEEP_TEAMS,
            queryset=queryset,
            item=item,
            parameters=used,
        )
    )


_register(
    "no_secretary",
    "没有登记书记",
    "warning",
    "未撤销的党委、党总支、党支部中，现任班子里没有书记的。",
    lambda user, today: headless(user).order_by("path"),
    _page("请登记选举或任职"),
    source="《中国共产党支部工作条例（试行）》第六章",
)
_register(
    "branch_too_small",
    "党支部正式党员不足",
    "warning",
    "未撤销的党支部中，在册正式党员少于规定人数的。",
    lambda user, today: too_small(user),
    _page("正式党员不足，可考虑组成联合党支部"),
    BRANCH_SIZE_LEAST,
)
_register(
    "no_committee",
    "应设支部委员会未设",
    "warning",
    "在册正式党员达到规定人数、已登记书记，班子人数少于支部委员会下限的党支部；"
    "还没有登记书记的列入“没有登记书记”。",
    lambda user, today: without_committee(user),
    _page("应选举产生支部委员会"),
    COMMITTEE_SIZE_LEAST,
    TEAM_SIZE_LEAST,
    source="《中国共产党支部工作条例（试行）》第三章、第六章",
)
_register(
    "election_waiting",
    "选举结果未批复",
    "warning",
    "选举超过设定天数、还没有登记上级批复的。",
    lambda user, today: waiting_long(user, today),
    _waiting_item,
    APPROVAL_DAYS,
    source="《中国共产党支部工作条例（试行）》：选举结果报上级党组织批准",
)
