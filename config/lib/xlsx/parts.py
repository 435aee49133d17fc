"""The parts of a workbook around its sheets, and the zip that holds them."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import IO
from xml.sax.saxutils import escape, quoteattr

from config.lib.xlsx.styles import style_sheet

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_STAMP = (2000, 1, 1, 0, 0, 0)  # fixed: the same data gives the same bytes

CORE = "docProps/core.xml"
STYLES_XML = style_sheet().encode()
ROOT_RELS = (
    f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument"'
    ' Target="xl/workbook.xml"/>'
    f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties"'
    ' Target="docProps/core.xml"/></Relationships>'
).encode()


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """A written sheet: its clean title, repeated rows and filtered range."""

    title: str
    repeat: tuple[int, int] | None = None
    filtered: str | None = None


def entry(name: str) -> zipfile.ZipInfo:
    """Return a zip entry that looks the same each time."""
    info = zipfile.ZipInfo(name, _STAMP)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 3
    info.external_attr = 0o600 << 16
    return info


def open_zip(file: IO[bytes]) -> zipfile.ZipFile:
    return zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6)


def write_common(
    archive: zipfile.ZipFile, sheets: Sequence[SheetEntry], core: str
) -> None:
    """Write every part that is no sheet."""
    for name, content in common_parts(tuple(sheets)).items():
        archive.writestr(entry(name), core if name == CORE else content)


@lru_cache(maxsize=64)
def common_parts(sheets: tuple[SheetEntry, ...]) -> dict[str, bytes]:
    """Return the parts that are no sheet, in their order; CORE is left empty."""
    return {
        "[Content_Types].xml": _content_types(len(sheets)).encode(),
        "_rels/.rels": ROOT_RELS,
        CORE: b"",
        "xl/workbook.xml": _workbook(sheets).encode(),
        "xl/_rels/workbook.xml.rels": _workbook_rels(len(sheets)).encode(),
        "xl/styles.xml": STYLES_XML,
    }


def sheet_part(number: int) -> str:
    """Return the path of the sheet with a 1-based number."""
    return f"xl/worksheets/sheet{number}.xml"


def _content_types(count: int) -> str:
    sheets = "".join(
        f'<Override PartName="/{sheet_part(number)}"'
        f' ContentType="{_TYPE}.worksheet+xml"/>'
        for number in range(1, count + 1)
    )
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
        '<Override PartName="/docProps/core.xml"'
        ' ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
        f"{sheets}</Types>"
    )


def _workbook(sheets: Sequence[SheetEntry]) -> str:
    listed = "".join(
        f'<sheet name={quoteattr(sheet.title)} sheetId="{number}" r:id="rId{number}"/>'
        for number, sheet in enumerate(sheets, start=1)
    )
    names = "".join(_names(index, sheet) for index, sheet in enumerate(sheets))
    defined = f"<definedNames>{names}</definedNames>" if names else ""
    return (
        f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        f'<bookViews><workbookView activeTab="0"/></bookViews>'
        f"<sheets>{listed}</sheets>{defined}</workbook>"
    )


def _names(index: int, sheet: SheetEntry) -> str:
    title = escape("'" + sheet.title.replace("'", "''") + "'")
    found = ""
    if sheet.filtered:
        first, last = sheet.filtered.split(":")
        found += (
            f'<definedName name="_xlnm._FilterDatabase" localSheetId="{index}"'
            f' hidden="1">{title}!{_absolute(first)}:{_absolute(last)}</definedName>'
        )
    if sheet.repeat:
        first_row, last_row = sheet.repeat
        found += (
            f'<definedName name="_xlnm.Print_Titles" localSheetId="{index}">'
            f"{title}!${first_row}:${last_row}</definedName>"
        )
    return found


def _absolute(reference: str) -> str:
    column = reference.rstrip("0123456789")
    return f"${column}${reference[len(column) :]}"


def _workbook_rels(count: int) -> str:
    sheets = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/worksheet"'
        f' Target="worksheets/sheet{number}.xml"/>'
        for number in range(1, count + 1)
    )
    return (
        f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{sheets}'
        f'<Relationship Id="rId{count + 1}" Type="{_OFFICE}/styles"'
        ' Target="styles.xml"/></Relationships>'
    )
