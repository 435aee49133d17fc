"""The clock of feedback over the ends of quarters."""

from datetime import date, timedelta

import pytest

from liaison import rounds, rules
from liaison.choices import FeedbackState
from liaison.models import FeedbackPacket, FeedbackPeriod
from organizations import parameters
from organizations.models import AuditEvent
from tests.factories.liaison import LiaisonCardFactory
from tests.races import needs_server, race


def states() -> dict[str, str]:
    return dict(FeedbackPeriod.objects.values_list("label", "state"))


@pytest.mark.parametrize(
    ("today", "label"),
    [
        (date(2026, 9, 20), "2026Q2"),
        (date(2026, 9, 21), "2026Q3"),
        (date(2026, 10, 1), "2026Q3"),
        (date(2026, 12, 21), "2026Q3"),
        (date(2026, 12, 22), "2026Q4"),
        (date(2027, 1, 5), "2026Q4"),
    ],
)
def test_a_round_opens_ten_days_before_its_quarter_ends(street, today, label):
    rounds.run(today)
    assert label in states()


@pytest.mark.parametrize(
    ("kind", "today", "label"),
    [
        ("half_year", date(2026, 6, 25), "2026H1"),
        ("half_year", date(2026, 12, 1), "2026H1"),
        ("year", date(2026, 12, 25), "2026"),
    ],
)
def test_the_kind_of_period_is_a_setting(street, sysadmin, kind, today, label):
    parameters.change(key="liaison.feedback_period", value=kind, actor=sysadmin)
    rounds.run(today)
    assert states().keys() == {label}


def test_a_round_is_written_until_its_last_day(street):
    rounds.run(date(2026, 10, 10))
    assert states() == {"2026Q3": FeedbackState.OPEN}


def test_a_round_past_its_day_is_closed_and_built(street, branch_a1):
    LiaisonCardFactory(organization=branch_a1)
    rounds.run(date(2026, 10, 1))
    assert rounds.run(date(2026, 10, 11)) == 1
    assert states() == {"2026Q3": FeedbackState.BUILT}


def test_a_day_run_twice_changes_nothing(street, branch_a1):
    LiaisonCardFactory(organization=branch_a1)
    for day in (date(2026, 9, 21), date(2026, 10, 8), date(2026, 10, 11)):
        rounds.run(day)
        events = AuditEvent.objects.count()
        assert rounds.run(day) == 0
        assert AuditEvent.objects.count() == events
    assert FeedbackPacket.objects.count() == 1


def test_missed_days_are_made_up(street, branch_a1):
    LiaisonCardFactory(organization=branch_a1)
    rounds.run(date(2026, 9, 22))
    # The machine stood still over the due date, until December.
    assert rounds.run(date(2026, 12, 3)) == 1
    assert states() == {"2026Q3": FeedbackState.BUILT}


def test_a_year_of_mornings_builds_each_round_once(street, branch_a1):
    LiaisonCardFactory(organization=branch_a1)
    day = date(2026, 1, 1)
    while day < date(2026, 7, 15):
        rounds.run(day)
        day += timedelta(days=3)
    assert states() == {
        "2025Q4": FeedbackState.BUILT,
        "2026Q1": FeedbackState.BUILT,
        "2026Q2": FeedbackState.BUILT,
    }
    assert sorted(FeedbackPacket.objects.values_list("period__label", flat=True)) == [
        "2026Q1",
        "2026Q2",
    ]


@needs_server
@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_once_open_and_build_each_round_once(street, branch_a1):
    LiaisonCardFactory(organization=branch_a1)
    rounds.run(date(2026, 10, 1))
    results = race(lambda number: rounds.run(date(2026, 10, 11)), 4)
    assert sorted(results) == [0, 0, 0, 1]
    results = race(lambda number: rounds.run(date(2026, 12, 22)), 4)
    assert results == [0] * 4
    assert states() == {"2026Q3": FeedbackState.BUILT, "2026Q4": FeedbackState.OPEN}
    assert FeedbackPacket.objects.count() == 1
    opened = AuditEvent.objects.filter(action="feedback_opened")
    assert opened.count() == 2


def test_a_reminder_is_noted_once_a_day(street):
    rounds.run(date(2026, 10, 6))
    assert FeedbackPeriod.objects.get().reminded_on is None
    rounds.run(date(2026, 10, 7))
    assert FeedbackPeriod.objects.get().reminded_on == date(2026, 10, 7)


def test_an_interrupted_building_is_taken_up_next_morning(street, branch_a1, period):
    LiaisonCardFactory(organization=branch_a1)
    FeedbackPeriod.objects.update(state=FeedbackState.CLOSED)
    assert rounds.run(date(2026, 10, 12)) == 1


def test_every_street_has_its_own_round(street, other_street):
    rounds.run(date(2026, 10, 1))
    assert FeedbackPeriod.objects.filter(label="2026Q3").count() == 2


def test_the_last_day_of_a_round_is_ten_days_after_its_quarter(street):
    rounds.run(date(2026, 10, 1))
    period = FeedbackPeriod.objects.get()
    assert period.due_on == date(2026, 10, 10)


def test_a_remark_has_a_limit():
    with pytest.raises(Exception, match="不要超过 300 字"):
        rules.check_remark("优秀", "好" * 301, ["优秀"])
