"""Arranging an activity to come, and changing what was arranged."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from activities.choices import ActivityKind, ActivityState
from activities.clashes import Met, met_by, slot_of
from activities.forms.arranging import (
    ArrangeForm,
    initial_arrangement,
    initial_of_planned,
)
from activities.models import Activity
from activities.services.arranging import arrange_activity, move_activity
from activities.suggestions import title_for
from activities.views.record import choose_branch, chosen_branch, last_place
from config.lib.dates import SHANGHAI
from config.lib.errors import RuleError
from config.lib.periods import Month, parse_period
from config.lib.versions import StaleError, stale_response
from organizations.access import Right
from organizations.models import Organization

USUAL_HOUR = time(9)


@require_http_methods(["GET", "HEAD", "POST"])
def arrange(request: HttpRequest) -> HttpResponse:
    if not request.user.has_right(Right.RECORD_ACTIVITIES):
        raise PermissionDenied
    branch = chosen_branch(request)
    if branch is None:
        return choose_branch(request, "activities:arrange", "安排活动")
    if request.method != "POST":
        form = ArrangeForm(initial=_initial(request, branch), user=request.user)
        return _page(request, form, branch)
    form = ArrangeForm(request.POST, user=request.user)
    if form.is_valid() and not (met := _unaccepted(form, branch, request)):
        try:
            saved = arrange_activity(
                organization_id=branch.pk,
                facts=form.facts(),
                actor=request.user,
                today=timezone.localdate(),
                request_id=form.cleaned_data["request_id"],
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"已安排：{saved.title}。开展以后请来记录到会。")
            return redirect(saved)
        met = []
    elif form.errors:
        met = []
    return _page(request, form, branch, met=met, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, pk: int) -> HttpResponse:
    activity = get_object_or_404(
        Activity.objects.visible_to(request.user).select_related("organization"), pk=pk
    )
    branch = activity.organization
    if not request.user.has_right_at(Right.RECORD_ACTIVITIES, branch):
        raise PermissionDenied
    if activity.state != ActivityState.PLANNED:
        messages.warning(
            request, f"这项活动{activity.get_state_display()}，不能再改安排。"
        )
        return redirect(activity)
    if request.method != "POST":
        form = ArrangeForm(initial=initial_of_planned(activity), user=request.user)
        return _page(request, form, branch, activity)
    form = ArrangeForm(request.POST, user=request.user)
    met: list[Met] = []
    if form.is_valid() and not (met := _unaccepted(form, branch, request, activity)):
        try:
            move_activity(
                activity_id=activity.pk,
                version=form.cleaned_data["version"] or 0,
                facts=form.facts(),
                actor=request.user,
                today=timezone.localdate(),
            )
        except StaleError:
            fresh = Activity.objects.visible_to(request.user).get(pk=pk)
            return stale_response(
                request,
                form,
                fresh,
                title="改期",
                cancel_url=activity.get_absolute_url(),
                extra={"breadcrumbs": _crumbs("改期", activity)},
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"已改好：{form.cleaned_data['title']}。")
            return redirect(activity)
    return _page(request, form, branch, activity, met=met, status=422)


def _unaccepted(
    form: ArrangeForm,
    branch: Organization,
    request: HttpRequest,
    activity: Activity | None = None,
) -> list[Met]:
    """What is in the way and was not said to be known."""
    if form.cleaned_data["accepts"]:
        return []
    return met_by(
        slot_of(
            {
                "pk": activity.pk if activity else 0,
                "organization_id": branch.pk,
                **{
                    name: form.cleaned_data[name]
                    for name in ("starts_at", "hours", "place", "leader")
                },
            }
        ),
        branch,
        request.user,
    )


def _initial(request: HttpRequest, branch: Organization) -> dict[str, Any]:
    """As the board's link asks for: a kind, a subject, a day within the period."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in ActivityKind else ActivityKind.THEME_DAY
    month = _wished_month(request)
    today = timezone.localdate()
    day = max(today + timedelta(days=1), month.start)
    title = request.GET.get("title", "").strip()[:100] or title_for(kind, month)
    starts_at = datetime.combine(day, USUAL_HOUR, tzinfo=SHANGHAI)
    return initial_arrangement(kind, title, last_place(request, branch), starts_at)


def _wished_month(request: HttpRequest) -> Month:
    """The month asked for, this one for anything else."""
    today = timezone.localdate()
    try:
        period = parse_period(request.GET.get("month", ""))
    except RuleError:
        return Month.containing(today)
    return period.months()[0] if period.end > today else Month.containing(today)


def _page(
    request: HttpRequest,
    form: ArrangeForm,
    branch: Organization,
    activity: Activity | None = None,
    met: list[Met] | None = None,
    status: int = 200,
) -> HttpResponse:
    title = "改期" if activity else "安排活动"
    if met:
        form = ArrangeForm(form.data, user=request.user, shows_clashes=True)
    context = {
        "page_title": title,
        "form": form,
        "branch": branch,
        "activity": activity,
        "met": met or [],
        "cancel_url": activity.get_absolute_url()
        if activity
        else reverse("activities:duties"),
        "breadcrumbs": _crumbs(title, activity),
    }
    return render(request, "activities/arrange.html", context, status=status)


def _crumbs(last: str, activity: Activity | None = None) -> list[tuple[str, str]]:
    found = [("活动", reverse("activities:list"))]
    if activity:
        found.append((activity.title, activity.get_absolute_url()))
    return [*found, (last, "")]
