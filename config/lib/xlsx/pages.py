"""Small and designed sheets as raw XML: thousands of files a minute.

A `Page` is filled line by line from the top; `SmallWorkbook` makes the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import IO
from xml.sax.saxutils import escape

from config.lib.xlsx.cells import clean_title
from config.lib.xlsx.info import INFO_TITLE, ExportInfo, core_properties, footer_text
from config.lib.xlsx.parts import CORE, SheetEntry, common_parts, sheet_part
from config.lib.xlsx.publish import Saved, output_file, saved
from config.lib.xlsx.rawcells import Value, letters, value_tail
from config.lib.xlsx.smallzip import SmallZip, packed, packed_once
from config.lib.xlsx.styles import STYLE_NUMBERS, STYLES

SHEET_HEAD = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
)
_REPEATING = {str, float, date}
_LOOKS = {name: (STYLE_NUMBERS[name], style.format) for name, style in STYLES.items()}


class Page:
    """One sheet: column widths, lines, merged ranges, print set-up.

    `repeat_rows` are the first and last row printed on each page again; `freeze`
    is the number of rows that stay on the screen.
    """

    def __init__(
        self,
        title: str,
        widths: Sequence[float],
        *,
        landscape: bool = False,
        repeat_rows: tuple[int, int] | None = None,
        freeze: int = 0,
    ) -> None:
        self.title = title
        self.widths = widths
        self.landscape = landscape
        self.repeat_rows = repeat_rows
        self.freeze = freeze
        self.number = 0
        self._rows: list[str] = []
        self._merges: list[str] = []

    def line(
        self,
        values: Sequence[Value],
        style: str | Sequence[str] = "cell",
        *,
        height: float | None = None,
    ) -> int:
        """Add a row of values in one style or one each; return its number."""
        self.number += 1
        looks = (
            [_LOOKS[style]] * len(values)
            if isinstance(style, str)
            else [_LOOKS[name] for name in style]
        )
        cells = [
            f'<c r="{column}{self.number}{value_tail(value, *look)}'
            for column, value, look in zip(
                letters(len(values)), values, looks, strict=True
            )
        ]
        self._rows.append(self._opening(height) + "".join(cells) + "</row>")
        return self.number

    def lines(self, rows: Iterable[Sequence[Value]], styles: Sequence[str]) -> None:
        """Add many rows of the same styles, as `line` would one by one.

        The XML of a text or a day is made once a column: names and kinds repeat.
        """
        cells: list[tuple[str, int, str, dict]] = [
            (f'<c r="{column}', *_LOOKS[name], {})
            for column, name in zip(letters(len(styles)), styles, strict=True)
        ]
        for values in rows:
            self.number += 1
            number = str(self.number)
            parts = [f'<row r="{number}">']
            for value, (column, look, kind, known) in zip(values, cells, strict=True):
                # Not by any value: 2 and 2.0 are equal and drawn differently, and so
                # are both zeros.
                if value and value.__class__ in _REPEATING:
                    tail = known.get(value)
                    if tail is None:
                        tail = known[value] = value_tail(value, look, kind)
                else:
                    tail = value_tail(value, look, kind)
                parts += (column, number, tail)
            parts.append("</row>")
            self._rows.append("".join(parts))

    def merged(
        self,
        spans: Sequence[tuple[Value, int]] | str,
        style: str = "title",
        *,
        height: float | None = None,
    ) -> int:
        """Add a row of (value, columns it spans); a text alone spans the page."""
        if isinstance(spans, str):
            spans = [(spans, len(self.widths))]
        values: list[Value] = []
        for value, width in spans:
            start = len(values)
            values += [value, *[None] * (width - 1)]
            if width > 1:
                self.merge(self.number + 1, start, self.number + 1, start + width - 1)
        return self.line(values, style, height=height)

    def merge(self, top: int, left: int, bottom: int, right: int) -> None:
        """Merge cells: rows by their numbers, columns 0-based, ends included."""
        names = letters(right + 1)
        self._merges.append(f"{names[left]}{top}:{names[right]}{bottom}")

    def blank(self, height: float | None = None) -> int:
        """Add an empty row."""
        self.number += 1
        self._rows.append(self._opening(height) + "</row>")
        return self.number

    def _opening(self, height: float | None) -> str:
        if height is None:
            return f'<row r="{self.number}">'
        return f'<row r="{self.number}" ht="{height:g}" customHeight="1">'

    def xml(self, footer: str) -> str:
        """Return the sheet's part."""
        merges = "".join(f'<mergeCell ref="{span}"/>' for span in self._merges)
        return (
            sheet_opening(self.widths, self.freeze)
            + "".join(self._rows)
            + "</sheetData>"
            + (f"<mergeCells>{merges}</mergeCells>" if merges else "")
            + sheet_closing(footer, self.landscape)
        )


def sheet_opening(widths: Sequence[float], freeze: int) -> str:
    """Return the sheet's XML up to and with <sheetData>."""
    pane = (
        f'<pane ySplit="{freeze}" topLeftCell="A{freeze + 1}" activePane="bottomLeft"'
        ' state="frozen"/>'
        if freeze
        else ""
    )
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{width:g}" customWidth="1"/>'
        for number, width in enumerate(widths, start=1)
    )
    return (
        f'{SHEET_HEAD}<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews>'
        f'<sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
        '<sheetFormatPr defaultRowHeight="15"/>'
        + (f"<cols>{columns}</cols>" if columns else "")
        + "<sheetData>"
    )


def sheet_closing(footer: str, landscape: bool) -> str:
    """Return the print set-up (A4, as wide as the page) and the end."""
    orientation = "landscape" if landscape else "portrait"
    return (
        '<printOptions horizontalCentered="1"/>'
        '<pageMargins left="0.6" right="0.6" top="0.75" bottom="0.75" header="0.3"'
        f' footer="0.3"/><pageSetup paperSize="9" orientation="{orientation}"'
        ' fitToWidth="1" fitToHeight="0"/>'
        f"<headerFooter><oddFooter>{escape(footer)}</oddFooter></headerFooter></worksheet>"
    )


def info_page(info: ExportInfo, counted: int) -> Page:
    """Return the sheet 说明."""
    page = Page(INFO_TITLE, (16, 90))
    for label, value in info.lines(counted):
        page.line((label, value), ("header", "cell"))
    return page


class SmallWorkbook:
    """A file of a few pages kept in memory; the same pages give the same bytes."""

    def __init__(
        self, pages: Sequence[Page], info: ExportInfo | None = None, title: str = ""
    ) -> None:
        self.pages = pages
        self.info = info
        self.title = title

    def to_bytes(self) -> bytes:
        """Return the .xlsx."""
        pages = list(self.pages)
        if self.info:
            counted = sum(page.number for page in pages)
            pages.append(info_page(self.info, counted))
        footer = footer_text(self.info)
        taken: set[str] = set()
        archive = SmallZip()
        sheets = [
            SheetEntry(clean_title(page.title, taken), page.repeat_rows)
            for page in pages
        ]
        for name, content in common_parts(tuple(sheets)).items():
            if name == CORE:
                core = core_properties(self.info, self.title)
                archive.add(name, packed(core.encode()))
            else:
                archive.add(name, packed_once(content))
        for number, page in enumerate(pages, start=1):
            archive.add(sheet_part(number), packed(page.xml(footer).encode()))
        return archive.to_bytes()

    def save(self, target: Path | str | IO[bytes]) -> Saved:
        """Write the file whole or not at all."""
        with output_file(target) as file:
            file.write(self.to_bytes())
            return saved(file)
