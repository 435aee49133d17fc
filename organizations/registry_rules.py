"""Comparing a registration authority's list with the register, pure.

Units are told by their unified credit code; a unit that has none here by its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from organizations.choices import WorkUnitKind
from organizations.coverage_choices import SCOPE_KINDS, TWO_NEW_KINDS, DifferenceKind

# Compared besides the name; what the list leaves blank says nothing.
FIELDS = {
    "credit_code": "统一社会信用代码",
    "kind": "单位类别",
    "address": "地址",
    "legal_person": "法定代表人（负责人）",
}


class Listed(NamedTuple):
    """A row of the list; `is_ended` where its state says 注销 and the like."""

    credit_code: str
    name: str
    kind: str = ""
    address: str = ""
    legal_person: str = ""
    is_ended: bool = False


class Known(NamedTuple):
    """A unit as it is registered here.

    `is_kept`: in the register of two-new units; `is_expected`: and of those that
    this list should name.
    """

    pk: int
    credit_code: str
    name: str
    kind: str = ""
    address: str = ""
    legal_person: str = ""
    is_kept: bool = True
    is_expected: bool = True


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing to settle; `before` and `after` hold what differs."""

    kind: str
    unit_id: int | None
    listed: Listed | None
    before: dict[str, str]
    after: dict[str, str]


@dataclass(frozen=True, slots=True)
class Comparison:
    differences: list[Difference]
    unchanged: int


_DROPPED = re.compile(r"\s")
_SAME = str.maketrans("（）【】，；：", "()[],;:")


def plain(text: str) -> str:
    """Return the form in which two spellings of one name are equal."""
    return _DROPPED.sub("", text).translate(_SAME)


def compare(
    listed: Iterable[Listed],
    known: Iterable[Known],
    spared: frozenset[str] = frozenset(),
) -> Comparison:
    """Say how the list differs from the register, in the order of the list.

    `spared` are plain names of rows that could not be read: a unit of that name is
    not said to be gone. Of two rows with one code the first counts.
    """
    known = list(known)
    by_code = {unit.credit_code: unit for unit in known if unit.credit_code}
    # Of two spellings of one name the one in the register goes first.
    bare = sorted(
        (unit for unit in known if not unit.credit_code), key=lambda unit: unit.is_kept
    )
    by_name = {plain(unit.name): unit for unit in bare}
    found: list[Difference] = []
    seen: set[str] = set()
    met: set[int] = set()
    ended: dict[int, Listed] = {}
    unchanged = 0
    for row in listed:
        if row.credit_code in seen:
            continue
        seen.add(row.credit_code)
        unit = by_code.get(row.credit_code)
        if unit is None and by_name:
            # A name belongs to the first row that has it.
            unit = by_name.pop(plain(row.name), None)
        if row.is_ended:
            if unit is not None:
                ended[unit.pk] = row
            continue
        if unit is None or not unit.is_kept:
            if unit is None or _may_be_two_new(row, unit):
                found.append(_new(row, unit))
            continue
        met.add(unit.pk)
        differs = _differences(row, unit)
        found += differs
        unchanged += not differs
    found += [
        Difference(DifferenceKind.GONE, unit.pk, ended.get(unit.pk), {}, {})
        for unit in known
        if unit.is_kept
        and unit.pk not in met
        and (unit.is_expected or unit.pk in ended)
        and (unit.pk in ended or plain(unit.name) not in spared)
    ]
    return Comparison(found, unchanged)


def _may_be_two_new(row: Listed, unit: Known) -> bool:
    """Whether the list names a kind, or that known here leaves it open (其他 does)."""
    return bool(row.kind) or unit.kind in {*TWO_NEW_KINDS, WorkUnitKind.OTHER}


def _new(row: Listed, unit: Known | None) -> Difference:
    after = {"name": row.name} | {
        field: getattr(row, field) for field in FIELDS if getattr(row, field)
    }
    return Difference(DifferenceKind.NEW, unit.pk if unit else None, row, {}, after)


def _differences(row: Listed, unit: Known) -> list[Difference]:
    # Nearly all rows are as they were.
    if row[:5] == unit[1:6]:
        return []
    found = []
    if row.name != unit.name and plain(row.name) != plain(unit.name):
        found.append(
            Difference(
                DifferenceKind.RENAMED,
                unit.pk,
                row,
                {"name": unit.name},
                {"name": row.name},
            )
        )
    changed = [
        field
        for field in FIELDS
        if getattr(row, field)
        and getattr(row, field) != getattr(unit, field)
        and plain(getattr(row, field)) != plain(getattr(unit, field))
    ]
    if changed:
        found.append(
            Difference(
                DifferenceKind.CHANGED,
                unit.pk,
                row,
                {field: getattr(unit, field) for field in changed},
                {field: getattr(row, field) for field in changed},
            )
        )
    return found


# Words of 企业类型 and 社会组织类型 that tell the kind; the first match wins.
_KIND_WORDS = (
    (WorkUnitKind.STATE_ENTERPRISE, r"国有|全民所有制"),
    (WorkUnitKind.COLLECTIVE_ENTERPRISE, r"集体所有制|集体企业"),
    (
        WorkUnitKind.SOCIAL_ORGANIZATION,
        r"社会团体|基金会|民办非企业|社会服务机构|事务所|协会|商会",
    ),
    (WorkUnitKind.PRIVATE_ENTERPRISE, r"公司|企业|合伙|独资|个体|私营|外商|港澳台"),
)


def registered_kind(words: str, scope: str) -> str:
    """Return the kind that a list's own words name, "" where they say nothing.

    Words that are not known mean what the list is about, if that is one kind.
    """
    if not words:
        return ""
    for kind, pattern in _KIND_WORDS:
        if re.search(pattern, words):
            return kind
    kinds = SCOPE_KINDS[scope]
    return kinds[0] if len(kinds) == 1 else ""


_ENDED = re.compile(r"注销|吊销|撤销|迁出|终止")


def is_ended_state(words: str) -> bool:
    """Whether 登记状态 says that the unit is no longer registered here."""
    return bool(_ENDED.search(words))


def community_in(address: str, names: Iterable[tuple[int, str]]) -> int | None:
    """Return the community that an address names, if it is just one."""
    found = {pk for pk, name in names if name and name.removesuffix("社区") in address}
    return found.pop() if len(found) == 1 else None
