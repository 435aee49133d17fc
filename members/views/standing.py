"""The page of one person's membership."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from config.lib.dates import PartialDate
from members.models import Member
from members.services.viewing import record_view
from members.standing import sections_for
from members.tabs import tabs
from members.views.members import member_crumbs, readable_member


@require_GET
def standing(request: HttpRequest, pk: int) -> HttpResponse:
    """How the membership stands and how it came to that."""
    member, is_gone = readable_member(request, pk)
    record_view(member=member, page="standing", actor=request.user)
    context = {
        "page_title": member.name,
        "breadcrumbs": member_crumbs(member, "党籍"),
        "tabs": tabs(member, "standing", request.user),
        "facts": _facts(member),
        "sections": sections_for(member, request.user, timezone.localdate()),
        "is_gone": is_gone,
    }
    return render(request, "members/standing.html", context)


def _facts(member: Member) -> list[tuple[str, object]]:
    confirmed = member.confirmed_on and PartialDate(
        member.confirmed_on, member.confirmed_precision
    )
    return [
        ("人员类别", member.get_member_type_display()),
        ("党籍状态", member.get_status_display()),
        ("入党日期", PartialDate(member.joined_on, member.joined_precision)),
        ("转正日期", confirmed or ""),
    ]
