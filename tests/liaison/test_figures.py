"""Figures and warnings, against counts made by hand."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from config.lib import registry
from config.lib.periods import Month
from liaison.indicators.loop import compute
from liaison.models import LiaisonCard
from liaison.services import delivery as service
from organizations.models import Organization
from tests.factories.activities import ActivityFactory
from tests.factories.liaison import (
    CardEntryFactory,
    FeedbackPeriodFactory,
    FeedbackRemarkFactory,
    LiaisonCardFactory,
    reported_member,
)

AUGUST = Month(2026, 8)
BEFORE_DUE = date(2026, 10, 8)


def figures(branch, month=AUGUST) -> dict[str, int]:
    return compute(Organization.objects.all(), month).get(branch.pk, {})


def alert(key, user, today=BEFORE_DUE) -> tuple[int, list[str]]:
    """The count of a warning and the labels of its rows."""
    entry = next(a for a in registry.alerts() if a.key == key)
    rows = list(entry.rows(user, today))
    assert all(row.url for row in rows)
    return entry.count(user, today), [row.label for row in rows]


def test_cards_are_counted_at_the_months_end(branch_a1, branch_b1):
    LiaisonCardFactory(organization=branch_a1)
    LiaisonCardFactory(organization=branch_a1, ends_on=date(2026, 8, 31))
    LiaisonCardFactory(organization=branch_a1, ends_on=date(2026, 9, 1))
    LiaisonCardFactory(organization=branch_a1, starts_on=date(2026, 9, 1))
    LiaisonCardFactory(organization=branch_b1)
    assert figures(branch_a1)["liaison.cards"] == 2
    assert figures(branch_b1)["liaison.cards"] == 1


def test_the_audience_is_the_co_managed_in_post(branch_a1):
    reported_member(branch_a1)
    reported_member(branch_a1, category="retired")
    reported_member(branch_a1, status="suspended")
    left = reported_member(branch_a1)
    left.affiliations.update(ends_on=date(2026, 8, 31), end_reason="left_unit")
    assert figures(branch_a1)["liaison.card_audience"] == 1


def test_entries_and_their_time_are_those_of_the_month(card, branch_a1):
    CardEntryFactory(card=card, occurred_on=date(2026, 8, 1), hours=Decimal("1.5"))
    CardEntryFactory(card=card, occurred_on=date(2026, 8, 31), hours=Decimal(2))
    CardEntryFactory(card=card, occurred_on=date(2026, 9, 1))
    CardEntryFactory(
        card=card, occurred_on=date(2026, 8, 5), withdrawn_at=timezone.now()
    )
    found = figures(branch_a1)
    assert found["liaison.entries"] == 2
    assert found["liaison.entry_minutes"] == 210


def test_words_are_counted_of_the_latest_round_begun(card, branch_a1, period, street):
    FeedbackPeriodFactory(organization=street, label="2026Q4")
    FeedbackRemarkFactory(period=period, card=card)
    LiaisonCardFactory(organization=branch_a1)
    assert figures(branch_a1)["liaison.to_word"] == 2
    assert figures(branch_a1)["liaison.worded"] == 1
    assert "liaison.worded" not in figures(branch_a1, Month(2026, 10))


def test_rows_without_words_are_warned_of_near_the_end(
    card, branch_a1, period, branch_secretary, street
):
    FeedbackPeriodFactory(organization=street, label="2026Q4")
    worded = LiaisonCardFactory(organization=branch_a1)
    FeedbackRemarkFactory(period=period, card=worded)
    assert alert("liaison.not_worded", branch_secretary) == (1, ["雷芳"])
    early = date(2026, 10, 6)
    assert alert("liaison.not_worded", branch_secretary, early) == (0, [])


def test_in_post_members_without_a_card_are_warned_of(branch_a1, branch_secretary):
    member = reported_member(branch_a1)
    LiaisonCardFactory(organization=branch_a1)
    assert alert("liaison.without_card", branch_secretary) == (1, [member.name])


def test_members_who_did_nothing_for_long_are_warned_of(
    card, branch_a1, branch_secretary
):
    served = LiaisonCardFactory(organization=branch_a1)
    CardEntryFactory(card=served, occurred_on=date(2026, 9, 1))
    took_part = LiaisonCardFactory(organization=branch_a1)
    ActivityFactory(
        organization=branch_a1, held_on=date(2026, 9, 1), present=[took_part.member]
    )
    LiaisonCardFactory(organization=branch_a1, starts_on=date(2026, 9, 1))
    assert alert("liaison.inactive", branch_secretary) == (1, ["雷芳"])


def test_cards_of_members_who_left_are_warned_of(card, branch_secretary):
    card.member.affiliations.update(ends_on=BEFORE_DUE, end_reason="left_unit")
    assert alert("liaison.left_behind", branch_secretary) == (1, [card.number])


def test_unsent_and_unconfirmed_packets_are_warned_of(packet, committee_staff):
    today = timezone.localdate()
    name = packet.work_unit.name
    assert alert("liaison.unsent", committee_staff, today) == (1, [name])
    service.deliver(packet_id=packet.pk, channel="paper", actor=committee_staff)
    assert alert("liaison.unsent", committee_staff, today) == (0, [])
    assert alert("liaison.unconfirmed", committee_staff, today) == (0, [])
    later = today + timedelta(days=11)
    assert alert("liaison.unconfirmed", committee_staff, later) == (1, [name])


@pytest.mark.parametrize(
    "key", ["liaison.not_worded", "liaison.without_card", "liaison.inactive"]
)
def test_warnings_stop_at_the_scope(card, branch_a1, period, secretary_b, key):
    reported_member(branch_a1)
    assert alert(key, secretary_b) == (0, [])
    assert LiaisonCard.objects.exists()
