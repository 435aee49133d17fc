"""What came of the demo's feedback: corrections, and what units told."""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5

from liaison.choices.reports import ReportKind, ReportState
from liaison.models import FeedbackPacket
from liaison.services.delivery import deliver, enter_receipt
from liaison.services.reports import Message, settle_report, tell
from liaison.services.schedules import set_schedule
from liaison.services.supplements import draft_of, issue_supplement
from liaison.supplementing import Correction
from organizations.access import Right
from organizations.models import Organization, User

_TOLD = (
    (ReportKind.LEFT, "", "上个月已调往市教育局工作。"),
    (ReportKind.HONOUR, "", "被评为年度先进工作者。"),
    (ReportKind.NEW, "陆新民", "新到本单位的在职党员，住在本街道。"),
    (ReportKind.MOVED, "", "改任办公室主任，周末不再值班。"),
)


def make_feedback() -> None:
    """Two packets corrected, what units told, and a unit with its own rhythm."""
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
    _tell(staff)
    street = Organization.objects.get(path=staff.rights_paths(Right.ISSUE_FEEDBACK)[0])
    unit = sent.order_by("number").first().work_unit
    set_schedule(
        street=street,
        unit_id=unit.pk,
        kind="half_year",
        reason="单位来函，按半年考核干部",
        actor=staff,
    )


def _tell(staff: User) -> None:
    """What units told in the latest round: one settled, the others to do."""
    packets = FeedbackPacket.objects.originals().filter(sent_at__isnull=False)
    for packet, (kind, name, words) in zip(
        packets.order_by("-number")[2:], _TOLD, strict=False
    ):
        line = packet.content["people"][0]
        report = tell(
            packet_id=packet.pk,
            message=Message(
                kind=kind,
                card="" if name else line["card"],
                person_name=name,
                words=words,
                told_by=packet.work_unit.contact_name or "联络人",
                request_id=uuid5(NAMESPACE_URL, f"demo:{packet.number}"),
            ),
            actor=staff,
        )
        if kind == ReportKind.HONOUR:
            settle_report(
                report_id=report.pk,
                version=report.version,
                outcome=ReportState.ACCEPTED,
                reply="已在表彰中登记，谢谢告知。",
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
