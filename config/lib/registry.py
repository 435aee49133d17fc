"""Registries of indicators and alerts: each figure and each warning exists once.

Apps register theirs in `indicators.py` and `alerts.py`, found by autodiscovery when
`reports` is ready; dashboards, workbooks, to-dos and the API all ask here. This module
knows no model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from config.lib.periods import Month

# organization id -> indicator key -> number, for rows directly at that organization.
Figures = Mapping[int, Mapping[str, int]]


@dataclass(frozen=True)
class Indicator:
    """One additive figure of an organization and a month.

    `key` is "app.noun"; `unit` is shown behind the number; `list_url` maps
    (organization_id, month) to the page that lists the rows behind the figure.
    """

    key: str
    name: str
    unit: str
    definition: str
    source: str
    list_url: Callable[[int, Month], str] | None = None
    # Lies at a street alone, so that no number below tells whom it is about; shown
    # for a street and for nothing under it.
    street_only: bool = False


@dataclass(frozen=True)
class Rate:
    """A share computed from two indicators: `part` over `whole`, never stored."""

    key: str
    name: str
    part: str
    whole: str
    definition: str
    source: str


@dataclass(frozen=True)
class IndicatorGroup:
    """Indicators that a few queries compute together, grouped by organization.

    `compute_months(organizations, months)` takes a queryset of organizations (for use
    in `organization__in`) and months in order, and returns for each month, in the same
    order, figures by the organization they lie at directly, without its subtree:
    reports rolls them up. Organizations without rows may be absent, and keys may be
    absent where the figure is 0.
    """

    key: str
    indicators: tuple[Indicator, ...]
    compute_months: Callable[[Any, Sequence[Month]], Sequence[Figures]]
    rates: tuple[Rate, ...] = ()

    def compute(self, organizations: Any, month: Month) -> Figures:
        """Figures of one month."""
        return self.compute_months(organizations, [month])[0]


@dataclass(frozen=True)
class AlertItem:
    """One thing to do: where, what, the page that settles it, and since when due.

    `subject` is its row, where the alert writes down who was shown what.
    """

    organization_id: int
    label: str
    url: str
    due_on: date | None = None
    detail: str = ""
    subject: Any = None


class LazyItems:
    """To-do items of a queryset: nothing is read before iteration, slices stay SQL."""

    def __init__(self, rows: Any, item: Callable[[Any], AlertItem]) -> None:
        self._rows, self._item = rows, item

    def __iter__(self) -> Iterator[AlertItem]:
        return map(self._item, self._rows)

    def __getitem__(self, part: slice) -> LazyItems:
        return LazyItems(self._rows[part], self._item)


@dataclass(frozen=True)
class AlertFamily:
    """Alerts about the same rows: a page counts them in one pass.

    `rows(user, today)` finds all that could concern any of them, scoped; each alert
    adds its own `condition`.
    """

    key: str
    rows: Callable[[Any, date], Any]


@dataclass(frozen=True)
class Alert:
    """One warning.

    `level` is "info", "warning" or "danger"; `right` hides the alert from those who
    could not act on it; thresholds are parameters named in `parameters`.
    `queryset(user, today)` finds what there is to do, scoped and in the order shown,
    and `item(row, today)` says one of them: a page counts all alerts in one query and
    reads of each no more than it shows. An alert of a `family` has one row there for
    each of its own, those that fit `condition(today)`. `record_shown(user, subjects)`
    writes to the audit trail what a page listed, where looking is to be known. A
    `queryset` that has to read other rows before it can be spelled says `reads_first`.
    """

    key: str
    name: str
    level: str
    definition: str
    source: str
    right: str
    queryset: Callable[[Any, date], Any]
    item: Callable[[Any, date], AlertItem]
    parameters: tuple[str, ...] = ()
    family: AlertFamily | None = None
    condition: Callable[[date], Any] | None = None
    record_shown: Callable[[Any, Sequence[Any]], None] | None = None
    reads_first: bool = False

    def count(self, user: Any, today: date) -> int:
        return self.queryset(user, today).order_by().count()

    def rows(self, user: Any, today: date) -> LazyItems:
        return LazyItems(self.queryset(user, today), lambda row: self.item(row, today))


class DuplicateKeyError(ValueError):
    """Two entries of a registry claim the same key."""


_groups: dict[str, IndicatorGroup] = {}
_indicators: dict[str, Indicator] = {}
_rates: dict[str, Rate] = {}
_alerts: dict[str, Alert] = {}


def register_group(group: IndicatorGroup) -> IndicatorGroup:
    _claim(_groups, group.key, group)
    for indicator in group.indicators:
        _claim(_indicators, indicator.key, indicator)
    for rate in group.rates:
        _claim(_rates, rate.key, rate)
    return group


def register_alert(alert: Alert) -> Alert:
    _claim(_alerts, alert.key, alert)
    return alert


def groups() -> list[IndicatorGroup]:
    return list(_groups.values())


def indicator(key: str) -> Indicator:
    return _indicators[key]


def indicators() -> list[Indicator]:
    return list(_indicators.values())


def rates() -> list[Rate]:
    return list(_rates.values())


def alert(key: str) -> Alert:
    """Return the alert; raises KeyError when there is none."""
    return _alerts[key]


def alerts() -> list[Alert]:
    return list(_alerts.values())


def _claim(registry: dict, key: str, entry: Any) -> None:
    if key in registry:
        raise DuplicateKeyError(key)
    registry[key] = entry
