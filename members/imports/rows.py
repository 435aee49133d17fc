"""Planned lines kept between preview and import, without personal data in clear.

Encrypted columns lie here as the tokens that will be written; a row in error keeps
its name and what is wrong, nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from members.choices import RowVerdict
from members.imports import store
from members.imports.lines import Finding, Line
from members.imports.values import STORED
from members.models import RosterBatch, RosterRow

_COLUMNS = (
    "batch_id",
    "sheet",
    "number",
    "verdict",
    "name",
    "values",
    "changes",
    "errors",
    "warnings",
    "member_id",
)


_PLAIN = ("sheet", "number", "verdict", "name", "changes", "member_id")
# What `values` may hold, under the names of a line.
_STAGED = frozenset(
    {
        "organization_id",
        "id_index",
        "version",
        "starts_affiliation",
        "needs_street",
    }
)


def save_lines(batch: RosterBatch, lines: Iterable[Line]) -> None:
    """Replace the batch's rows. Call inside a transaction."""
    RosterRow.objects.filter(batch=batch).delete()
    # SQLite keeps a UUID as 32 digits, PostgreSQL as its own type.
    field = RosterBatch._meta.pk
    key = field.get_db_prep_value(batch.pk, store.connection)
    store.insert_rows(
        RosterRow,
        _COLUMNS,
        [
            (
                key,
                line.sheet,
                line.number,
                str(line.verdict),
                line.name,
                _dumped(_values(line)),
                _dumped(line.changes if line.is_good else {}),
                _dumped([item.as_json() for item in line.errors]),
                _dumped([item.as_json() for item in line.warnings]),
                line.member_id if line.is_good else None,
            )
            for line in lines
        ],
    )


def load_lines(batch: RosterBatch) -> tuple[list[Line], dict[tuple[str, int], int]]:
    """Return the lines to write or to pass to the street, and the ids of their rows."""
    lines, ids = [], {}
    rows = RosterRow.objects.filter(batch=batch).exclude(verdict=RowVerdict.UNCHANGED)
    # Tuples, since a model object for each row would take as long as writing it.
    for pk, values, errors, warnings, *plain in rows.order_by("id").values_list(
        "id", "values", "errors", "warnings", *_PLAIN
    ):
        line = Line(**dict(zip(_PLAIN, plain, strict=True)))
        if line.verdict == RowVerdict.ERROR and not values.get("needs_street"):
            continue
        for name in _STAGED & values.keys():
            setattr(line, name, values[name])
        if stored := values.get("stored"):
            line.stored = [stored[name] for name in STORED]
        line.errors = [Finding.from_json(item) for item in errors]
        line.warnings = [Finding.from_json(item) for item in warnings]
        lines.append(line)
        ids[line.sheet, line.number] = pk
    return lines, ids


def keep_outcome(lines: Iterable[Line], ids: dict[tuple[str, int], int]) -> None:
    """Write down what came of the lines: whom, which version, what was refused."""
    plain, other = [], []
    for line in lines:
        # As planned: only who it became is new.
        (plain if line.is_good and not line.changes else other).append(line)
    store.update_rows(
        RosterRow,
        ["member_id", "written_version"],
        [
            (ids[line.sheet, line.number], line.member_id, line.written_version)
            for line in plain
        ],
    )
    store.update_rows(
        RosterRow,
        ["verdict", "errors", "changes", "member_id", "written_version"],
        [
            (
                ids[line.sheet, line.number],
                str(line.verdict),
                _dumped([item.as_json() for item in line.errors]),
                _dumped(line.changes if line.is_good else {}),
                line.member_id if line.is_good else None,
                line.written_version if line.is_good else None,
            )
            for line in other
        ],
    )


def _values(line: Line) -> dict[str, Any]:
    if line.needs_street:
        return {
            "organization_id": line.organization_id,
            "id_index": line.id_index,
            "needs_street": True,
        }
    if line.verdict not in {RowVerdict.NEW, RowVerdict.CHANGED}:
        return {}
    return {
        "organization_id": line.organization_id,
        "id_index": line.id_index,
        "version": line.version,
        "stored": dict(zip(STORED, line.stored, strict=True)) if line.stored else {},
        "starts_affiliation": line.starts_affiliation,
    }


_encoded = json.JSONEncoder(ensure_ascii=False).encode


def _dumped(value: Any) -> str:
    return _encoded(value) if value else "[]" if type(value) is list else "{}"
