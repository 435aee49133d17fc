"""Warnings about the way into the Party: talks, inspections, what waits above."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from config.lib.dates import months_after
from config.lib.registry import Alert, AlertItem, register_alert
from members.choices import MembershipStatus, MemberType
from members.choices.development import Outcome, Stage, StepKind
from members.models import Applicant, DevelopmentStep
from members.parameters.development import (
    APPROVAL_MONTHS,
    INSPECTION_MONTHS,
    TALK_MONTHS,
)
from members.rules.development import RESOLUTIONS, source_of
from organizations import parameters
from organizations.access import Right
from organizations.models import Organization


def _mine(user: Any, right: Right) -> QuerySet[Applicant]:
    places = Organization.objects.with_right(user, right)
    return Applicant.objects.visible_to(user).filter(organization__in=places)


def _steps(kind: str) -> QuerySet[DevelopmentStep]:
    return DevelopmentStep.objects.filter(
        applicant=OuterRef("pk"), kind=kind, withdrawn_at=None
    )


def _without_talk(user: Any, today: date) -> QuerySet[Applicant]:
    months = parameters.get(TALK_MONTHS)
    found = _mine(user, Right.EDIT_MEMBERS).filter(
        ~Exists(_steps(StepKind.TALK)),
        stage=Stage.APPLICANT,
        applied_on__lt=months_after(today, -months),
    )
    # Read once for all rows.
    return found.annotate(months=Value(months)).order_by("applied_on", "pk")


def _uninspected(user: Any, today: date) -> QuerySet[Applicant]:
    months = parameters.get(INSPECTION_MONTHS)
    since = months_after(today, -months)
    inspected = Max(
        "steps__taken_on",
        filter=Q(steps__kind=StepKind.INSPECTION, steps__withdrawn_at=None),
    )
    found = _mine(user, Right.EDIT_MEMBERS).filter(
        stage=Stage.ACTIVIST, activist_on__lte=since
    )
    return (
        found.annotate(seen_on=Coalesce(inspected, "activist_on"), months=Value(months))
        .filter(seen_on__lte=since)
        .order_by("seen_on", "pk")
    )


def _to_approve(user: Any, today: date) -> QuerySet[Applicant]:
    found = _mine(user, Right.APPROVE_STANDING).filter(stage=Stage.PASSED)
    months = Value(parameters.get(APPROVAL_MONTHS))
    return found.annotate(months=months).order_by("passed_on", "pk")


def _to_decide(user: Any, today: date) -> QuerySet[DevelopmentStep]:
    """Resolutions about members on probation that no decision has followed."""
    decided = DevelopmentStep.objects.filter(
        member=OuterRef("member"),
        kind=StepKind.DECISION,
        withdrawn_at=None,
        pk__gt=OuterRef("pk"),
    )
    return (
        DevelopmentStep.objects.visible_to(user)
        .filter(
            ~Exists(decided),
            kind__in=RESOLUTIONS,
            outcome=Outcome.YES,
            withdrawn_at=None,
            member__member_type=MemberType.PROBATIONARY,
            member__status=MembershipStatus.NORMAL,
            organization__in=Organization.objects.with_right(
                user, Right.APPROVE_STANDING
            ),
        )
        .annotate(months=Value(parameters.get(APPROVAL_MONTHS)))
        .select_related("member")
        .order_by("taken_on", "pk")
    )


def _item(row: Any, since: date, detail: str) -> AlertItem:
    return AlertItem(
        organization_id=row.organization_id,
        label=row.name,
        url=row.get_absolute_url(),
        due_on=months_after(since, row.months),
        detail=detail,
    )


def _decision_item(row: Any, today: date) -> AlertItem:
    return AlertItem(
        organization_id=row.organization_id,
        label=row.member.name,
        url=reverse("members:standing", args=[row.member_id]),
        due_on=months_after(row.taken_on, row.months),
        detail=f"{row.get_kind_display()}，等待审批",
    )


register_alert(
    Alert(
        key="members.development_talk",
        name="入党申请人未及时谈话",
        level="danger",
        definition="递交入党申请书超过规定时间，党组织还没有派人谈话。",
        source=source_of(StepKind.TALK),
        right=Right.EDIT_MEMBERS,
        queryset=_without_talk,
        item=lambda row, today: _item(row, row.applied_on, "还没有派人谈话"),
        parameters=(TALK_MONTHS,),
    )
)
register_alert(
    Alert(
        key="members.development_inspection",
        name="入党积极分子待考察",
        level="warning",
        definition="距上次考察（没有考察过的，距确定为积极分子）已满规定时间。",
        source=source_of(StepKind.INSPECTION),
        right=Right.EDIT_MEMBERS,
        queryset=_uninspected,
        item=lambda row, today: _item(row, row.seen_on, "请登记半年考察"),
        parameters=(INSPECTION_MONTHS,),
    )
)
register_alert(
    Alert(
        key="members.development_approval",
        name="接收预备党员待审批",
        level="warning",
        definition="支部大会已通过接收、上级党委还没有审批的发展对象。",
        source=source_of(StepKind.APPROVAL),
        right=Right.APPROVE_STANDING,
        queryset=_to_approve,
        item=lambda row, today: _item(row, row.passed_on, "支部大会已通过"),
        parameters=(APPROVAL_MONTHS,),
    )
)
register_alert(
    Alert(
        key="members.probation_decision",
        name="预备党员决议待审批",
        level="warning",
        definition="支部大会已通过转正、延长或取消资格的决议，上级党委还没有审批。",
        source=source_of(StepKind.DECISION),
        right=Right.APPROVE_STANDING,
        queryset=_to_decide,
        item=_decision_item,
        parameters=(APPROVAL_MONTHS,),
    )
)
