"""The summary rows: one per organization node and month, always equal to a recount.

Writers add marks (`mark`), readers recompute what is marked (`refresh`) and carry the
difference up the tree. One refresher works on a street at a time; a write that commits
while he computes leaves its own mark, so the next reader sees it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from django.db import transaction
from django.utils import timezone

from config.lib import registry
from config.lib.paths import STEP, ancestors
from config.lib.periods import Month
from organizations.models import Organization
from reports.models import MonthSummary, SummaryMark

# Months further back than this are never kept as rows: they are closed or recounted.
KEPT_MONTHS = 24

Values = dict[str, int]


def kept_months(today: date) -> list[Month]:
    """The months whose figures are kept as rows, oldest first."""
    months = [Month.containing(today)]
    while len(months) <= KEPT_MONTHS:
        months.append(months[-1].previous())
    return months[::-1]


def mark(organization_ids: Iterable[int], since: date, today: date) -> None:
    """Make the own figures of organizations stale from `since`'s month to today's."""
    wanted = [month.start for month in kept_months(today) if month.end > since]
    SummaryMark.objects.bulk_create(
        SummaryMark(organization_id=organization_id, month=month)
        for organization_id in set(organization_ids)
        for month in wanted
    )


def figures(organization: Organization, month: Month, today: date) -> Values:
    """Return every indicator of `organization`'s subtree; a figure of 0 is present."""
    return figures_of([organization], month, today)[organization.pk]


def figures_of(
    organizations: Iterable[Organization], month: Month, today: date
) -> dict[int, Values]:
    """Figures by organization id, refreshed first where something changed."""
    nodes = list(organizations)
    blank = {indicator.key: 0 for indicator in registry.indicators()}
    if month not in kept_months(today):
        return {node.pk: blank | _recount(node, month) for node in nodes}
    for street_path in {node.path[:STEP] for node in nodes}:
        if _is_stale(street_path, month):
            refresh(street_path, month)
    rows = MonthSummary.objects.filter(
        organization__in=[node.pk for node in nodes], month=month.start
    ).values_list("organization_id", "values")
    found = dict(rows)
    return {node.pk: blank | found.get(node.pk, {}) for node in nodes}


def _recount(node: Organization, month: Month) -> Values:
    total: Values = defaultdict(int)
    own = compute_own(Organization.objects.subtree(node), month)
    for values in own.values():
        for key, number in values.items():
            total[key] += number
    return dict(total)


def _is_stale(street_path: str, month: Month) -> bool:
    street = Organization.objects.within([street_path])
    if SummaryMark.objects.filter(
        month=month.start, organization__in=street.values("pk")
    ).exists():
        return True
    return not MonthSummary.objects.filter(
        month=month.start, organization__path=street_path
    ).exists()


@transaction.atomic
def refresh(street_path: str, month: Month) -> None:
    """Bring the rows of one street and month up to date."""
    root = (
        Organization.objects.filter(path=street_path)
        .select_for_update(no_key=True)
        .first()
    )
    if root is None:
        return
    paths = dict(Organization.objects.within([street_path]).values_list("pk", "path"))
    marks = SummaryMark.objects.filter(month=month.start, organization__in=paths)
    seen = list(marks.values_list("pk", "organization_id"))
    SummaryMark.objects.filter(pk__in=[pk for pk, _ in seen]).delete()
    rows = {
        row.organization_id: row
        for row in MonthSummary.objects.filter(
            month=month.start, organization__in=paths
        )
    }
    stale = {organization_id for _, organization_id in seen}
    if root.pk not in rows:
        # The first reader of a month, or everything was thrown away: count it all.
        MonthSummary.objects.filter(pk__in=[row.pk for row in rows.values()]).delete()
        rows, stale = {}, set(paths)
    stale |= set(paths) - set(rows)
    fresh = compute_own(Organization.objects.filter(pk__in=stale), month)
    _carry_up(paths, rows, {pk: fresh.get(pk, {}) for pk in stale}, month)


def compute_own(organizations, month: Month) -> dict[int, Values]:
    """Own figures of `organizations` from the registry's groups, straight from facts."""
    own: dict[int, Values] = defaultdict(dict)
    for group in registry.groups():
        for organization_id, values in group.compute(organizations, month).items():
            own[organization_id].update(values)
    return own


def _carry_up(
    paths: Mapping[int, str],
    rows: dict[int, MonthSummary],
    fresh: Mapping[int, Values],
    month: Month,
) -> None:
    """Write new own figures and add their differences to every node above."""
    by_path = {path: pk for pk, path in paths.items()}
    changed: set[int] = set()
    for pk in fresh:
        if pk not in rows:
            rows[pk] = MonthSummary(
                organization_id=pk, month=month.start, own={}, values={}
            )
            changed.add(pk)
    for pk, new in fresh.items():
        old = rows[pk].own
        keys = set(old) | set(new)
        delta = {key: new.get(key, 0) - old.get(key, 0) for key in keys}
        delta = {key: number for key, number in delta.items() if number}
        if not delta:
            continue
        rows[pk].own = {key: number for key, number in new.items() if number}
        for path in ancestors(paths[pk]):
            node = rows[by_path[path]]
            for key, number in delta.items():
                node.values[key] = node.values.get(key, 0) + number
            changed.add(node.organization_id)
    now = timezone.now()
    for pk in changed:
        rows[pk].computed_at = now
    MonthSummary.objects.bulk_create(
        [rows[pk] for pk in changed if rows[pk].pk is None]
    )
    MonthSummary.objects.bulk_update(
        [rows[pk] for pk in changed if rows[pk].pk is not None],
        ["own", "values", "computed_at"],
        batch_size=500,
    )


@transaction.atomic
def forget(street_path: str) -> None:
    """Throw the rows of a street away: its tree changed, the next reader recounts."""
    street = Organization.objects.within([street_path])
    MonthSummary.objects.filter(organization__in=street.values("pk")).delete()
