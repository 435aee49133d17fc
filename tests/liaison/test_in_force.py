"""On which days a card is in force, and in which rounds it therefore counts."""

from datetime import date

import pytest
from django.urls import reverse

from config.lib.periods import Month
from liaison import boards
from liaison.indicators.loop import compute
from liaison.models import FeedbackRemark, LiaisonCard
from liaison.querysets import in_force_during
from liaison.services.cards import close_card
from organizations.models import Organization
from tests.factories.liaison import FeedbackRemarkFactory, LiaisonCardFactory

# The round 2026Q3 is [1 July, 1 October).
START, END = date(2026, 7, 1), date(2026, 10, 1)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "counts"),
    [
        ("2026-01-01", None, True),
        ("2026-01-01", "2026-06-30", False),
        # Closed on the first day: not in force on it any more.
        ("2026-01-01", "2026-07-01", False),
        ("2026-01-01", "2026-07-02", True),
        ("2026-01-01", "2026-12-31", True),
        ("2026-07-01", "2026-07-01", False),
        ("2026-07-01", "2026-07-02", True),
        # Opened and closed on one day, a slip.
        ("2026-08-15", "2026-08-15", False),
        ("2026-08-15", "2026-08-16", True),
        ("2026-09-30", None, True),
        ("2026-09-30", "2026-09-30", False),
        ("2026-10-01", None, False),
    ],
)
def test_a_card_counts_in_a_round_in_which_it_was_in_force_a_day(
    branch_a1, period, committee_staff, starts_on, ends_on, counts
):
    card = LiaisonCardFactory(
        organization=branch_a1,
        starts_on=date.fromisoformat(starts_on),
        ends_on=ends_on and date.fromisoformat(ends_on),
    )
    FeedbackRemarkFactory(period=period, card=card)

    found = LiaisonCard.objects.filter(in_force_during(START, END))

    assert found.exists() is counts
    assert FeedbackRemark.objects.counted().exists() is counts
    [row] = boards.round_rows(committee_staff)
    assert (row.to_word, row.worded) == (int(counts), int(counts))
    assert bool(boards.branch_rows(committee_staff, period)) is counts
    figures = compute(Organization.objects.all(), Month(2026, 9)).get(branch_a1.pk, {})
    assert figures.get("liaison.to_word", 0) == int(counts)
    assert figures.get("liaison.worded", 0) == int(counts)


@pytest.fixture
def slip(card, branch_secretary):
    """The card of 雷芳, opened and closed on 15 August by mistake."""
    LiaisonCard.objects.update(starts_on=date(2026, 8, 15))
    return close_card(
        card_id=card.pk,
        ends_on=date(2026, 8, 15),
        reason="mistake",
        actor=branch_secretary,
    )


def test_a_slip_is_not_asked_to_be_worded(
    period, slip, branch_a1, client_for, branch_secretary
):
    page = client_for(branch_secretary).get(
        reverse("liaison:remarks", args=[period.pk, branch_a1.pk])
    )
    assert "雷芳" not in page.content.decode()


def test_a_slip_makes_no_packet(period, slip, build):
    assert build(period) == 0
    assert not period.packets.exists()


def test_closing_a_slip_tells_the_whole_round(
    period, card, branch_secretary, facts_sent
):
    LiaisonCard.objects.update(starts_on=date(2026, 8, 15))
    facts_sent.clear()
    close_card(
        card_id=card.pk,
        ends_on=date(2026, 8, 15),
        reason="mistake",
        actor=branch_secretary,
    )
    assert facts_sent == [({card.organization_id}, START)]


def test_closing_another_card_tells_from_its_last_day(
    period, card, branch_secretary, facts_sent
):
    facts_sent.clear()
    close_card(
        card_id=card.pk,
        ends_on=date(2026, 8, 15),
        reason="moved_home",
        actor=branch_secretary,
    )
    assert facts_sent == [({card.organization_id}, date(2026, 8, 15))]
