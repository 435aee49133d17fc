"""The one page of a unit's contact person: by a signed link, without an account."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from liaison.forms.reports import ReceiptForm, TellForm
from liaison.letter import letter
from liaison.models import Delivery
from liaison.services import delivery as service
from liaison.services import reports, supplements
from liaison.supplementing import changes
from liaison.views.doors import Door, plain
from liaison.views.packets import workbook_response

_door = Door("unit", service.find_by_token, "liaison/unit_gone.html")


@require_http_methods(["GET", "HEAD", "POST"])
@_door.by_token
def unit_packet(request: HttpRequest, token: str, delivery: Delivery) -> HttpResponse:
    """The door (GET), its opening (POST), and the packet once it is open (GET)."""
    if request.method == "POST":
        service.note_opened(delivery)
        _door.open(request, delivery)
        return redirect("liaison:unit-packet", token)
    if not _door.is_open(request, delivery):
        return render(request, "liaison/unit_door.html", {"delivery": delivery})
    told = request.session.pop(_told_key(delivery), False)
    return _packet_page(request, token, delivery, is_told=told)


@require_GET
@_door.by_token
def unit_packet_file(
    request: HttpRequest, token: str, delivery: Delivery
) -> HttpResponse:
    if not _door.is_open(request, delivery):
        return redirect("liaison:unit-packet", token)
    response = workbook_response(delivery.packet, actor=None)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@require_POST
@_door.by_token
def unit_confirm(request: HttpRequest, token: str, delivery: Delivery) -> HttpResponse:
    """Take the receipt; after it the link is dead."""
    if not _door.is_open(request, delivery):
        return redirect("liaison:unit-packet", token)
    form = ReceiptForm(request.POST, people=delivery.packet.content["people"])
    if not form.is_valid():
        return _packet_page(request, token, delivery, form=form)
    try:
        receipt = service.confirm_by_link(token=token, **form.given())
    except ValidationError as error:
        form.add_error(None, error.messages)
        return _packet_page(request, token, delivery, form=form)
    if receipt is None:
        return _door.gone()
    _door.close(request, delivery)
    return redirect("liaison:unit-done")


@require_POST
@_door.by_token
def unit_tell(request: HttpRequest, token: str, delivery: Delivery) -> HttpResponse:
    """Take what the unit tells of a person; the link stays open for more."""
    if not _door.is_open(request, delivery):
        return redirect("liaison:unit-packet", token)
    form = TellForm(request.POST, people=delivery.packet.content["people"])
    if form.is_valid():
        try:
            told = reports.tell_by_link(delivery=delivery, message=form.message())
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            if told is None:
                return _door.gone()
            request.session[_told_key(delivery)] = True
            return redirect(f"{reverse('liaison:unit-packet', args=[token])}#tell")
    return _packet_page(request, token, delivery, tell_form=form)


def _told_key(delivery: Delivery) -> str:
    return f"liaison.told.{delivery.pk}"


@login_not_required
@require_GET
def unit_done(request: HttpRequest) -> HttpResponse:
    return plain("liaison/unit_done.html", 200)


def _packet_page(
    request: HttpRequest,
    token: str,
    delivery: Delivery,
    *,
    form: ReceiptForm | None = None,
    tell_form: TellForm | None = None,
    is_told: bool = False,
) -> HttpResponse:
    """The packet with its two forms; with a refused one it is 422."""
    content: dict[str, Any] = delivery.packet.content
    people = content["people"]
    context = {
        "token": token,
        "delivery": delivery,
        "content": content,
        "changes": changes(content),
        "supplements": supplements.received(delivery.packet),
        "letter": letter(content),
        "form": form or ReceiptForm(people=people),
        "reports": delivery.packet.reports.order_by("pk"),
        "tell_form": tell_form or TellForm(people=people),
        "tell_url": reverse("liaison:unit-tell", args=[token]),
        "is_told": is_told,
    }
    status = 422 if form or tell_form else 200
    return render(request, "liaison/unit_packet.html", context, status=status)
