"""What came of the demo's feedback: corrections, and what units told."""

from __future__ import annotations

from liaison.models import FeedbackPacket
from liaison.services.delivery import deliver, enter_receipt
from liaison.services.supplements import draft_of, issue_supplement
from liaison.supplementing import Correction
from organizations.models import User


def make_feedback() -> None:
    """Two packets corrected: one supplement confirmed, one on its way."""
    staff = User.objects.get(username="street")
    sent = FeedbackPacket.objects.originals().filter(sent_at__isnull=False)
    for number, packet in enumerate(sent.order_by("-number")[:2]):
        supplement = _correct(packet, staff)
        deliver(packet_id=supplement.pk, channel="paper", actor=staff)
        if number:
            enter_receipt(
                packet_id=supplement.pk,
                name=packet.work_unit.contact_name,
                words="已更正。",
                actor=staff,
            )


def _correct(packet: FeedbackPacket, staff: User) -> FeedbackPacket:
    line = next(iter(draft_of(packet).before.values()))
    return issue_supplement(
        packet_id=packet.pk,
        version=0,
        reason="经与社区核对，原评语写错了人",
        corrections=[Correction(line["card"], "优秀", "带头参加楼道整治，居民称赞。")],
        actor=staff,
    )
