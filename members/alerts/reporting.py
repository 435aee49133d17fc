"""Warnings about slips that wait, people who reported twice, comments unanswered."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse

from config.lib.registry import Alert, AlertItem, register_alert
from members.choices import AffiliationKind
from members.models import Affiliation, Member, ReportSlip, ResidentComment
from members.parameters.reporting import ANSWER_DAYS, SLIP_DAYS
from members.services.double_reports import doubled_members, doubled_slips
from organizations import parameters
from organizations.access import Right
from organizations.models import Organization

_PRACTICE = "街道“双报到”工作惯例"


def _mine(user: Any) -> QuerySet[Organization]:
    return Organization.objects.with_right(user, Right.EDIT_MEMBERS)


def _waiting(user: Any, today: date) -> QuerySet[ReportSlip]:
    before = today - timedelta(days=parameters.get(SLIP_DAYS))
    slips = ReportSlip.objects.visible_to(user).received()
    return slips.filter(reported_on__lt=before, organization__in=_mine(user)).order_by(
        "reported_on", "pk"
    )


def _slip_item(slip: ReportSlip, today: date) -> AlertItem:
    return AlertItem(
        organization_id=slip.organization_id,
        label=slip.name,
        url=slip.get_absolute_url(),
        due_on=slip.reported_on + timedelta(days=parameters.get(SLIP_DAYS)),
        detail=f"{slip.reported_on:%Y-%m-%d}报到，还没有受理",
    )


register_alert(
    Alert(
        key="members.slips_waiting",
        name="报到单待受理",
        level="warning",
        definition="报到后超过规定天数，社区还没有受理或退回的报到单。",
        source=_PRACTICE,
        right=Right.EDIT_MEMBERS,
        queryset=_waiting,
        item=_slip_item,
        parameters=(SLIP_DAYS,),
    )
)


def _double_slips(user: Any, today: date) -> QuerySet[ReportSlip]:
    return doubled_slips(user)


def _double_slip_item(slip: ReportSlip, today: date) -> AlertItem:
    return AlertItem(
        organization_id=slip.organization_id,
        label=slip.name,
        url=reverse("members:double-list"),
        detail="另一处也有报到或协管，请确定留在哪里",
    )


register_alert(
    Alert(
        key="members.slips_doubled",
        name="重复报到",
        level="warning",
        definition="待受理的报到单，其本人在另一处也报到或已由另一处协管。",
        source=_PRACTICE,
        right=Right.SETTLE_CLAIMS,
        queryset=_double_slips,
        item=_double_slip_item,
    )
)


def _double_members(user: Any, today: date) -> QuerySet[Member]:
    places = (
        Affiliation.objects.open()
        .filter(member=OuterRef("pk"), kind=AffiliationKind.CO_MANAGED)
        .order_by("pk")
    )
    return (
        doubled_members(user)
        .annotate(place_id=Subquery(places.values("organization")[:1]))
        .order_by("pk")
    )


def _double_member_item(member: Any, today: date) -> AlertItem:
    return AlertItem(
        organization_id=member.place_id,
        label=member.name,
        url=reverse("members:double-list"),
        detail="由两个支部同时协管，请确定留在哪里",
    )


register_alert(
    Alert(
        key="members.co_managed_twice",
        name="两处协管",
        level="warning",
        definition="同时由两个党支部协管的在职党员。",
        source=_PRACTICE,
        right=Right.SETTLE_CLAIMS,
        queryset=_double_members,
        item=_double_member_item,
    )
)


def _unanswered(user: Any, today: date) -> QuerySet[ResidentComment]:
    before = today - timedelta(days=parameters.get(ANSWER_DAYS))
    comments = ResidentComment.objects.visible_to(user).unanswered()
    return (
        comments.filter(received_on__lt=before, organization__in=_mine(user))
        .select_related("member")
        .order_by("received_on", "pk")
    )


def _comment_item(comment: ResidentComment, today: date) -> AlertItem:
    return AlertItem(
        organization_id=comment.organization_id,
        label=f"关于{comment.member.name}",
        url=comment.get_absolute_url(),
        due_on=comment.received_on + timedelta(days=parameters.get(ANSWER_DAYS)),
        detail="居民反映还没有答复",
    )


register_alert(
    Alert(
        key="members.comments_unanswered",
        name="居民评议待答复",
        level="warning",
        definition="收到后超过规定天数，还没有答复反映人的居民评议。",
        source="本平台工作惯例：居民反映件件有答复",
        right=Right.EDIT_MEMBERS,
        queryset=_unanswered,
        item=_comment_item,
        parameters=(ANSWER_DAYS,),
    )
)
