"""Mark errors in the user's own .xlsx; runs in the child.

The sheet's XML is amended in place, so pictures, filters, widths and everything
else the user made stay as they are, and ten thousand rows take a fraction of a
second.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import IO

from config.lib.xlsx.cells import column_index, column_letter, escape_text
from config.lib.xlsx.errors import WorkbookError
from config.lib.xlsx.patchstyles import StylePatch
from config.lib.xlsx.smallzip import SmallZip, packed_quickly
from config.lib.xlsx.upload import Upload
from config.lib.xlsx.workbookparts import main_part, related_part, sheet_parts

_ROW = re.compile(
    rb"<(?P<p>(?:[\w.-]+:)?)row(?=[\s/>])(?P<head>[^>]*?)"
    rb"(?:/>|>(?P<body>.*?)</(?:[\w.-]+:)?row\s*>)",
    re.DOTALL,
)
_NUMBER = re.compile(rb"""\sr\s*=\s*["'](\d+)["']""")
_SPANS = re.compile(rb"""\sspans\s*=\s*("[^"]*"|'[^']*')""")
_CELL = re.compile(
    rb"<(?:[\w.-]+:)?c(?=[\s/>])(?P<head>[^>]*?)"
    rb"(?:/>|>(?P<body>.*?)</(?:[\w.-]+:)?c\s*>)",
    re.DOTALL,
)
_REF = re.compile(rb"""\sr\s*=\s*["']([A-Z]+)\d+["']""")
_STYLE = re.compile(rb"""\ss\s*=\s*["'](\d+)["']""")
_DIMENSION = re.compile(rb"<(?:[\w.-]+:)?dimension\s[^>]*?/>")
_COLS = re.compile(rb"<(?:[\w.-]+:)?cols\s*>(.*?)</(?:[\w.-]+:)?cols\s*>", re.DOTALL)
_COL = re.compile(rb"<(?:[\w.-]+:)?col\s([^>]*?)/?>")
_BOUND = re.compile(rb"""\b(min|max)\s*=\s*["'](\d+)["']""")
_SHEET_DATA = re.compile(rb"<((?:[A-Za-z_][\w.-]*:)?)sheetData(?=[\s/>])")
_WIDTH = 60


def patch(upload: Upload, request: dict, out: IO[bytes]) -> dict:
    """Write the annotated workbook to `out`; needs_conversion when it cannot be."""
    package = upload.package
    # The sheets were scanned when they were read; here the text is only amended.
    contents = dict(package.parts())
    sheets = sheet_parts(package)
    styles_part = related_part(package, main_part(package), "styles")
    if styles_part is None or styles_part not in contents:
        return {"needs_conversion": True}
    styles = StylePatch(contents[styles_part])
    for name, plan in request["sheets"].items():
        if name not in sheets:
            raise WorkbookError("same_sheet", sheet=name)
        part = sheets[name]
        try:
            contents[part] = _SheetPatch(contents[part], plan, styles).result()
        except LookupError:
            return {"needs_conversion": True}
    contents[styles_part] = styles.result()
    archive = SmallZip()
    for name, content in contents.items():
        archive.add(name, packed_quickly(content))
    out.write(archive.to_bytes())
    return {"needs_conversion": False}


class _SheetPatch:
    """One sheet with its plan: heading row, column, row → [columns, message]."""

    def __init__(self, xml: bytes, plan: dict, styles: StylePatch) -> None:
        found = _SHEET_DATA.search(xml)
        if found is None:
            raise LookupError("no sheet data")
        self._xml = xml
        self._prefix = found[1]
        self._styles = styles
        self._column = plan["column"]
        self._heading = plan["heading"]
        self._again = plan["again"]  # the column holds notes of an earlier round
        self._rows = {int(number): value for number, value in plan["rows"].items()}

    def result(self) -> bytes:
        start = self._xml.index(b"<" + self._prefix + b"sheetData")
        head = self._head(_DIMENSION.sub(b"", self._xml[:start]))
        end = self._xml.rindex(b"</" + self._prefix + b"sheetData")
        return b"".join([head, *self._body(start, end), self._xml[end:]])

    def _body(self, start: int, end: int) -> Iterator[bytes]:
        """Yield the rows; those that nothing is written in are copied unread."""
        xml, copied = self._xml, start
        rows = self._every_row if self._again else self._amended_rows
        for number, position, stop in rows(start, end):
            yield xml[copied:position]
            yield _ROW.sub(partial(self._row, number), xml[position:stop], count=1)
            copied = stop
        yield xml[copied:end]

    def _amended_rows(self, start: int, end: int) -> list[tuple[int, int, int]]:
        """Return number, start and end of the rows that are written in.

        Each is looked for as Excel and most others write it, from the one before it on;
        if one is not found so, all rows are walked through.
        """
        xml, opening = self._xml, b"<" + self._prefix + b"row"
        wanted, found, after = {self._heading, *self._rows}, [], start
        for number in sorted(wanted):
            position = xml.find(opening + b' r="%d"' % number, after, end)
            if position == -1:
                return [row for row in self._every_row(start, end) if row[0] in wanted]
            following = xml.find(opening, position + len(opening), end)
            after = end if following == -1 else following
            found.append((number, position, after))
        return found

    def _every_row(self, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        """Yield number, start and end of the heading row and of those below it."""
        xml, opening = self._xml, b"<" + self._prefix + b"row"
        position = xml.find(opening, start, end)
        while position != -1:
            following = xml.find(opening, position + len(opening), end)
            stop = end if following == -1 else following
            number = _NUMBER.search(xml, position, xml.find(b">", position, stop) + 1)
            if number is None:
                raise LookupError("row without a number")
            if int(number[1]) >= self._heading:
                yield int(number[1]), position, stop
            position = following

    def _row(self, number: int, found: re.Match[bytes]) -> bytes:
        columns, message = self._rows.get(number, ((), None))
        text = "错误说明" if number == self._heading else message
        cells = self._cells(found["body"] or b"", number, set(columns))
        if text is not None:
            like = cells[max(cells)][0] if number == self._heading and cells else 0
            cells[self._column] = (0, self._note(number, text, like))
        head = _SPANS.sub(b"", found["head"])
        joined = b"".join(raw for _column, (_style, raw) in sorted(cells.items()))
        tag = found["p"] + b"row"
        return b"<" + tag + head + b">" + joined + b"</" + tag + b">"

    def _cells(self, body: bytes, number: int, wrong: set[int]) -> dict:
        """Return column → (style, XML) with the wrong cells coloured."""
        cells: dict[int, tuple[int, bytes]] = {}
        for cell in _CELL.finditer(body):
            reference = _REF.search(cell["head"])
            if reference is None:
                raise LookupError("cell without a reference")
            column = column_index(reference[1].decode())
            style = int(found[1]) if (found := _STYLE.search(cell["head"])) else 0
            raw = cell[0]
            if column in wrong:
                raw = self._coloured(cell, style)
            if column != self._column:  # an earlier note is replaced
                cells[column] = (style, raw)
        for column in wrong - set(cells) - {self._column}:
            cells[column] = (0, self._empty(column, number))
        return cells

    def _coloured(self, cell: re.Match[bytes], style: int) -> bytes:
        red = b' s="%d"' % self._styles.red(style)
        head = _STYLE.sub(b"", cell["head"])
        at = cell.start("head") - cell.start()
        return cell[0][:at] + red + head + cell[0][at + len(cell["head"]) :]

    def _empty(self, column: int, number: int) -> bytes:
        return b'<%sc r="%s%d" s="%d"/>' % (
            self._prefix,
            column_letter(column).encode(),
            number,
            self._styles.red(0),
        )

    def _note(self, number: int, text: str, like: int) -> bytes:
        heading = number == self._heading
        style = self._styles.plain_copy(like) if heading else self._styles.note()
        return (
            b'<%(p)sc r="%(c)s%(n)d" s="%(s)d" t="inlineStr"><%(p)sis>'
            b'<%(p)st xml:space="preserve">%(t)s</%(p)st></%(p)sis></%(p)sc>'
        ) % {
            b"p": self._prefix,
            b"c": column_letter(self._column).encode(),
            b"n": number,
            b"s": style,
            b"t": escape_text(text).encode(),
        }

    def _head(self, head: bytes) -> bytes:
        """Give the new column its width, unless a range of widths covers it."""
        wanted = self._column + 1
        new = b'<%scol min="%d" max="%d" width="%d" customWidth="1"/>' % (
            self._prefix,
            wanted,
            wanted,
            _WIDTH,
        )
        found = _COLS.search(head)
        if found is None:
            return head + b"<%scols>%s</%scols>" % (self._prefix, new, self._prefix)
        kept = []
        for col in _COL.finditer(found[1]):
            bounds = {name: int(value) for name, value in _BOUND.findall(col[1])}
            if bounds.get(b"min", 0) <= wanted <= bounds.get(b"max", 0):
                kept.extend(self._split(col[0], bounds, wanted))
            else:
                kept.append((bounds.get(b"min", 0), col[0]))
        kept.append((wanted, new))
        joined = b"".join(raw for _low, raw in sorted(kept))
        return head[: found.start(1)] + joined + head[found.end(1) :]

    def _split(self, raw: bytes, bounds: dict, wanted: int) -> list:
        """Return what is left of a range of widths on both sides of a column."""
        sides = ((bounds[b"min"], wanted - 1), (wanted + 1, bounds[b"max"]))
        return [(low, _bounded(raw, low, high)) for low, high in sides if low <= high]


def _bounded(raw: bytes, low: int, high: int) -> bytes:
    """Return a <col> tag with other bounds."""
    return _BOUND.sub(
        lambda bound: b'%s="%d"' % (bound[1], low if bound[1] == b"min" else high), raw
    )
