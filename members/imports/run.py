"""From an open workbook to planned lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from config.lib.errors import RuleError
from config.lib.xlsx import Workbook
from members.choices import AffiliationKind, RowVerdict
from members.imports.check import Checker
from members.imports.layout import FIELDS, REQUIRED, SheetLayout, data_parts, recognize
from members.imports.lines import Finding, Line
from members.imports.parse import Parser
from members.imports.places import Places
from members.imports.plan import Planner


@dataclass(slots=True)
class Outcome:
    """What a roster comes to; `notes` are findings on a whole sheet."""

    layouts: list[SheetLayout]
    lines: list[Line] = field(default_factory=list)
    notes: list[tuple[str, int, Finding]] = field(default_factory=list)
    planner: Planner | None = None

    def counts(self) -> dict[str, int]:
        found = Counter(line.verdict for line in self.lines)
        counts = {str(verdict): found[verdict] for verdict in RowVerdict}
        counts["warnings"] = sum(bool(line.warnings) for line in self.lines)
        counts["street"] = sum(line.needs_street for line in self.lines)
        counts["total"] = len(self.lines)
        return counts


def recognize_all(workbook: Workbook) -> list[SheetLayout]:
    """Recognize every sheet. Raises RuleError where none is a roster."""
    layouts = [recognize(sheet) for sheet in workbook.sheets]
    require_readable(layouts)
    return layouts


def require_readable(layouts: Iterable[SheetLayout]) -> None:
    """Raise RuleError unless some sheet can be read."""
    layouts = list(layouts)
    if any(layout.is_read for layout in layouts):
        return
    needed = "、".join(FIELDS[key].label for key in REQUIRED)
    partly = next((x for x in layouts if x.heading and x.missing), None)
    if partly is not None:
        missing = "、".join(partly.missing)
        raise RuleError(
            f"工作表“{partly.name}”缺少必需的列：{missing}。请补上这些列后重新上传。",
            code="columns_missing",
        )
    raise RuleError(
        f"没有找到表头。请确认表中有一行列名，至少包括{needed}。", code="no_heading"
    )


def require_branch(layouts: Iterable[SheetLayout], places: Places) -> None:
    """Raise RuleError where rows could go to no branch."""
    if places.default is not None:
        return
    for layout in layouts:
        if layout.is_read and not layout.has_branch:
            raise RuleError(
                f"工作表“{layout.name}”没有“所在党支部”列，无法确定编入哪个支部，"
                "请指定一个党支部（命令行用 --organization 加党支部短代码）。",
                code="branch_needed",
            )


def check_workbook(
    workbook: Workbook,
    layouts: list[SheetLayout],
    places: Places,
    *,
    kind: str = AffiliationKind.ON_ROLL,
    paths: list[str] | None = None,
    today: date,
    lock: bool = False,
    progress: Callable[[int, int], Any] = lambda _done, _total: None,
) -> Outcome:
    """Read, check and plan all rows; nothing is written.

    `paths` are the subtrees whose members the actor sees, None for the system.
    """
    outcome = Outcome(layouts, planner=Planner(places, kind, paths, today))
    checker = Checker(places, today)
    total = sum(layout.row_count for layout in layouts if layout.is_read)
    for layout in layouts:
        if not layout.is_read:
            _tell_skipped(outcome, layout)
            continue
        _tell_derived(outcome, layout)
        parser = Parser(layout, places, today)
        for part in data_parts(workbook[layout.name], layout):
            lines = parser.parse(part)
            for line in lines:
                checker.check(line, layout)
            outcome.lines += lines
            progress(len(outcome.lines), total)
    outcome.planner.plan(outcome.lines, lock=lock)
    progress(total, total)
    return outcome


def _tell_skipped(outcome: Outcome, layout: SheetLayout) -> None:
    """A sheet left out says so, where it looks like a roster."""
    if layout.heading and layout.missing and not layout.hidden:
        missing = "、".join(layout.missing)
        text = f"工作表“{layout.name}”缺少{missing}列，没有导入。"
        note = Finding("sheet_skipped", text, missing)
        outcome.notes.append((layout.name, layout.heading, note))


def _tell_derived(outcome: Outcome, layout: SheetLayout) -> None:
    if layout.place_of("ethnicity") is None:
        label = FIELDS["ethnicity"].label
        text = f"本表没有“{label}”列，新增党员的{label}请在导入后补填。"
        note = Finding("ethnicity_missing", text, label)
        outcome.notes.append((layout.name, layout.heading, note))
    if layout.place_of("member_type") is None:
        label = FIELDS["member_type"].label
        text = f"本表没有“{label}”列，新增党员按入党满一年为正式党员推算，请核对。"
        note = Finding("member_type_derived", text, label)
        outcome.notes.append((layout.name, layout.heading, note))
