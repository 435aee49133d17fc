"""Cell addresses and the text rules that reader and writers share."""

from __future__ import annotations

import datetime
import re

ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# What WPS, Excel or LibreOffice may take for a formula.
DANGEROUS = frozenset("=+-@\t\r\n＝＋－＠")
CHINA = datetime.timezone(datetime.timedelta(hours=8))
MAX_TEXT = 32_767  # characters Excel keeps in one cell
_SPECIAL = re.compile("[&<>\\r\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_TITLE = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def column_letter(index: int) -> str:
    """Return the letters of the 0-based column `index`: 0 is A, 26 is AA."""
    if index < 0:
        raise ValueError("column index below 0")
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """Return the 0-based index of column `letters`; the inverse of above."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def clean_text(text: str) -> str:
    """Drop what XML cannot hold and cut what Excel cannot keep."""
    text = ILLEGAL.sub("", text)
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "…"


def escape_text(text: str) -> str:
    """Return the text as element content that reads back identical."""
    if len(text) > MAX_TEXT or ILLEGAL.search(text):
        text = clean_text(text)
    if _SPECIAL.search(text):
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        text = text.replace("\r", "&#13;")
    # Excel reads _x0041_ as A: an underscore before such a code is itself coded.
    return _ESCAPED.sub("_x005F_", text) if "_x" in text else text


def is_formula_like(text: str) -> bool:
    """Tell whether an office program could take `text` for a formula."""
    return text[:1] in DANGEROUS and text != ""


def clean_title(title: str, taken: set[str]) -> str:
    """Return a sheet title Excel accepts, unlike any in `taken` (lower case).

    Adds the title to `taken`.
    """
    base = (
        ILLEGAL.sub("", _TITLE.sub(" ", title)).strip().strip("'").strip() or "工作表"
    )
    if base.lower() == "history":  # reserved by Excel
        base = "History_"
    name, number = _cut(base, 31), 1
    while name.lower() in taken:
        number += 1
        suffix = f"({number})"
        name = _cut(base, 31 - len(suffix)) + suffix
    taken.add(name.lower())
    return name


def _cut(text: str, units: int) -> str:
    """Cut to UTF-16 units, as Excel counts them, never inside a character."""
    encoded = text.encode("utf-16-le")[: units * 2]
    return encoded.decode("utf-16-le", "ignore").strip().strip("'")
