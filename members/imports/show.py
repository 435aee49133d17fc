"""Planned rows in the words of a page: masked, old and new side by side."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from config.lib.masks import mask_address, mask_id_number, mask_phone
from members.choices import RowVerdict
from members.imports import store
from members.imports.values import ENCRYPTED, precision_of
from members.models import Member, RosterRow
from organizations.models import Community, WorkUnit

_MASKS = {
    "id_number": mask_id_number,
    "phone": mask_phone,
    "address": mask_address,
    "household_address": mask_address,
}
_FIELDS = {field.column: field for field in Member._meta.concrete_fields}
_CHOICES = {name: dict(field.flatchoices) for name, field in _FIELDS.items()}
_PRECISION_LENGTH = {"year": 4, "month": 7, "day": 10}
_TONES = {
    RowVerdict.NEW: "ok",
    RowVerdict.CHANGED: "info",
    RowVerdict.UNCHANGED: "mute",
    RowVerdict.ERROR: "bad",
}
# What a new member is shown by, beside the name.
_NEW = ("id_number", "category", "member_type", "joined_on", "phone", "home_unit_id")


def shown_rows(rows: Iterable[RosterRow]) -> list[dict[str, Any]]:
    """Return what a page shows of rows; a fixed number of queries however many."""
    listed = list(rows)
    names = _Names(listed)
    return [
        {
            "sheet": row.sheet,
            "number": row.number,
            "name": row.name or "—",
            "verdict": RowVerdict(row.verdict).label,
            "tone": _TONES[RowVerdict(row.verdict)],
            "branch": names.organizations.get(row.values.get("organization_id"), ""),
            "errors": [_sentence(item) for item in row.errors],
            "warnings": [_sentence(item) for item in row.warnings],
            "facts": _facts(row, names),
            "changes": _changes(row, names),
        }
        for row in listed
    ]


class _Names:
    """Names of what the rows point to by id."""

    def __init__(self, rows: list[RosterRow]) -> None:
        organizations, units, communities = set(), set(), set()
        for row in rows:
            organizations.add(row.values.get("organization_id"))
            units.add(row.values.get("stored", {}).get("home_unit_id"))
            units |= set(row.changes.get("home_unit_id", ()))
            communities |= set(row.changes.get("community_id", ()))
        self.organizations = store.organization_names(organizations - {None})
        ids = {pk for pk in units if isinstance(pk, int)}
        self.units = dict(WorkUnit.objects.filter(pk__in=ids).values_list("id", "name"))
        ids = {pk for pk in communities if pk}
        self.communities = dict(
            Community.objects.filter(pk__in=ids).values_list("id", "name")
        )

    def shown(self, column: str, value: Any, precision: str = "day") -> str:
        if value is None or value == "":
            return "（空）"
        if column == "home_unit_id":
            return value if isinstance(value, str) else self.units.get(value, "—")
        if column == "community_id":
            return self.communities.get(value, "—")
        if column in ENCRYPTED:
            return _MASKS[column](ENCRYPTED[column].from_db_value(value))
        if isinstance(value, bool):
            return "是" if value else "否"
        if column in {"joined_on", "confirmed_on"}:
            return value[: _PRECISION_LENGTH[precision]]
        return str(_CHOICES[column].get(value, value))


def _sentence(item: dict[str, Any]) -> str:
    return f"{item['column']}：{item['message']}" if item["column"] else item["message"]


def _facts(row: RosterRow, names: _Names) -> list[tuple[str, str]]:
    stored = row.values.get("stored")
    if row.verdict != RowVerdict.NEW or not stored:
        return []
    return [
        (
            str(_FIELDS[column].verbose_name),
            names.shown(column, stored[column], stored.get("joined_precision", "day")),
        )
        for column in _NEW
        if stored[column] not in (None, "")
    ]


def _changes(row: RosterRow, names: _Names) -> list[dict[str, str]]:
    changes = []
    if row.verdict == RowVerdict.CHANGED and row.values.get("starts_affiliation"):
        branch = names.organizations.get(row.values.get("organization_id"), "")
        changes.append({"label": "隶属支部", "old": "（空）", "new": branch})
    for column, (old, new) in row.changes.items():
        if column.endswith("_precision"):
            continue
        before = after = "day"
        if column in {"joined_on", "confirmed_on"}:
            before, after = row.changes.get(precision_of(column), ("day", "day"))
        was, becomes = names.shown(column, old, before), names.shown(column, new, after)
        if was == becomes and column in ENCRYPTED:
            becomes += "（隐去的部分有变）"
        label = str(_FIELDS[column].verbose_name)
        changes.append({"label": label, "old": was, "new": becomes})
    return changes
