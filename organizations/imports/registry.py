"""From a registration authority's workbook to the rows of its list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from config.lib.dates import clean_text
from config.lib.errors import RuleError
from config.lib.identity import normalize_credit_code
from config.lib.xlsx.reader import SheetData, Workbook
from organizations.imports.reading import HEADING_ROWS, find_headings
from organizations.registry_rules import (
    Listed,
    is_ended_state,
    plain,
    registered_kind,
)

HEADINGS: dict[str, tuple[str, ...]] = {
    "credit_code": ("统一社会信用代码", "社会信用代码", "信用代码", "统一代码"),
    "name": (
        *("企业名称", "单位名称", "社会组织名称", "市场主体名称", "机构名称"),
        *("经营主体名称", "组织名称", "名称"),
    ),
    "kind": (
        *("企业类型", "市场主体类型", "社会组织类型", "经营主体类型", "单位类型"),
        *("单位类别", "机构类型", "类型", "类别"),
    ),
    "address": ("住所", "注册地址", "经营场所", "住址", "地址", "登记地址"),
    "legal_person": (
        *("法定代表人", "法人代表", "法定代表人姓名", "法定代表人或负责人"),
        *("负责人", "经营者", "投资人", "出资人"),
    ),
    "state": ("登记状态", "经营状态", "企业状态", "存续状态", "状态"),
}
_BY_HEADING = {alias: key for key, names in HEADINGS.items() for alias in names}
_NEEDED = {"credit_code", "name"}
_LENGTH = 18
SHOWN_PROBLEMS = 100
_MOST = {"name": 120, "address": 200, "legal_person": 50}


@dataclass
class RegistryRows:
    """What a list says; `problems` are (row, what is wrong) of rows left out."""

    rows: list[Listed] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)
    problem_count: int = 0
    # Plain names of rows left out: such a unit is not said to be gone.
    spared: set[str] = field(default_factory=set)

    def leave_out(self, number: int, name: str, problem: str) -> None:
        self.problem_count += 1
        if len(self.problems) < SHOWN_PROBLEMS:
            self.problems.append((number, problem))
        if name:
            self.spared.add(plain(name))


def read_registry(workbook: Workbook, scope: str) -> RegistryRows:
    """Return the rows of every shown sheet that has a list's headings.

    Raises RuleError (code `no_headings`) when no sheet has, and for an empty list:
    it would say of every unit that it is gone.
    """
    found, has_headings = RegistryRows(), False
    first_of: dict[str, int] = {}
    for sheet in workbook.sheets:
        place = None
        if not sheet.hidden:
            place = find_headings(sheet, _BY_HEADING, _NEEDED.issubset)
        if place is not None:
            has_headings = True
            _read_sheet(sheet, *place, found, first_of, scope)
    if not has_headings:
        raise RuleError(
            f"没有找到表头：前{HEADING_ROWS}行中须有“统一社会信用代码”和“企业名称”"
            "（或“单位名称”“社会组织名称”）两栏。请核对是否选错了文件，或把表头改成"
            "这些名称；没有写入任何数据。",
            code="no_headings",
        )
    if not found.rows:
        raise RuleError(
            "名单里没有读出一家单位，请核对文件；没有写入任何数据。", code="empty"
        )
    return found


def _read_sheet(
    sheet: SheetData,
    heading_row: int,
    columns: dict[int, tuple[str, str]],
    found: RegistryRows,
    first_of: dict[str, int],
    scope: str,
) -> None:
    kinds: dict[str, str] = {}
    for number, cells in _cells(sheet, heading_row, columns):
        code = normalize_credit_code(cells.get("credit_code", ""))
        name = cells.get("name", "")
        if problem := _problem(code, cells, first_of):
            found.leave_out(number, name, problem)
            continue
        first_of[code] = number
        words = cells.get("kind", "")
        if words not in kinds:
            kinds[words] = registered_kind(words, scope)
        found.rows.append(
            Listed(
                credit_code=code,
                name=name,
                kind=kinds[words],
                address=cells.get("address", ""),
                legal_person=cells.get("legal_person", ""),
                is_ended=is_ended_state(cells.get("state", "")),
            )
        )


def _cells(
    sheet: SheetData, heading_row: int, columns: dict[int, tuple[str, str]]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Number and words of every row below the headings that holds something."""
    places = [(index, key) for index, (key, _) in columns.items()]
    for row in sheet.rows:
        if row.number <= heading_row:
            continue
        values = row.values
        cells: dict[str, str] = {}
        for index, key in places:
            value: Any = values[index] if index < len(values) else None
            if value is not None and (text := clean_text(value)):
                cells[key] = text
        if cells:
            yield row.number, cells


def _problem(code: str, cells: dict[str, str], first_of: dict[str, int]) -> str:
    if not code:
        return "没有统一社会信用代码"
    if len(code) != _LENGTH or not code.isascii() or not code.isalnum():
        return f"统一社会信用代码“{code[:20]}”应为18位数字和字母"
    if not cells.get("name"):
        return "没有名称"
    if code in first_of:
        return f"统一社会信用代码和第{first_of[code]}行相同，以先出现的为准"
    for key, most in _MOST.items():
        if len(cells.get(key, "")) > most:
            return f"“{HEADINGS[key][0]}”超过{most}个字"
    return ""
