"""Links, codes, mails that come back, units that cannot be reached or stay silent."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.lib import registry
from config.lib.errors import RuleError
from liaison.choices import DeliveryState, PacketState
from liaison.models import Delivery, FeedbackPacket
from liaison.services import delivery as service
from liaison.services import sending
from liaison.services.bounces import record_bounce
from organizations import parameters
from organizations.jobs import run_job
from organizations.models import AuditEvent, Job
from tests.factories.liaison import LiaisonCardFactory
from tests.factories.organizations import WorkUnitFactory


@pytest.fixture(autouse=True)
def _fresh_counters():
    cache.clear()


def details(key, user) -> list[str]:
    alert, today = registry.alert(key), timezone.localdate()
    return [alert.item(row, today).detail for row in alert.queryset(user, today)]


# Re-issue and codes -----------------------------------------------------------------


def test_a_link_that_was_issued_anew_answers_the_neutral_page(packet, committee_staff):
    old, new = (
        service.deliver(packet_id=packet.pk, channel="link", actor=committee_staff)
        for _ in range(2)
    )
    gone = Client().get(reverse("liaison:unit-packet", args=["A" * 43]))
    links = [
        reverse("liaison:unit-packet", args=[service.link_token(delivery)])
        for delivery in (old, new)
    ]
    assert Client().get(links[0]).content == gone.content
    assert Client().get(links[1]).status_code == 200


def test_the_printed_letter_carries_the_link_as_a_code(
    packet, client_for, committee_staff
):
    client = client_for(committee_staff)
    page = reverse("liaison:packet-letter", args=[packet.pk])
    assert "data:image/svg" not in client.get(page).content.decode()
    delivery = service.deliver(
        packet_id=packet.pk, channel="paper", actor=committee_staff
    )
    assert "data:image/svg" in client.get(page).content.decode()
    link = reverse("liaison:unit-packet", args=[service.link_token(delivery)])
    assert Client().get(link).status_code == 200
    # The link is nothing that the paper itself would need.
    Delivery.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert "data:image/svg" not in client.get(page).content.decode()
    assert Client().get(link).status_code == 404


# Mails that come back ---------------------------------------------------------------


@pytest.fixture
def mailed(mailbox, packet, committee_staff) -> Delivery:
    unit = packet.work_unit
    unit.contact_email, unit.feedback_channel = "party@unit.example", "email"
    unit.save()
    sending.hand_over(packet_id=packet.pk, channel="email", actor=committee_staff)
    run_job(Job.objects.latest("created_at").pk, heartbeat=False)
    return packet.deliveries.get()


def bounce(delivery, actor, attempt=1, reason="full", words=""):
    return record_bounce(
        packet_id=delivery.packet_id,
        attempt=attempt,
        reason=reason,
        words=words,
        actor=actor,
    )


def test_a_mail_that_came_back_is_failed_and_taken_up_by_another_channel(
    mailed, committee_staff
):
    token = service.link_token(mailed)
    bounce(mailed, committee_staff, words="550 mailbox full")
    shown = FeedbackPacket.objects.with_state().get()
    assert (shown.board_state, shown.last_error) == (
        PacketState.FAILED,
        "退信：对方邮箱已满，550 mailbox full",
    )
    assert shown.sent_at is None
    assert service.find_by_token(token) is None
    assert list(FeedbackPacket.objects.to_hand_over()) == [shown]
    assert AuditEvent.objects.filter(action="packet_bounced").count() == 1
    sending.hand_over(packet_id=shown.pk, channel="paper", actor=committee_staff)
    shown = FeedbackPacket.objects.with_state().get()
    assert (shown.board_state, shown.channel) == (PacketState.SENT, "paper")


def test_what_had_arrived_before_still_counts(mailed, committee_staff):
    sending.hand_over(
        packet_id=mailed.packet_id, channel="email", actor=committee_staff
    )
    run_job(Job.objects.latest("created_at").pk, heartbeat=False)
    bounce(mailed, committee_staff, attempt=2)
    packet = FeedbackPacket.objects.get()
    assert packet.sent_at == mailed.sent_at


def test_only_the_last_mail_that_left_comes_back(mailed, committee_staff, unit_contact):
    with pytest.raises(RuleError, match="最近一次不是"):
        bounce(mailed, committee_staff, attempt=2)
    with pytest.raises(PermissionDenied):
        bounce(mailed, unit_contact)
    bounce(mailed, committee_staff)
    with pytest.raises(RuleError, match="没有送出"):
        bounce(mailed, committee_staff)


def test_a_confirmed_mail_did_not_come_back(mailed, committee_staff):
    service.enter_receipt(
        packet_id=mailed.packet_id, name="周明", words="", actor=committee_staff
    )
    with pytest.raises(RuleError, match="已经确认"):
        bounce(mailed, committee_staff)


def test_a_bounce_is_noted_on_the_page(mailed, client_for, committee_staff):
    client = client_for(committee_staff)
    page = reverse("liaison:packet-bounce", args=[mailed.packet_id])
    assert client.post(page, {"attempt": 1, "reason": ""}).status_code == 422
    noted = client.post(page, {"attempt": 1, "reason": "full", "said": "<b>满</b>"})
    assert noted.status_code == 302
    board = reverse("liaison:period-units", args=[mailed.packet.period_id])
    html = client.get(board).content.decode()
    assert "退信：对方邮箱已满，&lt;b&gt;满" in html


def test_a_server_that_puts_off_every_third_mail_doubles_none(
    mailbox, period, branch_a1, build, committee_staff
):
    for number in range(7):
        unit = WorkUnitFactory(
            feedback_channel="email", contact_email=f"u{number}@unit.example"
        )
        LiaisonCardFactory(organization=branch_a1, home_unit=unit)
    build(period)
    mailbox.refuse_every = 3
    for _ in range(4):
        job = sending.request_delivery(period_id=period.pk, actor=committee_staff)
        run_job(job.pk, heartbeat=False)
    reached = sorted(message["To"] for message in mailbox.parsed())
    assert reached == [f"u{number}@unit.example" for number in range(7)]
    accepted = Delivery.objects.filter(state=DeliveryState.SENT)
    assert accepted.count() == 7
    assert Delivery.objects.filter(state=DeliveryState.FAILED).count() == 3


# Units out of reach, and silent ones ------------------------------------------------


def test_units_without_anybody_to_hand_over_to_are_listed(
    branch_a1, committee_staff, branch_secretary, other_street
):
    LiaisonCardFactory(organization=branch_a1, home_unit__contact_name="周明")
    assert details("liaison.no_channel", committee_staff) == []
    LiaisonCardFactory(organization=branch_a1, home_unit__contact_name="")
    LiaisonCardFactory(organization=other_street, home_unit__contact_name="")
    assert details("liaison.no_channel", committee_staff) == [
        "纸质送达，但没有登记党务联络人，反馈材料送不到人"
    ]
    assert details("liaison.no_channel", branch_secretary) == []


@pytest.mark.parametrize(
    ("days", "listed"),
    [(10, ""), (11, "unconfirmed"), (29, "unconfirmed"), (30, "escalated")],
)
def test_silence_is_a_to_do_and_then_a_matter_of_those_in_charge(
    packet, committee_staff, days, listed
):
    service.deliver(packet_id=packet.pk, channel="paper", actor=committee_staff)
    FeedbackPacket.objects.update(sent_at=timezone.now() - timedelta(days=days))
    found = [
        name
        for name in ("unconfirmed", "escalated")
        if details(f"liaison.{name}", committee_staff)
    ]
    assert found == ([listed] if listed else [])


def test_when_it_is_escalated_is_a_setting(packet, committee_staff, sysadmin):
    parameters.change(key="liaison.escalate_days", value=5, actor=sysadmin)
    service.deliver(packet_id=packet.pk, channel="paper", actor=committee_staff)
    FeedbackPacket.objects.update(sent_at=timezone.now() - timedelta(days=5))
    assert details("liaison.escalated", committee_staff) == [
        "2026年第三季度反馈送达 5 天没有答复，没有催办过，"
        "请街道负责人直接联系单位党组织"
    ]
