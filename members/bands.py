"""Age bands at the ends of many months: who stays in one, and who crosses a limit."""

from __future__ import annotations

import functools
import operator
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from config.lib.periods import Month
from members.filters import born_latest
from members.parameters import AGE_BANDS
from organizations import parameters


@dataclass(frozen=True)
class Band:
    """A band by the births it holds.

    `limits` are, for each month's end, the latest birth of its youngest and the latest
    of those too old for it; None is no bound.
    """

    key: str
    limits: tuple[tuple[date | None, date | None], ...]

    @property
    def until(self) -> date | None:
        """Who was born in (since, until] is in it at every month's end."""
        return self.limits[0][0]

    @property
    def since(self) -> date | None:
        return self.limits[-1][1]

    def stays(self, born_on: date) -> bool:
        return _is_within(born_on, self.until, self.since)

    def holds(self, born_on: date, place: int) -> bool:
        """Whether it holds a birth at the end of the month at `place`."""
        return _is_within(born_on, *self.limits[place])


def bands_at(months: Sequence[Month], keys: Sequence[str]) -> list[Band]:
    """The committee's bands at the ends of months in order, named by `keys`."""
    ends = [month.end - timedelta(days=1) for month in months]

    def latest(age: int | None, day: date) -> date | None:
        return None if age is None else born_latest(age, day)

    return [
        Band(key, tuple((latest(lower, day), latest(upper, day)) for day in ends))
        for key, (_, lower, upper) in zip(keys, parameters.get(AGE_BANDS), strict=False)
    ]


def born_within(until: date | None, since: date | None) -> Q:
    """Condition on the member of a relation: born in (since, until]."""
    condition = Q()
    if until is not None:
        condition &= Q(member__born_on__lte=until)
    if since is not None:
        condition &= Q(member__born_on__gt=since)
    return condition


def crossing(bands: Sequence[Band]) -> Q | None:
    """Condition: born so that a limit is crossed between the first and last end."""
    zones = {
        (last, first)
        for band in bands
        for first, last in zip(band.limits[0], band.limits[-1], strict=True)
        if first is not None and last is not None and first < last
    }
    if not zones:
        return None
    return functools.reduce(
        operator.or_, (born_within(*zone) for zone in sorted(zones))
    )


def _is_within(born_on: date, until: date | None, since: date | None) -> bool:
    return (until is None or born_on <= until) and (since is None or born_on > since)
