"""Warnings about lost contact and memberships that wait for a decision."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.urls import reverse

from config.lib.dates import months_after
from config.lib.registry import Alert, AlertItem, register_alert
from members.choices import AffiliationKind
from members.choices.standing import DecisionKind, LostState
from members.models import Affiliation, LostCase, MembershipDecision, SearchStep
from members.parameters.standing import (
    ARTICLE,
    LOST_MONTHS,
    LOST_WARNING_MONTHS,
    REMOVAL_YEARS,
    SEARCH_PAUSE_DAYS,
)
from organizations import parameters
from organizations.access import Right
from organizations.models import Organization


def _rolls(user: Any) -> QuerySet[Affiliation]:
    """Open rolls of the branches whose members `user` edits."""
    return (
        Affiliation.objects.visible_to(user)
        .open()
        .filter(
            kind=AffiliationKind.ON_ROLL,
            organization__in=Organization.objects.with_right(user, Right.EDIT_MEMBERS),
        )
    )


def _silent(user: Any, **since: date) -> QuerySet[Affiliation]:
    conditions = {f"member__out_of_touch__{key}": day for key, day in since.items()}
    return (
        _rolls(user)
        .filter(**conditions)
        .select_related("member__out_of_touch")
        .order_by("member__out_of_touch__since", "pk")
    )


def _lost_by(today: date) -> date:
    return months_after(today, -parameters.get(LOST_MONTHS))


def _warned(user: Any, today: date) -> QuerySet[Affiliation]:
    # What is kept is some hours old, and the number of months may have changed.
    limit = months_after(today, -parameters.get(LOST_WARNING_MONTHS))
    return _silent(user, since__gt=_lost_by(today), since__lte=limit)


def _due(user: Any, today: date) -> QuerySet[Affiliation]:
    return _silent(user, since__lte=_lost_by(today))


def _silent_item(name: str):
    def item(row: Affiliation, today: date) -> AlertItem:
        since = row.member.out_of_touch.since
        return AlertItem(
            organization_id=row.organization_id,
            label=row.member.name,
            url=reverse(f"members:{name}", args=[row.member_id]),
            due_on=since,
            detail=f"最后联系{since}",
        )

    return item


register_alert(
    Alert(
        key="members.out_of_touch",
        name="久未联系的党员",
        level="warning",
        definition="在册党员没有参加活动、没有联系记录已超过提醒月数、还不满失联月数的；"
        "从未联系的从在本平台建档起算，每6小时查找一次。",
        source=f"{ARTICLE}（失去联系6个月）",
        right=Right.EDIT_MEMBERS,
        queryset=_warned,
        item=_silent_item("contacts"),
        parameters=(LOST_WARNING_MONTHS, LOST_MONTHS),
    )
)
register_alert(
    Alert(
        key="members.lost_due",
        name="联系不上，应登记失联",
        level="danger",
        definition="在册党员没有联系已达失联月数、还没有登记失联处置的。",
        source=ARTICLE,
        right=Right.EDIT_MEMBERS,
        queryset=_due,
        item=_silent_item("lost-add"),
        parameters=(LOST_MONTHS,),
    )
)


def _removable(user: Any, today: date) -> QuerySet[Affiliation]:
    limit = months_after(today, -12 * parameters.get(REMOVAL_YEARS))
    due = MembershipDecision.objects.approved().filter(
        kind=DecisionKind.SUSPENSION, ended_on__isnull=True, decided_on__lte=limit
    )
    since = due.filter(member=OuterRef("member")).order_by("decided_on")
    return (
        _rolls(user)
        .filter(member__in=due.values("member"))
        .select_related("member")
        .annotate(suspended_on=Subquery(since.values("decided_on")[:1]))
        .order_by("suspended_on", "pk")
    )


def _removable_item(row: Any, today: date) -> AlertItem:
    address = reverse("members:decision-add", args=[row.member_id])
    return AlertItem(
        organization_id=row.organization_id,
        label=row.member.name,
        url=f"{address}?kind={DecisionKind.SELF_QUIT.value}",
        due_on=row.suspended_on,
        detail=f"{row.suspended_on}停止党籍",
    )


register_alert(
    Alert(
        key="members.removal_due",
        name="停止党籍期满待处理",
        level="danger",
        definition="停止党籍已满规定年数，须恢复党籍或按自行脱党除名的。",
        source=ARTICLE,
        right=Right.EDIT_MEMBERS,
        queryset=_removable,
        item=_removable_item,
        parameters=(REMOVAL_YEARS,),
    )
)


def _paused(user: Any, today: date) -> QuerySet[LostCase]:
    limit = today - timedelta(days=parameters.get(SEARCH_PAUSE_DAYS))
    recent = SearchStep.objects.filter(case=OuterRef("pk"), taken_on__gt=limit)
    waiting = MembershipDecision.objects.waiting().filter(case=OuterRef("pk"))
    return (
        LostCase.objects.visible_to(user)
        .filter(
            ~Exists(recent),
            ~Exists(waiting),
            state=LostState.SEARCHING,
            opened_on__lte=limit,
            organization__in=Organization.objects.with_right(user, Right.EDIT_MEMBERS),
        )
        .select_related("member")
        .order_by("since", "pk")
    )


def _paused_item(row: LostCase, today: date) -> AlertItem:
    return AlertItem(
        organization_id=row.organization_id,
        label=row.member.name,
        url=row.get_absolute_url(),
        due_on=row.since,
        detail="请继续查找并记录",
    )


register_alert(
    Alert(
        key="members.search_paused",
        name="失联处置没有进展",
        level="warning",
        definition="还在查找、已超过规定天数没有查找记录的失联处置。",
        source=f"{ARTICLE}（通过各种方式查找）",
        right=Right.EDIT_MEMBERS,
        queryset=_paused,
        item=_paused_item,
        parameters=(SEARCH_PAUSE_DAYS,),
    )
)


def _proposed(user: Any, today: date) -> QuerySet[MembershipDecision]:
    mine = Organization.objects.with_right(user, Right.APPROVE_STANDING)
    return (
        MembershipDecision.objects.visible_to(user)
        .waiting()
        .filter(organization__in=mine)
        .select_related("member")
        .order_by("meeting_on", "pk")
    )


def _proposed_item(row: MembershipDecision, today: date) -> AlertItem:
    return AlertItem(
        organization_id=row.organization_id,
        label=row.member.name,
        url=row.get_absolute_url(),
        due_on=row.meeting_on,
        detail=row.get_kind_display(),
    )


register_alert(
    Alert(
        key="members.decisions_waiting",
        name="待批准的党籍处理",
        level="warning",
        definition="党支部已提出、街道还没有批准或退回的党籍处理。",
        source="《中国共产党章程》第九条（报上级党组织批准）",
        right=Right.APPROVE_STANDING,
        queryset=_proposed,
        item=_proposed_item,
    )
)
