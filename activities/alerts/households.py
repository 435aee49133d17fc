"""Warnings of promises to households that are due, and of doors nobody has been to."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse

from activities.models import Visit, VisitMatter
from activities.parameters.households import REMIND_MONTH, UNVISITED_PERCENT
from activities.querysets.households import year_start
from config.lib.registry import Alert, AlertItem, register_alert
from organizations import parameters
from organizations.access import Right
from organizations.models import Organization

_SEED = "街道经验材料《街道党建创新》（走百家门，知百家情）"


def _overdue(user: Any, today: date) -> QuerySet[VisitMatter]:
    matters = VisitMatter.objects.visible_to(user).counted().to_close()
    return (
        matters.filter(due_on__lt=today)
        .select_related("visit__household")
        .order_by("due_on", "pk")
    )


def _overdue_item(matter: VisitMatter, today: date) -> AlertItem:
    household = matter.visit.household
    is_settled = matter.settled_on is not None
    return AlertItem(
        organization_id=household.organization_id,
        label=f"{household.door}：{matter.get_kind_display()}",
        url=matter.get_absolute_url(),
        due_on=matter.due_on,
        detail="已办结，还没有答复住户" if is_settled else "过了承诺日期还没有办结",
    )


register_alert(
    Alert(
        key="activities.visit_matters_overdue",
        name="走访事项过期",
        level="warning",
        definition="过了承诺办结日期，还没有办结或还没有答复住户的走访事项；"
        "没有约定日期的，按规定的天数算。",
        source=_SEED,
        right=Right.VISIT_HOUSEHOLDS,
        queryset=_overdue,
        item=_overdue_item,
    )
)


def _unvisited(user: Any, today: date) -> QuerySet[Organization]:
    """Organizations with too many doors that nobody has been to this year."""
    mine = Organization.objects.with_right(user, Right.VISIT_HOUSEHOLDS).open()
    if today.month < parameters.get(REMIND_MONTH):
        return mine.none()
    been = Visit.objects.counted().filter(visited_on__gte=year_start(today))
    listed = Q(households__ended_on__isnull=True, households__isnull=False)
    visited = Q(households__in=been.order_by().values("household"))
    share = parameters.get(UNVISITED_PERCENT)
    return (
        mine.annotate(
            doors=Count("households", filter=listed),
            unvisited=Count("households", filter=listed & ~visited),
        )
        .filter(unvisited__gt=0, unvisited__gte=F("doors") * share / 100.0)
        .order_by("path")
    )


def _unvisited_item(organization: Any, today: date) -> AlertItem:
    share = round(organization.unvisited * 100 / organization.doors)
    query = f"organization={organization.pk}&visited=no"
    return AlertItem(
        organization_id=organization.pk,
        label=str(organization),
        url=f"{reverse('activities:household-list')}?{query}",
        due_on=date(today.year, 12, 31),
        detail=f"还有{organization.unvisited}户今年没有走访，占{share}%",
    )


register_alert(
    Alert(
        key="activities.households_unvisited",
        name="较多住户今年没有走访",
        level="info",
        definition="从规定的月份起，今年没有走访过的住户达到规定比例的党组织。",
        source=_SEED,
        right=Right.VISIT_HOUSEHOLDS,
        queryset=_unvisited,
        item=_unvisited_item,
        parameters=(REMIND_MONTH, UNVISITED_PERCENT),
    )
)
