"""Lists, one activity, its cancellation and its paper."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import zip_longest
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, Subquery, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from activities.choices import ActivityKind, ActivityState, Presence
from activities.clashes import Met, met_by, slot_of
from activities.filters import ActivityFilter, ParticipationFilter
from activities.indicators.activities import active_members, participations_at
from activities.models import Activity, Paper, Participation
from activities.people import people_of, recordable
from activities.rules.papers import takes_papers
from activities.services.activities import cancel_activity
from activities.turnout import voting_turnout
from config.lib.errors import RuleError
from config.lib.htmx import render_page_or_fragment
from config.lib.paging import capped_count, page_by_key
from config.lib.periods import Month
from organizations.access import Right

HISTORY_SHOWN = 20
# Blank lines at the end of a sign-in sheet, for guests.
SPARE_LINES = 3
STATE_TONES = {
    ActivityState.HELD: "ok",
    ActivityState.PLANNED: "info",
    ActivityState.CANCELLED: "mute",
}
_KINDS = dict(ActivityKind.choices)
_STATES = dict(ActivityState.choices)
_HISTORY = {"+": "记录", "~": "修改", "-": "删除"}


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="原因", max_length=200, widget=forms.Textarea(attrs={"rows": 3})
    )


_COLUMNS = (
    *("pk", "title", "held_on", "kind", "state", "present_count"),
    "organization__short_name",
)


def _row(activity: dict[str, Any]) -> dict[str, Any]:
    """One activity of the list, ready as text."""
    state = activity["state"]
    return activity | {
        "url": reverse("activities:detail", args=[activity["pk"]]),
        "held_on": activity["held_on"].isoformat(),
        "kind": _KINDS[activity["kind"]],
        "present_count": activity["present_count"] or 0,
        "state": _STATES[state],
        "tone": STATE_TONES[state],
    }


@require_safe
def activity_list(request: HttpRequest) -> HttpResponse:
    _require_members(request)
    today = timezone.localdate()
    form = ActivityFilter(request.GET, user=request.user, today=today)
    activities = form.narrow(Activity.objects.visible_to(request.user))
    page = page_by_key(
        activities.with_present_count().values(*_COLUMNS),
        request.GET,
        "held_on",
        descending=True,
    )
    context = {
        "form": form,
        "rows": [_row(activity) for activity in page.rows],
        "total": capped_count(activities),
        "previous_url": page.previous_url,
        "next_url": page.next_url,
        "is_filtered": form.is_filtered,
        "clear_url": reverse("activities:list"),
        "fragment_target": "#activity-table",
        "may_record": request.user.has_right(Right.RECORD_ACTIVITIES),
        "breadcrumbs": [("活动", "")],
    }
    return render_page_or_fragment(
        request,
        "activities/activity_list.html",
        "activities/_activity_table.html",
        context,
    )


@require_safe
def participation_list(request: HttpRequest) -> HttpResponse:
    """The rows behind the figures of participation: a month, a place and below."""
    _require_members(request)
    today = timezone.localdate()
    params = request.GET.copy()
    params.setdefault("month", Month.containing(today).label)
    form = ParticipationFilter(params, user=request.user, today=today)
    is_valid = form.is_valid()
    month = (form.cleaned_data.get("month") if is_valid else None) or (
        Month.containing(today)
    )
    by_person = is_valid and form.cleaned_data["people"]
    context: dict[str, Any] = {
        "form": form,
        "month": month,
        "by_person": by_person,
        "breadcrumbs": [("活动", reverse("activities:list")), ("参加记录", "")],
    }
    if by_person:
        context |= _people_page(request, form, month)
    else:
        context |= _participation_page(request, form, month, is_valid)
    return render(request, "activities/participation_list.html", context)


def _participation_page(
    request: HttpRequest, form: ParticipationFilter, month: Month, is_valid: bool
) -> dict[str, Any]:
    rows = Participation.objects.visible_to(request.user)
    rows = (
        participations_at(rows, form.organizations(), month)
        if is_valid
        else (rows.none())
    )
    page = page_by_key(
        rows.select_related("member", "activity__organization"),
        request.GET,
        "activity__held_on",
        descending=True,
    )
    return {
        "rows": page.rows,
        "total": capped_count(rows),
        "previous_url": page.previous_url,
        "next_url": page.next_url,
    }


def _people_page(
    request: HttpRequest, form: ParticipationFilter, month: Month
) -> dict[str, Any]:
    present = (
        Participation.objects.visible_to(request.user)
        .counted()
        .during(month)
        .filter(member=OuterRef("member_id"))
        .order_by()
        .values("member")
    )
    rows = active_members(form.organizations(), month)
    page = page_by_key(
        rows.select_related("member", "organization").annotate(
            times=Subquery(present.annotate(n=Count("pk")).values("n")),
            hours=Subquery(present.annotate(n=Sum("hours")).values("n")),
        ),
        request.GET,
        "member__name_pinyin",
    )
    return {
        "rows": page.rows,
        "total": capped_count(rows),
        "previous_url": page.previous_url,
        "next_url": page.next_url,
    }


@require_safe
def activity_detail(request: HttpRequest, pk: int) -> HttpResponse:
    activity = _activity(request, pk)
    parts = _visible_parts(request, activity)
    everybody = dict(
        activity.participations.order_by().values_list("presence").annotate(Count("pk"))
    )
    counts = Counter(everybody)
    may_record = request.user.has_right_at(
        Right.RECORD_ACTIVITIES, activity.organization
    )
    context = {
        "activity": activity,
        "is_team_seen": activity.team is not None
        and request.user.has_right_at(Right.VIEW_MEMBERS, activity.team.organization),
        "tone": STATE_TONES[activity.state],
        "groups": [
            {"presence": presence, "label": presence.label, "people": people}
            for presence in Presence
            if (people := [p for p in parts if p.presence == presence])
        ],
        "present_count": counts[Presence.PRESENT],
        "absent_text": _absent_text(counts),
        "unseen_count": sum(counts.values()) - len(parts),
        "photos": list(activity.photos.select_related("file")),
        "items": list(activity.items.select_related("program")),
        "history": _history(activity),
        "met": _met(request, activity),
        "minutes": getattr(activity, "minutes", None),
        "turnout": voting_turnout(activity),
        "papers": list(
            Paper.objects.visible_to(request.user)
            .filter(activity=activity)
            .with_names(request.user)
            .select_related("member")
        ),
        "takes_papers": takes_papers(activity.kind, activity.state),
        "may_edit": may_record and activity.state != ActivityState.CANCELLED,
        "breadcrumbs": [
            ("活动", reverse("activities:list")),
            (activity.title, ""),
        ],
    }
    return render(request, "activities/activity_detail.html", context)


def _met(request: HttpRequest, activity: Activity) -> list[Met]:
    if activity.state != ActivityState.PLANNED:
        return []
    slot = slot_of(
        {
            name: getattr(activity, name)
            for name in (
                *("pk", "organization_id", "starts_at"),
                *("hours", "place", "leader"),
            )
        }
    )
    return met_by(slot, activity.organization, request.user)


@require_http_methods(["GET", "HEAD", "POST"])
def activity_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    activity = _activity(request, pk)
    if not request.user.has_right_at(Right.RECORD_ACTIVITIES, activity.organization):
        raise PermissionDenied
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            cancel_activity(
                activity_id=activity.pk,
                reason=form.cleaned_data["reason"],
                actor=request.user,
            )
        except RuleError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"已取消：{activity.title}。")
            return redirect(activity)
    is_planned = activity.state == ActivityState.PLANNED
    context = {
        "title": "取消活动",
        "question": f"确定取消“{activity.title}”吗？",
        "consequences": [
            "日历上不再显示这项活动；应开展的事项仍须另行安排。"
            if is_planned
            else "记录会保留，但不再计入活动次数、党员学时和五个一、六带完成情况。",
            "取消后不能再修改；需要时请重新" + ("安排。" if is_planned else "记录。"),
        ],
        "form": form,
        "confirm_label": "确定取消这项活动",
        # A second button saying 取消 would read as the first.
        "cancel_label": "不取消，返回",
        "cancel_url": activity.get_absolute_url(),
        "is_danger": True,
        "breadcrumbs": [
            ("活动", reverse("activities:list")),
            (activity.title, activity.get_absolute_url()),
            ("取消", ""),
        ],
    }
    status = 422 if form.errors else 200
    return render(request, "confirm.html", context, status=status)


@require_safe
def sheet(request: HttpRequest) -> HttpResponse:
    """A blank sign-in sheet of a branch, to be ticked on paper."""
    if not request.user.has_right(Right.RECORD_ACTIVITIES):
        raise PermissionDenied
    wanted = request.GET.get("branch", "")
    places = recordable(request.user)
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 19):
        return redirect("activities:record")
    branch = get_object_or_404(places, pk=wanted)
    kind = request.GET.get("kind", "")
    people = people_of(branch, request.user)
    context = {
        "branch": branch,
        "heading_text": ActivityKind(kind).label if kind in ActivityKind else "活动",
        "lines": [
            {"number": i, "name": p.name, "note": p.note, "mark": ""}
            for i, p in enumerate(people, start=1)
        ],
        "spare": range(len(people) + 1, len(people) + 1 + SPARE_LINES),
    }
    return render(request, "activities/sheet.html", context)


@require_safe
def attendance_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet of one activity, with what was recorded."""
    activity = _activity(request, pk)
    parts = _visible_parts(request, activity)
    context = {
        "branch": activity.organization,
        "activity": activity,
        "heading_text": activity.get_kind_display(),
        "lines": [
            {
                "number": i,
                "name": part.member.name,
                "note": part.note,
                "mark": part.get_presence_display(),
            }
            for i, part in enumerate(parts, start=1)
        ],
        "spare": [],
    }
    return render(request, "activities/sheet.html", context)


def _require_members(request: HttpRequest) -> None:
    if not request.user.has_right(Right.VIEW_MEMBERS):
        raise PermissionDenied


def _activity(request: HttpRequest, pk: int) -> Activity:
    return get_object_or_404(
        Activity.objects.visible_to(request.user).select_related(
            *("organization", "recorded_by", "course__term", "minutes"),
            "team__organization",
        ),
        pk=pk,
    )


def _visible_parts(request: HttpRequest, activity: Activity) -> list[Participation]:
    return list(
        Participation.objects.visible_to(request.user)
        .filter(activity=activity)
        .select_related("member")
        .order_by("member__name_pinyin", "member_id")
    )


def _absent_text(counts: Counter) -> str:
    shown = [Presence.LEAVE, Presence.ABSENT]
    return "，".join(f"{p.label} {counts[p]} 人" for p in shown if counts[p])


def _history(activity: Activity) -> list[dict[str, Any]]:
    """Newest first. One save writes a row for the items of its own: shown as one."""
    rows = list(activity.history.select_related("history_user")[:HISTORY_SHOWN])
    shown = []
    for row, earlier in zip_longest(rows, rows[1:]):
        if earlier and row.history_type == "~" and _is_one_save(earlier, row):
            continue
        shown.append(
            {
                "when": row.history_date,
                "who": str(row.history_user or "系统"),
                "what": _what(row, earlier),
                "why": row.history_change_reason or "",
            }
        )
    return shown


def _what(row: Any, earlier: Any) -> str:
    if row.state == ActivityState.CANCELLED:
        return "取消"
    if row.state == ActivityState.PLANNED:
        return "改期" if earlier else "安排"
    if earlier and earlier.state == ActivityState.PLANNED:
        return "记录"
    return _HISTORY[row.history_type]


def _is_one_save(earlier: Any, later: Any) -> bool:
    return (
        later.version == earlier.version
        and later.history_date - earlier.history_date < timedelta(seconds=5)
    )
