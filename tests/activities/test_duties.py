"""What branches owe: windows over month ends and leap years, who owes, who held."""

import calendar
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.duties import (
    due_within,
    has_members,
    standing_touching,
    with_duties,
)
from activities.parameters.duties import COMMITTEE_FROM, GROUPS_FROM, THEME_DAYS
from activities.rules.duties import Duty, occurrences, periods_touching
from config.lib.periods import Month
from organizations import parameters
from organizations.models import Organization
from tests.factories.activities import ActivityFactory
from tests.factories.members import AffiliationFactory, MemberFactory
from tests.factories.organizations import OrganizationFactory

days = st.dates(date(2019, 1, 1), date(2033, 12, 31))
MAY = Month(2026, 5)


# Pure -----------------------------------------------------------------------------


@given(day=days)
def test_every_day_lies_in_one_month_of_the_windows_that_touch_it(day):
    [month] = periods_touching("month", day, day)
    assert day in month
    last = calendar.monthrange(day.year, day.month)[1]
    assert month.end - timedelta(days=1) == date(day.year, day.month, last)


@given(first=days, length=st.integers(0, 800))
def test_windows_follow_one_another_without_a_gap(first, length):
    last = first + timedelta(days=length)
    for kind in ("month", "quarter", "half_year", "year"):
        found = list(periods_touching(kind, first, last))
        assert first in found[0]
        assert last in found[-1]
        for one, following in pairwise(found):
            assert one.end == following.start


@given(due_on=days)
def test_a_monthly_line_is_owed_once_in_every_month_left(due_on):
    found = list(occurrences(due_on.replace(day=1), due_on, "monthly", due_on.year))
    months = [due.month for _, due in found]
    assert months == list(range(due_on.month, 13))
    for start, due in found:
        last = calendar.monthrange(due.year, due.month)[1]
        assert due.day == min(due_on.day, last)
        assert start == due.replace(day=1)


@given(due_on=days)
def test_a_quarterly_line_keeps_its_day_and_its_quarter(due_on):
    found = list(occurrences(due_on, due_on, "quarterly", due_on.year))
    assert [due.month for _, due in found] == list(range(due_on.month, 13, 3))
    for start, due in found[1:]:
        assert start.month % 3 == 1
        assert start.day == 1
        assert start <= due


@pytest.mark.parametrize(
    ("first", "due"),
    [
        (date(2028, 1, 31), date(2028, 2, 29)),
        (date(2027, 1, 31), date(2027, 2, 28)),
        (date(2028, 1, 30), date(2028, 2, 29)),
    ],
)
def test_the_end_of_january_is_the_end_of_february(first, due):
    found = list(occurrences(first, first, "monthly", first.year))
    assert found[1] == (due.replace(day=1), due)
    assert found[2][1].day == first.day


def test_a_line_on_leap_day_is_owed_that_year_once():
    leap = date(2028, 2, 29)
    assert list(occurrences(leap, leap, "once", 2028)) == [(leap, leap)]


def test_february_of_a_leap_year_lasts_to_the_29th(db):
    leap = date(2028, 2, 29)
    duties = due_within(leap, leap)
    assert {duty.kind.value for duty in duties} >= {"theme_day", "committee_meeting"}
    assert all(duty.due_on == leap for duty in duties)
    assert due_within(date(2028, 2, 28), date(2028, 2, 28)) == []


# Who owes -------------------------------------------------------------------------


def owing(duties, **changes) -> list[set[str]]:
    """Names of the branches that owe each duty."""
    rows = with_duties(Organization.objects.branches(), duties)
    return [
        {str(row) for row in rows if getattr(row, f"owes_{place}")}
        for place in range(len(duties))
    ]


def duty(kind="theme_day", start=MAY.start, end=MAY.end, times=1, **more) -> Duty:
    return Duty(kind, times, start, end, "某项", **more)


def test_a_branch_without_people_owes_nothing(branch_a1, branch_b1):
    MemberFactory(branch=branch_a1)
    assert owing([duty()]) == [{str(branch_a1)}]


def test_a_probationary_member_makes_no_branch(branch_a1):
    MemberFactory(branch=branch_a1, member_type="probationary", confirmed_on=None)
    assert owing([duty()]) == [set()]


def test_a_duty_below_a_plan_stays_below_it(branch_a1, branch_b1, community_a):
    MemberFactory(branch=branch_a1)
    MemberFactory(branch=branch_b1)
    assert owing([duty(root=community_a.path)]) == [{str(branch_a1)}]
    assert owing([duty(field="non_public")]) == [set()]


def test_committees_and_groups_are_asked_of_bigger_branches(branch_a1, branch_b1):
    for branch, number in ((branch_a1, 7), (branch_b1, 6)):
        for _ in range(number):
            MemberFactory(branch=branch)
    found = owing([duty(from_members=7), duty(from_members=6)])
    assert found == [{str(branch_a1)}, {str(branch_a1), str(branch_b1)}]


def test_who_has_left_by_then_is_not_counted(branch_a1, branch_a2):
    member = MemberFactory(branch=branch_a1)
    rows = Organization.objects.filter(pk=branch_a1.pk)
    day = MAY.end - timedelta(days=1)
    assert rows.filter(has_members(1, day)).exists()
    row = member.affiliations.get()
    row.starts_on, row.ends_on = date(2020, 1, 1), date(2026, 5, 15)
    row.save()
    assert not rows.filter(has_members(1, day)).exists()
    assert rows.filter(has_members(1, date(2026, 5, 14))).exists()


@pytest.mark.parametrize(
    ("founded_on", "owes"),
    [
        (None, True),
        (date(2026, 5, 1), True),
        (date(2026, 5, 2), False),
        (date(2026, 6, 1), False),
    ],
)
def test_a_branch_owes_from_its_first_full_month_on(branch_a1, founded_on, owes):
    MemberFactory(branch=branch_a1)
    Organization.objects.filter(pk=branch_a1.pk).update(founded_on=founded_on)
    assert bool(owing([duty()])[0]) is owes


@pytest.mark.parametrize(
    ("founded_on", "owes"),
    [(date(2026, 6, 1), True), (date(2026, 6, 2), False)],
)
def test_of_a_quarter_the_last_month_is_enough(branch_a1, founded_on, owes):
    MemberFactory(branch=branch_a1)
    Organization.objects.filter(pk=branch_a1.pk).update(founded_on=founded_on)
    quarter = duty(start=date(2026, 4, 1), end=date(2026, 7, 1))
    assert bool(owing([quarter])[0]) is owes


@pytest.mark.parametrize(
    ("closed_on", "owes"), [(date(2026, 5, 31), False), (date(2026, 6, 1), True)]
)
def test_a_branch_closed_within_the_month_owes_it_not(branch_a1, closed_on, owes):
    MemberFactory(branch=branch_a1)
    Organization.objects.filter(pk=branch_a1.pk).update(closed_on=closed_on)
    assert bool(owing([duty()])[0]) is owes


# What was held --------------------------------------------------------------------


def held(branch, one: Duty) -> int:
    rows = with_duties(Organization.objects.filter(pk=branch.pk), [one])
    return rows.get().held_0


@pytest.mark.parametrize(
    ("held_on", "times"),
    [
        (date(2026, 4, 30), 0),
        (date(2026, 5, 1), 1),
        (date(2026, 5, 31), 1),
        (date(2026, 6, 1), 0),
    ],
)
def test_only_what_lies_in_the_window_counts(branch_a1, held_on, times):
    ActivityFactory(organization=branch_a1, kind="theme_day", held_on=held_on)
    assert held(branch_a1, duty()) == times


@pytest.mark.parametrize("state", ["planned", "cancelled"])
def test_planned_and_cancelled_do_not_count(branch_a1, state):
    ActivityFactory(
        organization=branch_a1, kind="theme_day", held_on=MAY.start, state=state
    )
    assert held(branch_a1, duty()) == 0


def test_another_kind_does_not_count(branch_a1):
    ActivityFactory(organization=branch_a1, kind="lecture", held_on=MAY.start)
    assert held(branch_a1, duty()) == 0


def test_a_meeting_of_a_party_group_counts_for_its_branch(branch_a1):
    group = OrganizationFactory(
        name="第一党小组", short_name="第一党小组", kind="group", parent=branch_a1
    )
    for organization in (group, branch_a1):
        ActivityFactory(
            organization=organization, kind="group_meeting", held_on=MAY.start
        )
    ActivityFactory(organization=group, kind="theme_day", held_on=MAY.start)
    assert held(branch_a1, duty("group_meeting")) == 2
    assert held(branch_a1, duty()) == 0


def test_the_committee_sets_how_often(db, committee_staff):
    def times(kind: str) -> list[int]:
        found = standing_touching(MAY.start, MAY.start)
        return [duty.times for duty in found if duty.kind == kind]

    assert times("theme_day") == [1]
    parameters.change(key=THEME_DAYS, value=2, actor=committee_staff)
    assert times("theme_day") == [2]
    parameters.change(key=THEME_DAYS, value=0, actor=committee_staff)
    assert times("theme_day") == []
    parameters.change(key=COMMITTEE_FROM, value=3, actor=committee_staff)
    parameters.change(key=GROUPS_FROM, value=9, actor=committee_staff)
    least = {
        str(duty.kind): duty.from_members
        for duty in standing_touching(MAY.start, MAY.start)
    }
    assert (least["committee_meeting"], least["group_meeting"]) == (3, 9)


def test_co_managed_people_make_no_branch_bigger(branch_a1, branch_b1):
    member = MemberFactory(branch=branch_b1)
    AffiliationFactory(member=member, organization=branch_a1, kind="co_managed")
    assert owing([duty()]) == [{str(branch_b1)}]
