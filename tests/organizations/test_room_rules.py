"""Weekly hours as people write them, and days that may be."""

from datetime import date, datetime, time

import pytest

from config.lib.dates import SHANGHAI
from config.lib.errors import RuleError
from organizations import room_rules as rules


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("周一至周五 8:30-11:30、14:00-17:00", ["周一至周五 08:30-11:30、14:00-17:00"]),
        ("每天：09：00—17：00", ["周一至周日 09:00-17:00"]),
        ("星期二，星期四 14:00 至 16:00", ["周二 14:00-16:00", "周四 14:00-16:00"]),
        (
            "周六\u3000周日 9:00~11:00\n\n周一 8:00-9:00",
            ["周一 08:00-09:00", "周六至周日 09:00-11:00"],
        ),
        ("", []),
    ],
)
def test_hours_are_read_and_written(text, lines):
    spans = rules.parse_hours(text)
    assert rules.hours_lines(spans) == lines
    assert rules.parse_hours("\n".join(lines)) == spans
    assert rules.read_hours(rules.stored_hours(spans)) == spans


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("周一 8点到9点", "第1行“周一 8点到9点”看不懂"),
        ("周一 8:00-9:00\n周八 8:00-9:00", "第2行"),
        ("周五至周一 8:00-9:00", "看不懂"),
        ("周一 8:00-25:00", "看不懂"),
        ("周一 9:00-8:00", "晚于开始"),
        ("周一至周三 8:00-10:00\n周二 9:00-11:00", "周二的时段有重叠"),
    ],
)
def test_hours_that_cannot_be(text, words):
    with pytest.raises(RuleError, match=words):
        rules.parse_hours(text)


def test_what_lies_outside_the_hours():
    spans, monday = (
        rules.parse_hours("周一 8:30-11:30、14:00-17:00"),
        date(2026, 11, 30),
    )
    asked = ((9, 11, False), (11, 12, True), (10, 15, True), (14, 17, False))
    for begin, end, outside in asked:
        found = rules.lies_outside(spans, monday, time(begin), time(end))
        assert found is outside
    assert rules.lies_outside(spans, date(2026, 12, 1), time(9), time(10))
    assert not rules.lies_outside([], monday, time(9), time(10))


def test_days_that_may_be():
    today, eight = date(2026, 11, 30), time(8)
    now = datetime(2026, 11, 30, 12, tzinfo=SHANGHAI)
    for day, words in (
        (date(2026, 11, 29), "已经过去"),
        (date(2027, 3, 1), "最多提前"),
    ):
        with pytest.raises(RuleError, match=words):
            rules.check_booking_day(day, today=today, ahead=90)
    since = {"now": now, "opened_on": date(2026, 1, 1), "closed_on": date(2026, 11, 20)}
    for day, begin, words in (
        (date(2026, 12, 1), eight, "还没有到"),
        (today, time(13), "还没有到13:00"),
        (date(2025, 12, 31), eight, "不能更早"),
        (date(2026, 11, 20), eight, "停用"),
    ):
        with pytest.raises(RuleError, match=words):
            rules.check_opening(day, begin, **since)
    rules.check_opening(date(2026, 11, 19), eight, **since)
