"""Units with another rhythm of feedback than their street's."""

from datetime import date

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from config.lib.errors import RuleError
from config.lib.periods import HalfYear, Month
from config.lib.registry import alert
from liaison import boards, rounds, rules
from liaison.indicators.loop import compute
from liaison.models import FeedbackPacket, FeedbackPeriod, UnitSchedule
from liaison.services import remarks
from liaison.services.periods import open_period
from liaison.services.schedules import set_schedule
from organizations import parameters
from organizations.models import AuditEvent, Organization, WorkUnit
from tests.factories.liaison import FeedbackRemarkFactory, LiaisonCardFactory


def at(day: str) -> time_machine.travel:
    return time_machine.travel(f"{day}T09:00:00+08:00", tick=False)


def give(street, unit, actor, kind, reason="单位来函要求"):
    return set_schedule(
        street=street, unit_id=unit.pk, kind=kind, reason=reason, actor=actor
    )


def packets() -> list[tuple[str, str]]:
    rows = FeedbackPacket.objects.values_list("period__label", "work_unit__name")
    return sorted(rows)


@pytest.fixture
def other(branch_a1):
    """A card of somebody at another unit, which keeps the street's rhythm."""
    return LiaisonCardFactory(organization=branch_a1)


@pytest.mark.parametrize(
    ("kinds", "today", "written", "starts_on"),
    [
        (("half_year", "quarter"), "2026-11-29", None, "2026-07-01"),
        (("half_year", "quarter"), "2026-11-29", "2026-07-01", "2027-01-01"),
        (("half_year", "quarter"), "2026-11-29", "2026-04-01", "2026-07-01"),
        (("year", "half_year"), "2026-11-29", "2026-01-01", "2027-01-01"),
        (("quarter", "year"), "2026-02-28", "2025-10-01", "2026-01-01"),
        (("quarter", "quarter"), "2026-12-31", "2026-10-01", "2027-01-01"),
        # The clock ran ahead of what is to be changed.
        (("half_year", "quarter"), "2026-11-29", "2027-01-01", "2027-07-01"),
    ],
)
def test_a_rhythm_begins_where_periods_of_both_begin(kinds, today, written, starts_on):
    found = rules.rhythm_starts_on(
        kinds, date.fromisoformat(today), written and date.fromisoformat(written)
    )
    assert found == date.fromisoformat(starts_on)


@at("2026-06-20")
def test_a_unit_is_told_every_half_year_and_others_every_quarter(
    street, card, other, work_unit, committee_staff
):
    assert give(street, work_unit, committee_staff, "half_year") == date(2026, 1, 1)
    rounds.run(date(2026, 6, 22))
    rounds.run(date(2026, 7, 11))
    rounds.run(date(2026, 9, 22))
    rounds.run(date(2026, 10, 11))
    neighbour = other.home_unit.name
    assert packets() == [
        ("2026H1", work_unit.name),
        ("2026Q2", neighbour),
        ("2026Q3", neighbour),
    ]
    # No rounds of half-years where nobody has them.
    assert not FeedbackPeriod.objects.get(label="2026H1").is_general
    assert not FeedbackPeriod.objects.filter(label__endswith="H2").exists()


@at("2026-10-20")
def test_what_was_written_is_neither_left_out_nor_told_twice(
    street, period, card, work_unit, committee_staff
):
    FeedbackRemarkFactory(period=period, card=card)
    assert give(street, work_unit, committee_staff, "half_year") == date(2027, 1, 1)
    for day in (date(2026, 10, 20), date(2026, 12, 22), date(2027, 1, 11)):
        rounds.run(day)
    assert packets() == [("2026Q3", work_unit.name), ("2026Q4", work_unit.name)]
    for day in (date(2027, 4, 11), date(2027, 6, 22), date(2027, 7, 11)):
        rounds.run(day)
    assert packets()[2:] == [("2027H1", work_unit.name)]


@at("2026-06-20")
def test_the_streets_rhythm_comes_back_with_the_next_common_day(
    street, card, work_unit, committee_staff
):
    give(street, work_unit, committee_staff, "year")
    # Nothing was written of this year yet: as if it had never been said.
    assert give(street, work_unit, committee_staff, "", "") == date(2026, 1, 1)
    assert not UnitSchedule.objects.exists()
    give(street, work_unit, committee_staff, "half_year")
    rounds.run(date(2026, 7, 11))
    with at("2026-08-01"):
        assert give(street, work_unit, committee_staff, "") == date(2026, 7, 1)
    [row] = UnitSchedule.objects.all()
    assert (row.starts_on, row.ends_on) == (date(2026, 1, 1), date(2026, 7, 1))
    assert row.last_on == date(2026, 6, 30)


@at("2026-06-20")
def test_words_are_asked_for_in_the_units_own_round(
    street, card, other, work_unit, committee_staff, branch_secretary, branch_a1
):
    give(street, work_unit, committee_staff, "half_year")
    rounds.run(date(2026, 7, 5))
    half, quarter = (
        FeedbackPeriod.objects.get(label=label) for label in ("2026H1", "2026Q2")
    )
    shown = {
        row.period.label: row.to_word for row in boards.round_rows(committee_staff)
    }
    assert shown == {"2026H1": 1, "2026Q2": 1}
    waiting = alert("liaison.not_worded").rows(branch_secretary, date(2026, 7, 9))
    assert {(row.label, row.detail[:9]) for row in waiting} == {
        (card.member.name, "2026年上半年反"),
        (other.member.name, "2026年第二季度"),
    }
    row = remarks.Remark(card.pk, 0, "优秀", "热心。")
    common = {"organization_id": branch_a1.pk, "actor": branch_secretary}
    with pytest.raises(card.DoesNotExist):
        remarks.save_remarks(period_id=quarter.pk, remarks=[row], **common)
    remarks.save_remarks(period_id=half.pk, remarks=[row], **common)
    figures = compute(Organization.objects.all(), Month(2026, 7))[branch_a1.pk]
    assert (figures["liaison.to_word"], figures["liaison.worded"]) == (2, 1)


@at("2026-06-20")
def test_the_street_may_take_up_the_rhythm_that_a_unit_had(
    street, card, other, work_unit, committee_staff, sysadmin
):
    give(street, work_unit, committee_staff, "half_year")
    rounds.run(date(2026, 6, 22))
    parameters.change(key="liaison.feedback_period", value="half_year", actor=sysadmin)
    half = FeedbackPeriod.objects.get(label="2026H1")
    opened = open_period(street=street, period=HalfYear(2026, 1))
    assert opened == half
    assert opened.is_general
    [row] = [r for r in boards.round_rows(committee_staff) if r.period == half]
    assert row.to_word == 2


def test_nothing_to_change_and_nobody_else(
    street, card, work_unit, committee_staff, community_secretary
):
    with pytest.raises(RuleError, match="没有改动"):
        give(street, work_unit, committee_staff, "")
    with pytest.raises(PermissionDenied):
        give(street, work_unit, community_secretary, "year")
    with pytest.raises(WorkUnit.DoesNotExist):
        set_schedule(
            street=street, unit_id=0, kind="year", reason="", actor=committee_staff
        )
    assert not UnitSchedule.objects.exists()


def test_the_unit_is_found_set_and_listed(
    street, card, work_unit, client_for, committee_staff, facts_sent
):
    client = client_for(committee_staff)
    address = reverse("liaison:schedule-edit", args=[work_unit.pk])
    assert address in client.get(work_unit.get_absolute_url()).content.decode()
    page = client.post(address, {"kind": "year", "reason": " "})
    assert page.status_code == 422
    assert "请写明为什么" in page.content.decode()
    page = client.post(address, {"kind": "year", "reason": "单位按年考核"}, follow=True)
    html = page.content.decode()
    assert work_unit.name in html
    assert "单位按年考核" in html
    assert AuditEvent.objects.filter(action="feedback_scheduled").count() == 1
    assert card.organization_id in facts_sent[-1][0]
    page = client.post(address, {"kind": "year", "reason": "再说一次"})
    assert "没有改动" in page.content.decode()


@at("2026-06-20")
def test_a_round_opened_by_hand_takes_no_other_units_in(
    street, card, other, work_unit, committee_staff
):
    give(street, work_unit, committee_staff, "half_year")
    rounds.run(date(2026, 6, 22))
    opened = open_period(street=street, period=HalfYear(2026, 1))
    assert not opened.is_general
