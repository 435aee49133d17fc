"""The calendar: a month, a list, and the feed that a phone subscribes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from activities.calendar import drawn, month_clashes, month_days, shown
from activities.choices import ActivityKind, ActivityState
from activities.filters import CalendarFilter
from activities.models import Activity, CalendarFeed
from activities.services.feeds import end_feed, issue_feed, reader_of
from config.lib.ical import CONTENT_TYPE, Event, calendar_text
from config.lib.paging import page_by_key
from config.lib.periods import Month
from organizations.access import Right

TITLE, FEED_TITLE = "活动日历", "订阅到手机"
# A feed holds what is near: so many days back and ahead, so many events.
FEED_BACK, FEED_AHEAD, FEED_MOST = 31, 400, 2000
_KINDS = dict(ActivityKind.choices)
_LIST_COLUMNS = (
    *("pk", "organization_id", "organization__short_name", "title", "kind"),
    *("state", "starts_at", "hours", "place", "held_on"),
)


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    if not request.user.has_right(Right.VIEW_MEMBERS):
        raise PermissionDenied
    today = timezone.localdate()
    form = CalendarFilter(request.GET, user=request.user, today=today)
    activities = form.narrow(Activity.objects.visible_to(request.user))
    data = form.cleaned_data if form.is_valid() else {}
    month = data.get("month") or Month.containing(today)
    is_list = data.get("view") == "list"

    def address(**changes: str) -> str:
        asked = {name: request.GET.get(name, "") for name in form.fields}
        asked |= {"month": month.label, **changes}
        return f"?{urlencode({k: v for k, v in asked.items() if v})}"

    context: dict[str, Any] = {
        "page_title": TITLE,
        "breadcrumbs": [("活动", reverse("activities:list")), (TITLE, "")],
        "form": form,
        "is_filtered": any(data.get(name) for name in ("organization", "kind")),
        "clear_url": address(organization="", kind=""),
        "month": month,
        "is_list": is_list,
        "previous_url": address(month=month.previous().label),
        "next_url": address(month=month.next().label),
        "tabs": [
            {"label": "月历", "url": address(view=""), "is_current": not is_list},
            {"label": "列表", "url": address(view="list"), "is_current": is_list},
        ],
        "list_url": address(view="list"),
        "clashes": month_clashes(activities, month),
        "may_record": request.user.has_right(Right.RECORD_ACTIVITIES),
    }
    if is_list:
        found = shown(activities).during(month)
        page = page_by_key(found.values(*_LIST_COLUMNS), request.GET, "starts_at")
        context |= {"page": page, "rows": [drawn(row) for row in page.rows]}
    else:
        days = month_days(activities, month, today)
        context["weeks"] = [days[n : n + 7] for n in range(0, len(days), 7)]
        context["is_empty"] = not any(day.total for day in days)
    return render(request, "activities/calendar.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def feed_settings(request: HttpRequest) -> HttpResponse:
    """The user's own address: made, renewed, ended; shown when made and never again."""
    if not request.user.has_right(Right.VIEW_MEMBERS):
        raise PermissionDenied
    address = ""
    if request.method == "POST":
        if request.POST.get("do") == "end":
            end_feed(actor=request.user)
            messages.success(request, "已停用订阅地址，手机上的日历不再更新。")
            return redirect("activities:feed")
        token = issue_feed(actor=request.user)
        path = reverse("activities:feed-ics", args=[token])
        address = request.build_absolute_uri(path)
    feed = CalendarFeed.objects.visible_to(request.user).in_use().first()
    context = {
        "page_title": FEED_TITLE,
        "breadcrumbs": [(TITLE, reverse("activities:calendar")), (FEED_TITLE, "")],
        "feed": feed,
        "address": address,
    }
    answer = render(request, "activities/feed.html", context)
    if address:
        answer["Cache-Control"] = "no-store"
    return answer


@login_not_required
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """What lies in the scope of the posts that the owner holds at this moment.

    Neither titles nor leaders: both may name a person. Of visits not even the place.
    """
    user = reader_of(token)
    if user is None:
        raise Http404
    today = timezone.localdate()
    rows = (
        shown(Activity.objects.visible_to(user))
        .filter(
            held_on__gte=today - timedelta(days=FEED_BACK),
            held_on__lte=today + timedelta(days=FEED_AHEAD),
        )
        .order_by("-held_on", "-pk")
        .values_list(
            *("pk", "organization__short_name", "kind", "state"),
            *("starts_at", "hours", "place", "updated_at"),
        )[:FEED_MOST]
    )
    host = request.get_host()
    events = [_event(request, host, *row) for row in rows]
    answer = HttpResponse(calendar_text(TITLE, events), content_type=CONTENT_TYPE)
    answer["X-Robots-Tag"] = "noindex"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _event(
    request: HttpRequest,
    host: str,
    pk: int,
    branch: str,
    kind: str,
    state: str,
    starts_at: Any,
    hours: Any,
    place: str,
    changed_at: Any,
) -> Event:
    is_planned = state == ActivityState.PLANNED
    return Event(
        uid=f"activity-{pk}@{host}",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=float(hours)),
        changed_at=changed_at,
        summary=f"{_KINDS[kind]} · {branch}{'（计划）' if is_planned else ''}",
        location="" if kind == ActivityKind.VISIT else place,
        url=request.build_absolute_uri(reverse("activities:detail", args=[pk])),
        is_tentative=is_planned,
    )
