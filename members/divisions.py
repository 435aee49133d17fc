"""Names of administrative divisions: provinces, and prefectures below them.

Source: GB/T 2260《中华人民共和国行政区划代码》, with the changes to 2023; of the four
municipalities the districts, of the provinces also the cities that no prefecture
governs. Codes have six digits, those of a province end in 0000.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "data" / "divisions.txt"
_LINE = re.compile(r"(\d{2}) (\S+)(.*)")
_PART = re.compile(r"(\d{4})(\S+)")

ABROAD = "990000"
UNKNOWN = "000000"
_OUTSIDE = {ABROAD: "国（境）外", UNKNOWN: "不掌握流向"}


@cache
def provinces() -> dict[str, str]:
    """The two digits of each province and its name."""
    return {code: name for code, name, _ in _lines()}


@cache
def places() -> dict[str, str]:
    """Every code and its whole name, "浙江省杭州市" for 330100."""
    found = {}
    for code, name, parts in _lines():
        found[f"{code}0000"] = name
        found |= {f"{code}{rest}": f"{name}{part}" for rest, part in parts}
    return found | _OUTSIDE


def place_name(code: str) -> str:
    return places().get(code, "")


@cache
def _lines() -> list[tuple[str, str, list[tuple[str, str]]]]:
    matches = map(_LINE.fullmatch, _FILE.read_text(encoding="utf-8").splitlines())
    return [(m[1], m[2], _PART.findall(m[3])) for m in matches if m]
