"""The monthly workbook drawn from its content: the same content, the same bytes."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import IO, Any

from config.lib.xlsx import ExportInfo, Saved, designed
from reports import layout
from reports.monthly import Content

NAME_WIDTH = 20
NAMED = (
    # heading, key of the line, columns of the grid it spans
    ("姓名", "name", 2),
    ("性别", "sex", 1),
    ("所在党支部", "branch", 3),
    ("变动", "direction", 1),
    ("事由", "reason", 2),
    ("日期", "date", 2),
    ("说明", "note", 3),
)
MANY_COLUMNS = 20
FORMATS = {"rate": "0.0%", "hours": "0.0", "money": "0.00", "per": "0.00"}
ROW_HEIGHT = 24
HEADING_HEIGHT = 48
SIGNATURES = ("填表人：", "审核人：", "负责人：")


def save_workbook(
    content: Content, target: Path | str | IO[bytes], info: ExportInfo | None
) -> Saved:
    """Write the sheets of the layout, then 说明 when `info` is given."""
    workbook = designed.new_workbook()
    for sheet in content["sheets"]:
        _draw(workbook, content, sheet)
    return designed.save(workbook, target, info, counted=len(content["rows"]))


def definitions(content: Content) -> list[tuple[str, str]]:
    """Each column with its place and definition, for 说明."""
    lines = []
    for sheet in content["sheets"]:
        for group in sheet["groups"]:
            place = "·".join(filter(None, [sheet["title"], group["label"]]))
            for column in group["columns"]:
                text = f"【{place}】{column['definition']}"
                lines.append((column["label"], text))
    return lines


def _draw(workbook: Any, content: Content, sheet: dict[str, Any]) -> None:
    columns = list(layout.columns_of(sheet))
    widths = [NAME_WIDTH, *(_width(column, len(columns)) for column in columns)]
    page = designed.add_sheet(workbook, sheet["title"], widths, repeat_rows=(1, 4))
    span = len(widths)
    filled = date.fromisoformat(content["filled_on"])
    row = designed.title_row(page, 1, f"{content['title']}{sheet['heading']}", span)
    row = designed.unit_row(
        page,
        row,
        content["organization"]["name"],
        f"填报日期：{filled.year}年{filled.month}月{filled.day}日",
        span,
    )
    row = designed.heading_rows(page, row, _headings(sheet))
    # Headings wrap to two or three lines.
    page.row_dimensions[row - 1].height = HEADING_HEIGHT
    first = row
    rows = [] if sheet.get("is_total_only") else content["rows"]
    lines = [[line["name"], *_cells(columns, line)] for line in rows]
    row = designed.body_rows(page, row, lines, left=(0,))
    total = ["合计", *_cells(columns, {"values": content["total"]})]
    row = designed.totals_row(page, row, total)
    _percents(page, first, row, columns)
    _heights(page, first, row)
    if sheet["key"] == "changes":
        row = _people(page, row + 1, content["changes"], span)
    _signatures(page, row + 1, span)


def _width(column: layout.Column, columns: int) -> float:
    """Wide enough for the heading, in several lines where many share the page."""
    if columns > MANY_COLUMNS:
        return 6.6
    if columns > 12:
        return max(8.0, len(column["label"]) + 3.0)
    # A Chinese letter takes two places: a bracket alone on a line looks torn off.
    return min(18.0, max(11.0, 2.0 * len(column["label"]) + 2.0))


def _headings(sheet: dict[str, Any]) -> list[list[tuple[str, int, int]]]:
    """Merged headings: a group over its columns, a single column over both rows."""
    top: list[tuple[str, int, int]] = [("党组织", 1, 2)]
    below: list[tuple[str, int, int]] = []
    for group in sheet["groups"]:
        if group["label"]:
            top.append((group["label"], len(group["columns"]), 1))
            below += [(column["label"], 1, 1) for column in group["columns"]]
        else:
            top += [(column["label"], 1, 2) for column in group["columns"]]
    return [top, below]


def _cells(columns: list[layout.Column], line: dict[str, Any]) -> list[Any]:
    values = [layout.cell(column, line["values"]) for column in columns]
    return ["—" if value is None else value for value in values]


def _percents(page: Any, first: int, end: int, columns: list[layout.Column]) -> None:
    for number, column in enumerate(columns, start=2):
        if (code := FORMATS.get(column["kind"])) is not None:
            for row in range(first, end):
                page.cell(row, number).number_format = code


def _people(page: Any, row: int, changes: list[dict[str, str]], span: int) -> int:
    """List who came and who left; a line spans columns of the table above."""
    *named, (note, key, _) = NAMED
    # The last column takes what is left of the table's width.
    named.append((note, key, span - 1 - sum(wide for _, _, wide in named)))
    row = designed.heading_rows(
        page, row, [[(f"变动人员名单（{len(changes)}人次）", span, 1)]]
    )
    headings = [("序号", 1, 1), *((heading, wide, 1) for heading, _, wide in named)]
    first = row + 1
    row = designed.heading_rows(page, row, [headings])
    for number, change in enumerate(changes, start=1):
        values = [str(number)]
        for _, key, wide in named:
            values += [change[key], *[""] * (wide - 1)]
        designed.body_rows(page, row, [values])
        left = 2
        for _, _, wide in named:
            if wide > 1:
                page.merge_cells(
                    start_row=row,
                    end_row=row,
                    start_column=left,
                    end_column=left + wide - 1,
                )
            left += wide
        row += 1
    if not changes:
        row = designed.body_rows(page, row, [["本月无"]])
    _heights(page, first, row)
    return row


def _heights(page: Any, first: int, end: int) -> None:
    for row in range(first, end):
        page.row_dimensions[row].height = ROW_HEIGHT


def _signatures(page: Any, row: int, span: int) -> None:
    """填表人, 审核人 and 负责人 in three parts of the page's width."""
    for number, label in enumerate(SIGNATURES):
        cell = designed.put(page, row, number * span // len(SIGNATURES), label)
        cell.font = designed.NOTE_FONT
    page.row_dimensions[row].height = 30
