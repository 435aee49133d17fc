"""Warnings about members (domain.md 9, numbers 7, 10 and 27) and the claims queue."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse

from config.lib.registry import Alert, AlertItem, register_alert
from members import rules
from members.choices import AffiliationKind
from members.filters import CHECKS, PROBATION_NOTICE
from members.models import Affiliation, DuplicateClaim, Member
from organizations.access import Right
from organizations.models import Organization


class LazyItems:
    """To-do items of a queryset: nothing is read before iteration, slices stay SQL."""

    def __init__(self, rows: QuerySet, item: Callable[[Any], AlertItem]) -> None:
        self._rows, self._item = rows, item

    def __iter__(self) -> Iterator[AlertItem]:
        return map(self._item, self._rows)

    def __getitem__(self, part: slice) -> LazyItems:
        return LazyItems(self._rows[part], self._item)


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
    return _affiliations(user).filter(member__in=fitting.values("pk"))


def list_url(check: str) -> str:
    return f"{reverse('members:list')}?{urlencode({'check': check})}"


def _register(
    check: str,
    *,
    level: str,
    definition: str,
    source: str,
    due_on: Callable[[Affiliation], date | None] = lambda row: None,
    parameters: tuple[str, ...] = (),
) -> None:
    label = CHECKS[check][0]

    def item(row: Affiliation) -> AlertItem:
        return AlertItem(
            organization_id=row.organization_id,
            label=row.member.name,
            url=row.member.get_absolute_url(),
            due_on=due_on(row),
            detail=label,
        )

    def rows(user: Any, today: date) -> LazyItems:
        found = _found(check, user, today).select_related("member")
        return LazyItems(found.order_by("member__joined_on", "pk"), item)

    register_alert(
        Alert(
            key=f"members.{check}",
            name=label,
            level=level,
            definition=definition,
            source=source,
            right=Right.EDIT_MEMBERS,
            count=lambda user, today: _found(check, user, today).count(),
            queryset=lambda user, today: _found(check, user, today),
            rows=rows,
            parameters=parameters,
        )
    )


def _probation_end(row: Affiliation) -> date:
    return rules.probation_ends_on(row.member.joined_on)


_register(
    "probation_due",
    level="warning",
    definition="预备党员的预备期将在提醒天数内届满，请准备讨论转正。",
    source="《中国共产党章程》第七条；domain.md 9 第 10 条",
    due_on=_probation_end,
    parameters=(PROBATION_NOTICE,),
)
_register(
    "probation_past",
    level="danger",
    definition="预备期已满一年，仍登记为预备党员。",
    source="《中国共产党章程》第七条；domain.md 9 第 10 条",
    due_on=_probation_end,
)
_register(
    "lost",
    level="danger",
    definition="登记为失联的在册党员。",
    source="《中国共产党党员教育管理工作条例》第二十四条；domain.md 1.5",
    due_on=lambda row: row.member.lost_since,
)
_register(
    "early_confirmation",
    level="warning",
    definition="转正日期距入党日期不足一年，很可能录错。",
    source="domain.md 9 第 27 条",
)
_register(
    "underage",
    level="warning",
    definition="按出生日期和入党日期计算，入党时不满18岁，很可能录错。",
    source="domain.md 9 第 27 条",
)
_register(
    "full_unconfirmed",
    level="info",
    definition="正式党员没有转正日期，不能计算党龄。",
    source="domain.md 9 第 27 条",
)
_register(
    "no_phone",
    level="info",
    definition="在册党员没有手机号码。",
    source="domain.md 2.1（联系电话为必采项）",
)


def _claims(user: Any, today: date) -> QuerySet[DuplicateClaim]:
    return DuplicateClaim.objects.visible_to(user).open()


def _claim_item(claim: DuplicateClaim) -> AlertItem:
    return AlertItem(
        organization_id=claim.organization_id,
        label=claim.member.name,
        url=reverse("members:claim-settle", args=[claim.pk]),
        detail=f"{claim.organization}申请{claim.get_kind_display()}",
    )


def _claim_rows(user: Any, today: date) -> LazyItems:
    claims = _claims(user, today).select_related("member", "organization")
    return LazyItems(claims.order_by("claimed_at"), _claim_item)


register_alert(
    Alert(
        key="members.claims",
        name="待处理的重复认领",
        level="warning",
        definition="支部录入的人员已在其他党组织登记，等待街道核对。",
        source="issue 2 第 3 节",
        right=Right.SETTLE_CLAIMS,
        count=lambda user, today: _claims(user, today).count(),
        queryset=_claims,
        rows=_claim_rows,
    )
)
