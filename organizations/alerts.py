"""Warnings about terms of office."""

from __future__ import annotations

from datetime import date
from typing import Any

from config.lib.dates import months_after
from config.lib.registry import Alert, AlertItem, register_alert
from organizations import parameters
from organizations.access import Right
from organizations.models import Organization
from organizations.parameter_specs import TERM_WARNING_MONTHS
from organizations.querysets import OrganizationQuerySet

_SOURCE = "《关于党的基层组织任期的意见》（2018）：上级党组织应及时提醒督促换届"


def _ending(user: Any, today: date) -> OrganizationQuerySet:
    limit = months_after(today, parameters.get(TERM_WARNING_MONTHS))
    found = Organization.objects.visible_to(user).term_ends(today, limit)
    return found.order_by("term_ends_on", "path")


def _overdue(user: Any, today: date) -> OrganizationQuerySet:
    found = Organization.objects.visible_to(user).term_over(today)
    return found.order_by("term_ends_on", "path")


def _item(organization: Organization, detail: str) -> AlertItem:
    return AlertItem(
        organization_id=organization.pk,
        label=organization.short_name,
        url=organization.get_absolute_url(),
        due_on=organization.term_ends_on,
        detail=detail,
    )


register_alert(
    Alert(
        key="organizations.term_ending",
        name="任期即将届满",
        level="warning",
        definition="未撤销、任期将在设定的月数之内届满的党组织。",
        source=_SOURCE,
        right=Right.VIEW_REPORTS,
        queryset=_ending,
        item=lambda row, today: _item(row, "请着手准备换届选举"),
        parameters=(TERM_WARNING_MONTHS,),
    )
)
register_alert(
    Alert(
        key="organizations.term_overdue",
        name="任期已届满未换届",
        level="danger",
        definition="未撤销、任期届满日期已过，届满日期尚未更新的党组织。",
        source=_SOURCE,
        right=Right.VIEW_REPORTS,
        queryset=_overdue,
        item=lambda row, today: _item(row, "请换届，或报上级批准延期后更新届满日期"),
    )
)
