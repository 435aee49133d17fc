"""Designed sheets with openpyxl: monthly workbooks and forms for the seal.

Rows are numbered from 1 as Excel shows them; spans count columns from the first.
Imports openpyxl, so import this module only where such a sheet is made.
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import IO

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from config.lib.xlsx.cells import clean_text, clean_title, is_formula_like
from config.lib.xlsx.info import INFO_TITLE, ExportInfo, core_properties, footer_text
from config.lib.xlsx.parts import entry
from config.lib.xlsx.publish import Saved, output_file, saved

TITLE_FONT = Font(name="黑体", size=18)
HEAD_FONT = Font(name="黑体", size=11)
BODY_FONT = Font(name="仿宋", size=11)
TOTAL_FONT = Font(name="仿宋", size=11, bold=True)
NOTE_FONT = Font(name="宋体", size=11)
_THIN = Side(style="thin")
BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
HEAD_FILL = PatternFill("solid", fgColor="FFEDEDED")
CENTER = Alignment(horizontal="center", vertical="center", wrap_text=True)
LEFT = Alignment(horizontal="left", vertical="center", wrap_text=True)
RIGHT = Alignment(horizontal="right", vertical="center")

Value = str | int | float | Decimal | datetime.date | None


def new_workbook() -> Workbook:
    """Return a workbook without sheets; add them with `add_sheet`."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    return workbook


def add_sheet(
    workbook: Workbook,
    title: str,
    widths: Sequence[float],
    *,
    landscape: bool = True,
    repeat_rows: tuple[int, int] | None = None,
) -> Worksheet:
    """Add a sheet set up for A4, as wide as the page, heading rows repeated."""
    taken = {name.lower() for name in workbook.sheetnames}
    sheet = workbook.create_sheet(clean_title(title, taken))
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_options.horizontalCentered = True
    sheet.page_margins.left = sheet.page_margins.right = 0.6
    if repeat_rows:
        sheet.print_title_rows = f"{repeat_rows[0]}:{repeat_rows[1]}"
        sheet.freeze_panes = f"A{repeat_rows[1] + 1}"
    return sheet


def put(sheet: Worksheet, row: int, column: int, value: Value) -> Cell:
    """Write one value, column 0-based; text stays text whatever it looks like."""
    cell = sheet.cell(row, column + 1)
    if isinstance(value, str):
        text = clean_text(value)
        if not text:
            return cell
        cell.value = text
        cell.data_type = "s"
        cell.hyperlink = None
        cell.quotePrefix = is_formula_like(text)
    elif value is not None:
        cell.value = value
        if isinstance(value, datetime.date):
            cell.number_format = "yyyy-mm-dd"
    return cell


def title_row(sheet: Worksheet, row: int, text: str, span: int) -> int:
    """Write the title over `span` columns; return the next row."""
    cell = put(sheet, row, 0, text)
    cell.font, cell.alignment = TITLE_FONT, CENTER
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=span)
    sheet.row_dimensions[row].height = 36
    return row + 1


def unit_row(sheet: Worksheet, row: int, unit: str, moment: str, span: int) -> int:
    """Write 填报单位 at the left, the date or period at the right."""
    half = max(span // 2, 1)
    cell = put(sheet, row, 0, f"填报单位：{unit}")
    cell.font, cell.alignment = NOTE_FONT, Alignment(vertical="center")
    if half > 1:
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=half)
    if span > half:
        cell = put(sheet, row, half, moment)
        cell.font, cell.alignment = NOTE_FONT, RIGHT
        if span > half + 1:
            sheet.merge_cells(
                start_row=row, end_row=row, start_column=half + 1, end_column=span
            )
    sheet.row_dimensions[row].height = 22
    return row + 1


def heading_rows(
    sheet: Worksheet, row: int, rows: Sequence[Sequence[tuple[str, int, int]]]
) -> int:
    """Write merged headings; each row lists (text, columns, rows) left to right.

    A cell already covered by a heading above is skipped, as in an HTML table.
    Returns the next row.
    """
    covered: set[tuple[int, int]] = set()
    for offset, headings in enumerate(rows):
        column = 0
        for text, wide, high in headings:
            while (row + offset, column) in covered:
                column += 1
            _heading(sheet, row + offset, column, text, wide, high, covered)
            column += wide
        sheet.row_dimensions[row + offset].height = 26
    return row + len(rows)


def _heading(
    sheet: Worksheet,
    row: int,
    column: int,
    text: str,
    wide: int,
    high: int,
    covered: set[tuple[int, int]],
) -> None:
    put(sheet, row, column, text)
    for down in range(high):
        for across in range(wide):
            covered.add((row + down, column + across))
            cell = sheet.cell(row + down, column + across + 1)
            cell.font, cell.fill = HEAD_FONT, HEAD_FILL
            cell.border, cell.alignment = BORDER, CENTER
    if wide > 1 or high > 1:
        sheet.merge_cells(
            start_row=row,
            end_row=row + high - 1,
            start_column=column + 1,
            end_column=column + wide,
        )


def body_rows(
    sheet: Worksheet,
    row: int,
    rows: Sequence[Sequence[Value]],
    *,
    left: Sequence[int] = (),
) -> int:
    """Write bordered rows, centred but for the 0-based columns in `left`."""
    lefts = set(left)
    for number, values in enumerate(rows, start=row):
        for column, value in enumerate(values):
            cell = put(sheet, number, column, value)
            cell.font, cell.border = BODY_FONT, BORDER
            cell.alignment = LEFT if column in lefts else CENTER
            if isinstance(value, float | Decimal):
                cell.number_format = "0.00"
    return row + len(rows)


def totals_row(sheet: Worksheet, row: int, values: Sequence[Value]) -> int:
    """Write the bold row of totals, 合计 or another label first."""
    for column, value in enumerate(values):
        cell = put(sheet, row, column, value)
        cell.font, cell.border, cell.alignment = TOTAL_FONT, BORDER, CENTER
        if isinstance(value, float | Decimal):
            cell.number_format = "0.00"
    return row + 1


def signature_row(
    sheet: Worksheet, row: int, filled_by: str = "", checked_by: str = "", span: int = 2
) -> int:
    """Write 填表人 and 审核人 under the table."""
    cell = put(sheet, row, 0, f"填表人：{filled_by}")
    cell.font = NOTE_FONT
    cell = put(sheet, row, max(span // 2, 1), f"审核人：{checked_by}")
    cell.font = NOTE_FONT
    sheet.row_dimensions[row].height = 24
    return row + 1


def save(
    workbook: Workbook,
    target: Path | str | IO[bytes],
    info: ExportInfo | None = None,
    *,
    counted: int = 0,
) -> Saved:
    """Write the workbook whole or not at all; the same data gives the same bytes.

    `info` adds the last sheet 说明, properties and page footer; call once a workbook.
    """
    for sheet in workbook.worksheets:
        sheet.oddFooter.center.text = None
        _footer(sheet, info)
    if info:
        _info_sheet(workbook, info, counted)
    buffer = io.BytesIO()
    workbook.save(buffer)
    title = workbook.sheetnames[0] if workbook.sheetnames else ""
    core = core_properties(info, title)
    with output_file(target) as file:
        _rewrite(buffer, file, core)
        return saved(file)


def _footer(sheet: Worksheet, info: ExportInfo | None) -> None:
    """Set the three parts of the footer; the codes are already escaped."""
    left, center, right = "", "", ""
    for piece in re.split(r"(?<!&)(?=&[LCR])", footer_text(info)):
        if piece.startswith("&L"):
            left = piece[2:]
        elif piece.startswith("&C"):
            center = piece[2:]
        elif piece.startswith("&R"):
            right = piece[2:]
    footer = sheet.oddFooter
    footer.left.text, footer.center.text, footer.right.text = left, center, right


def _info_sheet(workbook: Workbook, info: ExportInfo, counted: int) -> None:
    sheet = add_sheet(workbook, INFO_TITLE, (16, 90), landscape=False)
    for number, (label, value) in enumerate(info.lines(counted), start=1):
        cell = put(sheet, number, 0, label)
        cell.font, cell.fill, cell.border = HEAD_FONT, HEAD_FILL, BORDER
        cell = put(sheet, number, 1, value)
        cell.font, cell.border, cell.alignment = BODY_FONT, BORDER, LEFT
        # Some office programs do not fit a row to its wrapped text by themselves.
        lines = -(-sum(2 if ord(c) > 255 else 1 for c in str(value)) // 84)
        sheet.row_dimensions[number].height = 16 * max(lines, 1)
    _footer(sheet, info)


def _rewrite(buffer: io.BytesIO, file: IO[bytes], core: str) -> None:
    """Copy the zip with fixed times and our own properties."""
    with (
        zipfile.ZipFile(buffer) as source,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = core.encode()
            archive.writestr(entry(name), content)
