"""Correcting the hours of single people who took part."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from activities.choices import ActivityState, Presence
from activities.forms.hours import HoursForm
from activities.models import Activity, Participation
from activities.services.activities import correct_hours
from config.lib.errors import RuleError
from config.lib.versions import StaleError, renew
from members.models import Member
from organizations.access import Right

_GONE = "名单里有人已被改为缺席或请假，请核对后重新保存。"


@require_http_methods(["GET", "HEAD", "POST"])
def hours(request: HttpRequest, pk: int) -> HttpResponse:
    """The ticked list of an activity with everybody's own hours."""
    activity = get_object_or_404(
        Activity.objects.visible_to(request.user).select_related("organization"), pk=pk
    )
    if not request.user.has_right_at(Right.RECORD_ACTIVITIES, activity.organization):
        raise PermissionDenied
    if activity.state != ActivityState.HELD:
        said = activity.get_state_display()
        messages.warning(request, f"这项活动现在是“{said}”，没有个人时长可改。")
        return redirect(activity)
    form = HoursForm(
        request.POST or None,
        user=request.user,
        activity=activity,
        parts=_present(request, activity),
    )
    if request.method != "POST" or not form.is_valid():
        return _page(request, form, activity, 422 if form.errors else 200)
    try:
        changed = correct_hours(
            activity_id=activity.pk,
            version=form.cleaned_data["version"],
            parts=form.own_parts(),
            actor=request.user,
        )
    except StaleError:
        return _stale(request, form, activity)
    except (RuleError, Member.DoesNotExist) as error:
        form.add_error(None, error if isinstance(error, RuleError) else _GONE)
        return _page(request, form, activity, 422)
    said = f"已更正 {changed} 人的时长。" if changed else "时长没有变化。"
    messages.success(request, said)
    return redirect(activity)


def _present(request: HttpRequest, activity: Activity) -> list[Participation]:
    return list(
        Participation.objects.visible_to(request.user)
        .filter(activity=activity, presence=Presence.PRESENT)
        .select_related("member", "activity")
        .order_by("member__name_pinyin", "member_id")
    )


def _stale(request: HttpRequest, form: HoursForm, activity: Activity) -> HttpResponse:
    """Show what somebody saved meanwhile; the same list may be sent once more."""
    fresh = Activity.objects.visible_to(request.user).get(pk=activity.pk)
    rows = form.conflicts(_present(request, fresh))
    renew(form, fresh.version)
    return _page(request, form, fresh, 409, is_stale=True, conflicts=rows)


def _page(
    request: HttpRequest, form: HoursForm, activity: Activity, status: int, **extra: Any
) -> HttpResponse:
    context = {
        "form": form,
        "activity": activity,
        "rows": list(form.rows()),
        "conflict_headings": ["姓名", "您填写的", "现在已保存的"],
        "cancel_url": activity.get_absolute_url(),
        "breadcrumbs": [
            ("活动", reverse("activities:list")),
            (activity.title, activity.get_absolute_url()),
            ("个人时长", ""),
        ],
        **extra,
    }
    return render(request, "activities/hours.html", context, status=status)
