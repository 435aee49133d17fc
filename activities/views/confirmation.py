"""Achievements that others wrote down, for the branch to confirm."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from activities.models import Achievement
from activities.services.achievements import confirm_achievements, speaks_for
from config.lib.errors import RuleError
from config.lib.paging import capped_count, page_by_key
from organizations.access import Right

MOST_TICKED = 200


@require_http_methods(["GET", "HEAD", "POST"])
def waiting(request: HttpRequest) -> HttpResponse:
    if not request.user.has_right(Right.RECORD_ACTIVITIES):
        raise PermissionDenied
    if request.method == "POST":
        return _confirm(request)
    found = Achievement.objects.visible_to(request.user).waiting()
    page = page_by_key(
        found.select_related(
            "member", "item__program", "organization", "recorded_by", "evidence"
        ),
        request.GET,
        "achieved_on",
    )
    places = {row.organization for row in page.rows}
    own = {place.pk for place in places if speaks_for(request.user, place)}
    for row in page.rows:
        row.may_confirm = row.organization_id in own
    context = {
        "page": page,
        "total": capped_count(found),
        "may_confirm": bool(own),
        "page_title": "待确认的完成记录",
        "breadcrumbs": [("待确认的完成记录", "")],
    }
    return render(request, "activities/achievement_waiting.html", context)


def _confirm(request: HttpRequest) -> HttpResponse:
    wanted = request.POST.getlist("achievement")[:MOST_TICKED]
    if not all(each.isascii() and each.isdigit() and len(each) < 19 for each in wanted):
        raise Http404
    if not wanted:
        messages.warning(request, "没有勾选完成记录，请先勾选再确认。")
        return redirect("activities:achievement-waiting")
    try:
        done = confirm_achievements(
            achievement_ids=[int(each) for each in wanted], actor=request.user
        )
    except Achievement.DoesNotExist:
        raise Http404 from None
    except RuleError as error:
        messages.error(request, error.text)
    else:
        messages.success(request, f"已确认 {len(done)} 条完成记录，计入项目完成情况。")
    return redirect("activities:achievement-waiting")
