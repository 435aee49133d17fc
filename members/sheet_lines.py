"""Small workbooks of one kind of row: headings found, cells read, every error kept.

For lists that an office fills in by our template, or keeps in a form of its own whose
headings are close enough. What becomes of a row its own app says.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from config.lib.dates import EMPTY_WORDS, clean_text
from config.lib.errors import RuleError
from config.lib.xlsx import Column, Formula, Sheet, SheetData, Workbook
from members.imports.layout import HEADING_DEPTH, normalize_heading


@dataclass
class SheetLine:
    """One row of a workbook: what its cells say, and what is wrong with them."""

    sheet: str
    number: int
    values: dict[str, Any] = field(default_factory=dict)
    errors: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class SheetKind:
    """What such a workbook holds.

    `headings` gives each column's own heading and others that mean the same, in the
    order of the template. `convert(key, raw)` returns a cell's value or raises
    RuleError. A row is one of ours where it has all the cells of one of `marks`:
    a totals row or a signature has none.
    """

    headings: Mapping[str, tuple[str, ...]]
    required: tuple[str, ...]
    marks: tuple[Collection[str], ...]
    noun: str
    most_rows: int
    convert: Callable[[str, Any], Any]
    line: type[SheetLine] = SheetLine

    def label(self, key: str) -> str:
        """The heading of the workbook that is handed out."""
        return self.headings[key][0]

    @property
    def needed(self) -> str:
        return "、".join(self.label(key) for key in self.required)

    def read(self, workbook: Workbook) -> list[Any]:
        """Return the rows. Raises RuleError where there is no such sheet."""
        lines = [
            line
            for sheet in workbook.sheets
            if not sheet.hidden
            for line in self._lines(sheet)
        ]
        if not lines:
            raise RuleError(
                f"没有找到{self.noun}：前{HEADING_DEPTH}行中须有“{self.needed}”等栏目，"
                "下面每行一条。可以下载模板填写。",
                code="no_headings",
            )
        if len(lines) > self.most_rows:
            raise RuleError(
                f"一份表最多{self.most_rows}行，这份有{len(lines)}行，请分开上传。",
                code="too_many",
            )
        return lines

    def sheets(
        self, title: str, notes: Collection[str], widths: Mapping[str, int]
    ) -> list[Sheet]:
        """The template: an empty list, and how it is filled in."""
        columns = [
            Column(self.label(k), width=widths.get(k, 14)) for k in self.headings
        ]
        return [
            Sheet(title, columns, []),
            Sheet("填写说明", [Column("填写说明", width=80)], [(n,) for n in notes]),
        ]

    def _lines(self, sheet: SheetData) -> Iterator[SheetLine]:
        by_heading = {
            name: key for key, names in self.headings.items() for name in names
        }
        heading, columns = 0, {}
        for row in islice(iter(sheet.rows), HEADING_DEPTH):
            found = {
                place: key
                for place, value in enumerate(row.values)
                if (key := by_heading.get(normalize_heading(value or "")))
            }
            if set(self.required) <= set(found.values()):
                heading, columns = row.number, found
                break
        if not columns:
            return
        for row in sheet.rows:
            if row.number <= heading:
                continue
            cells = {
                key: row.values[place]
                for place, key in columns.items()
                if place < len(row.values) and not _is_blank(row.values[place])
            }
            if any(cells.keys() >= set(mark) for mark in self.marks):
                yield self._line(self.line(sheet.name, row.number), cells)

    def _line(self, line: SheetLine, cells: Mapping[str, Any]) -> SheetLine:
        for key in self.required:
            if key not in cells:
                line.errors.append((self.label(key), "没有填写。"))
        for key, raw in cells.items():
            try:
                if isinstance(raw, Formula):
                    raise RuleError("是公式，请直接填写文字。", code="formula")
                line.values[key] = self.convert(key, raw)
            except RuleError as error:
                line.errors.append((self.label(key), error.text))
        return line


def _is_blank(value: Any) -> bool:
    return value is None or (
        isinstance(value, str) and clean_text(value) in EMPTY_WORDS
    )


def short_text(raw: Any, most: int) -> str:
    """A cell as text. Raises RuleError where it is too long."""
    text = clean_text(raw)
    if len(text) > most:
        raise RuleError(f"内容超过{most}个字，请缩短。", code="too_long")
    return text
