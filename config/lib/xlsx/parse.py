"""From bytes to rows, every check on the way; runs in the child."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import python_calamine

from config.lib.xlsx import csvfile, ole
from config.lib.xlsx.cells import column_letter
from config.lib.xlsx.errors import WorkbookError
from config.lib.xlsx.limits import MEGABYTE, Limits
from config.lib.xlsx.package import Package
from config.lib.xlsx.sheetscan import Formulas, scan_sheet
from config.lib.xlsx.smallzip import SmallZip, stored
from config.lib.xlsx.spool import Formula
from config.lib.xlsx.upload import Upload
from config.lib.xlsx.workbookparts import sheet_parts

_XLSX, _XLS = "新版 Excel 工作簿（.xlsx）", "旧版 Excel 工作簿（.xls）"
_PLAIN = 64 * MEGABYTE  # inflated bytes up to which the parser gets them so
_ZIP = b"PK\x03\x04"
_KNOWN_BINARY = (b"%PDF", b"Rar!", b"7z\xbc\xaf", b"\x89PNG", b"\xff\xd8\xff", b"MZ")


class ParsedSheet(NamedTuple):
    """One sheet; `rows` yields (number, values) of rows not blank."""

    name: str
    hidden: bool
    rows: Iterator[tuple[int, list]]


def parse(upload: Upload) -> Iterator[ParsedSheet]:
    """Yield the sheets of an upload of the kind its extension says."""
    data, extension, limits = upload.data, upload.extension, upload.limits
    if not data:
        raise WorkbookError("empty_file")
    actual = _sniff(data)
    if actual != extension:
        raise WorkbookError(
            "wrong_extension", extension=extension, actual=_kind_name(actual)
        )
    if extension == "csv":
        yield ParsedSheet("CSV", False, _csv_rows(data, limits))
    elif extension == "xls":
        yield from _parse_xls(data, limits)
    else:
        yield from _parse_xlsx(upload)


def _sniff(data: bytes) -> str:
    """Return xlsx, xls, html, xml or csv; dangerous content is refused here."""
    if data.startswith(ole.MAGIC):
        ole.check_xls(data)
        return "xls"
    if data.startswith((_ZIP, b"PK\x05\x06")):
        return "xlsx"
    if data.startswith(_KNOWN_BINARY):
        raise WorkbookError("not_workbook")
    head = data[:512].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if head.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<meta")):
        return "html"
    if head.startswith((b"<?xml", b"<!doctype", b"<workbook")):
        if b"<!doctype" in head or b"<!entity" in head:
            raise WorkbookError("doctype")
        return "html" if b"<html" in head else "xml"
    if b"\x00" in data[:4096] and data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise WorkbookError("not_workbook")
    return "csv"


def _kind_name(actual: str) -> str:
    names = {"xlsx": _XLSX, "xls": _XLS, "html": "网页", "xml": "XML 文本"}
    return names.get(actual, "纯文本")


def _looked_through(upload: Upload) -> tuple[bytes, dict[str, Formulas]]:
    """Check every part; return the workbook for the parser and each part's formulas.

    The parser is given the very bytes that were checked, no longer compressed: it
    takes two thirds of the time for them. Only a very big book goes as it came, since
    that would be held twice more.
    """
    package, plain, left = upload.package, SmallZip(), _PLAIN
    formulas, sheets = {}, None
    for name, content in package.parts():
        if (left := left - len(content)) > 0:
            plain.add(name, stored(content))
        if b"sheetData" not in content:
            continue
        if sheets is None:
            sheets = {part: label for label, part in _labels(package).items()}
        formulas[name] = scan_sheet(content, sheets.get(name, name), upload.limits)
    return plain.to_bytes() if left > 0 else upload.data, formulas


def _labels(package: Package) -> dict[str, str]:
    try:
        return sheet_parts(package)
    except WorkbookError:  # names only make a message clearer
        return {}


def _parse_xlsx(upload: Upload) -> Iterator[ParsedSheet]:
    plain, found = _looked_through(upload)
    parts = sheet_parts(upload.package)
    if not parts:
        raise WorkbookError("no_sheets")
    formulas = {name: found.get(part, {}) for name, part in parts.items()}
    workbook = _open(plain)
    del plain
    for index, name in enumerate(workbook.sheet_names):
        yield from _sheet(workbook, index, name, formulas.get(name, {}), upload.limits)


def _parse_xls(data: bytes, limits: Limits) -> Iterator[ParsedSheet]:
    cells = ole.check_xls(data)
    workbook = _open(data)
    for index, name in enumerate(workbook.sheet_names):
        formulas = dict.fromkeys(cells.get(index, ()), "")
        yield from _sheet(workbook, index, name, formulas, limits)


def _open(data: bytes) -> python_calamine.CalamineWorkbook:
    try:
        workbook = python_calamine.load_workbook(io.BytesIO(data))
    except python_calamine.PasswordError:
        raise WorkbookError("encrypted") from None
    if not workbook.sheet_names:
        raise WorkbookError("no_sheets")
    return workbook


def _sheet(
    workbook: python_calamine.CalamineWorkbook,
    index: int,
    name: str,
    formulas: Formulas,
    limits: Limits,
) -> Iterator[ParsedSheet]:
    metadata = workbook.sheets_metadata[index]
    if metadata.typ == python_calamine.SheetTypeEnum.WorkSheet:
        sheet = workbook.get_sheet_by_index(index)
        _check_size(sheet, name, limits)
        hidden = metadata.visible != python_calamine.SheetVisibleEnum.Visible
        yield ParsedSheet(name, hidden, _sheet_rows(sheet, formulas))


def _check_size(
    sheet: python_calamine.CalamineSheet, name: str, limits: Limits
) -> None:
    if sheet.end is None:
        return
    row, column = sheet.end
    if row + 1 > limits.rows:
        raise WorkbookError("far_row", sheet=name, row=row + 1, limit=limits.rows)
    if column + 1 > limits.columns:
        raise WorkbookError(
            "too_many_columns",
            sheet=name,
            column=column_letter(column),
            limit=limits.columns,
        )


def _sheet_rows(
    sheet: python_calamine.CalamineSheet, formulas: Formulas
) -> Iterator[tuple[int, list]]:
    left = [None] * (sheet.start[1] if sheet.start else 0)
    by_row: dict[int, list[tuple[int, str]]] = {}
    for (row, column), text in sorted(formulas.items()):
        by_row.setdefault(row, []).append((column, text))
    number = 0
    for number, raw in enumerate(sheet.iter_rows() if sheet.start else (), start=1):
        values = left + raw if left else raw
        if number in by_row:
            _mark_formulas(values, by_row.pop(number))
        # A blank cell is ''; a row of noughts is not blank.
        if any(values) or any(value not in ("", None) for value in values):
            yield number, values
    # Formulas without a stored result lie outside the range calamine knows.
    for number in sorted(by_row):
        values = []
        _mark_formulas(values, by_row[number])
        yield number, values


def _mark_formulas(values: list, formulas: Iterable[tuple[int, str]]) -> None:
    for column, text in formulas:
        if column >= len(values):
            values.extend([None] * (column + 1 - len(values)))
        values[column] = Formula(text, values[column])


def _csv_rows(data: bytes, limits: Limits) -> Iterator[tuple[int, list]]:
    for number, values in csvfile.read_csv(data, limits):
        if any(values):
            yield number, values
