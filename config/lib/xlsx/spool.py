"""Rows on their way from the disposable process: JSON, column by column.

A column of a roster holds one kind of value, so its kind is looked at once and not
in every cell.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from decimal import Decimal
from itertools import zip_longest
from types import NoneType
from typing import Any, NamedTuple

import orjson

Plain = str | int | float | bool | datetime.date | datetime.datetime | None

_JSON = 2**63  # from here on numbers travel as text
_TEXTS = frozenset({str, NoneType})
_DAYS = frozenset({datetime.date, str, NoneType})


class Formula(NamedTuple):
    """A cell that holds a formula; `cached` is the result stored with it.

    The text is empty for .xls, which keeps formulas as tokens.
    """

    text: str
    cached: Plain = None


class Row(NamedTuple):
    """A row that is not blank, with the number Excel shows."""

    number: int
    values: tuple[Plain | Formula, ...]


class Part(NamedTuple):
    """Rows that follow each other, as they lie on disk: numbers and columns."""

    numbers: Sequence[int]
    columns: Sequence[Sequence[Plain | Formula]]

    @classmethod
    def of(cls, rows: Sequence[Row]) -> Part:
        """Take rows of one part, which are of one length."""
        numbers, values = zip(*rows, strict=True)
        return cls(numbers, list(zip(*values, strict=True)))

    def rows(self) -> list[Row]:
        values = zip(*self.columns, strict=True)
        return [Row(*pair) for pair in zip(self.numbers, values, strict=True)]


def pack(rows: Sequence[tuple[int, Sequence[Any]]]) -> bytes:
    """Return rows as one piece of JSON; shorter ones are filled up with blanks."""
    numbers, cells = zip(*rows, strict=True)
    columns = [_packed(column) for column in zip_longest(*cells)]
    return orjson.dumps([numbers, columns])


def unpack(piece: bytes) -> Part:
    """Return the rows of a piece. Raises ValueError, TypeError or KeyError."""
    numbers, packed = orjson.loads(piece)
    columns = [_unpacked(item) if type(item) is dict else item for item in packed]
    if numbers and {len(numbers)} == set(map(len, columns)):
        return Part(numbers, columns)
    raise ValueError("columns of different lengths")


def _packed(column: Sequence[Any]) -> Any:
    kinds = set(map(type, column))
    if kinds <= _TEXTS:
        return [value or None for value in column] if "" in column else column
    if kinds <= _DAYS and not any(value for value in column if type(value) is str):
        return {"days": [value or None for value in column]}
    values = [_marked(value) for value in column]
    return {"mixed": values} if any(type(v) is dict for v in values) else values


def _unpacked(column: dict) -> list[Any]:
    if "days" in column:
        day = datetime.date.fromisoformat
        return [day(text) if text else None for text in column["days"]]
    return [
        _revived(value) if type(value) is dict else value for value in column["mixed"]
    ]


def _marked(value: Any) -> Any:
    """Turn what calamine gives into what JSON can carry; kinds it lacks get a mark."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return value
    if isinstance(value, float):
        if value.is_integer():
            # 18 digits stored as a number: show the 15 that Excel shows
            exact = int(value) if abs(value) < 2**53 else int(Decimal(repr(value)))
            return exact if abs(exact) < _JSON else str(exact)
        return value if math.isfinite(value) else None
    if isinstance(value, Formula):
        return {"f": value.text, "v": _marked(value.cached)}
    if isinstance(value, datetime.datetime):
        return {"t": value.isoformat()}
    if isinstance(value, datetime.date):
        return {"d": value.isoformat()}
    if isinstance(value, datetime.timedelta):
        minutes, seconds = divmod(int(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return value.isoformat() if isinstance(value, datetime.time) else value


def _revived(mark: dict) -> Formula | Plain:
    if "f" in mark:
        cached = mark["v"]
        return Formula(mark["f"], _day(cached) if type(cached) is dict else cached)
    return _day(mark)


def _day(mark: dict) -> datetime.date:
    if "d" in mark:
        return datetime.date.fromisoformat(mark["d"])
    return datetime.datetime.fromisoformat(mark["t"])
