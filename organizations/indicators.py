"""Figures of the tree itself: each organization counts once, at its own node."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from config.lib.periods import Month
from config.lib.registry import Figures, Indicator, IndicatorGroup, register_group
from organizations.choices import OrganizationKind

_SOURCE = "中国共产党党内统计公报“党组织情况”；《中国共产党支部工作条例（试行）》第二章"
_COUNTED = {
    OrganizationKind.COMMITTEE: "organizations.committees",
    OrganizationKind.GENERAL_BRANCH: "organizations.general_branches",
    OrganizationKind.BRANCH: "organizations.branches",
    OrganizationKind.GROUP: "organizations.groups",
}


def _list_of(kind: str) -> Callable[[int, Month], str]:
    def url(organization_id: int, month: Month) -> str:
        query = urlencode({"under": organization_id, "kind": kind})
        return f"{reverse('organizations:list')}?{query}"

    return url


def _indicator(kind: OrganizationKind, key: str) -> Indicator:
    return Indicator(
        key=key,
        name=f"{kind.label}数",
        unit="个",
        definition=f"月末已成立、未撤销的{kind.label}，含本级。",
        source=_SOURCE,
        list_url=_list_of(kind),
    )


def compute_months(
    organizations: QuerySet, months: Sequence[Month]
) -> Sequence[Figures]:
    """Count the organizations that existed at the end of each month, by kind."""
    rows = list(
        organizations.filter(kind__in=_COUNTED)
        .order_by()
        .values_list("pk", "kind", "founded_on", "closed_on")
    )
    return [
        {
            pk: {_COUNTED[kind]: 1}
            for pk, kind, founded_on, closed_on in rows
            if (founded_on is None or founded_on < month.end)
            and (closed_on is None or closed_on >= month.end)
        }
        for month in months
    ]


register_group(
    IndicatorGroup(
        key="organizations.tree",
        indicators=tuple(_indicator(kind, key) for kind, key in _COUNTED.items()),
        compute_months=compute_months,
    )
)
