"""A unit's own packets, for its contact person with an account."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from liaison.forms.feedback import ReceiptForm
from liaison.letter import heading, letter
from liaison.models import FeedbackPacket
from liaison.services import delivery as service
from liaison.services import supplements
from liaison.supplementing import changes
from liaison.views.packets import workbook_response
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
    form = ReceiptForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            service.enter_receipt(packet_id=pk, actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, "已确认收到，谢谢！")
            return redirect("liaison:own-packet", pk)
    context = {
        "page_title": heading(packet.content),
        "breadcrumbs": [(LIST, reverse("liaison:own-packets")), (packet.number, "")],
        "packet": packet,
        "content": packet.content,
        "changes": changes(packet.content),
        "supplements": supplements.received(packet),
        "letter": letter(packet.content),
        "receipt": getattr(packet, "receipt", None),
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "liaison/own_packet.html", context, status=status)


@require_GET
def own_packet_file(request: HttpRequest, pk: UUID) -> HttpResponse:
    return workbook_response(_own(request, pk), actor=request.user)


def _own(request: HttpRequest, pk: UUID) -> FeedbackPacket:
    packets = _mine(request).select_related("period__organization", "receipt")
    return get_object_or_404(packets, pk=pk)
