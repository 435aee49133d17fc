"""The minutes of a meeting."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from activities.choices import ActivityState, Presence
from activities.forms.minutes import MinutesForm
from activities.models import Activity, Minutes, Participation
from activities.services.minutes import save_minutes
from activities.turnout import voting_turnout
from config.lib.errors import RuleError
from config.lib.versions import StaleError, stale_response
from members.models import Member
from organizations.access import Right

_CHANGED = "名单里有人已改为到会或移出名单，请核对后重新保存。"


@require_http_methods(["GET", "HEAD", "POST"])
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    activity = get_object_or_404(
        Activity.objects.visible_to(request.user).select_related("organization"), pk=pk
    )
    if not request.user.has_right_at(Right.RECORD_ACTIVITIES, activity.organization):
        raise PermissionDenied
    if activity.state != ActivityState.HELD:
        said = activity.get_state_display()
        messages.warning(request, f"这项活动现在是“{said}”，不写会议记录。")
        return redirect(activity)
    form = MinutesForm(
        request.POST or None, stored=_stored(request, pk), away=_away(request, pk)
    )
    if request.method != "POST" or not form.is_valid():
        return _page(request, form, activity)
    try:
        save_minutes(
            activity_id=pk,
            version=form.cleaned_data["version"],
            facts=form.facts(),
            reasons=form.reasons(),
            actor=request.user,
        )
    except StaleError:
        return stale_response(
            request,
            form,
            _stored(request, pk),
            title="会议记录",
            cancel_url=activity.get_absolute_url(),
        )
    except (RuleError, Member.DoesNotExist) as error:
        form.add_error(None, error if isinstance(error, RuleError) else _CHANGED)
        return _page(request, form, activity)
    messages.success(request, "已保存会议记录。")
    return redirect(activity)


def _stored(request: HttpRequest, activity_pk: int) -> Minutes | None:
    found = Minutes.objects.visible_to(request.user).filter(activity=activity_pk)
    return found.first()


def _away(request: HttpRequest, activity_pk: int) -> list[Participation]:
    return list(
        Participation.objects.visible_to(request.user)
        .filter(activity=activity_pk)
        .exclude(presence=Presence.PRESENT)
        .select_related("member")
        .order_by("presence", "member__name_pinyin", "member_id")
    )


def _page(request: HttpRequest, form: MinutesForm, activity: Activity) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "activity": activity,
        "turnout": voting_turnout(activity),
        "page_title": "会议记录",
        "cancel_url": activity.get_absolute_url(),
        "breadcrumbs": [
            ("活动", reverse("activities:list")),
            (activity.title, activity.get_absolute_url()),
            ("会议记录", ""),
        ],
    }
    status = 422 if form.errors else 200
    return render(request, "activities/minutes.html", context, status=status)
