"""A supplement of a packet: drawn up on one page and issued."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from liaison.forms.supplements import SupplementForm
from liaison.rules import supplement_title
from liaison.services import supplements as service
from liaison.views.packets import issued_packet
from liaison.views.periods import LIST
from members.forms.members import add_service_error
from members.forms.refusals import Refusal, refusals
from organizations import parameters


class _Stored:
    """What a stale form is renewed from."""

    def __init__(self, version: int) -> None:
        self.version = version


@require_http_methods(["GET", "HEAD", "POST"])
def packet_supplement(request: HttpRequest, pk: UUID) -> HttpResponse:
    packet = issued_packet(request, pk)
    if packet.corrects_id is not None:
        messages.info(request, "这一份已是补充，请在原材料上再做补充。")
        return redirect("liaison:packet-detail", packet.corrects_id)
    draft = service.draft_of(packet)
    form = SupplementForm(
        request.POST if request.method == "POST" else None,
        draft=draft,
        grades=parameters.get("liaison.feedback_grades"),
    )
    refusal = Refusal()
    if request.method == "POST" and form.is_valid():
        with refusals(
            form, lambda: _Stored(draft.version), add_service_error
        ) as refusal:
            issued = service.issue_supplement(
                packet_id=pk,
                version=form.cleaned_data["version"],
                reason=form.cleaned_data["reason"],
                corrections=form.corrections(),
                actor=request.user,
                request_id=form.cleaned_data["request_id"],
            )
            messages.success(
                request,
                f"已签发{supplement_title(issued.supplement_number)}，请在下面送达单位。",
            )
            return redirect(issued)
    context = {
        "page_title": f"签发补充 · {packet.work_unit.name}",
        "breadcrumbs": [
            (LIST, reverse("liaison:period-list")),
            (packet.number, packet.get_absolute_url()),
            ("签发补充", ""),
        ],
        "packet": packet,
        "form": form,
        "serial_title": supplement_title(draft.version + 1),
    }
    status = refusal.status if form.errors else 200
    return render(request, "liaison/packet_supplement.html", context, status=status)
