"""When clauses fall due, where an agreement stands, which quarters are reported."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.lib.dates import months_after
from config.lib.errors import RuleError
from liaison.rules import agreements as rules

ONE = timedelta(days=1)
_STEPS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


def test_quarters_are_counted_from_the_day_the_agreement_begins():
    dues = list(rules.due_dates("quarter", None, date(2026, 3, 15), date(2027, 3, 14)))
    assert dues == [
        (date(2026, 3, 15), date(2026, 6, 14)),
        (date(2026, 6, 15), date(2026, 9, 14)),
        (date(2026, 9, 15), date(2026, 12, 14)),
        (date(2026, 12, 15), date(2027, 3, 14)),
    ]


def test_month_ends_and_leap_years_lose_no_day():
    dues = list(rules.due_dates("month", None, date(2028, 1, 31), date(2028, 5, 30)))
    assert dues == [
        (date(2028, 1, 31), date(2028, 2, 28)),
        (date(2028, 2, 29), date(2028, 3, 30)),
        (date(2028, 3, 31), date(2028, 4, 29)),
        (date(2028, 4, 30), date(2028, 5, 30)),
    ]


def test_a_term_shorter_than_a_step_owes_once():
    term = (date(2026, 1, 1), date(2026, 5, 1))
    assert list(rules.due_dates("year", None, *term)) == [term]
    assert list(rules.due_dates("once", date(2026, 4, 1), *term)) == [
        (date(2026, 1, 1), date(2026, 4, 1))
    ]


@given(
    begin=st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    days=st.integers(1, 3000),
    rhythm=st.sampled_from(sorted(_STEPS)),
)
def test_due_dates_follow_one_another_within_the_term(begin, days, rhythm):
    last = begin + timedelta(days=days)
    dues = list(rules.due_dates(rhythm, None, begin, last))

    assert dues[0][0] == begin
    assert dues[-1][1] <= last
    for (_, before), (after, end) in itertools.pairwise(dues):
        assert after == before + ONE
        assert after <= end
    # What is left over is shorter than a step.
    assert months_after(begin, _STEPS[rhythm] * (len(dues) + 1)) - ONE > last


@pytest.mark.parametrize(
    ("today", "ended_on", "state"),
    [
        (date(2025, 12, 31), None, "signed"),
        (date(2026, 1, 1), None, "in_force"),
        (date(2026, 11, 30), None, "in_force"),
        (date(2026, 12, 1), None, "expiring"),
        (date(2026, 12, 31), None, "expiring"),
        (date(2027, 1, 1), None, "expired"),
        (date(2026, 5, 1), date(2026, 5, 2), "in_force"),
        (date(2026, 5, 2), date(2026, 5, 2), "ended"),
    ],
)
def test_where_an_agreement_stands(today, ended_on, state):
    assert (
        rules.state_of(
            starts_on=date(2026, 1, 1),
            ends_on=date(2026, 12, 31),
            is_signed=True,
            ended_on=ended_on,
            today=today,
            expiring_days=30,
        )
        == state
    )


def test_quarters_owed_are_over_and_touch_the_term():
    owed = rules.quarters_owed(
        starts_on=date(2026, 3, 31), last_day=date(2026, 10, 1), today=date(2027, 1, 1)
    )
    assert [quarter.label for quarter in owed] == [
        "2026Q1",
        "2026Q2",
        "2026Q3",
        "2026Q4",
    ]
    owed = rules.quarters_owed(
        starts_on=date(2026, 3, 31), last_day=date(2026, 9, 30), today=date(2026, 9, 30)
    )
    assert [quarter.label for quarter in owed] == ["2026Q1", "2026Q2"]


@pytest.mark.parametrize(
    ("last", "words"),
    [
        (date(2026, 1, 1), "应晚于生效日期"),
        (date(2036, 1, 2), "最长10年"),
    ],
)
def test_a_term_has_a_length(last, words):
    with pytest.raises(RuleError, match=words):
        rules.check_term(date(2026, 1, 1), last)
