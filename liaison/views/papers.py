"""Cards on paper: both sides of the card, and the whole set with slip and form."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from liaison.models import CardSummary, LiaisonCard, PostClaim
from liaison.paper_set import community_of, form_rows, slip_of
from liaison.service_record import records
from liaison.views.cards import card_crumbs, readable_card, wished_year
from members.models import Member, ReportSlip

PRINTED_LINES = 22


@require_GET
def card_print(request: HttpRequest, pk: int) -> HttpResponse:
    """Both sides of the card on paper: the person, and what was done this year."""
    card = readable_card(request, pk)
    context = {
        "page_title": "打印联系卡",
        "breadcrumbs": card_crumbs(card, "打印"),
        **_card_sides(request, card),
    }
    return render(request, "liaison/card_print.html", context)


@require_GET
def card_set(request: HttpRequest, pk: int) -> HttpResponse:
    """Slip, form and card; of somebody who left, only what the card itself says."""
    card = readable_card(request, pk)
    members = Member.objects.visible_to(request.user).select_related("community")
    member = members.filter(pk=card.member_id).first()
    slip = (
        ReportSlip.objects.visible_to(request.user)
        .filter(member=card.member_id)
        .select_related("community", "branch", "work_unit")
        .order_by("-reported_on", "-pk")
        .first()
    )
    sides = _card_sides(request, card)
    context = {
        "page_title": "打印一单一表一卡",
        "breadcrumbs": card_crumbs(card, "一单一表一卡"),
        "paper": slip_of(card, slip, community_of(card, member)),
        "rows": form_rows(card, member, sides["talents"]),
        **sides,
    }
    return render(request, "liaison/card_set.html", context)


def _card_sides(request: HttpRequest, card: LiaisonCard) -> dict[str, Any]:
    year = wished_year(request, timezone.localdate())
    record = records([card], year.start, year.end)[card.pk]
    held = PostClaim.objects.visible_to(request.user).held().filter(card=card)
    summaries = CardSummary.objects.visible_to(request.user)
    return {
        "card": card,
        "year": year.year,
        "record": record,
        "talents": "、".join(talent.name for talent in card.member.talents.all()),
        "spare": range(max(4, PRINTED_LINES - len(record.deeds))),
        "needs": list(held.values_list("post__title", flat=True)),
        "summary": summaries.filter(card=card, year=year.year).first(),
    }
