"""One packet, for those who issue it: content, sending, receipt, paper."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from config.lib.errors import RuleError
from liaison.choices import DeliveryState, ReminderWay
from liaison.forms.feedback import BounceForm, DeliverForm
from liaison.forms.reports import ReceiptForm
from liaison.letter import letter
from liaison.models import (
    Delivery,
    FeedbackPacket,
    MemberAnswer,
    Receipt,
    Reminder,
)
from liaison.packet_workbook import file_name, packet_workbook
from liaison.rules import supplement_title
from liaison.services import delivery as service
from liaison.services import reminders, sending
from liaison.services.bounces import record_bounce
from liaison.services.mail import XLSX, packet_url
from liaison.supplementing import changes
from liaison.views.doors import shown_link
from liaison.views.periods import LIST
from members.forms.members import add_service_error
from organizations import audit
from organizations.access import Right
from organizations.choices import AuditAction, FeedbackChannel

DELIVERY_TONES = {
    DeliveryState.PENDING: "info",
    DeliveryState.SENDING: "info",
    DeliveryState.SENT: "ok",
    DeliveryState.FAILED: "bad",
}


@require_GET
def packet_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    return packet_page(request, issued_packet(request, pk))


def issued_packet(request: HttpRequest, pk: UUID) -> FeedbackPacket:
    """A packet the user issues; 403 for the unit's own contact person."""
    packets = FeedbackPacket.objects.visible_to(request.user).with_state()
    packet = get_object_or_404(
        packets.select_related(
            "period__organization", "work_unit", "receipt", "corrects"
        ),
        pk=pk,
    )
    street = packet.period.organization
    if not request.user.has_right_at(Right.ISSUE_FEEDBACK, street):
        raise PermissionDenied("单位联络人请从“反馈材料”查看本单位的材料。")
    return packet


def packet_page(
    request: HttpRequest,
    packet: FeedbackPacket,
    *,
    deliver_form: DeliverForm | None = None,
    receipt_form: ReceiptForm | None = None,
    bounce_form: BounceForm | None = None,
) -> HttpResponse:
    """The packet's page; with a refused form it is 422."""
    deliveries = list(
        Delivery.objects.visible_to(request.user)
        .filter(packet=packet)
        .select_related("created_by")
        .order_by("-attempt")
    )
    sent = list(
        Reminder.objects.visible_to(request.user)
        .filter(delivery__packet=packet)
        .select_related("created_by", "delivery")
        .order_by("-created_at", "-pk")
    )
    receipt = getattr(packet, "receipt", None)
    period = packet.period
    channel = packet.work_unit.feedback_channel
    context = {
        "page_title": packet.work_unit.name,
        "breadcrumbs": [
            (LIST, reverse("liaison:period-list")),
            (period.title, reverse("liaison:period-units", args=[period.pk])),
            (packet.number, ""),
        ],
        "packet": packet,
        "facts": _facts(packet),
        "people": packet.content["people"],
        "changes": changes(packet.content),
        "supplements": packet.supplements.with_state()
        .select_related("issued_by")
        .order_by("supplement_number"),
        "deliveries": [(row, DELIVERY_TONES[row.state]) for row in deliveries],
        "reminders": [(row, DELIVERY_TONES[row.state]) for row in sent],
        "may_remind": bool(deliveries) and deliveries[0].state == DeliveryState.SENT,
        "bounce_form": bounce_form or _bounce_form(deliveries),
        "is_by_mail": packet.channel == FeedbackChannel.EMAIL,
        "link": _link(request, deliveries),
        "receipt": receipt,
        "answers": named_answers(packet, receipt),
        "reports": packet.reports.select_related("organization").order_by("pk"),
        "deliver_form": deliver_form or DeliverForm(initial={"channel": channel}),
        "deliver_label": "再次送达" if deliveries else "送达",
        "receipt_form": None
        if receipt or packet.sent_at is None
        else receipt_form or ReceiptForm(people=packet.content["people"]),
    }
    status = 422 if deliver_form or receipt_form or bounce_form else 200
    return render(request, "liaison/packet_detail.html", context, status=status)


def named_answers(
    packet: FeedbackPacket, receipt: Receipt | None
) -> list[tuple[str, MemberAnswer]]:
    """What the unit said of each member, with the name that stands on the packet."""
    if receipt is None:
        return []
    names = {line["card"]: line["name"] for line in packet.content["people"]}
    rows = receipt.answers.select_related("card")
    return [(names.get(row.card.number, row.card.number), row) for row in rows]


def _facts(packet: FeedbackPacket) -> list[tuple[str, Any]]:
    unit = packet.work_unit
    return [
        ("编号", packet.number),
        *_corrected(packet),
        ("反馈期", packet.period.title),
        ("党员", f"{packet.member_count} 人"),
        ("登记的送达方式", unit.get_feedback_channel_display()),
        ("党务联络人", unit.contact_name),
        ("联络邮箱", unit.contact_email),
        ("生成时间", f"{timezone.localtime(packet.built_at):%Y-%m-%d %H:%M}"),
    ]


def _corrected(packet: FeedbackPacket) -> list[tuple[str, Any]]:
    """Of a supplement: which one it is, of what and why."""
    if packet.corrects is None:
        return []
    url = packet.corrects.get_absolute_url()
    return [
        ("补充", supplement_title(packet.supplement_number)),
        ("原材料", format_html('<a href="{}">{}</a>', url, packet.corrects.number)),
        ("更正原因", packet.content["supplement"]["reason"]),
    ]


def _link(request: HttpRequest, deliveries: list[Delivery]) -> dict[str, Any] | None:
    """The working link of the last attempt, to copy or to scan."""
    now = timezone.now()
    for delivery in deliveries:
        is_alive = (
            delivery.token_sha256
            and delivery.revoked_at is None
            and delivery.used_at is None
            and delivery.expires_at is not None
            and delivery.expires_at > now
        )
        if is_alive:
            shown = shown_link(request, packet_url(delivery))
            return shown | {"expires_at": delivery.expires_at}
    return None


@require_POST
def packet_deliver(request: HttpRequest, pk: UUID) -> HttpResponse:
    packet = issued_packet(request, pk)
    form = DeliverForm(request.POST)
    if form.is_valid():
        channel = form.cleaned_data["channel"]
        try:
            sending.hand_over(packet_id=pk, channel=channel, actor=request.user)
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, _DONE[channel])
            return redirect(packet)
    return packet_page(request, packet, deliver_form=form)


_DONE = {
    FeedbackChannel.EMAIL: "邮件正在发送，稍后刷新查看结果。",
    FeedbackChannel.LINK: "链接已开通，请复制或扫码转给单位联络人。",
    FeedbackChannel.PAPER: "已登记为纸质送达。",
}


def _bounce_form(deliveries: list[Delivery]) -> BounceForm | None:
    """For the last attempt, where it is a mail that was taken by the server."""
    last = deliveries[0] if deliveries else None
    if last is None or last.channel != FeedbackChannel.EMAIL:
        return None
    if last.state != DeliveryState.SENT:
        return None
    return BounceForm(initial={"attempt": last.attempt})


@require_POST
def packet_bounce(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Note that a mail came back."""
    packet = issued_packet(request, pk)
    form = BounceForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            record_bounce(
                packet_id=pk,
                attempt=data["attempt"],
                reason=data["reason"],
                words=data["said"],
                actor=request.user,
            )
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, "已登记退信，请换一种方式送达。")
            return redirect(f"{packet.get_absolute_url()}#deliver")
    return packet_page(request, packet, bounce_form=form)


@require_POST
def packet_remind(request: HttpRequest, pk: UUID) -> HttpResponse:
    packet = issued_packet(request, pk)
    try:
        reminder = reminders.remind_now(packet_id=pk, actor=request.user)
    except RuleError as error:
        messages.error(request, error.text)
    else:
        messages.success(request, _REMINDED[reminder.way])
    return redirect(packet)


_REMINDED = {
    ReminderWay.EMAIL: "催办邮件正在发送，稍后刷新查看结果。",
    ReminderWay.PHONE: "已登记今天催办过这个单位。",
}


@require_POST
def packet_receipt(request: HttpRequest, pk: UUID) -> HttpResponse:
    packet = issued_packet(request, pk)
    form = ReceiptForm(request.POST, people=packet.content["people"])
    if form.is_valid():
        try:
            service.enter_receipt(packet_id=pk, actor=request.user, **form.given())
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, "回执已登记。")
            return redirect(packet)
    return packet_page(request, packet, receipt_form=form)


@require_GET
def packet_file(request: HttpRequest, pk: UUID) -> HttpResponse:
    packet = issued_packet(request, pk)
    return workbook_response(packet, actor=request.user)


@require_GET
def packet_letter(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The letter, its table and the receipt slip on paper."""
    packet = issued_packet(request, pk)
    deliveries = Delivery.objects.visible_to(request.user).filter(packet=packet)
    context = {
        "page_title": "打印反馈函",
        "packet": packet,
        "link": None
        if hasattr(packet, "receipt")
        else _link(request, list(deliveries.order_by("-attempt"))),
        "letter": letter(packet.content),
        "people": packet.content["people"],
        "changes": changes(packet.content),
    }
    return render(request, "liaison/packet_letter.html", context)


def workbook_response(packet: FeedbackPacket, *, actor: Any) -> HttpResponse:
    """Send the packet's workbook and record the download."""
    audit.record(
        actor=actor,
        action=AuditAction.DOWNLOADED,
        target=packet,
        organization=packet.period.organization,
        details={"sha256": packet.content_sha256},
    )
    return HttpResponse(
        packet_workbook(packet.content),
        content_type=XLSX,
        headers={"Content-Disposition": _attachment(file_name(packet.content))},
    )


def _attachment(name: str) -> str:
    return content_disposition_header(as_attachment=True, filename=name) or ""
