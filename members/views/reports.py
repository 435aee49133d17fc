"""The page of one member's report slips, plaques and residents' comments."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from members.models import Member, Plaque, ReportSlip, ResidentComment
from members.services.viewing import record_view
from members.tabs import tabs
from members.views import comments, slips
from members.views.members import member_crumbs

_SHOWN = 50


@require_GET
def member_reports(request: HttpRequest, pk: int) -> HttpResponse:
    user = request.user
    member = get_object_or_404(Member.objects.visible_to(user), pk=pk)
    record_view(member=member, page="reports", actor=user)
    plaques = list(
        Plaque.objects.visible_to(user)
        .filter(places__member=member)
        .select_related("community")
        .distinct()
        .order_by("-hung_on", "-pk")[:_SHOWN]
    )
    said = ResidentComment.objects.visible_to(user).filter(member=member)
    reported = ReportSlip.objects.visible_to(user).filter(member=member)
    context = {
        "page_title": member.name,
        "breadcrumbs": member_crumbs(member, "报到挂牌"),
        "tabs": tabs(member, "reports", user),
        "member": member,
        "may_edit": Member.objects.editable_by(user).filter(pk=pk).exists(),
        "slips": list(reported.select_related("organization", "branch")[:_SHOWN]),
        "plaques": plaques,
        "is_hung": any(plaque.is_hung for plaque in plaques),
        "comments": list(said.select_related("organization")[:_SHOWN]),
    }
    for slip in context["slips"]:
        slip.tone = slips.TONES[slip.state]
    for comment in context["comments"]:
        comment.tone = comments.TONES[comment.state]
    return render(request, "members/member_reports.html", context)
