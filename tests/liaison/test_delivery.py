"""Handing over by link and on paper, and what comes back."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from config.lib.errors import RuleError
from liaison.choices import PacketState
from liaison.models import Delivery, FeedbackPacket
from liaison.services import delivery as service
from liaison.services import sending
from organizations.models import AuditEvent


def deliver(packet, actor, channel="link") -> Delivery:
    return service.deliver(packet_id=packet.pk, channel=channel, actor=actor)


def board_state(packet) -> str:
    return FeedbackPacket.objects.with_state().get(pk=packet.pk).board_state


def test_a_link_opens_its_packet(packet, committee_staff):
    delivery = deliver(packet, committee_staff)
    found = service.find_by_token(service.link_token(delivery))
    assert found.packet == packet
    assert board_state(packet) == PacketState.SENT


def test_only_the_digest_of_the_token_is_kept(packet, committee_staff):
    delivery = deliver(packet, committee_staff)
    token = service.link_token(delivery)
    stored = Delivery.objects.filter(pk=delivery.pk).values().get()
    assert token not in str(stored)


def test_a_new_attempt_kills_the_older_link(packet, committee_staff):
    old = deliver(packet, committee_staff)
    deliver(packet, committee_staff)
    assert service.find_by_token(service.link_token(old)) is None


def test_a_link_ends_with_its_days(packet, committee_staff):
    delivery = deliver(packet, committee_staff)
    Delivery.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert service.find_by_token(service.link_token(delivery)) is None


def test_a_tampered_link_opens_nothing(packet, committee_staff):
    token = service.link_token(deliver(packet, committee_staff))
    changed = ("B" if token[0] == "A" else "A") + token[1:]
    assert service.find_by_token(changed) is None


def test_a_link_confirms_once(packet, committee_staff):
    token = service.link_token(deliver(packet, committee_staff))
    first = service.confirm_by_link(token=token, name="周明", words="收到")
    assert first.packet == packet
    assert service.confirm_by_link(token=token, name="周明", words="收到") is None
    assert board_state(packet) == PacketState.CONFIRMED


def test_the_first_opening_is_noted_once(packet, committee_staff):
    delivery = deliver(packet, committee_staff)
    service.note_opened(delivery)
    service.note_opened(delivery)
    assert AuditEvent.objects.filter(action="packet_opened").count() == 1
    assert board_state(packet) == PacketState.OPENED


def test_a_confirmed_packet_is_not_sent_again(packet, committee_staff):
    token = service.link_token(deliver(packet, committee_staff))
    service.confirm_by_link(token=token, name="周明", words="")
    with pytest.raises(RuleError, match="已经确认"):
        deliver(packet, committee_staff)


def test_a_paper_receipt_is_entered(packet, committee_staff):
    deliver(packet, committee_staff, "paper")
    receipt = service.enter_receipt(
        packet_id=packet.pk, name="周明", words="", actor=committee_staff
    )
    assert receipt.entered_by == committee_staff
    assert receipt.delivery is None


def test_no_receipt_before_the_sending(packet, committee_staff):
    with pytest.raises(RuleError, match="还没有送达"):
        service.enter_receipt(
            packet_id=packet.pk, name="周明", words="", actor=committee_staff
        )


def test_the_units_contact_person_confirms(packet, committee_staff, unit_contact):
    deliver(packet, committee_staff, "paper")
    receipt = service.enter_receipt(
        packet_id=packet.pk, name="连络云", words="属实", actor=unit_contact
    )
    assert receipt.entered_by == unit_contact


def test_a_contact_person_sees_no_unsent_packet(packet, unit_contact):
    assert not FeedbackPacket.objects.visible_to(unit_contact).exists()


def test_a_secretary_sends_nothing(packet, branch_secretary):
    with pytest.raises(FeedbackPacket.DoesNotExist):
        deliver(packet, branch_secretary)


def test_a_contact_person_sends_nothing(packet, committee_staff, unit_contact):
    deliver(packet, committee_staff, "paper")
    with pytest.raises(PermissionDenied):
        deliver(packet, unit_contact)


def test_an_email_needs_a_mail_server(packet, committee_staff, settings):
    settings.EMAIL_URL = ""
    with pytest.raises(RuleError, match="EMAIL_URL"):
        deliver(packet, committee_staff, "email")


def test_an_email_needs_an_address(packet, committee_staff, settings):
    settings.EMAIL_URL = "smtp://127.0.0.1:25"
    with pytest.raises(RuleError, match="没有登记联络邮箱"):
        deliver(packet, committee_staff, "email")


def test_several_packets_are_noted_as_handed_over_on_paper(packet, committee_staff):
    number = sending.hand_over_on_paper(packet_ids=[packet.pk], actor=committee_staff)
    packet.refresh_from_db()
    assert (number, packet.channel) == (1, "paper")
    assert packet.sent_at
