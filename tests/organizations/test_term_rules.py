"""Terms, ballots and candidates: what is refused, and in which words."""

from datetime import date

import pytest

from config.lib.errors import RuleError
from organizations.term_rules import (
    Ballot,
    Stood,
    TermYears,
    check_ballot,
    check_candidates,
    check_term_change,
)

TODAY = date(2026, 11, 30)
GOOD = {
    "kind": "general",
    "held_on": date(2026, 11, 20),
    "seats": 3,
    "eligible": 30,
    "present": 25,
    "issued": 25,
    "returned": 25,
    "valid": 24,
}


def ballot(**changes):
    return Ballot(**(GOOD | changes))


def stood(*votes, elected=3):
    return [
        Stood(number, f"党员{number}", each, number < elected)
        for number, each in enumerate(votes)
    ]


@pytest.mark.parametrize(
    ("kind", "field", "years"),
    [
        ("committee", "non_public", 5),
        ("general_branch", "social", 3),
        ("branch", "non_public", 3),
        ("general_branch", "community", 5),
        ("branch", "community", 5),
    ],
)
def test_a_term_is_as_long_as_the_kind_says(kind, field, years):
    assert TermYears(committee=5, branch=3, community=5).of(kind, field) == years


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"held_on": date(2026, 12, 1)}, "held_on"),
        ({"present": 31}, "present"),
        # Four fifths of thirty are 24: more is asked for.
        ({"present": 24, "issued": 24, "returned": 24}, "quorum"),
        ({"issued": 26}, "issued"),
        ({"issued": 24, "returned": 25}, "returned"),
        ({"valid": 26}, "valid"),
    ],
)
def test_a_meeting_that_was_none_is_refused(changes, code):
    check_ballot(ballot(), TODAY, 80)
    with pytest.raises(RuleError) as refused:
        check_ballot(ballot(**changes), TODAY, 80)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("kind", "seats", "votes", "elected", "code"),
    [
        ("general", 3, (24, 20, 15, 6), 3, ""),
        ("general", 3, (24, 20, 15), 3, "surplus"),  # 3.6 candidates are four
        ("general", 5, (24, 20, 15, 14, 13), 5, "surplus"),
        ("general", 5, (24, 20, 15, 14, 13, 2), 5, ""),
        ("general", 1, (24,), 1, ""),  # a branch with but a secretary
        ("vacancy", 3, (24, 20, 15), 3, ""),
        ("general", 3, (24, 20), 2, "candidates"),
        ("general", 3, (24, 20, 15, 14), 4, "too_many"),
        ("general", 3, (24, 20, 15, 14), 0, "nobody"),
        ("general", 3, (25, 20, 15, 6), 3, "votes"),
        ("general", 3, (24, 20, 12, 6), 3, "half"),  # 12 of 25 present
        ("general", 3, (24, 20, 13, 6), 3, ""),
    ],
)
def test_who_is_elected_won_more_than_half(kind, seats, votes, elected, code):
    held = ballot(kind=kind, seats=seats)
    if not code:
        check_candidates(held, stood(*votes, elected=elected), 20)
        return
    with pytest.raises(RuleError) as refused:
        check_candidates(held, stood(*votes, elected=elected), 20)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("kind", "before", "after", "first", "code"),
    [
        ("delay", None, date(2027, 1, 1), None, "no_term"),
        ("delay", date(2026, 12, 1), date(2026, 12, 1), None, "after"),
        ("advance", date(2026, 12, 1), date(2026, 12, 2), None, "after"),
        ("delay", date(2026, 2, 28), date(2027, 2, 28), None, ""),
        ("delay", date(2026, 2, 28), date(2027, 3, 1), None, "too_far"),
        # One delay after another counts from the day the rules gave.
        ("delay", date(2026, 8, 1), date(2027, 6, 1), date(2026, 2, 1), "too_far"),
        ("advance", date(2026, 12, 1), date(2025, 12, 1), None, ""),
        ("advance", date(2026, 12, 1), date(2025, 11, 30), None, "too_far"),
    ],
)
def test_a_term_moves_a_year_at_most(kind, before, after, first, code):
    if not code:
        check_term_change(kind, before, after, first, 12)
        return
    with pytest.raises(RuleError) as refused:
        check_term_change(kind, before, after, first, 12)
    assert refused.value.code == code
