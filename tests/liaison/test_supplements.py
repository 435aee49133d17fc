"""Corrections after issue: numbered, frozen, handed over and confirmed apart."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.versions import StaleError
from liaison.choices import DeliveryState, PacketState
from liaison.models import FeedbackPacket, FeedbackRemark
from liaison.services import delivery as delivery_service
from liaison.services import sending
from liaison.services.packets import build_packets, content_digest
from liaison.services.supplements import issue_supplement
from liaison.supplementing import Correction, changes
from organizations.jobs import run_job
from organizations.models import AuditEvent, Job
from tests.factories.liaison import CardEntryFactory, LiaisonCardFactory
from tests.races import needs_server, race


@pytest.fixture
def sent(packet, committee_staff) -> FeedbackPacket:
    """The packet of 江滨中学, handed over on paper."""
    delivery_service.deliver(
        packet_id=packet.pk, channel="paper", actor=committee_staff
    )
    packet.refresh_from_db()
    return packet


def issue(packet, actor, *corrections, version=0, reason="等次录错", **more):
    card = packet.content["people"][0]["card"]
    return issue_supplement(
        packet_id=packet.pk,
        version=version,
        reason=reason,
        corrections=corrections or [Correction(card, "优秀", "热心服务")],
        actor=actor,
        **more,
    )


def test_the_packet_stays_as_it_was(sent, committee_staff):
    before = FeedbackPacket.objects.filter(pk=sent.pk).values().get()
    supplement = issue(sent, committee_staff)
    assert FeedbackPacket.objects.filter(pk=sent.pk).values().get() == before
    assert supplement.number == f"{sent.number}-B1"
    assert content_digest(supplement.content) == supplement.content_sha256
    assert supplement.content["supplement"] | {"issued_on": ""} == {
        "serial": 1,
        "reason": "等次录错",
        "number": sent.number,
        "issued_on": "",
        "sha256": sent.content_sha256,
    }
    assert AuditEvent.objects.filter(action="supplement_issued").count() == 1


def test_only_what_differs_is_named_with_what_it_was(sent, card, committee_staff):
    LiaisonCardFactory(organization=card.organization)  # of another unit
    (change,) = changes(issue(sent, committee_staff).content)
    assert change.name == "雷芳"
    assert change.sentences == (
        "等次：未评定 → 优秀",
        "评语：社区未填写评语 → 热心服务",
    )
    remark = FeedbackRemark.objects.get(card=card)
    assert (remark.grade, remark.words) == ("优秀", "热心服务")


def test_nothing_that_differs_is_no_supplement(sent, committee_staff):
    line = sent.content["people"][0]
    same = Correction(line["card"], line["grade"], line["words"])
    with pytest.raises(RuleError, match="没有一处"):
        issue(sent, committee_staff, same)
    with pytest.raises(RuleError, match="更正的原因"):
        issue(sent, committee_staff, reason=" ")


def test_the_record_of_today_is_taken_over(sent, card, committee_staff):
    CardEntryFactory(card=card)
    line = sent.content["people"][0]
    late = Correction(line["card"], line["grade"], line["words"], takes_record=True)
    (change,) = changes(issue(sent, committee_staff, late).content)
    assert change.sentences == ("次数：0 → 1", "时长（小时）：0 → 2")


def test_people_are_taken_off_and_taken_up(sent, card, work_unit, committee_staff):
    other = LiaisonCardFactory(organization=card.organization, home_unit=work_unit)
    first = issue(
        sent,
        committee_staff,
        Correction(card.number, is_out=True),
        Correction(other.number, is_in=True),
    )
    assert [change.label for change in changes(first.content)] == ["撤销", "补列"]
    # The next begins where this one ended: only the other stands on the packet.
    with pytest.raises(RuleError, match="没有一处"):
        issue(sent, committee_staff, Correction(card.number, is_out=True), version=1)
    second = issue(
        sent, committee_staff, Correction(other.number, "合格", "较好"), version=1
    )
    assert second.supplement_number == 2


def test_a_grade_is_one_of_the_list(sent, card, committee_staff):
    with pytest.raises(RuleError, match="雷芳：等次请从"):
        issue(sent, committee_staff, Correction(card.number, "很好", "热心"))


def test_the_same_request_issues_once(sent, committee_staff):
    key = uuid4()
    first = issue(sent, committee_staff, request_id=key)
    assert issue(sent, committee_staff, request_id=key) == first
    assert sent.supplements.count() == 1


def test_a_form_opened_before_another_supplement_is_stale(sent, committee_staff):
    issue(sent, committee_staff)
    with pytest.raises(StaleError):
        issue(sent, committee_staff)


def test_the_database_keeps_one_of_each_number(sent, committee_staff):
    twin = issue(sent, committee_staff)
    twin.pk, twin.number = uuid4(), "another"
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


@needs_server
@pytest.mark.django_db(transaction=True)
def test_many_at_once_issue_one(sent, committee_staff):
    results = race(lambda number: issue(sent, committee_staff).number, 6)
    assert sorted(results) == sorted([f"{sent.number}-B1", *["stale"] * 5])


def test_a_supplement_of_a_supplement_is_refused(sent, committee_staff):
    with pytest.raises(RuleError, match="已是补充"):
        issue(issue(sent, committee_staff), committee_staff)


def test_building_again_makes_no_packet_more(sent, period, committee_staff):
    issue(sent, committee_staff)
    assert build_packets(period_id=period.pk) == 0


def test_only_who_issues_corrects(sent, branch_secretary, unit_contact):
    with pytest.raises(FeedbackPacket.DoesNotExist):
        issue(sent, branch_secretary)
    with pytest.raises(PermissionDenied):
        issue(sent, unit_contact)


# Handing over and coming back -------------------------------------------------------


def test_a_supplement_waits_for_its_packet(packet, committee_staff):
    supplement = issue(packet, committee_staff)
    waiting = FeedbackPacket.objects.to_hand_over()
    assert list(waiting) == [packet]
    with pytest.raises(RuleError, match="请先送达原材料"):
        sending.hand_over(
            packet_id=supplement.pk, channel="link", actor=committee_staff
        )


def test_a_supplement_is_mailed_once_and_confirmed_apart(
    mailbox, sent, period, committee_staff
):
    unit = sent.work_unit
    unit.contact_email, unit.feedback_channel = "party@unit.example", "email"
    unit.save()
    delivery_service.enter_receipt(
        packet_id=sent.pk, name="周明", words="", actor=committee_staff
    )
    supplement = issue(sent, committee_staff)
    for _ in range(2):
        job = sending.request_delivery(period_id=period.pk, actor=committee_staff)
        run_job(job.pk, heartbeat=False)
        # The same message of the broker once more.
        Job.objects.filter(pk=job.pk).update(state="queued")
        run_job(job.pk, heartbeat=False)
    (message,) = mailbox.parsed()
    assert message["Subject"].strip() == (
        f"2026年第三季度在职党员情况反馈补充第1号（{supplement.number}）"
    )
    states = FeedbackPacket.objects.with_state().order_by("number")
    assert [row.board_state for row in states] == [
        PacketState.CONFIRMED,
        PacketState.SENT,
    ]
    delivery = supplement.deliveries.get()
    assert delivery.state == DeliveryState.SENT
    token = delivery_service.link_token(delivery)
    assert delivery_service.confirm_by_link(token=token, name="周明", words="")
    assert not FeedbackPacket.objects.filter(receipt__isnull=True).exists()


# Pages ------------------------------------------------------------------------------


def test_the_street_issues_one_on_its_page(sent, client_for, committee_staff):
    client = client_for(committee_staff)
    url = reverse("liaison:packet-supplement", args=[sent.pk])
    assert "雷芳" in client.get(url).content.decode()
    card = sent.content["people"][0]["card"]
    data = {
        "request_id": str(uuid4()),
        "version": 0,
        "reason": "",
        f"grade-{card}": "优秀",
        f"words-{card}": "<b>热心</b>",
    }
    refused = client.post(url, data)
    assert refused.status_code == 422
    assert "&lt;b&gt;热心" in refused.content.decode()
    issued = client.post(url, data | {"reason": "等次<i>录错"})
    supplement = sent.supplements.get()
    assert issued.url == supplement.get_absolute_url()
    page = client.get(issued.url).content.decode()
    assert "等次：未评定 → 优秀" in page
    assert "等次&lt;i&gt;录错" in page
    assert "补充第1号" in client.get(sent.get_absolute_url()).content.decode()
    board = reverse("liaison:period-units", args=[sent.period_id])
    assert "补充第1号" in client.get(board).content.decode()
    letter = client.get(reverse("liaison:packet-letter", args=[supplement.pk]))
    assert "在职党员情况反馈补充函" in letter.content.decode()
    stale = client.post(url, data | {"reason": "再改", "request_id": str(uuid4())})
    assert stale.status_code == 409
    assert "再改" in stale.content.decode()


def test_the_unit_sees_it_once_it_was_sent(
    sent, client_for, committee_staff, unit_contact
):
    supplement = issue(sent, committee_staff)
    client = client_for(unit_contact)
    page = reverse("liaison:own-packet", args=[sent.pk])
    assert "等次录错" not in client.get(page).content.decode()
    delivery = delivery_service.deliver(
        packet_id=supplement.pk, channel="link", actor=committee_staff
    )
    assert "等次录错" in client.get(page).content.decode()
    link = reverse("liaison:unit-packet", args=[delivery_service.link_token(delivery)])
    client.post(link)
    assert "等次：未评定 → 优秀" in client.get(link).content.decode()
    assert client.get(f"{link}file/").status_code == 200


def test_a_silent_unit_is_on_the_list_for_each(sent, committee_staff):
    supplement = issue(sent, committee_staff)
    past = timezone.now() - timedelta(days=20)
    FeedbackPacket.objects.update(sent_at=past)
    titles = {packet.title for packet in (sent, supplement)}
    assert titles == {"2026年第三季度反馈", "2026年第三季度反馈补充第1号"}
