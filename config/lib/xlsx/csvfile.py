"""Reading of .csv uploads; runs in the child."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator

from config.lib.xlsx.errors import WorkbookError
from config.lib.xlsx.limits import Limits

_FIELD = 100_000  # characters; Excel keeps 32,767
# ="0123" keeps zeros in Excel; '=… is how a careful exporter defuses a formula.
_KEPT = re.compile(r'^="([^"]*)"$')
_DEFUSED = re.compile(r"^'+[=+\-@\t\r\n＝＋－＠]")


def read_csv(data: bytes, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    """Yield (row number, texts); a quoted line break does not count as a row."""
    text = _decode(data)
    csv.field_size_limit(_FIELD)
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True
    )
    number = 0
    try:
        for number, values in enumerate(reader, start=1):
            if number > limits.rows:
                raise WorkbookError("too_many_rows", sheet="CSV", limit=limits.rows)
            if len(values) > limits.columns and any(values[limits.columns :]):
                raise WorkbookError(
                    "too_many_columns",
                    sheet="CSV",
                    column=f"第 {len(values)}",
                    limit=limits.columns,
                )
            yield number, [_plain(value) for value in values[: limits.columns]]
    except csv.Error as error:
        code = "csv_field" if "field larger" in str(error) else "csv_quotes"
        raise WorkbookError(code, row=number + 1) from None


def _decode(data: bytes) -> str:
    for mark in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        if data.startswith(mark):
            try:
                return data.decode("utf-16")
            except UnicodeDecodeError:
                raise WorkbookError("csv_encoding") from None
    if b"\x00" in data:
        raise WorkbookError("not_workbook")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise WorkbookError("csv_encoding")


def _delimiter(text: str) -> str:
    first = text[:4096].split("\n", 1)[0]
    return max(",\t;", key=first.count)


def _plain(value: str) -> str:
    if value[:2] == '="' and (kept := _KEPT.match(value)):
        return kept[1]
    return value[1:] if value[:1] == "'" and _DEFUSED.match(value) else value
