"""Hand the user's own workbook back with the errors marked."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from config.lib.xlsx.errors import WorkbookError
from config.lib.xlsx.limits import Limits
from config.lib.xlsx.pages import Page, SmallWorkbook
from config.lib.xlsx.publish import Saved, atomic_file, saved
from config.lib.xlsx.reader import SheetData, Workbook, read_workbook
from config.lib.xlsx.spool import Formula, Row

NOTE_HEADER = "错误说明"
# sheet → row number → [(0-based column or None for the whole row, message)]
Errors = Mapping[str, Mapping[int, Sequence[tuple[int | None, str]]]]
# the look of a converted value, and of the same value in error
_RED = {"text": "error", "date": "error_date", "default": "error_default"}


def annotate(
    source: Path,
    *,
    original_name: str,
    errors: Errors,
    out: Path,
    headings: Mapping[str, int] | None = None,
    workbook: Workbook | None = None,
    limits: Limits | None = None,
) -> Saved:
    """Write the upload as .xlsx with a last column 错误说明 and red cells.

    An .xlsx keeps all its formats; .xls and .csv become .xlsx with the same cells in
    the same order. `headings` names each sheet's heading row (default 1). A column
    错误说明 from an earlier round is used again. `workbook`, when it is still open,
    saves reading the file a second time. Raises WorkbookError.
    """
    if workbook is None:
        with read_workbook(source, original_name=original_name, limits=limits) as own:
            return annotate(
                source,
                original_name=original_name,
                errors=errors,
                out=out,
                headings=headings,
                workbook=own,
            )
    plans = {
        name: _plan(_sheet(workbook, name), rows, (headings or {}).get(name, 1))
        for name, rows in errors.items()
    }
    if workbook.kind == "xlsx":
        result = _patched(workbook, plans, out)
        if result is not None:
            return result
    return _converted(workbook, plans, out)


def _sheet(workbook: Workbook, name: str) -> SheetData:
    try:
        return workbook[name]
    except KeyError:
        raise WorkbookError("same_sheet", sheet=name) from None


def _plan(
    sheet: SheetData, rows: Mapping[int, Sequence[tuple[int | None, str]]], heading: int
) -> dict:
    """Return what the child needs: column of the notes, heading row, rows."""
    column = sheet.width
    for row in sheet.rows:
        if row.number >= heading:
            if row.number == heading and NOTE_HEADER in row.values:
                column = row.values.index(NOTE_HEADER)
            break
    return {
        "column": column,
        "again": column < sheet.width,
        "heading": heading,
        "rows": {
            number: (
                sorted({place for place, _message in found if place is not None}),
                "；".join(dict.fromkeys(message for _place, message in found)),
            )
            for number, found in rows.items()
            if found
        },
    }


def _patched(workbook: Workbook, plans: dict, out: Path) -> Saved | None:
    """Let the child amend the file; None when its shape is not known."""
    child = workbook.child
    if child.ask("annotate", sheets=plans).get("needs_conversion"):
        return None
    child.marked.seek(0)
    with atomic_file(out) as file:
        shutil.copyfileobj(child.marked, file, 1 << 20)
        return saved(file)


def _converted(workbook: Workbook, plans: dict, out: Path) -> Saved:
    pages = [_page(sheet, plans.get(sheet.name)) for sheet in workbook.sheets]
    return SmallWorkbook(pages).save(out)


def _page(sheet: SheetData, plan: dict | None) -> Page:
    width = sheet.width
    page = Page(sheet.name, [14.0] * width + ([60.0] if plan else []), landscape=True)
    for row in sheet.rows:
        while page.number < row.number - 1:
            page.blank()
        _add_line(page, row, plan)
    return page


def _add_line(page: Page, row: Row, plan: dict | None) -> None:
    values = [
        value.cached if isinstance(value, Formula) else value for value in row.values
    ]
    looks = [_look(value) for value in values]
    if plan and row.number >= plan["heading"]:
        wrong, message = plan["rows"].get(row.number, ((), None))
        note = plan["column"]
        size = max(len(values), note + 1, *(place + 1 for place in wrong), 1)
        values += [None] * (size - len(values))
        looks += ["default"] * (size - len(looks))
        for place in wrong:
            looks[place] = _RED[looks[place]]
        values[note] = NOTE_HEADER if row.number == plan["heading"] else message
        looks[note] = "header" if row.number == plan["heading"] else "text"
    page.line(values, looks)


def _look(value: object) -> str:
    if isinstance(value, datetime.date):
        return "date"
    return "text" if isinstance(value, str) else "default"
