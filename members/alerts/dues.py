"""Warnings about dues: people behind, and branches that have not marked a month."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from config.lib.registry import Alert, AlertItem, register_alert
from members.choices import AffiliationKind, MembershipStatus
from members.dues import unmarked
from members.models import Affiliation
from members.parameters.dues import BEHIND_MONTHS, MARK_DAY, QUIT_MONTHS
from members.rules import dues as rules
from organizations import parameters
from organizations.access import Right
from organizations.models import Organization
from organizations.querysets import OrganizationQuerySet


def _behind(user: Any, today: date, least: str) -> QuerySet[Affiliation]:
    """Rolls of those who owe as many months as the parameter says, or more."""
    latest = rules.step(rules.last_due(today), -parameters.get(least))
    mine = Organization.objects.with_right(user, Right.EDIT_MEMBERS)
    rolls = Affiliation.objects.visible_to(user).open()
    return (
        rolls.filter(
            kind=AffiliationKind.ON_ROLL,
            organization__in=mine,
            member__dues_standing__paid_to__lte=latest,
        )
        .exclude(member__status=MembershipStatus.SUSPENDED)
        .select_related("member__dues_standing")
        .order_by("member__dues_standing__paid_to", "pk")
    )


def _some_months(user: Any, today: date) -> QuerySet[Affiliation]:
    latest = rules.step(rules.last_due(today), -parameters.get(QUIT_MONTHS))
    return _behind(user, today, BEHIND_MONTHS).filter(
        member__dues_standing__paid_to__gt=latest
    )


def _item(row: Affiliation, today: date) -> AlertItem:
    paid_to = row.member.dues_standing.paid_to
    return AlertItem(
        organization_id=row.organization_id,
        label=row.member.name,
        url=reverse("members:dues", args=[row.member_id]),
        due_on=rules.step(paid_to, 1),
        detail=f"党费交至{paid_to:%Y-%m}，欠{rules.behind(paid_to, today)}个月",
    )


register_alert(
    Alert(
        key="members.dues_behind",
        name="欠交党费",
        level="warning",
        definition="党费欠交达到提醒月数的在册党员，请及时提醒补交。",
        source=f"{rules.REGULATION}第十三条",
        right=Right.EDIT_MEMBERS,
        queryset=_some_months,
        item=_item,
        parameters=(BEHIND_MONTHS, QUIT_MONTHS),
    )
)
register_alert(
    Alert(
        key="members.dues_quit",
        name="连续六个月未交党费",
        level="danger",
        definition="连续未交党费达到规定月数的在册党员，请核实有无正当理由；"
        "没有正当理由的按自行脱党处理。",
        source="《中国共产党章程》第九条",
        right=Right.EDIT_MEMBERS,
        queryset=lambda user, today: _behind(user, today, QUIT_MONTHS),
        item=_item,
        parameters=(QUIT_MONTHS,),
    )
)


def _month_due(today: date) -> date:
    """The last month whose day for marking has passed."""
    last = rules.last_due(today)
    return last if today.day > parameters.get(MARK_DAY) else rules.step(last, -1)


def _unmarked(user: Any, today: date) -> OrganizationQuerySet:
    mine = Organization.objects.with_right(user, Right.EDIT_MEMBERS).open().branches()
    return unmarked(mine, _month_due(today)).order_by("path")


def _branch_item(branch: Organization, today: date) -> AlertItem:
    month = _month_due(today)
    return AlertItem(
        organization_id=branch.pk,
        label=branch.short_name,
        url=reverse("members:dues-mark", args=[branch.pk, f"{month:%Y-%m}"]),
        due_on=rules.step(month, 1).replace(day=parameters.get(MARK_DAY)),
        detail=f"{month.year}年{month.month}月党费还没有登记",
    )


register_alert(
    Alert(
        key="members.dues_unmarked",
        name="上月党费还没有登记",
        level="info",
        definition="过了登记日期、上月党费一个人也没有登记的党支部。",
        source=f"{rules.REGULATION}第十二条：按月交纳",
        right=Right.EDIT_MEMBERS,
        queryset=_unmarked,
        item=_branch_item,
        parameters=(MARK_DAY,),
    )
)
