"""Warnings about members out of work whom nobody has seen to."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse

from config.lib.periods import Quarter
from config.lib.registry import Alert, AlertItem, register_alert
from members.choices.employment import HelpKind, HelpResult
from members.employment import silent
from members.models import Affiliation, HelpStep, Member
from members.parameters.employment import OFFER_DAYS, QUARTER_NOTICE
from members.querysets import NEARNESS
from organizations import parameters
from organizations.access import Right
from organizations.models import Organization

_SEED = "街道经验材料《街道党建创新》：下岗失业党员的教育管理"


def is_late(today: date) -> bool:
    """Whether the quarter is so far gone that it is time to remind."""
    left = (Quarter.containing(today).end - today).days
    return left <= parameters.get(QUARTER_NOTICE)


def _silent(user: Any, today: date) -> QuerySet[Affiliation]:
    """At the branch that educates them; the relations are what is scoped."""
    people = Member.objects.filter(silent(today))
    return (
        Affiliation.objects.visible_to(user)
        .filter(
            member__in=people.order_by().values("pk"),
            organization__in=Organization.objects.with_right(user, Right.EDIT_MEMBERS),
        )
        .educating()
        .select_related("member")
        .order_by("member__name_pinyin", "pk")
    )


def _silent_item(row: Affiliation, today: date) -> AlertItem:
    return AlertItem(
        organization_id=row.organization_id,
        label=row.member.name,
        url=reverse("members:employment", args=[row.member_id]),
        due_on=Quarter.containing(today).end - timedelta(days=1),
        detail="本季度还没有联系，也没有帮扶",
    )


def _register(key: str, name: str, *, level: str, definition: str, late: bool) -> None:
    def queryset(user: Any, today: date) -> QuerySet[Affiliation]:
        if is_late(today) != late:
            return Affiliation.objects.none()
        return _silent(user, today)

    register_alert(
        Alert(
            key=f"members.{key}",
            name=name,
            level=level,
            definition=definition,
            source=_SEED,
            right=Right.EDIT_MEMBERS,
            queryset=queryset,
            item=_silent_item,
            parameters=(QUARTER_NOTICE,),
        )
    )


_register(
    "laid_off_silent",
    "下岗失业党员本季度未联系帮扶",
    level="info",
    definition="没有就业，本季度以来没有联系记录、活动参加记录，也没有就业帮扶的党员。",
    late=False,
)
_register(
    "laid_off_silent_late",
    "季度将尽仍未联系帮扶的下岗失业党员",
    level="warning",
    definition="没有就业，季度末将到，本季度仍没有任何联系和帮扶的党员。",
    late=True,
)


def _offers(user: Any, today: date) -> QuerySet[HelpStep]:
    """Offers without an answer, at the branch that educates the person now."""
    places = (
        Affiliation.objects.open()
        .filter(member=OuterRef("member"))
        .order_by(NEARNESS, "pk")
    )
    return (
        HelpStep.objects.visible_to(user)
        .counted()
        .filter(
            kind=HelpKind.JOB_OFFER,
            result=HelpResult.PENDING,
            given_on__lt=today - timedelta(days=parameters.get(OFFER_DAYS)),
        )
        .annotate(place_id=Subquery(places.values("organization")[:1]))
        .filter(
            place_id__in=Organization.objects.with_right(
                user, Right.EDIT_MEMBERS
            ).values("pk")
        )
        .select_related("member")
        .order_by("given_on", "pk")
    )


def _offer_item(step: HelpStep, today: date) -> AlertItem:
    return AlertItem(
        organization_id=step.place_id,
        label=step.member.name,
        url=reverse("members:help-result", args=[step.pk]),
        due_on=step.given_on,
        detail="推荐的岗位还没有结果，请问明后登记",
    )


register_alert(
    Alert(
        key="members.job_offer_pending",
        name="推荐岗位久无结果",
        level="warning",
        definition="推荐岗位已超过规定天数，还没有登记结果的。",
        source=_SEED,
        right=Right.EDIT_MEMBERS,
        queryset=_offers,
        item=_offer_item,
        parameters=(OFFER_DAYS,),
    )
)
