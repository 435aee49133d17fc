"""What the rows of a roster would change in the database: reads only."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from config.lib.paths import is_within
from members.choices import (
    AffiliationKind,
    MembershipStatus,
    MemberType,
    RowVerdict,
)
from members.imports import store
from members.imports.check import ON_THE_ROLL
from members.imports.layout import FIELDS
from members.imports.lines import Finding, Line
from members.imports.places import Places, unit_ids
from members.imports.store import Held
from members.imports.values import TELLING, category_of, differences, plan_new
from members.rules import DECIDED_FIELDS, FORMAL_FIELDS

# The same words whatever the reason, so that nothing can be told from them.
NEEDS_STREET = Finding(
    "needs_street",
    "该人员信息需由街道核对，已转街道处理，请联系街道工作人员。",
    FIELDS["id_number"].label,
)
SMALL_BRANCH = 5  # one change among three members is no alarm


@dataclass(slots=True)
class Planner:
    """Compares checked rows with what is stored.

    `paths` are the subtrees whose members the actor sees; None is the system, which
    sees all.
    """

    places: Places
    kind: str
    paths: list[str] | None
    today: date
    _known: dict[str, dict[str, Any]] = field(init=False, default_factory=dict)
    _open: dict[int, list[Held]] = field(init=False, default_factory=dict)
    _last: dict[int, Held] = field(init=False, default_factory=dict)
    _units: dict[str, int] = field(init=False, default_factory=dict)

    @property
    def held(self) -> dict[int, dict[str, Any]]:
        """Rows of the known members by id; locked where `plan` was told to."""
        return {row["id"]: row for row in self._known.values()}

    def plan(self, lines: list[Line], *, lock: bool = False) -> None:
        """Give each good row its verdict. With `lock` known members are held."""
        good = [line for line in lines if line.is_good]
        self._load(good, lock=lock)
        new, known, rows = [], [], []
        for line in good:
            if any(w.code == "duplicate_row" for w in line.warnings):
                continue
            row = self._known.get(line.id_index)
            if row is None:
                line.verdict, line.starts_affiliation = RowVerdict.NEW, True
                new.append(line)
            else:
                known.append(line)
                rows.append(row)
        plan_new(new, self._units, self.places, kind=self.kind, today=self.today)
        said = differences(known, rows, self._units)
        for line, row, changes in zip(known, rows, said, strict=True):
            self._plan_known(line, row, changes)

    def alarms(self, lines: list[Line], percent: int) -> list[dict[str, Any]]:
        """Name the branches of which `percent` or more of the members would change."""
        changed = Counter(
            line.organization_id
            for line in lines
            if line.verdict == RowVerdict.CHANGED and not line.starts_affiliation
        )
        sizes = store.roll_sizes(changed, self.kind)
        return [
            {
                "organization": str(self.places.branches[pk]),
                "changed": count,
                "members": sizes[pk],
                "percent": count * 100 // sizes[pk],
            }
            for pk, count in sorted(changed.items())
            if sizes.get(pk, 0) >= SMALL_BRANCH and count * 100 >= percent * sizes[pk]
        ]

    def _load(self, good: list[Line], *, lock: bool) -> None:
        indexes = [line.id_index for line in good]
        self._known = {
            row["id_index"]: row
            for row in store.members_by("id_index", indexes, lock=lock)
        }
        ids = [row["id"] for row in self._known.values()]
        self._open = store.open_affiliations(ids)
        self._last = store.last_affiliations(pk for pk in ids if pk not in self._open)
        names = {line.values.home_unit for line in good}
        self._units = unit_ids(name for name in names if name is not None)

    def _plan_known(
        self, line: Line, row: dict[str, Any], changes: dict[str, list]
    ) -> None:
        here = any(
            a.organization_id == line.organization_id and a.kind == self.kind
            for a in self._open.get(row["id"], ())
        )
        if not here and (problem := self._entry_problem(line, row)):
            line.needs_street = problem is NEEDS_STREET
            line.refuse(problem)
            return
        if line.name != row["name"]:
            text = (
                "该身份证号已登记在另一个姓名下，请核对姓名和号码；"
                "确属改名的，请在党员页面修改。"
            )
            line.refuse(Finding("name_differs", text, FIELDS["name"].label))
            return
        if self.kind != AffiliationKind.ON_ROLL:
            changes = _without_formal(line, changes)
        changes = _without_decided(line, changes)
        if problem := _contradiction(changes, row):
            line.refuse(problem)
            return
        self._derive(line, row, changes)
        line.member_id, line.version = row["id"], row["version"]
        line.changes, line.starts_affiliation = changes, not here
        if changes or not here:
            line.verdict = RowVerdict.CHANGED

    def _entry_problem(self, line: Line, row: dict[str, Any]) -> Finding | None:
        """Return why a known person cannot simply be entered in this branch."""
        found = self._open.get(row["id"], [])
        last = self._last.get(row["id"])
        places = [held.path for held in found]
        if not places and last is not None:
            places = [last.path]
        if not any(map(self._sees, places)) and self.paths is not None:
            return NEEDS_STREET
        if not found and row["status"] not in ON_THE_ROLL:
            label = MembershipStatus(row["status"]).label
            text = f"此人已登记为“{label}”，不能由花名册恢复，请在党员页面办理。"
            return Finding("status_left", text, FIELDS["id_number"].label)
        on_roll = [a for a in found if a.kind == AffiliationKind.ON_ROLL]
        if self.kind == AffiliationKind.ON_ROLL and on_roll:
            if not self._sees(on_roll[0].path):
                return NEEDS_STREET
            text = (
                f"此人已在“{on_roll[0].organization}”在册，花名册不能调动党员，"
                "请先办理组织关系转接。"
            )
            return Finding("on_roll_elsewhere", text, FIELDS["branch"].label)
        if any(a.organization_id == line.organization_id for a in on_roll):
            text = "此人是本支部在册党员，不必再登记为协管或流入。"
            return Finding("on_roll_here", text, FIELDS["branch"].label)
        return None

    def _sees(self, path: str) -> bool:
        return self.paths is None or any(is_within(path, root) for root in self.paths)

    def _derive(self, line: Line, row: dict[str, Any], changes: dict) -> None:
        """The category follows only 是否流动党员: else a person's own choice stays."""
        if "is_mobile" in changes:
            told = [
                changes[name][1] if name in changes else row[name] for name in TELLING
            ]
            category = category_of(line, *told, kind=self.kind, today=self.today)
            if category != row["category"]:
                changes["category"] = [row["category"], category]
        if row["community_id"] is None and "address" in changes:
            found = self.places.community_in(line.values.address)
            if found is not None:
                changes["community_id"] = [None, found]


def _without_formal(line: Line, changes: dict[str, list]) -> dict[str, list]:
    """Leave to the branch of the formal relation what only it may change."""
    kept = {name: pair for name, pair in changes.items() if name not in FORMAL_FIELDS}
    if len(kept) < len(changes):
        text = "身份、党龄等信息由组织关系所在支部维护，与表中不同的部分未导入。"
        line.warnings.append(Finding("formal_kept", text))
    return kept


def _without_decided(line: Line, changes: dict[str, list]) -> dict[str, list]:
    """Leave to cases and decisions what only they may change of a known person."""
    kept = {k: v for k, v in changes.items() if k not in DECIDED_FIELDS}
    if len(kept) < len(changes):
        text = "党籍状态、失联须在“党籍”页办理，与表中不同的部分未导入。"
        line.warnings.append(Finding("decided_kept", text))
    return kept


def _contradiction(changes: dict[str, list], row: dict[str, Any]) -> Finding | None:
    """Return where a change would not fit with what is stored beside it."""

    def after(name: str) -> Any:
        return changes[name][1] if name in changes else row[name]

    joined, confirmed = after("joined_on"), after("confirmed_on")
    if confirmed is not None and confirmed < joined:
        text = f"转正日期与系统中的入党日期（{joined}）矛盾，请核对。"
        if "joined_on" in changes:
            text = f"入党日期与系统中的转正日期（{confirmed}）矛盾，请核对。"
        return Finding("confirmed_before_joined", text, FIELDS["confirmed_on"].label)
    is_probationary = after("member_type") == MemberType.PROBATIONARY
    if is_probationary and confirmed is not None and changes:
        text = f"系统中已登记转正日期（{confirmed}），与“预备党员”矛盾，请核对。"
        return Finding("probationary_confirmed", text, FIELDS["member_type"].label)
    return None
