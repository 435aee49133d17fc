"""Terms that end, and the figures of the tree."""

from datetime import date

import pytest

from config.lib import registry
from config.lib.periods import Month
from organizations import parameters
from organizations.alerts import months_after
from organizations.indicators import compute_months
from organizations.models import Organization

TODAY = date(2026, 11, 22)


@pytest.fixture
def terms(branch_a1, branch_a2, branch_b1):
    ends = {
        branch_a1: date(2027, 5, 22),
        branch_a2: date(2027, 5, 23),
        branch_b1: date(2026, 11, 21),
    }
    for branch, day in ends.items():
        Organization.objects.filter(pk=branch.pk).update(term_ends_on=day)


def labels(key, user) -> list[str]:
    alert = registry.alert(key)
    rows = [item.label for item in alert.rows(user, TODAY)]
    assert alert.count(user, TODAY) == len(rows)
    return rows


def test_a_term_ending_within_six_months_warns(terms, committee_staff):
    assert labels("organizations.term_ending", committee_staff) == [
        "沿江社区第一党支部"
    ]


def test_a_term_that_is_over_warns_separately(terms, committee_staff):
    assert labels("organizations.term_overdue", committee_staff) == [
        "临湖社区第一党支部"
    ]


def test_warnings_keep_to_the_scope(terms, community_secretary):
    assert labels("organizations.term_overdue", community_secretary) == []


def test_the_committee_sets_how_early_to_warn(terms, committee_staff):
    parameters.change(
        key="organizations.term_warning_months", value=7, actor=committee_staff
    )

    assert len(labels("organizations.term_ending", committee_staff)) == 2


def test_a_closed_organization_needs_no_election(terms, branch_b1, committee_staff):
    Organization.objects.filter(pk=branch_b1.pk).update(closed_on=TODAY)

    assert labels("organizations.term_overdue", committee_staff) == []


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        (date(2026, 11, 22), 6, date(2027, 5, 22)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
    ],
)
def test_months_after_keep_the_day_where_there_is_one(day, months, after):
    assert months_after(day, months) == after


def test_figures_count_each_organization_at_itself(
    street, community_a, branch_a1, branch_a2
):
    [figures] = compute_months(Organization.objects.subtree(street), [Month(2026, 11)])

    assert figures == {
        community_a.pk: {"organizations.committees": 1},
        branch_a1.pk: {"organizations.branches": 1},
        branch_a2.pk: {"organizations.branches": 1},
    }


def test_an_organization_counts_in_the_months_it_existed(street, branch_a1):
    Organization.objects.filter(pk=branch_a1.pk).update(
        founded_on=date(2026, 3, 31), closed_on=date(2026, 6, 30)
    )

    months = [Month(2026, number) for number in (2, 3, 5, 6)]
    figures = compute_months(Organization.objects.subtree(street), months)

    assert [branch_a1.pk in each for each in figures] == [False, True, True, False]
