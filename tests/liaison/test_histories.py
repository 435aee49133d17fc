"""Feedback over the years: one page a unit, one a member."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from liaison import histories
from liaison.models import FeedbackPacket, Receipt
from liaison.services import delivery
from liaison.services.reports import Answer
from liaison.services.supplements import issue_supplement
from liaison.supplementing import Correction
from tests.factories.liaison import (
    FeedbackPeriodFactory,
    FeedbackRemarkFactory,
    LiaisonCardFactory,
)
from tests.factories.organizations import WorkUnitFactory


@pytest.fixture
def two_rounds(street, card, build, committee_staff):
    """2026Q2 confirmed after four days with an answer, 2026Q3 built and not sent."""
    for label, grade in (("2026Q2", "合格"), ("2026Q3", "优秀")):
        period = FeedbackPeriodFactory(organization=street, label=label)
        FeedbackRemarkFactory(card=card, period=period, grade=grade, words=label)
        build(period)
    first = FeedbackPacket.objects.get(period__label="2026Q2")
    delivery.deliver(packet_id=first.pk, channel="paper", actor=committee_staff)
    delivery.enter_receipt(
        packet_id=first.pk,
        name="周明",
        words="",
        answers=[Answer(card.number, "differs", "少记一次")],
        actor=committee_staff,
    )
    now = timezone.now()
    FeedbackPacket.objects.filter(pk=first.pk).update(sent_at=now - timedelta(days=4))
    return first


def test_a_units_rounds_with_grades_and_days(two_rounds, work_unit, committee_staff):
    rows = histories.unit_rounds(committee_staff, work_unit)
    found = [
        (row.packet.period.label, row.grades, row.packet.board_state, row.days)
        for row in rows
    ]
    assert found == [
        ("2026Q3", "优秀 1", "unsent", None),
        ("2026Q2", "合格 1", "confirmed", 4),
    ]


def test_a_supplement_counts_as_what_is_in_force(
    two_rounds, work_unit, card, committee_staff
):
    issue_supplement(
        packet_id=two_rounds.pk,
        version=0,
        reason="录错",
        corrections=[Correction(card.number, "优秀", "更正")],
        actor=committee_staff,
    )
    last = histories.unit_rounds(committee_staff, work_unit)[-1]
    assert (last.grades, len(last.supplements)) == ("优秀 1", 1)
    (row,) = histories.member_rounds(committee_staff, card.member)[1:]
    assert (row.grade, row.words) == ("优秀", "更正")


def test_a_members_rounds_name_the_unit_of_the_time(
    two_rounds, card, work_unit, branch_secretary
):
    card.home_unit = WorkUnitFactory()
    card.save()
    latest, first = histories.member_rounds(branch_secretary, card.member)
    assert (first.unit, first.grade, first.days) == (work_unit.name, "合格", 4)
    assert (first.answer.kind, first.answer.words) == ("differs", "少记一次")
    assert (latest.grade, latest.sent_on, latest.answer) == ("优秀", None, None)


def test_a_round_without_a_packet_shows_its_remark(period, card, branch_secretary):
    FeedbackRemarkFactory(card=card, period=period)
    (row,) = histories.member_rounds(branch_secretary, card.member)
    assert (row.grade, row.unit, row.line) == ("优秀", "", None)


def test_pages(
    two_rounds, card, work_unit, client_for, committee_staff, branch_secretary
):
    LiaisonCardFactory(organization=card.organization)
    unit = reverse("liaison:unit-history", args=[work_unit.pk])
    html = client_for(committee_staff).get(unit).content.decode()
    assert "平均 4.0 天" in html
    client = client_for(branch_secretary)
    assert client.get(unit).status_code == 403
    person = reverse("liaison:member-history", args=[card.member_id])
    html = client.get(person).content.decode()
    assert "有出入，少记一次" in html
    assert person in client.get(card.get_absolute_url()).content.decode()


def test_another_branch_reads_nothing(two_rounds, card, secretary_b, client_for):
    person = reverse("liaison:member-history", args=[card.member_id])
    assert client_for(secretary_b).get(person).status_code == 404
    assert Receipt.objects.exists()
