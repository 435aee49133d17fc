"""E-mail against a real SMTP server on loopback."""

import io

import openpyxl
import pytest
from django.core import mail as django_mail

from liaison.choices import DeliveryState, PacketState
from liaison.models import Delivery, FeedbackPacket
from liaison.services import delivery as service
from liaison.services import sending
from organizations.jobs import run_job
from organizations.models import Job
from tests.factories.liaison import LiaisonCardFactory
from tests.factories.organizations import WorkUnitFactory
from tests.ops.processes import free_port


@pytest.fixture
def by_mail(packet):
    """The packet of a unit that wants its feedback by e-mail."""
    unit = packet.work_unit
    unit.contact_email, unit.feedback_channel = "party@unit.example", "email"
    unit.save()
    return packet


def send(packet, actor) -> Delivery:
    """Order one e-mail and let its job run."""
    sending.hand_over(packet_id=packet.pk, channel="email", actor=actor)
    run_job(Job.objects.latest("created_at").pk, heartbeat=False)
    return Delivery.objects.latest("pk")


def test_a_packet_is_mailed_once_with_its_workbook(mailbox, by_mail, committee_staff):
    delivery = send(by_mail, committee_staff)
    (message,) = mailbox.parsed()
    (attachment,) = message.iter_attachments()
    book = openpyxl.load_workbook(io.BytesIO(attachment.get_content()))
    assert book.sheetnames == ["反馈函", "党员表现", "服务明细"]
    assert message["To"] == "party@unit.example"
    assert message["Message-ID"] == f"<feedback-{by_mail.pk}-1@portal>"
    assert (delivery.state, delivery.attempt) == (DeliveryState.SENT, 1)


def test_the_mail_carries_a_link_that_works(mailbox, by_mail, committee_staff, client):
    delivery = send(by_mail, committee_staff)
    body = mailbox.parsed()[0].get_body().get_content()
    url = f"https://portal.example/liaison/u/{service.link_token(delivery)}/"
    assert url in body
    assert client.get(url.removeprefix("https://portal.example")).status_code == 200


def test_a_job_run_again_mails_nothing(mailbox, by_mail, committee_staff):
    send(by_mail, committee_staff)
    Job.objects.update(state="queued")
    run_job(Job.objects.latest("created_at").pk, heartbeat=False)
    assert len(mailbox.messages) == 1


def test_a_refusal_is_told_in_chinese_and_another_try_works(
    mailbox, by_mail, committee_staff
):
    mailbox.answer = "451 try again later"
    failed = send(by_mail, committee_staff)
    assert failed.state == DeliveryState.FAILED
    assert failed.error == "邮件服务器拒绝发送（代码 451），请稍后再送。"
    mailbox.answer = "250 OK"
    assert send(by_mail, committee_staff).state == DeliveryState.SENT
    assert len(mailbox.messages) == 1


def test_a_refused_address_is_named(mailbox, by_mail, committee_staff):
    by_mail.work_unit.contact_email = "unknown@unit.example"
    by_mail.work_unit.save()
    assert "拒收这个邮箱地址" in send(by_mail, committee_staff).error


def test_a_server_out_of_reach_is_told(mailbox, by_mail, committee_staff, settings):
    settings.EMAIL_PORT = free_port()
    assert "连不上邮件服务器" in send(by_mail, committee_staff).error


def test_an_attempt_of_a_dead_worker_is_settled_and_never_mailed_again(
    mailbox, by_mail, committee_staff
):
    delivery = sending.hand_over(
        packet_id=by_mail.pk, channel="email", actor=committee_staff
    )
    assert service.claim_for_mailing(delivery.pk)  # and then it died
    run_job(Job.objects.latest("created_at").pk, heartbeat=False)
    delivery.refresh_from_db()
    assert delivery.is_broken_off
    assert (delivery.state, mailbox.messages) == (DeliveryState.FAILED, [])
    by_mail.refresh_from_db()
    assert by_mail.sent_at is None


def test_a_revoked_email_is_not_sent(mailbox, by_mail, committee_staff):
    old = sending.hand_over(
        packet_id=by_mail.pk, channel="email", actor=committee_staff
    )
    service.deliver(packet_id=by_mail.pk, channel="paper", actor=committee_staff)
    assert service.claim_for_mailing(old.pk) is None
    assert not django_mail.outbox


# A whole round -------------------------------------------------------------------


@pytest.fixture
def round_of_channels(period, branch_a1, build):
    """One unit a channel, and an e-mail unit whose address is refused."""
    for channel, address in (
        ("email", "a@unit.example"),
        ("email", "unknown@unit.example"),
        ("link", ""),
        ("paper", ""),
    ):
        unit = WorkUnitFactory(feedback_channel=channel, contact_email=address)
        LiaisonCardFactory(organization=branch_a1, home_unit=unit)
    build(period)
    return period


def deliver_round(period, actor) -> Job:
    job = sending.request_delivery(period_id=period.pk, actor=actor)
    run_job(job.pk, heartbeat=False)
    job.refresh_from_db()
    return job


def test_a_round_goes_out_by_the_channel_of_each_unit(
    mailbox, round_of_channels, committee_staff
):
    job = deliver_round(round_of_channels, committee_staff)
    assert job.result == {"sent": 1, "failed": 1, "links": 1, "paper": 1}
    states = FeedbackPacket.objects.with_state().order_by("number")
    assert [packet.board_state for packet in states] == [
        PacketState.SENT,
        PacketState.FAILED,
        PacketState.SENT,
        PacketState.UNSENT,
    ]


def test_ordering_a_round_again_tries_only_what_failed(
    mailbox, round_of_channels, committee_staff
):
    deliver_round(round_of_channels, committee_staff)
    deliver_round(round_of_channels, committee_staff)
    assert len(mailbox.messages) == 1
    attempts = round_of_channels.packets.order_by("number")
    assert [packet.deliveries.count() for packet in attempts] == [1, 2, 1, 0]


def test_a_round_taken_up_after_a_crash_mails_nothing_twice(
    mailbox, round_of_channels, committee_staff
):
    job = sending.request_delivery(
        period_id=round_of_channels.pk, actor=committee_staff
    )
    first = round_of_channels.packets.order_by("number").first()
    left = service.deliver(packet_id=first.pk, channel="email", actor=committee_staff)
    service.claim_for_mailing(left.pk)  # the worker died speaking to the server
    run_job(job.pk, heartbeat=False)
    assert first.deliveries.get().is_broken_off
    deliver_round(round_of_channels, committee_staff)
    assert not mailbox.messages
