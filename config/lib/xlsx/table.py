"""Big plain sheets, written as they come: memory stays flat."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from config.lib.xlsx.cells import clean_title
from config.lib.xlsx.errors import WorkbookError
from config.lib.xlsx.info import ExportInfo, core_properties, footer_text
from config.lib.xlsx.limits import EXCEL_ROWS
from config.lib.xlsx.pages import info_page, sheet_closing, sheet_opening
from config.lib.xlsx.parts import SheetEntry, entry, open_zip, sheet_part, write_common
from config.lib.xlsx.publish import Saved, output_file, saved
from config.lib.xlsx.rawcells import Value, letters, text_tail, value_tail
from config.lib.xlsx.styles import STYLE_NUMBERS

KINDS = ("text", "int", "decimal", "date", "datetime")
_BATCH = 500  # rows handed to the compressor at once
_MEMO = 20_000  # texts whose XML is remembered: 男, 汉族, names of branches


@dataclass(frozen=True, slots=True)
class Column:
    """A column: heading, one of KINDS, width in characters."""

    header: str
    kind: str = "text"
    width: float = 14

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown kind of column: {self.kind}")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet to write; `rows` may be a generator, each row as long as `columns`."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Value]]
    autofilter: bool = False


def write_table(
    target: Path | str | IO[bytes],
    *,
    sheets: Iterable[Sheet],
    info: ExportInfo | None = None,
) -> Saved:
    """Write data sheets, then 说明 when `info` is given; whole or not at all.

    Text stays text whatever it looks like. Raises WorkbookError(rows_full) where
    Excel would run out of rows, ValueError for a row of another length.
    """
    footer = footer_text(info)
    with output_file(target) as file:
        entries: list[SheetEntry] = []
        taken: set[str] = set()
        counted = 0
        with open_zip(file) as archive:
            for sheet in sheets:
                title = clean_title(sheet.title, taken)
                part = sheet_part(len(entries) + 1)
                written = _write_sheet(archive, part, sheet, title, footer)
                counted += written
                entries.append(_entry(sheet, title, written))
            if info:
                page = info_page(info, counted)
                title = clean_title(page.title, taken)
                part = sheet_part(len(entries) + 1)
                archive.writestr(entry(part), page.xml(footer))
                entries.append(SheetEntry(title))
            name = entries[0].title if entries else ""
            write_common(archive, entries, core_properties(info, name))
        return saved(file)


def _entry(sheet: Sheet, title: str, written: int) -> SheetEntry:
    return SheetEntry(title, (1, 1), _filter(sheet, written))


def _filter(sheet: Sheet, written: int) -> str | None:
    if not sheet.autofilter:
        return None
    return f"A1:{letters(len(sheet.columns))[-1]}{written + 1}"


def _write_sheet(
    archive: zipfile.ZipFile, part: str, sheet: Sheet, title: str, footer: str
) -> int:
    """Stream one sheet; return its number of data rows."""
    with archive.open(entry(part), "w", force_zip64=True) as stream:
        opening = sheet_opening([column.width for column in sheet.columns], 1)
        stream.write((opening + _header(sheet.columns)).encode())
        row_xml = _row_writer(sheet.columns)
        number, batch = 1, []
        for values in sheet.rows:
            number += 1
            if number > EXCEL_ROWS:
                raise WorkbookError("rows_full", sheet=title)
            batch.append(row_xml(number, values))
            if len(batch) == _BATCH:
                stream.write("".join(batch).encode())
                batch.clear()
        filtered = _filter(sheet, number - 1)
        closing = f'<autoFilter ref="{filtered}"/>' if filtered else ""
        stream.write(
            ("".join(batch) + "</sheetData>" + closing).encode()
            + sheet_closing(footer, len(sheet.columns) > 8).encode()
        )
    return number - 1


def _header(columns: Sequence[Column]) -> str:
    style = STYLE_NUMBERS["header"]
    cells = [
        f'<c r="{letter}1{text_tail(column.header, style)}'
        for letter, column in zip(letters(len(columns)), columns, strict=True)
    ]
    return '<row r="1">' + "".join(cells) + "</row>"


def _row_writer(columns: Sequence[Column]) -> Callable[[int, Sequence[Value]], str]:
    """Return the function that turns one row into XML.

    Blank cells are left out. Texts already met are taken from a memo, which is
    most of them in a roster.
    """
    looks = [
        (letter, STYLE_NUMBERS[column.kind], column.kind)
        for letter, column in zip(letters(len(columns)), columns, strict=True)
    ]
    text_style = STYLE_NUMBERS["text"]
    memo: dict[str, str] = {}

    def row_xml(number: int, values: Sequence[Value]) -> str:
        digits = str(number)
        parts = [f'<row r="{digits}">']
        for (letter, style, kind), value in zip(looks, values, strict=True):
            if value is None or value == "":
                continue
            if type(value) is str:
                tail = memo.get(value)
                if tail is None:
                    tail = text_tail(value, text_style)
                    if len(memo) < _MEMO:
                        memo[value] = tail
            else:
                tail = value_tail(value, style, kind)
            parts.append(f'<c r="{letter}{digits}{tail}')
        parts.append("</row>")
        return "".join(parts)

    return row_xml
