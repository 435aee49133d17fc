"""Pure rules of activity rooms: weekly hours, times of a day, days that may be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby, pairwise

from config.lib.dates import clean_text
from config.lib.errors import RuleError

WEEKDAYS = "一二三四五六日"
EXAMPLE = "周一至周五 8:30-11:30、14:00-17:00"
MOST_SPANS = 28

_DAY = r"(?:周|星期|礼拜)([一二三四五六日天])"
_DAYS = re.compile(rf"{_DAY}(?:(?:至|到|-|—|~){_DAY})?")
_LINE = re.compile(r"(?P<days>[^0-9]+?)[ :：]*(?P<times>[0-9].*)")
_SPAN = re.compile(
    r"([0-9]{1,2})[:：]([0-9]{2})\s*(?:至|到|-|—|–|~)+\s*([0-9]{1,2})[:：]([0-9]{2})"
)
_SPLIT = re.compile(r"[、，,；; ]+")


@dataclass(frozen=True, order=True)
class Span:
    """Open from `opens` to `closes` on a weekday, 1 for Monday to 7."""

    weekday: int
    opens: time
    closes: time

    @property
    def text(self) -> str:
        return f"{self.opens:%H:%M}—{self.closes:%H:%M}"


def parse_hours(text: str) -> list[Span]:
    """Read weekly hours, a line for each set of days. Raises RuleError by line."""
    spans: set[Span] = set()
    for number, line in enumerate(text.splitlines(), start=1):
        if words := clean_text(line):
            spans |= set(_spans(number, words))
    ordered = sorted(spans)
    for one, other in pairwise(ordered):
        if one.weekday == other.weekday and other.opens < one.closes:
            raise RuleError(
                f"周{WEEKDAYS[one.weekday - 1]}的时段有重叠："
                f"{one.text}和{other.text}，请合并成一段。",
                code="hours",
            )
    if len(ordered) > MOST_SPANS:
        raise RuleError(f"开放时段太多，最多{MOST_SPANS}段，请合并。", code="hours")
    return ordered


def _spans(number: int, line: str) -> list[Span]:
    unreadable = RuleError(
        f"开放时间第{number}行“{line[:30]}”看不懂，请写成“{EXAMPLE}”。", code="hours"
    )
    found = _LINE.fullmatch(line)
    if found is None:
        raise unreadable
    days = _weekdays(found["days"])
    times = [_SPAN.fullmatch(part) for part in _SPLIT.split(_tight(found["times"]))]
    if not days or None in times:
        raise unreadable
    spans = []
    for match in times:
        assert match is not None
        a, b, c, d = map(int, match.groups())
        if max(a, c) > 23 or max(b, d) > 59:
            raise unreadable
        opens, closes = time(a, b), time(c, d)
        if closes <= opens:
            raise RuleError(
                f"开放时间第{number}行：{match.group()}的结束时间要晚于开始时间。",
                code="hours",
            )
        spans += [Span(day, opens, closes) for day in days]
    return spans


def _tight(times: str) -> str:
    """Spaces around the dash of a span do not part it."""
    return re.sub(r"\s*(至|到|-|—|–|~)\s*", r"\1", times)


def _weekdays(words: str) -> list[int]:
    words = words.strip()
    if words in {"每天", "天天", "每日"}:
        return list(range(1, 8))
    days: list[int] = []
    for part in _SPLIT.split(words):
        match = _DAYS.fullmatch(part.strip())
        if match is None:
            return []
        first, last = (_number(each) for each in (match[1], match[2] or match[1]))
        if last < first:
            return []
        days += range(first, last + 1)
    return days


def _number(word: str) -> int:
    return WEEKDAYS.index("日" if word == "天" else word) + 1


def hours_lines(spans: Iterable[Span]) -> list[str]:
    """The lines that `parse_hours` reads as `spans`; alike days stand together."""
    days = {
        day: "、".join(f"{each.opens:%H:%M}-{each.closes:%H:%M}" for each in own)
        for day, own in groupby(sorted(spans), key=lambda span: span.weekday)
    }
    lines: list[tuple[int, int, str]] = []
    for day, times in days.items():
        if lines and lines[-1][1] == day - 1 and lines[-1][2] == times:
            lines[-1] = (lines[-1][0], day, times)
        else:
            lines.append((day, day, times))
    return [
        f"周{WEEKDAYS[first - 1]}"
        + (f"至周{WEEKDAYS[last - 1]}" if last > first else "")
        + f" {times}"
        for first, last, times in lines
    ]


def stored_hours(spans: Iterable[Span]) -> list[list[str | int]]:
    """As the room's column keeps them."""
    return [[s.weekday, f"{s.opens:%H:%M}", f"{s.closes:%H:%M}"] for s in spans]


def read_hours(stored: Sequence[Sequence[str | int]]) -> list[Span]:
    return [
        Span(
            int(weekday),
            time.fromisoformat(str(opens)),
            time.fromisoformat(str(closes)),
        )
        for weekday, opens, closes in stored
    ]


def hours_on(spans: Iterable[Span], day: date) -> list[Span]:
    return [span for span in spans if span.weekday == day.isoweekday()]


def lies_outside(spans: Sequence[Span], day: date, begin: time, end: time) -> bool:
    """Whether a time lies, in part, beyond the weekly hours; never without any."""
    if not spans:
        return False
    inside = hours_on(spans, day)
    return not any(span.opens <= begin and end <= span.closes for span in inside)


def overlap(begin: time, end: time, other_begin: time, other_end: time) -> bool:
    """Half-open: one that ends when the other begins is not in its way."""
    return begin < other_end and other_begin < end


def check_times(begin: time, end: time) -> None:
    if end <= begin:
        raise RuleError("结束时间要晚于开始时间，请核对。", code="ends_at")


def check_booking_day(day: date, *, today: date, ahead: int) -> None:
    """A booking is for today or a day that is not too far."""
    if day < today:
        raise RuleError(
            f"{day}已经过去，不能预订；已经用过的，请到“登记开放”补登。",
            code="held_on",
        )
    if day > today + timedelta(days=ahead):
        raise RuleError(
            f"最多提前{ahead}天预订，最晚到{today + timedelta(days=ahead)}。",
            code="held_on",
        )


def check_opening(
    day: date, begin: time, *, now: datetime, opened_on: date, closed_on: date | None
) -> None:
    """An opening is recorded once it has begun, on a day the room was in use."""
    today = now.date()
    if day > today:
        raise RuleError(
            f"{day}还没有到，开放以后再登记；要占用时段的请“预订”。", code="held_on"
        )
    if day == today and begin > now.time():
        raise RuleError(
            f"还没有到{begin:%H:%M}，开放以后再登记；要占用时段的请“预订”。",
            code="starts_at",
        )
    if day < opened_on:
        raise RuleError(
            f"活动室{opened_on}启用，开放日期不能更早，请核对。", code="held_on"
        )
    if closed_on is not None and day >= closed_on:
        raise RuleError(f"活动室{closed_on}起停用，请核对开放日期。", code="held_on")
