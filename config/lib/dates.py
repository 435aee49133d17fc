"""Text and dates as offices write them.

Rosters hold 1991-05-12, 1991.05, 199105, 1991年5月, full-width digits and
Excel serial numbers side by side; a date keeps the precision it came with.
"""

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from typing import Any, Literal
from zoneinfo import ZoneInfo

from config.lib.errors import RuleError

Precision = Literal["day", "month", "year"]
_PRECISIONS: tuple[Precision, ...] = ("year", "month", "day")

SHANGHAI = ZoneInfo("Asia/Shanghai")
EMPTY_WORDS = frozenset(
    ["", "无", "暂无", "空", "-", "--", "—", "——", "–", "―", "－", "/", "\\", "、"]
)
EARLIEST_YEAR, LATEST_YEAR = 1900, 2100

# Full-width forms become their ASCII twin, except the punctuation of Chinese.
_FOLD = {
    code: code - 0xFEE0
    for code in range(0xFF01, 0xFF5E)
    if chr(code) not in "，（）：；！？"
}
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u00ad\u200b-\u200f"
    "\u202a-\u202e\u2060-\u2069\ufeff]"
)
_SPACES = re.compile(r"\s+")
# Most cells need no cleaning: one scan tells.
_UNCLEAN = re.compile(rf"\s|{_INVISIBLE.pattern}|[\uff01-\uff5d]")

_SEPARATOR = r"[-./年、,，·\u2010\u2011–—―\\]"
_SPLIT_DATE = re.compile(
    rf"(?P<year>\d{{4}}){_SEPARATOR}"
    rf"(?:(?P<month>\d{{1,2}})(?:(?:{_SEPARATOR}|月)(?P<day>\d{{1,2}})?[日号]?)?)?[.]?",
    re.ASCII,
)
_PLAIN_DATE = re.compile(
    r"(?P<year>\d{4})(?:(?P<month>\d{2})(?P<day>\d{2})?)?", re.ASCII
)
_MIDNIGHT = re.compile(r"[ T]?00?:00(:00(\.0+)?)?$")
_SERIAL_ORIGIN = dt.date(1899, 12, 30)
# 1905-10-01 to 2099-12-31: below that a bare number is a year.
_FIRST_SERIAL, _LAST_SERIAL = 2101, 73050


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date of which perhaps only the month or the year is known.

    ``date`` is the first day of what is known.
    """

    date: dt.date
    precision: Precision = "day"

    def agrees_with(self, day: dt.date) -> bool:
        """Whether ``day`` lies inside what this date claims."""
        if self.precision == "year":
            return self.date.year == day.year
        if self.precision == "month":
            return (self.date.year, self.date.month) == (day.year, day.month)
        return self.date == day

    def as_month(self) -> "PartialDate":
        """Drop the day: a cell formatted as a month holds a first that says nothing."""
        if self.precision != "day":
            return self
        return PartialDate(self.date.replace(day=1), "month")

    def __str__(self) -> str:
        length = {"year": 4, "month": 7, "day": 10}[self.precision]
        return self.date.isoformat()[:length]


def clean_text(value: Any) -> str:
    """Return a cell as text: half-width digits and letters, single spaces.

    A whole float loses its ``.0``. One too big to be exact stays in scientific
    notation, so that lost digits remain visible to whoever checks them.
    """
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = str(value)
    if not _UNCLEAN.search(text):
        return text
    text = _INVISIBLE.sub("", text.translate(_FOLD))
    return _SPACES.sub(" ", text).strip()


def is_empty(value: Any) -> bool:
    """Whether a cell is blank or holds one of the words that mean so."""
    return clean_text(value) in EMPTY_WORDS


def parse_date(value: Any, *, today: dt.date | None = None) -> PartialDate | None:
    """Read a date in any form offices use; empty words give None.

    With ``today``, a later date is refused. Raises RuleError with code
    ``date_unreadable``, ``date_impossible``, ``date_ambiguous`` or
    ``date_future``.
    """
    parsed = _parse(value)
    if parsed is not None and today is not None and parsed.date > today:
        raise RuleError(
            f"日期“{parsed}”晚于今天，请核对后重新填写。", code="date_future"
        )
    return parsed


def _parse(value: Any) -> PartialDate | None:
    if type(value) is dt.date:
        return _checked(value)
    if isinstance(value, dt.datetime):
        local = value.astimezone(SHANGHAI) if value.tzinfo else value
        return _checked(local.date())
    if isinstance(value, bool):
        raise _unreadable(value)
    if isinstance(value, int | float):
        return _from_number(value)
    text = clean_text(value)
    if text in EMPTY_WORDS:
        return None
    compact = _MIDNIGHT.sub("", text).replace(" ", "")
    match = _SPLIT_DATE.fullmatch(compact) or _PLAIN_DATE.fullmatch(compact)
    if match is None:
        raise _unreadable(text)
    return _build(text, *_parts(match))


def _from_number(value: int | float) -> PartialDate:
    whole = int(value) if value == value and abs(value) < 1e12 else -1
    if whole == value:
        if _FIRST_SERIAL <= whole <= _LAST_SERIAL:
            return PartialDate(_SERIAL_ORIGIN + dt.timedelta(days=whole))
        match = _PLAIN_DATE.fullmatch(str(whole))
        if match is None:
            raise _unreadable(clean_text(value))
        return _build(str(whole), *_parts(match))
    if EARLIEST_YEAR <= whole <= LATEST_YEAR:
        return _from_year_point_month(value)
    if _FIRST_SERIAL <= whole <= _LAST_SERIAL:  # a serial with a time of day
        return PartialDate(_SERIAL_ORIGIN + dt.timedelta(days=whole))
    raise _unreadable(value)


def _from_year_point_month(value: float) -> PartialDate:
    """Read 1991.05 stored as a number; 1991.1 may have been 1991.10."""
    text = repr(value)
    year, month = text.split(".")
    if month == "1":
        raise RuleError(
            f"日期“{text}”是数字格式，分不清1月还是10月，请改为文本，"
            f"如“{year}-01”或“{year}-10”。",
            code="date_ambiguous",
        )
    if len(month) > 2:
        raise _unreadable(text)
    return _build(text, int(year), int(month))


def _parts(match: re.Match[str]) -> list[int]:
    """Return year, month, day as far as written."""
    return [int(match[name]) for name in ("year", "month", "day") if match[name]]


def _build(text: str, *parts: int) -> PartialDate:
    year, month, day = (*parts, 1, 1)[:3]
    try:
        date = dt.date(year, month, day)
    except ValueError:
        raise RuleError(
            f"日期“{_short(text)}”不存在，请核对年、月、日。", code="date_impossible"
        ) from None
    return _checked(date, _PRECISIONS[len(parts) - 1])


def _checked(date: dt.date, precision: Precision = "day") -> PartialDate:
    if not EARLIEST_YEAR <= date.year <= LATEST_YEAR:
        raise RuleError(
            f"日期“{date}”的年份不在{EARLIEST_YEAR}年至{LATEST_YEAR}年之间，请核对。",
            code="date_impossible",
        )
    return PartialDate(date, precision)


def _unreadable(value: Any) -> RuleError:
    return RuleError(
        f"日期“{_short(value)}”无法识别，请填写如1991-05-12、1991.05或1991年5月。",
        code="date_unreadable",
    )


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 20 else text[:20] + "…"


def months_after(day: dt.date, months: int) -> dt.date:
    """Return the same day `months` later, the last of a shorter month.

    Earlier where `months` is negative.
    """
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
