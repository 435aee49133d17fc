"""Cells as XML: text stays text, numbers and dates get their style."""

from __future__ import annotations

import datetime
import math
from decimal import Decimal
from functools import cache

from config.lib.xlsx.cells import (
    CHINA,
    DANGEROUS,
    ILLEGAL,
    MAX_TEXT,
    clean_text,
    column_letter,
    escape_text,
)
from config.lib.xlsx.limits import EXCEL_COLUMNS
from config.lib.xlsx.styles import STYLE_NUMBERS

_DAY_ZERO = datetime.date(1899, 12, 30).toordinal()
_FIRST_DAY = datetime.date(1900, 3, 1)  # earlier serials are wrong in Excel
_MAX_DIGITS = 10**15  # Excel keeps 15 digits of a number

_NUMBERS = (int, float, Decimal)  # int | float made anew each call costs more

Value = str | int | float | Decimal | bool | datetime.date | None


@cache
def letters(count: int) -> tuple[str, ...]:
    """Return the letters of the first `count` columns."""
    if count > EXCEL_COLUMNS:
        raise ValueError("more columns than Excel has")
    return tuple(column_letter(index) for index in range(count))


def text_tail(text: str, style: int) -> str:
    """Return what follows `<c r="A1` for a text cell of a style number."""
    if text.isalnum() and len(text) <= MAX_TEXT:  # most cells: nothing to escape
        return f'" s="{style}" t="inlineStr"><is><t>{text}</t></is></c>'
    if ILLEGAL.match(text):  # what it hides may be the dangerous character
        text = clean_text(text)
    if text[:1] in DANGEROUS:
        style += 1  # the twin with quotePrefix
    body = escape_text(text)
    if not body:
        return f'" s="{style}"/>'
    # Of the body too: a character that XML cannot hold may have hidden the blank.
    is_spaced = text != text.strip() or body != body.strip() or "\n" in text
    space = ' xml:space="preserve"' if is_spaced else ""
    return f'" s="{style}" t="inlineStr"><is><t{space}>{body}</t></is></c>'


def value_tail(value: Value, style: int, format_name: str) -> str:
    """Return what follows `<c r="A1` for a value of any kind.

    A value that does not fit the number format (text in a date column, a number of
    more than 15 digits) is written as text, so nothing is lost.
    """
    if value.__class__ is str and value:  # most cells
        return text_tail(value, style)
    if value.__class__ is int and format_name != "text":
        if -_MAX_DIGITS < value < _MAX_DIGITS:
            return f'" s="{style}"><v>{value}</v></c>'
        return text_tail(str(value), style)
    if value is None or value == "":
        return f'" s="{style}"/>'
    if isinstance(value, bool):
        return text_tail("是" if value else "否", style)
    if isinstance(value, _NUMBERS):
        return _number_tail(value, style, format_name)
    if isinstance(value, datetime.date):
        return _date_tail(value, style, format_name)
    return text_tail(value if isinstance(value, str) else str(value), style)


def _number_tail(value: int | float | Decimal, style: int, format_name: str) -> str:
    exact = isinstance(value, int)
    fits = math.isfinite(value) and -_MAX_DIGITS < value < _MAX_DIGITS
    if format_name == "text" or not fits:
        return text_tail(str(value), style)
    return f'" s="{style}"><v>{value if exact else repr(float(value))}</v></c>'


def _date_tail(value: datetime.date, style: int, format_name: str) -> str:
    if isinstance(value, datetime.datetime) and value.tzinfo is not None:
        value = value.astimezone(CHINA).replace(tzinfo=None)
    day = value.date() if isinstance(value, datetime.datetime) else value
    if format_name not in ("date", "datetime") or day < _FIRST_DAY:
        return text_tail(str(value), style)
    serial: float = day.toordinal() - _DAY_ZERO
    if isinstance(value, datetime.datetime) and format_name == "datetime":
        seconds = value.hour * 3600 + value.minute * 60 + value.second
        serial += seconds / 86_400
    return f'" s="{style}"><v>{serial!r}</v></c>'


def style_number(name: str) -> int:
    """Return the number of a named style; an unknown name is a KeyError."""
    return STYLE_NUMBERS[name]
