"""Feedback over the years, of one unit and of one member."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from liaison import histories
from liaison.models import LiaisonCard
from liaison.views.periods import LIST
from members.models import Member
from organizations.access import Right, require_right
from organizations.models import WorkUnit

TITLE = "历年反馈"


@require_GET
def unit_history(request: HttpRequest, pk: int) -> HttpResponse:
    """The unit's rounds, for those who issue feedback."""
    require_right(request.user, Right.ISSUE_FEEDBACK)
    unit = get_object_or_404(WorkUnit.objects.visible_to(request.user), pk=pk)
    rounds = histories.unit_rounds(request.user, unit)
    answered = [row.days for row in rounds if row.days is not None]
    context = {
        "page_title": f"{unit.name}{TITLE}",
        "breadcrumbs": [
            (LIST, reverse("liaison:period-list")),
            (unit.name, unit.get_absolute_url()),
            (TITLE, ""),
        ],
        "rounds": rounds,
        "answered": len(answered),
        "mean_days": round(sum(answered) / len(answered), 1) if answered else None,
    }
    return render(request, "liaison/unit_history.html", context)


@require_GET
def member_history(request: HttpRequest, member_id: int) -> HttpResponse:
    """A member's rounds by the cards in the user's scope."""
    require_right(request.user, Right.VIEW_MEMBERS)
    member = get_object_or_404(Member.objects.visible_to(request.user), pk=member_id)
    rounds = histories.member_rounds(request.user, member)
    if not rounds and not _has_card(request, member):
        raise Http404
    context = {
        "page_title": f"{member.name}{TITLE}",
        "breadcrumbs": [(member.name, member.get_absolute_url()), (TITLE, "")],
        "rounds": rounds,
    }
    return render(request, "liaison/member_history.html", context)


def _has_card(request: HttpRequest, member: Member) -> bool:
    cards = LiaisonCard.objects.visible_to(request.user)
    return cards.filter(member=member).exists()
