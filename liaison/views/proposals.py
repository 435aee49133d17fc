"""The branch's side of a member's own view: his link, and what he proposes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from liaison.forms.own import CONFIRM, SettleForm
from liaison.models import CardLink, EntryProposal, LiaisonCard
from liaison.services import own as service
from liaison.views.cards import card_crumbs, kept_card
from liaison.views.doors import shown_link
from members.views.asking import form_page
from organizations.access import Right, require


@require_http_methods(["GET", "HEAD", "POST"])
def card_link(request: HttpRequest, pk: int) -> HttpResponse:
    """The member's link, to copy or to scan; POST makes a new one."""
    card = kept_card(request, pk)
    if request.method == "POST":
        try:
            service.issue_link(card_id=pk, actor=request.user)
        except ValidationError as error:
            messages.error(request, "；".join(error.messages))
            return redirect(card)
        messages.success(request, "已生成新的链接，以前的链接不能再用。")
        return redirect("liaison:card-link", pk)
    context = {
        "page_title": f"{card.member.name}的本人链接",
        "breadcrumbs": card_crumbs(card, "本人链接"),
        "card": card,
        "link": _working(request, card),
    }
    return render(request, "liaison/card_link.html", context)


@require_POST
def card_link_end(request: HttpRequest, pk: int) -> HttpResponse:
    card = kept_card(request, pk)
    service.revoke_link(card_id=pk, actor=request.user)
    messages.success(request, "链接已停用。")
    return redirect(card)


def _working(request: HttpRequest, card: LiaisonCard) -> dict[str, Any] | None:
    links = CardLink.objects.visible_to(request.user)
    link = links.filter(
        card=card, revoked_at=None, expires_at__gt=timezone.now()
    ).first()
    if link is None or card.ends_on is not None:
        return None
    path = reverse("liaison:my-card", args=[service.card_token(link)])
    return shown_link(request, path) | {"row": link}


@require_http_methods(["GET", "HEAD", "POST"])
def proposal_settle(request: HttpRequest, pk: int) -> HttpResponse:
    proposals = EntryProposal.objects.visible_to(request.user)
    proposal = get_object_or_404(
        proposals.select_related("card__member", "card__organization"), pk=pk
    )
    card = proposal.card
    require(request.user, Right.KEEP_CARDS, card.organization)
    form = SettleForm(request.POST if request.method == "POST" else None)

    def save(data: dict[str, Any]) -> EntryProposal:
        if data["decision"] == CONFIRM:
            return service.confirm_proposal(
                proposal_id=pk, actor=request.user, today=timezone.localdate()
            )
        return service.decline_proposal(
            proposal_id=pk, reason=data["reason"], actor=request.user
        )

    hours = f"，{proposal.hours.normalize():f}小时" if proposal.hours else ""
    return form_page(
        request,
        form,
        f"核定{card.member.name}提出的记录",
        card_crumbs(card, "核定"),
        card.get_absolute_url(),
        save,
        "已核定。",
        form_note=f"{proposal.occurred_on}，{proposal.get_kind_display()}{hours}："
        f"{proposal.content}",
    )
