"""Warnings about members, branches that grow too large, and the claims queue."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from config.lib.registry import Alert, AlertFamily, AlertItem, register_alert
from members.checks import CHECKS, PROBATION_NOTICE
from members.choices import AffiliationKind
from members.models import Affiliation, DuplicateClaim, Member
from organizations import parameters
from organizations.access import Right
from organizations.models import Organization
from organizations.parameter_specs import BRANCH_SIZE_LIMIT
from organizations.querysets import OrganizationQuerySet


def _affiliations(user: Any) -> QuerySet[Affiliation]:
    """Open on-roll relations where `user` may act on the person."""
    return (
        Affiliation.objects.visible_to(user)
        .open()
        .filter(
            kind=AffiliationKind.ON_ROLL,
            organization__in=Organization.objects.with_right(user, Right.EDIT_MEMBERS),
        )
    )


def _found(check: str, user: Any, today: date) -> QuerySet[Affiliation]:
    fitting = Member.objects.visible_to(user).filter(CHECKS[check][1](today))
    found = _affiliations(user).filter(member__in=fitting.values("pk"))
    return found.select_related("member").order_by("member__joined_on", "pk")


def _people(user: Any, today: date) -> QuerySet[Member]:
    """The people of `_affiliations`: nobody is on two rolls at once."""
    people = Member.objects.visible_to(user, kind=AffiliationKind.ON_ROLL)
    if user.rights_paths(Right.EDIT_MEMBERS) == user.member_paths:
        return people
    editable = _affiliations(user).order_by().values("member_id")
    return people.filter(pk__in=editable)


_FAMILY = AlertFamily("members.checks", _people)


def list_url(check: str) -> str:
    return f"{reverse('members:list')}?{urlencode({'check': check})}"


def _register(
    check: str,
    *,
    level: str,
    definition: str,
    source: str,
    due_on: Callable[[Affiliation], date | None] = lambda row: None,
    page: str = "detail",
    parameters: tuple[str, ...] = (),
) -> None:
    label = CHECKS[check][0]

    def item(row: Affiliation, today: date) -> AlertItem:
        return AlertItem(
            organization_id=row.organization_id,
            label=row.member.name,
            url=reverse(f"members:{page}", args=[row.member_id]),
            due_on=due_on(row),
            detail=label,
        )

    register_alert(
        Alert(
            key=f"members.{check}",
            name=label,
            level=level,
            definition=definition,
            source=source,
            right=Right.EDIT_MEMBERS,
            queryset=lambda user, today: _found(check, user, today),
            item=item,
            parameters=parameters,
            family=_FAMILY,
            condition=CHECKS[check][1],
        )
    )


def _probation_end(row: Affiliation) -> date:
    return row.member.probation_ends_on


_register(
    "probation_due",
    level="warning",
    definition="预备党员的预备期将在提醒天数内届满，请准备讨论转正。",
    source="《中国共产党章程》第七条",
    due_on=_probation_end,
    page="standing",
    parameters=(PROBATION_NOTICE,),
)
_register(
    "probation_past",
    level="danger",
    definition="预备期（延长的，延长后的预备期）已满，仍登记为预备党员。",
    source="《中国共产党章程》第七条",
    due_on=_probation_end,
    page="standing",
)
_register(
    "lost",
    level="danger",
    definition="登记为失联的在册党员。",
    source="《中国共产党党员教育管理工作条例》第二十四条",
    due_on=lambda row: row.member.lost_since,
)
_register(
    "early_confirmation",
    level="warning",
    definition="转正日期距入党日期不足一年，很可能录错。",
    source="本平台工作惯例：数据质量核对",
)
_register(
    "underage",
    level="warning",
    definition="按出生日期和入党日期计算，入党时不满18岁，很可能录错。",
    source="本平台工作惯例：数据质量核对",
)
_register(
    "full_unconfirmed",
    level="info",
    definition="正式党员没有转正日期，不能计算党龄。",
    source="本平台工作惯例：数据质量核对",
)
_register(
    "no_phone",
    level="info",
    definition="在册党员没有手机号码。",
    source="2017年党员信息采集（联系电话为必采项）",
)


def _claims(user: Any, today: date) -> QuerySet[DuplicateClaim]:
    claims = DuplicateClaim.objects.visible_to(user).open()
    return claims.select_related("member", "organization").order_by("claimed_at")


def _claim_item(claim: DuplicateClaim, today: date) -> AlertItem:
    return AlertItem(
        organization_id=claim.organization_id,
        label=claim.member.name,
        url=reverse("members:claim-settle", args=[claim.pk]),
        detail=f"{claim.organization}申请{claim.get_kind_display()}",
    )


register_alert(
    Alert(
        key="members.claims",
        name="待处理的重复认领",
        level="warning",
        definition="支部录入的人员已在其他党组织登记，等待街道核对。",
        source="本平台工作惯例：重复登记由街道核对",
        right=Right.SETTLE_CLAIMS,
        queryset=_claims,
        item=_claim_item,
    )
)


def _too_large(user: Any, today: date) -> OrganizationQuerySet:
    """Open branches with more members on the roll than a branch generally has."""
    mine = Organization.objects.with_right(user, Right.EDIT_MEMBERS).open().branches()
    on_roll = Affiliation.objects.open().filter(kind=AffiliationKind.ON_ROLL)
    number = (
        on_roll.filter(organization=OuterRef("pk"))
        .order_by()
        .values("organization")
        .annotate(number=Count("pk"))
        .values("number")
    )
    # All branches are counted at once, and anew only those that are shown.
    large = (
        on_roll.filter(organization__in=mine)
        .order_by()
        .values("organization")
        .annotate(number=Count("pk"))
        .filter(number__gt=parameters.get(BRANCH_SIZE_LIMIT))
        .values("organization")
    )
    return (
        mine.filter(pk__in=large)
        .annotate(member_count=Coalesce(Subquery(number), 0))
        .order_by("-member_count", "path")
    )


def _too_large_item(branch: Organization, today: date) -> AlertItem:
    limit = parameters.get(BRANCH_SIZE_LIMIT)
    return AlertItem(
        organization_id=branch.pk,
        label=branch.short_name,
        url=branch.get_absolute_url(),
        detail=f"在册党员{branch.member_count}名，一般不超过{limit}名，可考虑分设支部",
    )


register_alert(
    Alert(
        key="members.branch_too_large",
        name="党支部党员人数偏多",
        level="warning",
        definition="在册党员超过一般上限的党支部。",
        source="《中国共产党支部工作条例（试行）》第四条",
        right=Right.EDIT_MEMBERS,
        queryset=_too_large,
        item=_too_large_item,
        parameters=(BRANCH_SIZE_LIMIT,),
    )
)
