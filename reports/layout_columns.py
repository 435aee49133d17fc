"""What the columns of the monthly workbook are made of: a figure, a share, a sum."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from config.lib import registry

Column = dict[str, Any]


def count(key: str, label: str = "") -> Column:
    indicator = registry.indicator(key)
    return {
        "kind": "count",
        "keys": [key],
        "label": label or indicator.name,
        "definition": f"{indicator.definition}来源：{indicator.source}",
    }


def hours(key: str, label: str) -> Column:
    return count(key, label) | {"kind": "hours"}


def money(key: str, label: str) -> Column:
    """A figure in fen, shown in yuan."""
    return count(key, label) | {"kind": "money"}


def rate(key: str, label: str = "") -> Column:
    known = next(each for each in registry.rates() if each.key == key)
    return {
        "kind": "rate",
        "keys": [known.part, known.whole],
        "label": label or known.name,
        "definition": f"{known.definition}来源：{known.source}",
    }


def per_head(key: str, people: str, label: str, definition: str) -> Column:
    """A figure in fen shared out over people, shown in yuan."""
    money, heads = registry.indicator(key), registry.indicator(people)
    return {
        "kind": "per",
        "keys": [key, people],
        "label": label,
        "definition": f"{definition}来源：{money.source}；{heads.source}",
    }


def balance(
    label: str, definition: str, plus: Iterable[str], minus: Iterable[str] = ()
) -> Column:
    plus, minus = list(plus), list(minus)
    return {
        "kind": "sum",
        "keys": [*plus, *minus],
        "signs": [1] * len(plus) + [-1] * len(minus),
        "label": label,
        "definition": definition,
    }


def group(label: str, *columns: Column) -> dict[str, Any]:
    """Columns under one merged heading; without a label each stands alone."""
    return {"label": label, "columns": list(columns)}
