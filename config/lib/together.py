"""Writing many rows in one statement, what they share once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Case, F, Model, Value, When
from django.db.models.functions import Cast


def update_together(rows: Collection[Model], fields: Iterable[str]) -> None:
    """Write `fields` of rows that are locked, like `bulk_update` in one statement.

    A value that all share is written once: `bulk_update` names every row in every
    column, which takes longer to spell than to carry out.
    """
    rows = list(rows)
    if not rows:
        return
    model = type(rows[0])
    columns = {field.name: field for field in model._meta.concrete_fields}
    values: dict[str, Any] = {}
    for name in fields:
        field = columns[name]
        own = [getattr(row, field.attname) for row in rows]
        if all(value == own[0] for value in own):
            values[field.attname] = own[0]
            continue
        cases = [
            When(pk=row.pk, then=Value(value, output_field=field))
            for row, value in zip(rows, own, strict=True)
        ]
        # PostgreSQL asks for the type of a column that is computed.
        whole = Case(*cases, default=F(field.attname), output_field=field)
        values[field.attname] = Cast(whole, output_field=field)
    model._base_manager.filter(pk__in=[row.pk for row in rows]).update(**values)
