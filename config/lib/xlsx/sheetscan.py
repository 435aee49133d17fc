"""A quick look through a sheet's XML: sizes and formulas; runs in the child.

Regular expressions instead of a parser: a fifth of the time. What slips past them
(odd spellings no program writes) still meets the limits of the sandbox.
"""

from __future__ import annotations

import re
from html import unescape

from config.lib.xlsx.cells import column_index
from config.lib.xlsx.errors import WorkbookError
from config.lib.xlsx.limits import EXCEL_COLUMNS, EXCEL_ROWS, Limits

_DATA = re.compile(rb"<((?:[A-Za-z_][\w.-]*:)?)sheetData\b[^>]*>")
_ROW_NUMBER = re.compile(rb"""\sr\s*=\s*["']([^"']*)["']""")
_MERGE = re.compile(rb"""<(?:[\w.-]+:)?mergeCell\s[^>]*?ref\s*=\s*["']([^"']*)["']""")
_RANGE = re.compile(rb"^([A-Z]{1,3})(\d{1,7})(?::([A-Z]{1,3})(\d{1,7}))?$")
_CELL = re.compile(rb"<(?:[\w.-]+:)?c(?=[\s/>])([^>]*?)(/?)>")
_CELL_REF = re.compile(rb"""\sr\s*=\s*["']([A-Z]+)\d""")
_FORMULA = re.compile(rb"\s*<(?:[\w.-]+:)?f(?=[\s/>])([^>]*?)(?:/>|>([^<]*)<)")
_SHARED = re.compile(rb"""\ssi\s*=\s*["'](\d+)["']""")


# Text by (row number, 0-based column).
Formulas = dict[tuple[int, int], str]


def scan_sheet(xml: bytes, label: str, limits: Limits) -> Formulas:
    """Refuse impossible or too big sheets; return their formulas."""
    formulas: Formulas = {}
    data = _DATA.search(xml)
    if data is None or data[0].endswith(b"/>"):
        _check_merges(xml, label, limits)
        return formulas
    prefix = data[1]
    end = xml.rfind(b"</" + prefix + b"sheetData")
    if end == -1:
        raise WorkbookError("damaged")
    _scan_rows(xml, data.end(), end, prefix, label, limits, formulas)
    _check_columns(xml, data.end(), end, prefix, label, limits)
    _check_merges(xml[end:], label, limits)
    return formulas


def _scan_rows(
    xml: bytes,
    start: int,
    end: int,
    prefix: bytes,
    label: str,
    limits: Limits,
    formulas: Formulas,
) -> None:
    if _is_usual(xml, start, end, prefix, limits):
        return
    opening = b"<" + prefix + b"row"
    value, inline = b"<" + prefix + b"v", b"<" + prefix + b"is"
    formula = b"<" + prefix + b"f"
    has_formulas = _has_formulas(xml, start, end, prefix)
    shared: dict[bytes, str] = {}
    number, seen, written, far = 0, 0, 0, 0
    position = xml.find(opening, start, end)
    while position != -1:
        following = xml.find(opening, position + len(opening), end)
        stop = end if following == -1 else following
        seen += 1
        head = xml.find(b">", position, stop)
        number = _row_number(xml, position, head, number, label)
        if seen > EXCEL_ROWS:
            raise WorkbookError("too_many_rows", sheet=label, limit=limits.rows)
        if xml.find(value, head, stop) != -1 or xml.find(inline, head, stop) != -1:
            written += 1
            far = far or (number if number > limits.rows else 0)
            if written > limits.rows:
                raise WorkbookError("too_many_rows", sheet=label, limit=limits.rows)
        if has_formulas and xml.find(formula, head, stop) != -1:
            _row_formulas(xml[head:stop], number, shared, formulas)
        position = following
    if far:
        raise WorkbookError("far_row", sheet=label, row=far, limit=limits.rows)


def _is_usual(xml: bytes, start: int, end: int, prefix: bytes, limits: Limits) -> bool:
    """Whether all rows are numbered, within the limits and without a formula.

    So are nearly all; the others are looked at row by row.
    """
    if _has_formulas(xml, start, end, prefix):
        return False
    row = re.compile(rb"<%srow(?=[\s/>])[^>]*>" % re.escape(prefix))
    heads = row.findall(xml, start, end)
    numbers = [found[1] for head in heads if (found := _ROW_NUMBER.search(head))]
    return (
        len(numbers) == len(heads) <= limits.rows
        and all(map(bytes.isdigit, numbers))
        and max(map(len, numbers), default=0) <= len(str(EXCEL_ROWS))
        and all(1 <= int(number) <= limits.rows for number in numbers)
    )


def _has_formulas(xml: bytes, start: int, end: int, prefix: bytes) -> bool:
    # One letter is found thirty times as quickly as a tag, and most rosters lack it.
    letter = xml.find(b"f", start, end)
    return letter != -1 and xml.find(b"<" + prefix + b"f", start, end) != -1


def _row_number(xml: bytes, start: int, end: int, before: int, label: str) -> int:
    found = _ROW_NUMBER.search(xml, start, end) if end != -1 else None
    if found is None:
        return before + 1
    digits = found[1].decode("ascii", "replace").strip()
    if not digits.isdecimal():
        raise WorkbookError("damaged")
    if len(digits) > 7 or not 1 <= int(digits) <= EXCEL_ROWS:
        raise WorkbookError("row_number", sheet=label, row=digits[:20])
    return int(digits)


def _row_formulas(body: bytes, row: int, shared: dict, formulas: Formulas) -> None:
    column = -1
    for cell in _CELL.finditer(body):
        reference = _CELL_REF.search(cell[1])
        column = column_index(reference[1].decode()) if reference else column + 1
        found = None if cell[2] else _FORMULA.match(body, cell.end())
        if found is None:
            continue
        text = unescape((found[2] or b"").decode("utf-8", "replace"))
        if index := _SHARED.search(found[1]):
            text = (
                shared.setdefault(index[1], text) if text else shared.get(index[1], "")
            )
        formulas[row, column] = text


def _check_columns(
    xml: bytes, start: int, end: int, prefix: bytes, label: str, limits: Limits
) -> None:
    """Refuse content right of the last column allowed; bare styles are harmless."""
    far = re.compile(rb' r="(%s)\d' % _beyond(limits.columns))
    contents = (b"<" + prefix + b"v", b"<" + prefix + b"is", b"<" + prefix + b"f")
    for found in far.finditer(xml, start, end):
        close = xml.find(b">", found.end(), end)
        if xml[close - 1 : close] == b"/":
            continue
        if xml[close + 1 : close + 64].lstrip().startswith(contents):
            column = found[1].decode()
            raise WorkbookError(
                "too_many_columns", sheet=label, column=column, limit=limits.columns
            )


def _beyond(limit: int) -> bytes:
    """Return a pattern of column letters after the `limit`-th (27 to 701)."""
    first, second = divmod(limit - 27, 26)
    high, low = chr(65 + first), chr(65 + second)
    later = f"{high}[{chr(ord(low) + 1)}-Z]|" if low != "Z" else ""
    more = f"[{chr(ord(high) + 1)}-Z][A-Z]|" if high != "Z" else ""
    return f"{later}{more}[A-Z]{{3,}}".encode()


def _check_merges(tail: bytes, label: str, limits: Limits) -> None:
    area = 0
    for count, merge in enumerate(_MERGE.finditer(tail), start=1):
        bounds = _RANGE.match(merge[1].strip().replace(b"$", b""))
        if bounds is None:
            raise WorkbookError("merged_cells", sheet=label)
        left, right = (
            column_index((bounds[i] or bounds[1]).decode()) + 1 for i in (1, 3)
        )
        top, bottom = int(bounds[2]), int(bounds[4] or bounds[2])
        area += (abs(right - left) + 1) * (abs(bottom - top) + 1)
        outside = max(left, right) > EXCEL_COLUMNS or max(top, bottom) > EXCEL_ROWS
        if outside or count > limits.merges or area > limits.merged_area:
            raise WorkbookError("merged_cells", sheet=label)
