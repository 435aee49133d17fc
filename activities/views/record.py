"""Recording and mending an activity: one screen, a minute on a phone."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from activities.choices import ActivityKind, ActivityState, Presence
from activities.forms.record import (
    ActivityForm,
    initial_of,
    initial_of_new,
    initial_of_session,
)
from activities.models import (
    Activity,
    Participation,
    ProgramItem,
    SignInSession,
    VolunteerTeam,
)
from activities.people import MOST_PEOPLE, people_of, recordable
from activities.school import courses_on_offer, invited, places_of_those_on
from activities.services.activities import (
    record_activity,
    update_activity,
)
from activities.services.sign_in import signed_ids
from activities.suggestions import KIND_DEFAULTS, item_ids_for
from config.lib.errors import RuleError
from config.lib.versions import StaleError, conflicts, renew
from organizations.access import Right
from organizations.models import Organization

# Up to this many places are big buttons; more become a search box.
MOST_BUTTONS = 24


@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest) -> HttpResponse:
    if not request.user.has_right(Right.RECORD_ACTIVITIES):
        raise PermissionDenied
    among = _invited(request)
    branch = chosen_branch(request, with_street=bool(among))
    if branch is None:
        return choose_branch(request)
    people = people_of(branch, request.user, among=among)
    if len(people) > MOST_PEOPLE:
        return _too_many(request, branch, is_chosen=bool(among))
    items = _items_on_offer()
    offer = {
        "people": people,
        "items": items,
        "courses": courses_on_offer(branch, timezone.localdate()),
        "organizer": branch,
        "teams": _teams_on_offer(branch),
    }
    if request.method == "POST":
        form = ActivityForm(request.POST, request.FILES, user=request.user, **offer)
        if form.is_valid() and (saved := _save_new(request, form, branch)):
            messages.success(request, _saved_text(saved, form))
            return redirect(saved)
        return _page(request, form, branch, status=422, among=among)
    initial = initial_of_new(
        _wished_kind(request), last_place(request, branch), items, timezone.now()
    )
    wished = _wished_course(request)
    for course in offer["courses"]:
        if course.pk == wished:
            initial |= initial_of_session(course)
    initial |= _of_session(request, branch)
    initial["team"] = request.GET.get("team", "")
    form = ActivityForm(initial=initial, user=request.user, **offer)
    return _page(request, form, branch, among=among)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    activity = get_object_or_404(
        Activity.objects.visible_to(request.user).select_related("organization"), pk=pk
    )
    if not request.user.has_right_at(Right.RECORD_ACTIVITIES, activity.organization):
        raise PermissionDenied
    if activity.state == ActivityState.CANCELLED:
        messages.warning(request, "这项活动已经取消，不能再修改。")
        return redirect(activity)
    people = people_of(activity.organization, request.user, activity)
    if len(people) > MOST_PEOPLE:
        among = places_of_those_on(activity)
        people = people_of(activity.organization, request.user, activity, among)
    items = _items_on_offer(activity)
    offer = {
        "people": people,
        "items": items,
        "courses": courses_on_offer(
            activity.organization, timezone.localdate(), activity
        ),
        "organizer": activity.organization,
        "teams": _teams_on_offer(activity.organization, activity.team_id),
    }
    if request.method == "POST":
        form = ActivityForm(request.POST, request.FILES, user=request.user, **offer)
        if form.is_valid():
            return _save_changes(request, form, activity)
        return _page(request, form, activity.organization, activity, status=422)
    parts = dict(
        Participation.objects.visible_to(request.user)
        .filter(activity=activity)
        .values_list("member_id", "presence")
    )
    # What was planned is recorded now, what was held is mended.
    form = ActivityForm(initial=initial_of(activity, parts), user=request.user, **offer)
    return _page(request, form, activity.organization, activity)


def _invited(request: HttpRequest) -> list[Organization]:
    """Whose people are called to a session of the school; 404 outside the scope."""
    asked = request.POST if request.method == "POST" else request.GET
    places = invited(request.user, asked.getlist("among"))
    if places is None:
        raise Http404
    return places


def _too_many(
    request: HttpRequest, branch: Organization, *, is_chosen: bool
) -> HttpResponse:
    if is_chosen:
        messages.warning(request, f"所选党支部共有 {MOST_PEOPLE} 人以上，请少选几个。")
        course = _wished_course(request)
        if course:
            return redirect("activities:course-session", course)
    else:
        messages.warning(
            request, f"{branch}人数超过 {MOST_PEOPLE}，请分党支部记录活动。"
        )
    return redirect("activities:record")


def _wished_course(request: HttpRequest) -> int | None:
    wished = request.POST.get("course_id") or request.GET.get("course") or ""
    is_number = wished.isascii() and wished.isdigit() and len(wished) < 19
    return int(wished) if is_number else None


def chosen_branch(
    request: HttpRequest, *, with_street: bool = False
) -> Organization | None:
    """The branch asked for, or the only one there is; 404 outside the scope."""
    places = recordable(request.user, with_street=with_street)
    wanted = request.POST.get("branch") or request.GET.get("branch") or ""
    if wanted:
        if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 19):
            raise Http404
        return get_object_or_404(places, pk=wanted)
    first = list(places[:2])
    return first[0] if len(first) == 1 else None


def choose_branch(
    request: HttpRequest,
    url_name: str = "activities:record",
    title: str = "记一次活动",
    question: str = "",
) -> HttpResponse:
    """Ask which branch it is, for the page `url_name` that goes on from there."""
    branches = list(recordable(request.user))
    kind = request.GET.get("kind", "")
    context = {
        "branches": branches,
        "has_buttons": len(branches) <= MOST_BUTTONS,
        "kind": kind if kind in ActivityKind else "",
        "course": _wished_course(request) or "",
        "page_title": title,
        "next_url": reverse(url_name),
        "question": question,
        "breadcrumbs": _crumbs(title),
    }
    return render(request, "activities/choose_branch.html", context)


def _items_on_offer(activity: Activity | None = None) -> QuerySet[ProgramItem]:
    """Items of the programs in force, and those the activity carries already."""
    items = ProgramItem.objects.in_force(timezone.localdate()).by_hand()
    if activity is not None:
        items |= ProgramItem.objects.filter(pk__in=activity.items.values("pk"))
    return items.select_related("program").order_by(
        "program__sort_order", "program_id", "sort_order", "pk"
    )


def _of_session(request: HttpRequest, branch: Organization) -> dict[str, Any]:
    """What a sign-in by code fills in: who signed, and its title."""
    wanted = request.GET.get("session", "")
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 19):
        return {}
    session = get_object_or_404(
        SignInSession.objects.visible_to(request.user).filter(organization=branch),
        pk=wanted,
    )
    found = {"present": signed_ids(session, request.user), "session": session.pk}
    return found | ({"title": session.title} if session.title else {})


def _teams_on_offer(
    branch: Organization, current: int | None = None
) -> list[VolunteerTeam]:
    """Teams that may have gone out for `branch`, and the one named already."""
    in_use = Q(closed_on__isnull=True) | Q(pk=current)
    return list(VolunteerTeam.objects.serving(branch).filter(in_use))


def _wished_kind(request: HttpRequest) -> str:
    kind = request.GET.get("kind", "")
    return kind if kind in ActivityKind else ActivityKind.THEME_DAY


def last_place(request: HttpRequest, branch: Organization) -> str:
    """Where this branch met last: it mostly meets there again."""
    return (
        Activity.objects.visible_to(request.user)
        .filter(organization=branch)
        .order_by("-held_on", "-pk")
        .values_list("place", flat=True)
        .first()
        or ""
    )


def _save_new(
    request: HttpRequest, form: ActivityForm, branch: Organization
) -> Activity | None:
    try:
        return record_activity(
            organization_id=branch.pk,
            facts=form.facts(),
            attendance=form.attendance(),
            photos=form.cleaned_data["photos"],
            actor=request.user,
            today=timezone.localdate(),
            request_id=form.cleaned_data["request_id"],
            session_id=form.cleaned_data["session"],
        )
    except RuleError as error:
        form.add_error(None, error)
        return None


def _save_changes(
    request: HttpRequest, form: ActivityForm, activity: Activity
) -> HttpResponse:
    try:
        saved = update_activity(
            activity_id=activity.pk,
            version=form.cleaned_data["version"] or 0,
            facts=form.facts(),
            attendance=form.attendance(),
            photos=form.cleaned_data["photos"],
            actor=request.user,
            today=timezone.localdate(),
        )
    except StaleError:
        fresh = Activity.objects.visible_to(request.user).get(pk=activity.pk)
        rows = [[c.label, c.mine, c.stored] for c in conflicts(form, fresh)]
        renew(form, fresh.version)
        return _page(
            request, form, activity.organization, activity, status=409, conflicts=rows
        )
    except RuleError as error:
        form.add_error(None, error)
        return _page(request, form, activity.organization, activity, status=422)
    messages.success(request, _saved_text(saved, form))
    return redirect(saved)


def _saved_text(activity: Activity, form: ActivityForm) -> str:
    parts = form.attendance().values()
    present = sum(part.presence == Presence.PRESENT for part in parts)
    return f"已保存：{activity.title}，到会 {present} 人。"


def _page(
    request: HttpRequest,
    form: ActivityForm,
    branch: Organization,
    activity: Activity | None = None,
    status: int = 200,
    **extra: Any,
) -> HttpResponse:
    is_new = activity is None
    is_planned = activity is not None and activity.state == ActivityState.PLANNED
    title = "记录活动" if is_planned else "修改活动记录"
    title = "记一次活动" if is_new else title
    items = list(form.fields["items"].queryset)
    ticked = {str(getattr(v, "pk", v)) for v in form["items"].value() or []}
    context = {
        "form": form,
        "branch": branch,
        "activity": activity,
        "page_title": title,
        "people": form.person_rows(),
        "programs": _program_groups(items, ticked),
        "kind_defaults": _kind_defaults(items),
        "has_choice": is_new and len(recordable(request.user)[:2]) > 1,
        "cancel_url": reverse("activities:list"),
        "conflict_headings": ["栏目", "您填写的", "现在已保存的"],
        "breadcrumbs": _crumbs(title if is_new or is_planned else "修改"),
        **extra,
    }
    if activity is not None:
        url = activity.get_absolute_url()
        context["cancel_url"] = url
        context["breadcrumbs"].insert(1, (activity.title, url))
    return render(request, "activities/record.html", context, status=status)


def _program_groups(items: list[ProgramItem], ticked: set[str]) -> list[dict[str, Any]]:
    groups: dict[int, dict[str, Any]] = {}
    for item in items:
        group = groups.setdefault(
            item.program_id, {"program": item.program, "items": []}
        )
        group["items"].append(
            {"id": item.pk, "name": item.name, "is_ticked": str(item.pk) in ticked}
        )
    return list(groups.values())


def _kind_defaults(items: list[ProgramItem]) -> dict[str, Any]:
    """What record.js fills in when the kind changes."""
    return {
        kind.value: {
            "label": kind.label,
            "hours": f"{KIND_DEFAULTS[kind].hours.normalize():f}",
            "items": item_ids_for(kind, items),
        }
        for kind in ActivityKind
    }


def _crumbs(last: str) -> list[tuple[str, str]]:
    return [("活动", reverse("activities:list")), (last, "")]
