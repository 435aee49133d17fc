"""From typed cells to columns of a member, and what differs from those stored."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from config.lib.crypto import EncryptedTextField
from config.lib.dates import PartialDate
from members.choices import MembershipStatus
from members.imports.derive import derive_category, derive_member_type
from members.imports.lines import Line, Typed
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
_DATES = ("joined_on", "confirmed_on")
_RANK = {"year": 0, "month": 1, "day": 2}
_BLANK: dict[str, Any] = {
    "ethnicity": "",
    "education": "",
    "degree": "",
    "status": MembershipStatus.NORMAL,
    "member_type": "",
    "confirmed_on": None,
    "confirmed_precision": "day",
    "probation_extended_to": None,
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


# Columns of a new member in the order of a line's `stored`; the key is the writer's,
# version and moments are the database's own.
STORED = tuple(
    item.column
    for item in Member._meta.concrete_fields
    if item.column not in {"id", "version", "created_at", "updated_at"}
)


def wanted_columns(
    lines: list[Line], units: dict[str, int]
) -> dict[str, Sequence[Any]]:
    """Return column → what each row says of it, None where its cell is blank.

    There is at least one line.
    A unit that is not in `units` stands as its name, to be made when it is written.
    """
    rows = zip(*(line.values for line in lines), strict=True)
    said = dict(zip(Typed._fields, rows, strict=True))
    wanted: dict[str, Sequence[Any]] = {key: said[key] for key in _PLAIN}
    wanted["sex"] = [number.sex for number in said["id_number"]]
    wanted["born_on"] = [number.born_on.isoformat() for number in said["id_number"]]
    for key in ("lost_since", *_DATES):
        wanted[key] = [p and p.date.isoformat() for p in said[key]]
        if key in _DATES:
            wanted[precision_of(key)] = [p and p.precision for p in said[key]]
    wanted["home_unit_id"] = [units.get(name, name) for name in said["home_unit"]]
    return wanted


def precision_of(key: str) -> str:
    return key.removesuffix("_on") + "_precision"


def plan_new(
    lines: list[Line], units: dict[str, int], places: Places, *, kind: str, today: date
) -> None:
    """Give lines all columns of a new member in `stored`, encrypted ones as tokens."""
    if not lines:
        return
    columns = _new_columns(lines, units, places, kind=kind, today=today)
    # Sealed together, which halves the time; only then does a line hold them.
    for name, item in ENCRYPTED.items():
        columns[name] = item.to_tokens(columns[name])
    rows = zip(*(columns[name] for name in STORED), strict=True)
    for line, row in zip(lines, rows, strict=True):
        line.stored = list(row)


def _new_columns(
    lines: list[Line], units: dict[str, int], places: Places, *, kind: str, today: date
) -> dict[str, Sequence[Any]]:
    columns = wanted_columns(lines, units)
    for name, blank in _BLANK.items():
        said = columns.get(name) or [None] * len(lines)
        columns[name] = [blank if value is None else value for value in said]
    named = [name_fields(line.name) for line in lines]
    for name in ("name", "name_pinyin", "name_initials"):
        columns[name] = [fields[name] for fields in named]
    numbers: list[Any] = [line.values.id_number for line in lines]
    columns["id_number"] = [number.digits for number in numbers]
    columns["id_last4"] = [number.last4 for number in numbers]
    columns["id_index"] = [line.id_index for line in lines]
    columns["member_type"] = [
        said or _member_type(line, today)
        for said, line in zip(columns["member_type"], lines, strict=True)
    ]
    columns["category"] = [
        category_of(line, *told, kind=kind, today=today)
        for line, *told in zip(lines, *map(columns.get, TELLING), strict=True)
    ]
    columns["community_id"] = list(map(places.community_in, columns["address"]))
    return columns


def _member_type(line: Line, today: date) -> str:
    confirmed = line.values.confirmed_on
    return derive_member_type(
        joined_on=line.values.joined_on.date,
        confirmed_on=confirmed.date if confirmed else None,
        today=today,
    )


# Columns that speak for a category beside what only the row says.
TELLING = ("is_mobile", "job_post", "home_unit_id", "sex")


def category_of(
    line: Line,
    is_mobile: bool,
    job_post: str,
    home_unit_id: Any,
    sex: str,
    *,
    kind: str,
    today: date,
) -> str:
    """Return the category of a person of whom the columns TELLING say this."""
    return derive_category(
        kind=kind,
        is_mobile=is_mobile,
        job_post=job_post,
        on_post=line.values.on_post,
        has_unit=home_unit_id is not None,
        sex=sex,
        born_on=line.values.id_number.born_on,
        today=today,
    )


def differences(
    lines: list[Line], rows: list[dict[str, Any]], units: dict[str, int]
) -> list[dict[str, list]]:
    """Return column → [old, new] where a line says something else than its row."""
    found: list[dict[str, list]] = [{} for _ in lines]
    if not lines:
        return found
    wanted = wanted_columns(lines, units)
    for key in _DATES:
        del wanted[key], wanted[precision_of(key)]
        for changes, line, row in zip(found, lines, rows, strict=True):
            if (partial := getattr(line.values, key)) is not None:
                changes |= _date_change(key, partial, row)
    for name, values in wanted.items():
        item = ENCRYPTED.get(name)
        for changes, value, row in zip(found, values, rows, strict=True):
            if value is None:
                continue
            old = row[name]
            if item is None:
                if old != value:
                    changes[name] = [old, value]
            elif item.from_db_value(old) != value:
                changes[name] = [old, item.to_token(value)]
    return found


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
