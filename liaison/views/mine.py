"""A member's own card: by a signed link, without an account."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from config.lib.periods import Year
from liaison.forms.own import ProposalForm
from liaison.models import CardLink
from liaison.own_view import own_view
from liaison.services import own as service
from liaison.views.doors import Door
from members.forms.members import add_service_error

_door = Door("mine", service.find_by_token, "liaison/mine_gone.html")


@require_http_methods(["GET", "HEAD", "POST"])
@_door.by_token
def my_card(request: HttpRequest, token: str, link: CardLink) -> HttpResponse:
    """The door (GET), its opening (POST), and the card once it is open (GET)."""
    if request.method == "POST":
        service.note_opened(link)
        _door.open(request, link)
        return redirect("liaison:my-card", token)
    if not _door.is_open(request, link):
        return render(request, "liaison/mine_door.html", {"link": link})
    return _page(request, token, link, _empty_form())


@require_POST
@_door.by_token
def my_proposal(request: HttpRequest, token: str, link: CardLink) -> HttpResponse:
    if not _door.is_open(request, link):
        return redirect("liaison:my-card", token)
    form = ProposalForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        data["hours"] = data["hours"] or Decimal(0)
        try:
            proposal = service.propose_entry(
                token=token, today=timezone.localdate(), **data
            )
        except ValidationError as error:
            add_service_error(form, error)
        else:
            return redirect("liaison:my-card", token) if proposal else _door.gone()
    return _page(request, token, link, form, status=422)


def _empty_form() -> ProposalForm:
    return ProposalForm(initial={"occurred_on": timezone.localdate()})


def _page(
    request: HttpRequest,
    token: str,
    link: CardLink,
    form: ProposalForm,
    status: int = 200,
) -> HttpResponse:
    year = Year.containing(timezone.localdate())
    context: dict[str, Any] = own_view(link.card, year)
    context |= {"token": token, "link": link, "form": form}
    return render(request, "liaison/mine_card.html", context, status=status)
