"""Markup for many like things at once: a tag each costs more than the row it draws."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from html import escape
from typing import Any

from django.utils.safestring import SafeString

# A control character: taken out of the texts, should one ever hold it.
_BETWEEN = "\x1f"
_HOLE = re.compile(r"\{(\w+)\}")


def escape_all(texts: list[str]) -> list[str]:
    """Escape many texts at once, which takes a tenth of the time."""
    if not texts:
        return []
    joined = _BETWEEN.join(texts)
    if joined.count(_BETWEEN) != len(texts) - 1:
        joined = _BETWEEN.join(text.replace(_BETWEEN, "") for text in texts)
    return escape(joined).split(_BETWEEN)


def fill_rows(pattern: str, rows: Iterable[Mapping[str, Any]]) -> SafeString:
    """Draw `pattern` for each row, with `row[name]` in the place of each `{name}`.

    Values are shown as their text, always escaped. The pattern is markup of our own.
    """
    line, names = _line(pattern)
    values = [str(row[name]) for row in rows for name in names]
    if not values:
        return SafeString("")
    drawn = line * (len(values) // len(names)) % tuple(escape_all(values))
    return SafeString(drawn)


@lru_cache(maxsize=64)
def _line(pattern: str) -> tuple[str, tuple[str, ...]]:
    """The pattern as a `%` format, and the names of its holes in order."""
    names = tuple(_HOLE.findall(pattern))
    if not names:
        raise ValueError("the pattern of a row has no {hole}")
    return _HOLE.sub("%s", pattern.replace("%", "%%")), names
