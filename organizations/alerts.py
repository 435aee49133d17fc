"""Warnings about terms of office and joint branches."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, Q

from config.lib.dates import months_after
from config.lib.registry import Alert, AlertItem, register_alert
from organizations import parameters
from organizations.access import Right
from organizations.choices import UnitSituation
from organizations.models import Organization
from organizations.parameter_specs import JOINT_UNITS_LIMIT, TERM_WARNING_MONTHS
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


def _overdue_item(organization: Organization, today: date) -> AlertItem:
    words = "请换届，或报上级批准延期"
    due_on = organization.term_ends_on
    if due_on is not None and months_after(due_on, 12) < today:
        words = f"已超过一年，{words}"
    return _item(organization, words)


def _wide(user: Any, today: date) -> OrganizationQuerySet:
    """Joint branches with more units than a joint branch generally covers."""
    joint = Organization.objects.visible_to(user).open()
    joint = joint.filter(unit_situation=UnitSituation.JOINT)
    return (
        joint.annotate(units=Count("work_units", filter=Q(work_units__is_active=True)))
        .filter(units__gt=parameters.get(JOINT_UNITS_LIMIT))
        .order_by("-units", "path")
    )


def _wide_item(organization: Any, today: date) -> AlertItem:
    limit = parameters.get(JOINT_UNITS_LIMIT)
    return _item(organization, f"覆盖{organization.units}个单位，一般不超过{limit}个")


register_alert(
    Alert(
        key="organizations.joint_too_wide",
        name="联合党支部覆盖单位偏多",
        level="warning",
        definition="未撤销的联合党支部中，所管在用单位数超过一般上限的。",
        source="《中国共产党支部工作条例（试行）》第五条",
        right=Right.VIEW_REPORTS,
        queryset=_wide,
        item=_wide_item,
        parameters=(JOINT_UNITS_LIMIT,),
    )
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
        definition="未撤销、任期届满日期（批准延期的为延期后的日期）已过的党组织。",
        source=_SOURCE,
        right=Right.VIEW_REPORTS,
        queryset=_overdue,
        item=_overdue_item,
    )
)
