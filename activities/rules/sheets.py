"""Pure rules of the paper sheet: the numbers that somebody reads off it."""

from __future__ import annotations

import re

from config.lib.errors import RuleError

_PART = re.compile(r"([0-9]{1,4})(?:[-－—~\uff5e至]([0-9]{1,4}))?")
_BETWEEN = re.compile(r"[\s,，、;；.。]+")


def paper_rows(text: str, last: int) -> set[int]:
    """Return the numbers in a text like "1-6 8、11", each from 1 to `last`.

    Raises RuleError that quotes what cannot be read, or has no row.
    """
    found: set[int] = set()
    for part in _BETWEEN.split(text.strip()):
        if not part:
            continue
        read = _PART.fullmatch(part)
        if read is None:
            raise RuleError(
                f"看不懂“{part}”，请填签到表上的序号，例如：1-6 8 11。", code="rows"
            )
        first, end = int(read[1]), int(read[2] or read[1])
        if not 1 <= first <= end <= last:
            raise RuleError(
                f"签到表只有 1 到 {last} 号，没有“{part}”，请核对。", code="rows"
            )
        found |= set(range(first, end + 1))
    return found
