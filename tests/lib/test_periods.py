import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.lib.errors import RuleError
from config.lib.periods import (
    HalfYear,
    Month,
    Quarter,
    Year,
    month_bounds_aware,
    parse_period,
    period_containing,
)

KINDS = st.sampled_from([Month, Quarter, HalfYear, Year])
DAYS = st.dates(dt.date(1901, 1, 1), dt.date(2998, 12, 31))


@given(KINDS, DAYS)
def test_a_day_lies_in_its_period_and_in_no_neighbour(kind, day):
    period = kind.containing(day)
    assert day in period
    assert day not in period.next()
    assert day not in period.previous()
    assert period_containing(kind.kind, day) == period


@given(KINDS, DAYS)
def test_periods_follow_each_other_without_gap(kind, day):
    period = kind.containing(day)
    assert period.end == period.next().start
    assert period.start == period.previous().end
    assert period.next().previous() == period
    assert period.previous() < period < period.next()


@given(KINDS, DAYS)
def test_a_label_reads_back(kind, day):
    period = kind.containing(day)
    assert parse_period(period.label) == period


@given(KINDS, DAYS)
def test_the_months_of_a_period_fill_it(kind, day):
    months = kind.containing(day).months()
    assert months[0].start == kind.containing(day).start
    assert months[-1].end == kind.containing(day).end
    assert all(a.end == b.start for a, b in pairwise(months))


@pytest.mark.parametrize(
    ("year", "days"), [(2023, 28), (2024, 29), (2000, 29), (2100, 28)]
)
def test_february_knows_leap_years(year, days):
    month = Month(year, 2)
    assert (month.end - month.start).days == days


def test_the_first_day_after_the_end_is_outside():
    quarter = Quarter(2026, 3)
    assert (quarter.start, quarter.end) == (dt.date(2026, 7, 1), dt.date(2026, 10, 1))
    assert dt.date(2026, 9, 30) in quarter
    assert dt.date(2026, 10, 1) not in quarter


@pytest.mark.parametrize(
    ("label", "title"),
    [
        ("2026Q3", "2026年第三季度"),
        ("2026-10", "2026年10月"),
        ("2026H1", "2026年上半年"),
        ("2026H2", "2026年下半年"),
        ("2026", "2026年"),
        (" ２０２６ｑ３ ", "2026年第三季度"),  # noqa: RUF001
    ],
)
def test_titles_are_chinese(label, title):
    assert parse_period(label).title == title


@pytest.mark.parametrize(
    "label", ["", "2026-13", "2026-00", "2026Q5", "2026Q0", "2026H3", "26Q1", "1800"]
)
def test_what_is_no_period_is_refused_in_chinese(label):
    with pytest.raises(RuleError, match=r"期间|年份") as caught:
        parse_period(label)
    assert caught.value.code == "period"


def test_bounds_are_midnights_in_shanghai():
    start, end = month_bounds_aware(Month(2026, 10))
    assert start.astimezone(dt.UTC) == dt.datetime(2026, 9, 30, 16, tzinfo=dt.UTC)
    assert end.astimezone(dt.UTC) == dt.datetime(2026, 10, 31, 16, tzinfo=dt.UTC)


def test_a_month_is_not_the_year_that_begins_with_it():
    assert Month(2026, 1) != Year(2026)
