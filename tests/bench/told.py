"""A round that came back to the synthetic street: packets, and what units told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.urls import reverse
from django.utils import timezone

from liaison.models import (
    Delivery,
    FeedbackPacket,
    FeedbackPeriod,
    LiaisonCard,
    MemberAnswer,
    Receipt,
    UnitReport,
    UnitSchedule,
)
from liaison.services.packets import build_packets
from organizations.models import Organization, User

MOST = 60  # units that told something


def told_round(root: Organization, today: date, writer: User) -> FeedbackPeriod:
    """The year before last, of whose packets some were confirmed with answers."""
    year = today.year - 1
    period = FeedbackPeriod.objects.create(
        organization=root,
        kind="year",
        label=str(year),
        starts_on=date(year, 1, 1),
        ends_on=date(year + 1, 1, 1),
        due_on=date(year + 1, 1, 10),
        state="closed",
        closed_at=timezone.now(),
    )
    build_packets(period_id=period.pk)
    now = timezone.now()
    packets = list(period.packets.order_by("number")[:MOST])
    FeedbackPacket.objects.filter(pk__in=[p.pk for p in packets]).update(sent_at=now)
    Delivery.objects.bulk_create(
        Delivery(
            packet=packet, channel="paper", state="sent", sent_at=now, created_by=writer
        )
        for packet in packets
    )
    receipts = Receipt.objects.bulk_create(
        Receipt(packet=packet, confirmed_by="联络人", entered_by=writer)
        for packet in packets[::2]
    )
    _answer(packets, receipts)
    UnitSchedule.objects.bulk_create(
        UnitSchedule(
            organization=root,
            work_unit_id=packet.work_unit_id,
            kind="year",
            reason="单位按年考核",
            starts_on=date(today.year, 1, 1),
            set_by=writer,
        )
        # The last ones, so that the first branch has cards of the street's rhythm.
        for packet in packets[::-10]
    )
    return period


def _answer(packets: list[FeedbackPacket], receipts: list[Receipt]) -> None:
    numbers = [line["card"] for packet in packets for line in packet.content["people"]]
    cards = {
        card.number: card for card in LiaisonCard.objects.filter(number__in=numbers)
    }
    MemberAnswer.objects.bulk_create(
        MemberAnswer(receipt=receipt, card=cards[line["card"]], kind="agrees")
        for receipt in receipts
        for line in receipt.packet.content["people"]
    )
    UnitReport.objects.bulk_create(
        UnitReport(
            packet=packet,
            work_unit_id=packet.work_unit_id,
            organization_id=cards[line["card"]].organization_id,
            card=cards[line["card"]],
            kind="honour",
            person_name=line["name"],
            words="评为先进工作者。",
            told_by="联络人",
        )
        for packet in packets
        for line in packet.content["people"][:3]
    )


def told_pages(branch: Organization) -> Iterator[tuple[str, str, str]]:
    """What came back, for staff and for the branch that keeps the card."""
    packet = FeedbackPacket.objects.order_by("number").first()
    assert packet is not None
    report = UnitReport.objects.filter(organization=branch).order_by("pk").first()
    reports = reverse("liaison:report-list")
    yield "反馈材料", "staff", packet.get_absolute_url()
    unit = reverse("liaison:unit-history", args=[packet.work_unit_id])
    yield "历年反馈 单位", "staff", unit
    year = packet.period.starts_on.year
    whole = reverse("liaison:unit-year", args=[packet.work_unit_id, year])
    yield "单位共建情况", "staff", whole
    yield "单位共建情况 单位", "staff", f"{whole}joint/"
    yield "另定反馈周期", "staff", reverse("liaison:schedule-list")
    rhythm = reverse("liaison:schedule-edit", args=[packet.work_unit_id])
    yield "另定一个单位的周期", "staff", rhythm
    period = FeedbackPeriod.objects.latest("starts_on")
    words = reverse("liaison:words-return", args=[period.pk, branch.pk])
    yield "退回评语", "staff", words
    card = LiaisonCard.objects.filter(organization=branch).order_by("pk").first()
    assert card is not None
    person = reverse("liaison:member-history", args=[card.member_id])
    yield "历年反馈 党员", "branch", person
    yield "签发补充", "staff", reverse("liaison:packet-supplement", args=[packet.pk])
    for role in ("staff", "branch"):
        yield "单位反映", role, reports
        if report is not None:
            yield "一条单位反映", role, report.get_absolute_url()
