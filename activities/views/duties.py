"""The board of Party life (三会一课)."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from activities.duty_board import board
from activities.filters import BoardFilter
from config.lib.periods import Month
from organizations.access import Right

TITLE = "三会一课"


@require_safe
def duty_board(request: HttpRequest) -> HttpResponse:
    if not request.user.has_right(Right.VIEW_MEMBERS):
        raise PermissionDenied
    today = timezone.localdate()
    form = BoardFilter(request.GET, user=request.user, today=today)
    data = form.cleaned_data if form.is_valid() else {}
    month = data.get("month") or Month.containing(today)
    place = data.get("organization")
    found = board(request.user, place, month, today) if not form.errors else None

    def address(of: Month) -> str:
        query = {"month": of.label}
        if place:
            query["organization"] = place.pk
        return f"?{urlencode(query)}"

    context = {
        "page_title": TITLE,
        "breadcrumbs": [("活动", reverse("activities:list")), (TITLE, "")],
        "form": form,
        "is_filtered": form.is_filtered,
        "clear_url": reverse("activities:duties"),
        "board": found,
        "month": month,
        "place": place,
        "previous_url": address(month.previous()),
        "next_url": address(month.next()),
        "may_record": request.user.has_right(Right.RECORD_ACTIVITIES),
    }
    return render(request, "activities/duty_board.html", context)
