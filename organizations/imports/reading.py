"""From a workbook to the rows of an organization register, each cell still raw."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from config.lib.dates import clean_text
from config.lib.errors import RuleError
from config.lib.xlsx.reader import SheetData, Workbook

HEADING_ROWS = 20

# The first of each is the heading of the national system, and the one named in
# messages where a sheet lacks the column.
HEADINGS: dict[str, tuple[str, ...]] = {
    "name": ("党组织全称", "党组织名称", "组织全称", "组织名称"),
    "short_name": ("党组织简称", "组织简称", "简称"),
    "parent": ("上级党组织", "上级党组织全称", "上级党组织名称", "上级组织"),
    "kind": ("组织类别", "党组织类别", "党组织类型", "组织类型"),
    "field": ("领域", "所属领域"),
    "founded_on": ("成立日期", "成立时间", "建立日期", "党组织成立日期"),
    "contact_name": ("党组织联系人", "联系人"),
    "contact_phone": ("联系电话", "联系人电话", "电话", "手机号码"),
    "unit_situation": ("党组织所在单位情况", "所在单位情况"),
    "term_ends_on": ("任期届满日期", "届满日期", "任期届满时间", "应换届时间"),
}
_BY_HEADING = {alias: key for key, names in HEADINGS.items() for alias in names}
_NOISE = re.compile(r"[\s*:：]|[(（][^()（）]*[)）]")


@dataclass(frozen=True)
class Finding:
    """One error or warning, where Excel shows it; `column` is the sheet's heading."""

    sheet: str
    row: int | None
    column: str
    code: str
    message: str

    def as_dict(self) -> dict[str, Any]:
        return {
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "code": self.code,
            "message": self.message,
        }


@dataclass
class SheetRow:
    """One row that names something; `cells` holds what is not blank."""

    sheet: str
    number: int
    headings: dict[str, str]
    cells: dict[str, Any]
    values: dict[str, Any] = field(default_factory=dict)
    errors: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)

    @property
    def key(self) -> str:
        return name_key(self.values.get("name", ""))

    def column(self, name: str) -> str:
        return self.headings.get(name) or HEADINGS[name][0]

    def has_error(self, name: str) -> bool:
        return any(error.column == self.column(name) for error in self.errors)

    def refuse(self, name: str, code: str, message: str) -> None:
        self.errors.append(self._finding(name, code, message))

    def warn(self, name: str, code: str, message: str) -> None:
        self.warnings.append(self._finding(name, code, message))

    def _finding(self, name: str, code: str, message: str) -> Finding:
        return Finding(self.sheet, self.number, self.column(name), code, message)


def name_key(name: str) -> str:
    """Return the form in which two spellings of one full name are equal."""
    return clean_text(name).replace(" ", "").replace("（", "(").replace("）", ")")


def read_rows(workbook: Workbook) -> list[SheetRow]:
    """Return the rows of every shown sheet that has a register's headings.

    Raises RuleError (code `no_headings`) when no sheet has.
    """
    rows: list[SheetRow] = []
    found = False
    for sheet in workbook.sheets:
        if sheet.hidden:
            continue
        place = find_headings(sheet, _BY_HEADING, _is_enough)
        if place is not None:
            found = True
            rows.extend(_sheet_rows(sheet, *place))
    if not found:
        raise RuleError(
            f"没有找到表头：前{HEADING_ROWS}行中须有“党组织全称”和“上级党组织”"
            "（或“组织类别”）等栏目。请核对是否选错了文件。",
            code="no_headings",
        )
    return rows


def _is_enough(keys: set[str]) -> bool:
    return "name" in keys and bool(keys & {"parent", "kind"})


def find_headings(
    sheet: SheetData,
    by_heading: Mapping[str, str],
    is_enough: Callable[[set[str]], bool],
) -> tuple[int, dict[int, tuple[str, str]]] | None:
    """Return the heading row's number and its columns: index to (key, heading).

    `by_heading` tells the key of each known heading; a row counts if its keys are
    enough, and of several the one that names most.
    """
    best: tuple[int, dict[int, tuple[str, str]]] | None = None
    for row in islice(sheet.rows, HEADING_ROWS):
        if row.number > HEADING_ROWS:
            break
        columns = _recognize(row.values, by_heading)
        enough = is_enough({key for key, _ in columns.values()})
        if enough and (best is None or len(columns) > len(best[1])):
            best = row.number, columns
    return best


def _recognize(
    values: Iterable[Any], by_heading: Mapping[str, str]
) -> dict[int, tuple[str, str]]:
    columns: dict[int, tuple[str, str]] = {}
    taken: set[str] = set()
    for index, value in enumerate(values):
        if not isinstance(value, str):
            continue
        key = by_heading.get(_NOISE.sub("", clean_text(value)))
        if key and key not in taken:
            taken.add(key)
            columns[index] = (key, clean_text(value))
    return columns


def _sheet_rows(
    sheet: SheetData, heading_row: int, columns: dict[int, tuple[str, str]]
) -> Iterable[SheetRow]:
    headings = dict(columns.values())
    for row in sheet.rows:
        if row.number <= heading_row:
            continue
        cells = {
            key: row.values[index]
            for index, (key, _) in columns.items()
            if index < len(row.values) and row.values[index] is not None
        }
        if cells:
            yield SheetRow(sheet.name, row.number, headings, cells)
