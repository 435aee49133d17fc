"""Rules of a card's year: pure, figures passed in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date

from config.lib.errors import RuleError

MOST_RESIDENT_WORDS = 60
MOST_SUMMARY = 500
# Seven digits in a row are a telephone or an identity number.
_NUMBER = re.compile(r"\d(?:[ -]?\d){6,}")


def check_resident_words(words: str) -> None:
    """Raise RuleError for a resident's words that are long, or tell who he is.

    Source: 《个人信息保护法》第六条（收集个人信息限于实现目的的最小范围）.
    """
    if len(words) > MOST_RESIDENT_WORDS:
        raise RuleError(
            f"群众评价请写一句话，不要超过 {MOST_RESIDENT_WORDS} 字。",
            code="resident_words",
        )
    if _NUMBER.search(words):
        raise RuleError(
            "群众评价里好像有电话或证件号码，请去掉：只写评价，不写是哪位居民。",
            code="resident_words",
        )


def check_month(month: date, *, starts_on: date, ends_on: date | None) -> None:
    """Raise RuleError for a month in which the card is not in force."""
    if (month.year, month.month) < (starts_on.year, starts_on.month):
        raise RuleError(f"这张卡{starts_on}才建，请选以后的月份。", code="month")
    if ends_on is not None:
        raise RuleError("这张联系卡已经注销，不能再安排。", code="month")


def check_summary(words: str) -> None:
    if not words.strip():
        raise RuleError("请写一句年度小结。", code="words")
    if len(words.strip()) > MOST_SUMMARY:
        raise RuleError(f"年度小结请不要超过 {MOST_SUMMARY} 字。", code="words")


def too_many(months: Iterable[date], most: int) -> list[str]:
    """Return a sentence for each month with more invitations than `most`."""
    return [
        f"{month.year}年{month.month}月已安排{number}次邀请，超过每月{most}次，"
        "请按“适宜、适时、适度”调整。"
        for month, number in sorted(Counter(months).items())
        if number > most
    ]
