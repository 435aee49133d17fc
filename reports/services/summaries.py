"""The summary rows: one per organization node and month, always equal to a recount.

Writers add marks (`mark`), readers recompute what is marked (`refresh`) and carry the
difference up the tree. One refresher works on a street and month at a time; a write
that commits while he computes leaves its own mark, so the next reader sees it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from config.lib import registry
from config.lib.paths import STEP, ancestors, is_within, merge_roots
from config.lib.periods import Month
from organizations.models import Organization
from organizations.services.tree import keep_tree, lock_tree
from reports.models import MonthSummary, SummaryMark

# Months further back than this are never kept as rows: they are closed or recounted.
KEPT_MONTHS = 24

Values = dict[str, int]

# Any fixed number; the first letters of "sums" in hexadecimal.
_LOCK_CLASS = 0x73756D73
# A tree that changes between two statements of a reader; he looks again.
_TRIES = 3


@dataclass(frozen=True)
class Figures:
    """An organization's figures: at the node itself, and of its whole subtree."""

    own: Values = field(default_factory=dict)
    values: Values = field(default_factory=dict)


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
        for organization_id in sorted(set(organization_ids))
        for month in wanted
    )


# Reading --------------------------------------------------------------------------


def figures(organization: Organization, month: Month, today: date) -> Values:
    """Return every indicator of `organization`'s subtree; a figure of 0 is present."""
    return figures_of([organization], month, today)[organization.pk]


def figures_of(
    organizations: Iterable[Organization], month: Month, today: date
) -> dict[int, Values]:
    """Figures by organization id, refreshed first where something changed."""
    found = read({month: list(organizations)}, today)[month]
    return {pk: row.values for pk, row in found.items()}


def read(
    wanted: Mapping[Month, list[Organization]], today: date
) -> dict[Month, dict[int, Figures]]:
    """Figures of the organizations wanted in each month; a figure of 0 is present.

    Two queries when nothing changed since the last reader, however much is wanted.
    """
    kept = set(kept_months(today))
    rows = _read_kept({m: nodes for m, nodes in wanted.items() if m in kept})
    for month, nodes in wanted.items():
        if month not in kept:
            rows[month] = _recounted(nodes, month)
    blank = {indicator.key: 0 for indicator in registry.indicators()}
    return {
        month: {
            node.pk: Figures(
                blank | rows[month][node.pk].own, blank | rows[month][node.pk].values
            )
            for node in nodes
        }
        for month, nodes in wanted.items()
    }


def is_stale(organization: Organization, months: Iterable[Month]) -> bool:
    """Whether facts below `organization` changed since its rows were computed."""
    return bool(marked({month: [organization] for month in months}))


def _read_kept(
    wanted: Mapping[Month, list[Organization]],
) -> dict[Month, dict[int, Figures]]:
    if not wanted:
        return {}
    _refresh_all(marked(wanted))
    for _ in range(_TRIES):
        rows = _stored(wanted)
        missing = {
            (node.path[:STEP], month)
            for month, nodes in wanted.items()
            for node in nodes
            if node.pk not in rows[month]
        }
        if not missing:
            return rows
        _refresh_all(missing)
    # The node is gone from its street (an old object in hand): nothing lies there.
    for month, nodes in wanted.items():
        for node in nodes:
            rows[month].setdefault(node.pk, Figures())
    return rows


def marked(wanted: Mapping[Month, list[Organization]]) -> list[tuple[str, Month]]:
    """Streets and months with marks below the wanted organizations."""
    paths = merge_roots(node.path for nodes in wanted.values() for node in nodes)
    rows = (
        SummaryMark.objects.filter(
            month__in=[month.start for month in wanted],
            organization__in=Organization.objects.within(paths).values("pk"),
        )
        .values_list("organization__path", "month")
        .distinct()
    )
    return sorted({(path[:STEP], Month.containing(day)) for path, day in rows})


def _stored(
    wanted: Mapping[Month, list[Organization]],
) -> dict[Month, dict[int, Figures]]:
    condition = Q()
    for month, nodes in wanted.items():
        condition |= Q(month=month.start, organization__in=[n.pk for n in nodes])
    found: dict[Month, dict[int, Figures]] = {month: {} for month in wanted}
    rows = MonthSummary.objects.filter(condition).values_list(
        "organization_id", "month", "own", "values"
    )
    for pk, day, own, values in rows:
        found[Month.containing(day)][pk] = Figures(own, values)
    return found


def _recounted(nodes: Iterable[Organization], month: Month) -> dict[int, Figures]:
    """Figures straight from the facts, for months that have no rows."""
    nodes = list(nodes)
    below = Organization.objects.within(merge_roots(node.path for node in nodes))
    own = compute_own(below, month)
    paths = dict(below.values_list("pk", "path"))
    result = {}
    for node in nodes:
        total: Values = defaultdict(int)
        for pk, values in own.items():
            if is_within(paths[pk], node.path):
                for key, number in values.items():
                    total[key] += number
        result[node.pk] = Figures(dict(own.get(node.pk, {})), dict(total))
    return result


# Refreshing -----------------------------------------------------------------------


def _refresh_all(wanted: Iterable[tuple[str, Month]]) -> None:
    """Refresh streets, each with all its months together."""
    months: dict[str, list[Month]] = defaultdict(list)
    for street_path, month in wanted:
        months[street_path].append(month)
    for street_path, of_street in sorted(months.items()):
        refresh_months(street_path, of_street)


def refresh(street_path: str, month: Month, *, everything: bool = False) -> int:
    """Bring the rows of one street and month up to date; return how many changed."""
    return refresh_months(street_path, [month], everything=everything)


@transaction.atomic
def refresh_months(
    street_path: str, months: Iterable[Month], *, everything: bool = False
) -> int:
    """Bring the rows of a street and some months up to date; return how many changed.

    With `everything` each organization is counted anew, marked or not. Months in which
    the same organizations are stale are counted together.
    """
    # The tree stands still until the rows are written: see `forget`.
    keep_tree()
    street = Organization.objects.within([street_path])
    paths = dict(street.values_list("pk", "path"))
    roots = [pk for pk, path in paths.items() if path == street_path]
    if not roots:
        return 0
    # In the order of time, as every other refresher.
    wanted = sorted(months)
    for month in wanted:
        _lock(roots[0], month)
    stale = _take_marks(wanted, paths)
    kept = _kept_of(wanted, street)
    together: dict[frozenset[int], list[Month]] = defaultdict(list)
    for month in wanted:
        pks = set(paths) if everything else stale[month] | (set(paths) - kept[month])
        together[frozenset(pks)].append(month)
    changed: list[MonthSummary] = []
    for chosen, same in together.items():
        pks = set(chosen)
        organizations = street if len(pks) == len(paths) else street.filter(pk__in=pks)
        fresh = compute_months(organizations, same)
        rows = _rows_above(same, pks, paths)
        for month in same:
            new = {pk: fresh[month].get(pk, {}) for pk in pks}
            changed += _carry_up(paths, rows[month], new, month)
    _write(changed)
    return len(changed)


def _take_marks(
    months: Iterable[Month], paths: Mapping[int, str]
) -> dict[Month, set[int]]:
    """Delete the marks of a street that can be seen and return what they mark."""
    marks = SummaryMark.objects.filter(
        month__in=[month.start for month in months], organization__in=paths
    )
    seen = list(marks.values_list("pk", "organization_id", "month"))
    SummaryMark.objects.filter(pk__in=[pk for pk, _, _ in seen]).delete()
    stale: dict[Month, set[int]] = defaultdict(set)
    for _, organization_id, day in seen:
        stale[Month.containing(day)].add(organization_id)
    return stale


def _kept_of(months: Iterable[Month], street: QuerySet) -> dict[Month, set[int]]:
    """Ids of the street's organizations that have a row, by month."""
    kept: dict[Month, set[int]] = defaultdict(set)
    rows = MonthSummary.objects.filter(
        month__in=[month.start for month in months],
        organization__in=street.values("pk"),
    )
    for organization_id, day in rows.values_list("organization_id", "month"):
        kept[Month.containing(day)].add(organization_id)
    return kept


def _rows_above(
    months: Iterable[Month], pks: Iterable[int], paths: Mapping[int, str]
) -> dict[Month, dict[int, MonthSummary]]:
    """The rows of some organizations and of all above them, by month and id."""
    above = {path for pk in pks for path in ancestors(paths[pk])}
    rows: dict[Month, dict[int, MonthSummary]] = defaultdict(dict)
    for row in MonthSummary.objects.filter(
        month__in=[month.start for month in months],
        organization__in=[pk for pk, path in paths.items() if path in above],
    ):
        rows[Month.containing(row.month)][row.organization_id] = row
    return rows


def compute_own(organizations: QuerySet, month: Month) -> dict[int, Values]:
    """Own figures of `organizations` in one month, straight from facts."""
    return compute_months(organizations, [month])[month]


def compute_months(
    organizations: QuerySet, months: Iterable[Month]
) -> dict[Month, dict[int, Values]]:
    """Own figures of `organizations` by the registry's groups, straight from facts."""
    wanted = sorted(months)
    own: dict[Month, dict[int, Values]] = {m: defaultdict(dict) for m in wanted}
    for group in registry.groups():
        counted = group.compute_months(organizations, wanted)
        for month, figures in zip(wanted, counted, strict=True):
            for organization_id, values in figures.items():
                own[month][organization_id].update(values)
    return own


def _lock(root_id: int, month: Month) -> None:
    """One refresher a street and month; on SQLite the transaction is the lock.

    An advisory lock, since services hold the rows of organizations for long.
    """
    if connection.vendor == "postgresql":
        number = (root_id * 100_000 + month.year * 12 + month.number) % 2**31
        key = [_LOCK_CLASS, number]
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", key)


def _carry_up(
    paths: Mapping[int, str],
    rows: dict[int, MonthSummary],
    fresh: Mapping[int, Values],
    month: Month,
) -> list[MonthSummary]:
    """Add new own figures and their differences to every node above; what changed.

    `rows` holds those of the organizations in `fresh` and of all above them.
    """
    by_path = {path: pk for pk, path in paths.items()}
    changed = set(fresh) - set(rows)
    for pk in changed:
        rows[pk] = MonthSummary(
            organization_id=pk, month=month.start, own={}, values={}
        )
    for pk, new in fresh.items():
        old = rows[pk].own
        delta = {key: new.get(key, 0) - old.get(key, 0) for key in {*old, *new}}
        delta = {key: number for key, number in delta.items() if number}
        if not delta:
            continue
        rows[pk].own = {key: number for key, number in new.items() if number}
        for path in ancestors(paths[pk]):
            node = rows[by_path[path]]
            for key, number in delta.items():
                node.values[key] = node.values.get(key, 0) + number
            changed.add(node.organization_id)
    return [rows[pk] for pk in changed]


def _write(rows: list[MonthSummary]) -> None:
    """Write rows in one order, as every other writer of them."""
    now = timezone.now()
    for row in rows:
        row.computed_at = now
    MonthSummary.objects.bulk_create(
        sorted(rows, key=lambda row: (row.month, row.organization_id)),
        update_conflicts=True,
        unique_fields=["organization", "month"],
        update_fields=["own", "values", "computed_at"],
        batch_size=500,
    )


@transaction.atomic
def forget_everything() -> None:
    """Throw all rows away: what the figures mean has changed (age bands)."""
    lock_tree()
    MonthSummary.objects.all().delete()


@transaction.atomic
def forget(street_path: str) -> None:
    """Throw the rows of a street away: its tree changed, the next reader recounts.

    Under the tree's lock, so that no refresher is at work with the old shape.
    """
    lock_tree()
    street = Organization.objects.within([street_path])
    MonthSummary.objects.filter(organization__in=street.values("pk")).delete()
