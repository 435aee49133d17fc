"""From typed cells to columns of a member, and what differs from those stored."""

from __future__ import annotations

from datetime import date
from typing import Any

from config.lib.crypto import EncryptedTextField
from config.lib.dates import PartialDate
from members.choices import MembershipStatus
from members.imports.derive import derive_category, derive_member_type
from members.imports.lines import Line
from members.imports.places import Places
from members.models import Member
from members.rules import name_fields

ENCRYPTED: dict[str, EncryptedTextField] = {
    item.column: item
    for item in Member._meta.concrete_fields
    if isinstance(item, EncryptedTextField)
}
# Typed cells that are columns as they are.
_PLAIN = (
    "ethnicity",
    "education",
    "degree",
    "job_post",
    "job_title",
    "native_place",
    "phone",
    "address",
    "household_address",
    "status",
    "member_type",
    "is_lost",
    "is_mobile",
)
_RANK = {"year": 0, "month": 1, "day": 2}
_BLANK: dict[str, Any] = {
    "ethnicity": "",
    "education": "",
    "degree": "",
    "status": MembershipStatus.NORMAL,
    "confirmed_on": None,
    "confirmed_precision": "day",
    "job_post": "",
    "job_title": "",
    "home_unit_id": None,
    "community_id": None,
    "phone": "",
    "address": "",
    "household_address": "",
    "native_place": "",
    "is_lost": False,
    "lost_since": None,
    "is_mobile": False,
    "note": "",
}


def desired(line: Line, units: dict[str, int]) -> dict[str, Any]:
    """Return the columns that the row speaks of; blank cells are not among them.

    A unit that is not in `units` stands as its name, to be made when it is written.
    """
    values = line.values
    number = values["id_number"]
    wanted = {key: values[key] for key in _PLAIN if key in values}
    wanted["sex"] = number.sex
    wanted["born_on"] = number.born_on.isoformat()
    if (since := values.get("lost_since")) is not None:
        wanted["lost_since"] = since.date.isoformat()
    for key in ("joined_on", "confirmed_on"):
        if (partial := values.get(key)) is not None:
            wanted[key] = partial.date.isoformat()
            wanted[precision_of(key)] = partial.precision
    if (unit := values.get("home_unit")) is not None:
        wanted["home_unit_id"] = units.get(unit, unit)
    return wanted


def precision_of(key: str) -> str:
    return key.removesuffix("_on") + "_precision"


def plan_new(
    lines: list[Line], units: dict[str, int], places: Places, *, kind: str, today: date
) -> None:
    """Give lines all columns of a new member in `stored`, encrypted ones as tokens."""
    planned = [
        _new_columns(line, units, places, kind=kind, today=today) for line in lines
    ]
    # Sealed together, which halves the time; only then does a line hold them.
    for name, item in ENCRYPTED.items():
        tokens = item.to_tokens(columns[name] for columns in planned)
        for columns, token in zip(planned, tokens, strict=True):
            columns[name] = token
    for line, columns in zip(lines, planned, strict=True):
        line.stored = columns


def _new_columns(
    line: Line, units: dict[str, int], places: Places, *, kind: str, today: date
) -> dict[str, Any]:
    number = line.values["id_number"]
    columns = _BLANK | desired(line, units) | name_fields(line.name)
    columns["id_number"] = number.digits
    columns["id_index"] = line.id_index
    columns["id_last4"] = number.last4
    if "member_type" not in columns:
        confirmed = line.values.get("confirmed_on")
        columns["member_type"] = derive_member_type(
            joined_on=line.values["joined_on"].date,
            confirmed_on=confirmed.date if confirmed else None,
            today=today,
        )
    columns["category"] = category_of(columns, line, kind=kind, today=today)
    columns["community_id"] = places.community_in(columns["address"])
    return columns


def category_of(columns: dict[str, Any], line: Line, *, kind: str, today: date) -> str:
    return derive_category(
        kind=kind,
        is_mobile=columns["is_mobile"],
        job_post=columns["job_post"],
        on_post=line.values.get("on_post"),
        has_unit=columns["home_unit_id"] is not None,
        sex=columns["sex"],
        born_on=line.values["id_number"].born_on,
        today=today,
    )


def differences(
    line: Line, row: dict[str, Any], units: dict[str, int]
) -> dict[str, list]:
    """Return column → [old, new] where the sheet says something else than `row`."""
    changes: dict[str, list] = {}
    wanted = desired(line, units)
    for key in ("joined_on", "confirmed_on"):
        wanted.pop(precision_of(key), None)
        wanted.pop(key, None)
        if (partial := line.values.get(key)) is not None:
            changes |= _date_change(key, partial, row)
    for name, value in wanted.items():
        if (item := ENCRYPTED.get(name)) is not None:
            if item.from_db_value(row[name]) != value:
                changes[name] = [row[name], item.to_token(value)]
        elif row[name] != value:
            changes[name] = [row[name], value]
    return changes


def _date_change(key: str, partial: PartialDate, row: dict[str, Any]) -> dict:
    """A date that says no more than the stored one does not replace it."""
    old, precision = row[key], precision_of(key)
    if old is not None:
        day = date.fromisoformat(old)
        says_more = _RANK[partial.precision] > _RANK[row[precision]]
        if partial.agrees_with(day) and not says_more:
            return {}
    changes = {key: [old, partial.date.isoformat()]}
    if row[precision] != partial.precision:
        changes[precision] = [row[precision], partial.precision]
    if changes[key][0] == changes[key][1]:
        del changes[key]
    return changes
