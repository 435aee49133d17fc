"""Where the street wants to, a round is approved before anything goes out."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from config.lib.errors import RuleError
from liaison.models import FeedbackPeriod
from liaison.services import delivery, sending
from organizations import parameters
from organizations.models import AuditEvent


@pytest.fixture
def switched_on(packet, sysadmin):
    parameters.change(key="liaison.street_approval", value="on", actor=sysadmin)
    return packet


def send(packet, actor):
    return delivery.deliver(packet_id=packet.pk, channel="paper", actor=actor)


def test_nothing_waits_unless_the_step_is_on(packet, committee_staff):
    assert send(packet, committee_staff)


def test_nothing_goes_out_before(switched_on, committee_staff):
    with pytest.raises(RuleError, match="还没有批准"):
        send(switched_on, committee_staff)
    with pytest.raises(RuleError, match="还没有批准"):
        sending.request_delivery(period_id=switched_on.period_id, actor=committee_staff)
    assert not switched_on.deliveries.exists()
    for _ in range(2):
        sending.approve_round(period_id=switched_on.period_id, actor=committee_staff)
    assert AuditEvent.objects.filter(action="feedback_approved").count() == 1
    assert send(switched_on, committee_staff)


def test_a_round_is_built_before_it_is_approved(period, committee_staff):
    with pytest.raises(RuleError):
        sending.approve_round(period_id=period.pk, actor=committee_staff)


def test_a_secretary_approves_nothing(switched_on, branch_secretary):
    with pytest.raises(PermissionDenied):
        sending.approve_round(period_id=switched_on.period_id, actor=branch_secretary)


def test_the_board_asks_for_it(switched_on, client_for, committee_staff):
    client = client_for(committee_staff)
    board = reverse("liaison:period-units", args=[switched_on.period_id])
    html = client.get(board).content.decode()
    assert "批准送达" in html
    assert "全部按登记方式送达" not in html
    client.post(reverse("liaison:period-approve", args=[switched_on.period_id]))
    assert FeedbackPeriod.objects.get().approved_by == committee_staff
    assert "全部按登记方式送达" in client.get(board).content.decode()


def test_the_board_stays_within_twelve_queries(
    packet, client_for, committee_staff, django_assert_max_num_queries
):
    client = client_for(committee_staff)
    board = reverse("liaison:period-units", args=[packet.period_id])
    client.get(board)
    with django_assert_max_num_queries(12):
        client.get(board)
