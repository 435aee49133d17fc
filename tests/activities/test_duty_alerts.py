"""Who hears of what is owed: the secretary, then the community and the street."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activities.duty_board import OVERDUE, board
from activities.models import Activity
from activities.parameters import duties as names
from config.lib import registry
from config.lib.periods import Month
from organizations import parameters
from organizations.models import Parameter
from tests.factories.activities import ActivityFactory
from tests.factories.members import MemberFactory

MAY, JUNE = Month(2026, 5), Month(2026, 6)
FIRST = "沿江社区第一党支部"


@pytest.fixture
def monthly(db):
    """Only the theme day is asked for, so that each test has one thing to see."""
    for key in (
        *(names.MEMBERS_MEETINGS, names.COMMITTEE_MEETINGS, names.GROUP_MEETINGS),
        *(names.LECTURES, names.LIFE_MEETINGS, names.REVIEWS),
    ):
        Parameter.objects.create(key=key, value=0)


@pytest.fixture
def peopled(branch_a1, branch_b1, monthly):
    MemberFactory(branch=branch_a1)
    MemberFactory(branch=branch_b1)


def named(key, user, today) -> list[str]:
    alert = registry.alert(f"activities.duties_{key}")
    rows = [item.label for item in alert.rows(user, today)]
    assert alert.count(user, today) == len(rows)
    return rows


def hold_theme_days(branch, *months) -> None:
    for month in months:
        ActivityFactory(organization=branch, kind="theme_day", held_on=month.start)


@pytest.mark.parametrize(
    ("today", "is_named"),
    [
        (date(2026, 5, 21), False),
        (date(2026, 5, 22), True),
        (date(2026, 5, 31), True),
    ],
)
def test_the_secretary_is_reminded_ten_days_before(
    peopled, branch_secretary, today, is_named
):
    assert bool(named("due", branch_secretary, today)) is is_named


def test_the_committee_may_remind_sooner(peopled, branch_secretary, committee_staff):
    parameters.change(key=names.REMIND_DAYS, value=30, actor=committee_staff)
    assert named("due", branch_secretary, date(2026, 5, 4)) == [FIRST]


def test_the_street_is_not_told_while_there_is_time(peopled, committee_staff):
    assert named("due", committee_staff, date(2026, 5, 25)) == []
    assert named("overdue", committee_staff, date(2026, 6, 1)) == []


@pytest.mark.parametrize(("state", "settles"), [("held", True), ("cancelled", False)])
def test_what_was_held_settles_it(peopled, branch_secretary, branch_a1, state, settles):
    ActivityFactory(
        organization=branch_a1, kind="theme_day", held_on=MAY.start, state=state
    )
    assert (named("due", branch_secretary, date(2026, 5, 25)) == []) is settles


def test_overdue_goes_to_the_secretary_then_to_those_above(
    peopled,
    branch_a1,
    branch_secretary,
    community_secretary,
    committee_staff,
    branch_b1,
):
    hold_theme_days(branch_a1, Month(2026, 3), Month(2026, 4))
    hold_theme_days(branch_b1, Month(2026, 3), Month(2026, 4), MAY)
    first, tenth = JUNE.start, JUNE.start + timedelta(days=9)
    assert named("overdue", branch_secretary, MAY.end - timedelta(days=1)) == []
    assert named("overdue", branch_secretary, first) == [FIRST]
    for user in (community_secretary, committee_staff):
        assert named("escalated", user, tenth) == []
        assert named("escalated", user, tenth + timedelta(days=1)) == [FIRST]
    assert named("escalated", branch_secretary, tenth + timedelta(days=1)) == []


def test_recording_it_late_takes_it_off(peopled, branch_a1, branch_secretary):
    hold_theme_days(branch_a1, Month(2026, 3), Month(2026, 4))
    assert named("overdue", branch_secretary, JUNE.start)
    hold_theme_days(branch_a1, MAY)
    assert named("overdue", branch_secretary, JUNE.start) == []


def test_after_the_days_set_it_leaves_the_list(peopled, branch_a1, branch_secretary):
    hold_theme_days(branch_a1, *(Month(2026, n) for n in range(6, 12)))
    day = MAY.end - timedelta(days=1) + timedelta(days=60)
    assert named("overdue", branch_secretary, day) == [FIRST]
    assert named("overdue", branch_secretary, day + timedelta(days=1)) == []


def test_a_warning_says_what_is_missing_and_opens_the_board(
    peopled, branch_a1, branch_secretary, client_for
):
    alert = registry.alert("activities.duties_overdue")
    hold_theme_days(branch_a1, Month(2026, 4))
    [item] = alert.rows(branch_secretary, JUNE.start)
    assert item.detail == "2026年5月主题党日"
    page = client_for(branch_secretary).get(item.url)
    assert page.status_code == 200


ACTIVITY = st.tuples(
    st.sampled_from(
        [*("members_meeting", "theme_day", "lecture"), "life_meeting", "volunteering"]
    ),
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    st.sampled_from(["held", "held", "planned", "cancelled"]),
)


@settings(
    deadline=None,
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    rows=st.lists(ACTIVITY, max_size=14),
    today=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    theme_days=st.integers(0, 2),
)
def test_the_warning_and_the_board_say_the_same(
    branch_a1, branch_secretary, rows, today, theme_days
):
    """The board in the months still shown, against the warning's one statement."""
    Activity.objects.all().delete()
    if not branch_a1.affiliations.exists():
        MemberFactory(branch=branch_a1)
    Parameter.objects.update_or_create(
        key=names.THEME_DAYS, defaults={"value": theme_days}
    )
    for kind, day, state in rows:
        ActivityFactory(organization=branch_a1, kind=kind, held_on=day, state=state)
    since = today - timedelta(days=parameters.get(names.SHOWN_DAYS))
    expected, month = set(), Month.containing(since)
    while month.start <= today:
        shown = board(branch_secretary, branch_a1, month, today)
        expected |= {
            cell.duty.label
            for row in shown.rows
            for cell in row.cells
            if cell and cell.state == OVERDUE and cell.duty.due_on >= since
        }
        month = month.next()
    alert = registry.alert("activities.duties_overdue")
    items = list(alert.rows(branch_secretary, today))
    said = {name for item in items for name in item.detail.split("；")}
    assert said == expected
