"""Figures of committees: elections held, terms that ended without one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from config.lib.monthends import within_months
from config.lib.periods import Month
from config.lib.registry import Indicator, IndicatorGroup, register_group
from organizations.choices import ElectionKind
from organizations.models import Election, Term, TermChange

_SOURCE = "《关于党的基层组织任期的意见》（2018）"


def _list(group: str) -> Any:
    def url(organization_id: int, month: Month) -> str:
        query = urlencode({"organization": organization_id, "group": group})
        return f"{reverse('members:teams')}?{query}"

    return url


def _elected(organization_id: int, month: Month) -> str:
    query = urlencode({"organization": organization_id, "held_in": month.label})
    return f"{reverse('members:teams')}?{query}"


ELECTED = Indicator(
    "members.elections",
    "换届选举",
    "次",
    "当月举行的换届选举，撤回的不计；届中补选不计。",
    _SOURCE,
    _elected,
)
LATE = Indicator(
    "members.terms_overdue",
    "届满未换届",
    "个",
    "月末仍在任、届满日期（按当时已批准的延期、提前）已过的已登记届次的党组织。",
    _SOURCE,
    _list("overdue"),
)


def compute_months(
    organizations: QuerySet, months: Sequence[Month]
) -> Sequence[Mapping[int, Mapping[str, int]]]:
    """Three queries, however many months and organizations."""
    figures: list[Any] = [defaultdict(lambda: defaultdict(int)) for _ in months]
    held = Election.objects.counted().filter(
        organization__in=organizations, kind=ElectionKind.GENERAL
    )
    rows = (
        within_months(held, "held_on", months)
        .order_by()
        .values_list("organization", "month_place")
        .annotate(number=Count("pk"))
    )
    for pk, turn, number in rows:
        figures[turn][pk][ELECTED.key] += number
    _count_late(figures, organizations, months)
    return figures


def _count_late(
    figures: list[Any], organizations: QuerySet, months: Sequence[Month]
) -> None:
    """A term's end at a month's end is what had been approved by then."""
    changes = defaultdict(list)
    approved = TermChange.objects.filter(organization__in=organizations)
    for change in approved.order_by("approved_on", "pk"):
        changes[change.organization_id].append(change)
    begun = Term.objects.filter(
        organization__in=organizations, starts_on__lt=months[-1].end
    )
    for term in begun:
        for turn, month in enumerate(months):
            if not term.starts_on < month.end:
                continue
            if term.ended_on is not None and term.ended_on < month.end:
                continue
            moved = [
                change.after
                for change in changes[term.organization_id]
                if term.starts_on <= change.approved_on < month.end
            ]
            if (moved[-1] if moved else term.due_on) < month.end:
                figures[turn][term.organization_id][LATE.key] += 1


register_group(
    IndicatorGroup(
        key="members.teams",
        indicators=(ELECTED, LATE),
        compute_months=compute_months,
    )
)
