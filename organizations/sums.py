"""Sums of money in SQL, exact to the fen."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, OuterRef, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Round

_MONEY: Any = DecimalField(max_digits=14, decimal_places=2)


def total_by(rows: Any, by: str, amount: Any) -> Round:
    """The sum of `amount` over those of `rows` that belong to the outer row."""
    summed = rows.order_by().filter(**{by: OuterRef("pk")}).values(by)
    found = Subquery(summed.annotate(total=Sum(amount)).values("total"), _MONEY)
    return exact(Coalesce(found, Value(Decimal("0.00")), output_field=_MONEY))


def exact(expression: Any) -> Round:
    """To the fen: SQLite adds in floating point, and would be short by a hair."""
    return Round(expression, precision=2, output_field=_MONEY)
