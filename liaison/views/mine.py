"""A member's own card: by a signed link, without an account.

As with the link of a unit the page opens by a button, a POST, so that previews which
fetch links open nothing; whatever is wrong with a link, the answer is the same.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from config.lib.calls import calls_this_minute
from config.lib.periods import Year
from liaison.forms.own import ProposalForm
from liaison.models import CardLink
from liaison.own_view import own_view
from liaison.services import own as service
from members.forms.members import add_service_error

CALLS_A_MINUTE = 30
OPEN_FOR = timedelta(hours=2)
# The token never stands in a referrer; the origin must, or the form is refused.
FORM_POLICY = "strict-origin"


def _by_token(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give `view` the link of the token; everything else answers alike."""

    @login_not_required
    @wraps(view)
    def answer(request: HttpRequest, token: str) -> HttpResponse:
        if calls_this_minute(request, "liaison.mine") > CALLS_A_MINUTE:
            return _plain("liaison/unit_busy.html", 429)
        link = service.find_by_token(token)
        if link is None:
            return gone()
        response = view(request, token, link)
        response.headers.setdefault("Referrer-Policy", FORM_POLICY)
        return response

    return answer


def gone() -> HttpResponse:
    return _plain("liaison/mine_gone.html", 404)


def _plain(template: str, status: int) -> HttpResponse:
    # Without the request: no form token, so that the bodies are the same.
    body = render_to_string(template)
    headers = {"Referrer-Policy": "no-referrer"}
    return HttpResponse(body, status=status, headers=headers)


def _session_key(link: CardLink) -> str:
    return f"liaison.card.{link.pk}"


def _is_open(request: HttpRequest, link: CardLink) -> bool:
    opened = request.session.get(_session_key(link), 0)
    return timezone.now().timestamp() - opened < OPEN_FOR.total_seconds()


@require_http_methods(["GET", "HEAD", "POST"])
@_by_token
def my_card(request: HttpRequest, token: str, link: CardLink) -> HttpResponse:
    """The door (GET), its opening (POST), and the card once it is open (GET)."""
    if request.method == "POST":
        service.note_opened(link)
        request.session[_session_key(link)] = timezone.now().timestamp()
        return redirect("liaison:my-card", token)
    if not _is_open(request, link):
        return render(request, "liaison/mine_door.html", {"link": link})
    return _page(request, token, link, _empty_form())


@require_POST
@_by_token
def my_proposal(request: HttpRequest, token: str, link: CardLink) -> HttpResponse:
    if not _is_open(request, link):
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
            return redirect("liaison:my-card", token) if proposal else gone()
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
