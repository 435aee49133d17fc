"""A unit's own packets, for its contact person with an account."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from liaison.forms.reports import ReceiptForm, TellForm
from liaison.letter import heading, letter
from liaison.models import FeedbackPacket
from liaison.services import delivery as service
from liaison.services import reports, supplements
from liaison.supplementing import changes
from liaison.views.packets import named_answers, workbook_response
from members.forms.members import add_service_error
from organizations.access import Right, require_right

LIST = "反馈材料"
MOST = 40


def _mine(request: HttpRequest):
    """Sent packets of the units the user is contact person of."""
    return FeedbackPacket.objects.visible_to(request.user).filter(
        work_unit__in=request.user.contact_unit_ids, sent_at__isnull=False
    )


@require_GET
def own_packets(request: HttpRequest) -> HttpResponse:
    require_right(request.user, Right.VIEW_OWN_PACKETS)
    packets = _mine(request).select_related("period", "work_unit", "receipt")
    context = {
        "page_title": LIST,
        "breadcrumbs": [(LIST, "")],
        "packets": packets.order_by("-period__starts_on", "number")[:MOST],
    }
    return render(request, "liaison/own_packets.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def own_packet(request: HttpRequest, pk: UUID) -> HttpResponse:
    packet = _own(request, pk)
    form = ReceiptForm(
        request.POST if request.method == "POST" else None,
        people=packet.content["people"],
    )
    if request.method == "POST" and form.is_valid():
        try:
            service.enter_receipt(packet_id=pk, actor=request.user, **form.given())
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, "已确认收到，谢谢！")
            return redirect("liaison:own-packet", pk)
    return _page(request, packet, form)


@require_POST
def own_tell(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take what the unit's contact person tells; also after the confirmation."""
    packet = _own(request, pk)
    people = packet.content["people"]
    form = TellForm(request.POST, people=people)
    if form.is_valid():
        try:
            reports.tell(packet_id=pk, message=form.message(), actor=request.user)
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, "已收到，社区核实后会在这里答复。")
            return redirect("liaison:own-packet", pk)
    return _page(request, packet, ReceiptForm(people=people), form)


def _page(
    request: HttpRequest,
    packet: FeedbackPacket,
    form: ReceiptForm,
    tell_form: TellForm | None = None,
) -> HttpResponse:
    receipt = getattr(packet, "receipt", None)
    context = {
        "page_title": heading(packet.content),
        "breadcrumbs": [(LIST, reverse("liaison:own-packets")), (packet.number, "")],
        "packet": packet,
        "content": packet.content,
        "changes": changes(packet.content),
        "supplements": supplements.received(packet),
        "letter": letter(packet.content),
        "receipt": receipt,
        "answers": named_answers(packet, receipt),
        "form": form,
        "reports": packet.reports.order_by("pk"),
        "tell_form": tell_form or TellForm(people=packet.content["people"]),
        "tell_url": reverse("liaison:own-tell", args=[packet.pk]),
    }
    status = 422 if form.errors or tell_form else 200
    return render(request, "liaison/own_packet.html", context, status=status)


@require_GET
def own_packet_file(request: HttpRequest, pk: UUID) -> HttpResponse:
    return workbook_response(_own(request, pk), actor=request.user)


def _own(request: HttpRequest, pk: UUID) -> FeedbackPacket:
    packets = _mine(request).select_related("period__organization", "receipt")
    return get_object_or_404(packets, pk=pk)
