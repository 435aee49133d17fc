"""Half-open calendar periods: a month, a quarter, half a year, a year."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import ClassVar, Literal, Protocol, Self

from config.lib.dates import SHANGHAI, clean_text
from config.lib.errors import RuleError

PeriodKind = Literal["month", "quarter", "half_year", "year"]

FIRST_YEAR, LAST_YEAR = 1900, 2999
_LABEL = re.compile(
    r"(?P<year>[0-9]{4})"
    r"(?:-(?P<month>[0-9]{2})|Q(?P<quarter>[0-9])|H(?P<half>[0-9]))?"
)


class Period(Protocol):
    """What every period offers; ``end`` is the first day after it."""

    kind: ClassVar[PeriodKind]

    @property
    def start(self) -> dt.date: ...
    @property
    def end(self) -> dt.date: ...
    @property
    def label(self) -> str: ...
    @property
    def title(self) -> str: ...
    def next(self) -> Self: ...
    def previous(self) -> Self: ...
    def months(self) -> "list[Month]": ...
    def __contains__(self, day: dt.date) -> bool: ...


@dataclass(frozen=True, slots=True, order=True)
class _Part:
    """The ``number``-th of the equal parts of a year, counted from 1."""

    year: int
    number: int = 1

    kind: ClassVar[PeriodKind]
    parts: ClassVar[int]

    def __post_init__(self) -> None:
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise RuleError(
                f"年份应在{FIRST_YEAR}年至{LAST_YEAR}年之间，现在是{self.year}。",
                code="period",
            )
        if not 1 <= self.number <= self.parts:
            raise _unknown(self.label)

    @classmethod
    def containing(cls, day: dt.date) -> Self:
        """Return the period in which ``day`` lies."""
        return cls(day.year, (day.month - 1) * cls.parts // 12 + 1)

    @property
    def start(self) -> dt.date:
        return dt.date(self.year, (self.number - 1) * (12 // self.parts) + 1, 1)

    @property
    def end(self) -> dt.date:
        month = self.number * (12 // self.parts)
        return dt.date(self.year + month // 12, month % 12 + 1, 1)

    @property
    def label(self) -> str:
        raise NotImplementedError

    @property
    def title(self) -> str:
        raise NotImplementedError

    def next(self) -> Self:
        return self._moved(1)

    def previous(self) -> Self:
        return self._moved(-1)

    def months(self) -> "list[Month]":
        """Return the months of the period in order."""
        first = self.start.month
        return [Month(self.year, first + i) for i in range(12 // self.parts)]

    def _moved(self, steps: int) -> Self:
        years, index = divmod(self.number - 1 + steps, self.parts)
        return type(self)(self.year + years, index + 1)

    def __contains__(self, day: dt.date) -> bool:
        return self.start <= day < self.end

    def __str__(self) -> str:
        return self.label


class Month(_Part):
    """A calendar month, 2026-10."""

    __slots__ = ()
    kind: ClassVar[PeriodKind] = "month"
    parts = 12

    @property
    def month(self) -> int:
        return self.number

    @property
    def label(self) -> str:
        return f"{self.year}-{self.number:02d}"

    @property
    def title(self) -> str:
        return f"{self.year}年{self.number}月"


class Quarter(_Part):
    """A quarter of a year, 2026Q3."""

    __slots__ = ()
    kind: ClassVar[PeriodKind] = "quarter"
    parts = 4

    @property
    def label(self) -> str:
        return f"{self.year}Q{self.number}"

    @property
    def title(self) -> str:
        return f"{self.year}年第{'一二三四'[self.number - 1]}季度"


class HalfYear(_Part):
    """A half of a year, 2026H1."""

    __slots__ = ()
    kind: ClassVar[PeriodKind] = "half_year"
    parts = 2

    @property
    def label(self) -> str:
        return f"{self.year}H{self.number}"

    @property
    def title(self) -> str:
        return f"{self.year}年{'上下'[self.number - 1]}半年"


class Year(_Part):
    """A calendar year, 2026."""

    __slots__ = ()
    kind: ClassVar[PeriodKind] = "year"
    parts = 1

    @property
    def label(self) -> str:
        return str(self.year)

    @property
    def title(self) -> str:
        return f"{self.year}年"


_KINDS: dict[str, type[_Part]] = {
    "month": Month,
    "quarter": Quarter,
    "half_year": HalfYear,
    "year": Year,
}


def parse_period(text: str) -> Period:
    """Read a label: 2026-10, 2026Q3, 2026H1 or 2026; raises RuleError."""
    match = _LABEL.fullmatch(clean_text(text).upper())
    if match is None:
        raise _unknown(str(text))
    year = int(match["year"])
    if match["month"]:
        return Month(year, int(match["month"]))
    if match["quarter"]:
        return Quarter(year, int(match["quarter"]))
    if match["half"]:
        return HalfYear(year, int(match["half"]))
    return Year(year)


def period_containing(kind: str, day: dt.date) -> Period:
    """Return the period of that kind in which ``day`` lies."""
    return _KINDS[kind].containing(day)


def month_bounds_aware(period: Period) -> tuple[dt.datetime, dt.datetime]:
    """Return the period as Shanghai midnights, the second exclusive."""
    midnight = dt.time(tzinfo=SHANGHAI)
    return (
        dt.datetime.combine(period.start, midnight),
        dt.datetime.combine(period.end, midnight),
    )


def _unknown(label: str) -> RuleError:
    return RuleError(
        f"“{label[:20]}”不是有效的期间，请填写如2026-10（月）、2026Q3（季度）、"
        "2026H1（半年）或2026（年）。",
        code="period",
    )
