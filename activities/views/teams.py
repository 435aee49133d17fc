"""Volunteer teams: the list, one team with its roster and deeds, and its forms."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from activities.choices.teams import FreeTime
from activities.forms.teams import (
    AvailabilityForm,
    JoinForm,
    RosterForm,
    TeamAmendForm,
    TeamCloseForm,
    TeamFilterForm,
    TeamForm,
)
from activities.models import Activity, Availability, TeamPlace, VolunteerTeam
from activities.services.teams import (
    add_to_team,
    amend_team,
    close_team,
    found_team,
    lead_team,
    leave_team,
    save_availability,
)
from activities.team_figures import years_of
from config.lib.paging import group_tabs, page_by_key, total_of
from config.lib.versions import StaleError, stale_response
from members.forms.members import add_service_error
from members.forms.refusals import refusals
from members.models import Member
from members.search import WHOLE_NUMBER_HINT, condition, is_whole_number
from members.views.members import member_crumbs
from organizations.access import Right, require, require_right
from organizations.choices import OrganizationKind

TITLE = "志愿服务队"
# More names than this are no list to tick: a name has to be looked for.
_MOST_OFFERED = 200
_EVENTS_SHOWN = 20
_GROUPS = {"": "在用", "closed": "已解散"}


def crumbs(*steps: tuple[str, str]) -> list[tuple[str, str]]:
    return [
        ("活动", reverse("activities:list")),
        (TITLE, reverse("activities:team-list")),
        *steps,
    ]


@require_safe
def team_list(request: HttpRequest) -> HttpResponse:
    require_right(request.user, Right.VIEW_MEMBERS)
    form = TeamFilterForm(request.GET, user=request.user)
    data = form.cleaned_data if form.is_valid() else {}
    group = data.get("group", "") if data.get("group") in _GROUPS else ""
    found = VolunteerTeam.objects.visible_to(request.user)
    found = found.open() if not group else found.filter(closed_on__isnull=False)
    if form.errors:
        found = found.none()
    if talent := data.get("talent"):
        found = found.filter(talents=talent)
    if place := data.get("organization"):
        found = found.lying_below([place.path])
    page = page_by_key(
        found.with_numbers().select_related("organization").prefetch_related("talents"),
        request.GET,
    )
    year = timezone.localdate().year
    _tell_apart(page.rows, request.user, year)
    address = reverse("activities:team-list")
    context = {
        "page_title": TITLE,
        "breadcrumbs": [*crumbs()[:-1], (TITLE, "")],
        "form": form,
        "page": page,
        "total": total_of(page, found),
        "year": year,
        "is_filtered": bool(data.get("talent") or data.get("organization")),
        "clear_url": f"{address}?group={group}" if group else address,
        "may_found": request.user.has_right(Right.RECORD_ACTIVITIES),
        "tabs": group_tabs(address, _GROUPS.items(), group),
    }
    return render(request, "activities/team_list.html", context)


def _seen_places(user: Any) -> QuerySet[TeamPlace]:
    """Places of visible teams, of which only those are named whom `user` sees."""
    seen = Member.objects.visible_to(user).filter(pk=OuterRef("member"))
    places = TeamPlace.objects.visible_to(user).annotate(is_seen=Exists(seen))
    return places.select_related("member")


def _tell_apart(teams: list[VolunteerTeam], user: Any, year: int) -> None:
    """Give each team of a page its leader's name and what it did this year."""
    leaders = _seen_places(user).current().filter(is_leader=True, team__in=teams)
    names = {p.team_id: p.member.name if p.is_seen else "" for p in leaders}
    years = years_of(teams, year)
    for team in teams:
        team.leader_name = names.get(team.pk, "")
        team.has_leader = team.pk in names
        team.year = years[team.pk]


@require_safe
def team_detail(request: HttpRequest, pk: int) -> HttpResponse:
    team = _visible_team(request, pk)
    year = timezone.localdate().year
    places = _seen_places(request.user).filter(team=team)
    now = list(places.current().order_by("-is_leader", "member__name_pinyin", "pk"))
    may_edit = team.is_open and request.user.has_right_at(
        Right.RECORD_ACTIVITIES, team.organization
    )
    events = (
        Activity.objects.visible_to(request.user)
        .held()
        .filter(team=team, held_on__year=year)
        .with_present_count()
        .order_by("-held_on", "-pk")
    )
    context = {
        "page_title": team.name,
        "breadcrumbs": crumbs((team.name, "")),
        "team": team,
        "facts": _facts(team),
        "places": now,
        "gone_count": TeamPlace.objects.visible_to(request.user)
        .filter(team=team, left_on__isnull=False)
        .count(),
        "has_leader": any(place.is_leader for place in now),
        "year": year,
        "figures": years_of([team], year)[team.pk],
        "events": events[:_EVENTS_SHOWN],
        "may_edit": may_edit,
        "record_url": _record_url(team),
    }
    return render(request, "activities/team_detail.html", context)


def _record_url(team: VolunteerTeam) -> str:
    """Where to record what it did; a street's own goes out for one of its branches."""
    query = f"kind=volunteering&team={team.pk}"
    if team.organization.kind != OrganizationKind.WORK_COMMITTEE:
        query = f"branch={team.organization_id}&{query}"
    return f"{reverse('activities:record')}?{query}"


@require_http_methods(["GET", "HEAD", "POST"])
def team_add(request: HttpRequest) -> HttpResponse:
    require_right(request.user, Right.RECORD_ACTIVITIES)
    form = TeamForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            team = found_team(
                organization_id=form.cleaned_data["organization"].pk,
                facts=form.facts(),
                actor=request.user,
            )
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, "服务队已建立，接着勾选队员。")
            return redirect("activities:team-members", team.pk)
    return _form_page(request, form, "新建服务队", reverse("activities:team-list"))


@require_http_methods(["GET", "HEAD", "POST"])
def team_edit(request: HttpRequest, pk: int) -> HttpResponse:
    team = _open_team(request, pk)
    form = TeamAmendForm(
        request.POST or None,
        instance=team,
        user=request.user,
        initial={
            "name": team.name,
            "talents": list(team.talents.all()),
            "founded_on": team.founded_on,
        },
    )
    title, back = "修改服务队", team.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        try:
            amend_team(
                team_id=pk,
                facts=form.facts(),
                version=form.cleaned_data["version"],
                actor=request.user,
            )
        except StaleError:
            fresh = _open_team(request, pk)
            return stale_response(request, form, fresh, title=title, cancel_url=back)
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, "已保存。")
            return redirect(back)
    return _form_page(request, form, title, back)


@require_http_methods(["GET", "HEAD", "POST"])
def team_close(request: HttpRequest, pk: int) -> HttpResponse:
    team = _open_team(request, pk)
    form = TeamCloseForm(request.POST or None, instance=team)
    status = 200
    if request.method == "POST":
        with refusals(form, lambda: _open_team(request, pk)) as refusal:
            if form.is_valid():
                close_team(
                    team_id=pk,
                    closed_on=form.cleaned_data["closed_on"],
                    version=form.cleaned_data["version"],
                    actor=request.user,
                )
                messages.success(request, "已登记解散，服务队的活动照旧计数。")
                return redirect(team)
        status, team = refusal.status, refusal.latest or team
    context = {
        "title": "解散服务队",
        "page_title": "解散服务队",
        "breadcrumbs": crumbs((team.name, team.get_absolute_url()), ("解散", "")),
        "question": f"解散{team.name}？",
        "consequences": ["队员从这一天起离队；服务队和它的活动保留，照旧计数。"],
        "facts": _facts(team),
        "form": form,
        "confirm_label": "解散",
        "is_danger": True,
        "cancel_url": team.get_absolute_url(),
    }
    return render(request, "confirm.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def team_members(request: HttpRequest, pk: int) -> HttpResponse:
    """Tick who joins: offered are those with the talents the team is good at."""
    if is_whole_number(request.GET.get("q", "")):
        # Away at once, so that the number stays in no address, history or log.
        messages.warning(request, WHOLE_NUMBER_HINT)
        return redirect("members:find")
    team = _open_team(request, pk)
    search = RosterForm(request.GET)
    wanted = search.cleaned_data["q"] if search.is_valid() else ""
    found = _candidates(request.user, team, wanted)
    offered = list(found[: _MOST_OFFERED + 1])
    has_more, offered = len(offered) > _MOST_OFFERED, offered[:_MOST_OFFERED]
    choices = [(member.pk, member.name) for member in offered]
    if request.method == "POST":
        # A form sent twice names people who are in by now: no fault of theirs.
        current = TeamPlace.objects.visible_to(request.user).current()
        ids = current.filter(team=team).values_list("member_id", flat=True)
        choices += [(member_id, "") for member_id in ids]
    form = JoinForm(request.POST or None, offered=choices)
    if request.method == "POST" and form.is_valid():
        try:
            number = add_to_team(
                team_id=pk,
                member_ids=form.cleaned_data["members"],
                joined_on=form.cleaned_data["joined_on"],
                actor=request.user,
            )
        except ValidationError as error:
            add_service_error(form, error)
        else:
            said = f"已加入 {number} 人。" if number else "他们已经都在队里。"
            messages.success(request, said)
            return redirect(team)
    ticked = {str(pk) for pk in form["members"].value() or []}
    for member in offered:
        member.is_ticked = str(member.pk) in ticked
    context = {
        "page_title": "加入队员",
        "breadcrumbs": crumbs((team.name, team.get_absolute_url()), ("加入队员", "")),
        "team": team,
        "talents": "、".join(str(talent) for talent in team.talents.all()),
        "search": search,
        "wanted": wanted,
        "form": form,
        "offered": offered,
        "has_more": has_more,
        "cancel_url": team.get_absolute_url(),
    }
    status = 422 if form.errors else 200
    return render(request, "activities/team_members.html", context, status=status)


def _candidates(user: Any, team: VolunteerTeam, wanted: str) -> QuerySet[Member]:
    found = Member.objects.visible_to(user, below=team.organization)
    current = TeamPlace.objects.visible_to(user).current().filter(team=team)
    found = found.exclude(pk__in=current.values("member"))
    if wanted:
        asked = condition(wanted)
        found = found.none() if asked is None else found.filter(asked)
    elif talents := [talent.pk for talent in team.talents.all()]:
        having = Member.talents.through.objects.filter(
            member=OuterRef("pk"), talent__in=talents
        )
        found = found.filter(Exists(having))
    return (
        found.with_talent_names()
        .select_related("community")
        .order_by("name_pinyin", "pk")
    )


@require_POST
def place_leave(request: HttpRequest, pk: int) -> HttpResponse:
    place = _kept_place(request, pk)
    leave_team(place_id=pk, actor=request.user)
    messages.success(request, "已登记离队，从今天起不再是队员。")
    return redirect(place.team)


@require_POST
def place_lead(request: HttpRequest, pk: int) -> HttpResponse:
    place = _kept_place(request, pk)
    try:
        lead_team(place_id=pk, actor=request.user)
    except ValidationError as error:
        messages.error(request, "".join(error.messages))
    else:
        messages.success(request, "已确定队长。")
    return redirect(place.team)


@require_http_methods(["GET", "HEAD", "POST"])
def availability(request: HttpRequest, member_pk: int) -> HttpResponse:
    """When a member can help, as he says."""
    member = get_object_or_404(Member.objects.visible_to(request.user), pk=member_pk)
    require_right(request.user, Right.RECORD_ACTIVITIES)
    known = Availability.objects.visible_to(request.user).filter(member=member).first()
    times = [time for time in FreeTime if known and getattr(known, time)]
    # Nothing ticked is an answer too.
    posted = request.POST if request.method == "POST" else None
    form = AvailabilityForm(posted, initial={"times": times})
    if request.method == "POST" and form.is_valid():
        save_availability(
            member_id=member.pk, times=form.cleaned_data["times"], actor=request.user
        )
        messages.success(request, "已登记空闲时间。")
        return redirect("activities:availability", member.pk)
    context = {
        "page_title": f"{member.name}的志愿服务",
        "known": known,
        "places": TeamPlace.objects.visible_to(request.user)
        .current()
        .filter(member=member)
        .select_related("team")
        .order_by("team__name", "pk"),
        "breadcrumbs": member_crumbs(member, "志愿服务"),
        "form": form,
        "cancel_url": member.get_absolute_url(),
        "form_note": "只用来按专长和空闲时间找人帮忙。",
    }
    status = 422 if form.errors else 200
    return render(request, "activities/availability.html", context, status=status)


def _form_page(
    request: HttpRequest, form: Any, title: str, cancel_url: str
) -> HttpResponse:
    context = {
        "page_title": title,
        "breadcrumbs": crumbs((title, "")),
        "form": form,
        "is_draft": True,
        "cancel_url": cancel_url,
    }
    status = 422 if form.errors else 200
    return render(request, "members/member_form.html", context, status=status)


def _visible_team(request: HttpRequest, pk: int) -> VolunteerTeam:
    teams = VolunteerTeam.objects.visible_to(request.user)
    return get_object_or_404(
        teams.select_related("organization", "recorded_by").prefetch_related("talents"),
        pk=pk,
    )


def _open_team(request: HttpRequest, pk: int) -> VolunteerTeam:
    """The team, for somebody who may change it; 404 once it is dissolved."""
    team = _visible_team(request, pk)
    require(request.user, Right.RECORD_ACTIVITIES, team.organization)
    if not team.is_open:
        raise Http404
    return team


def _kept_place(request: HttpRequest, pk: int) -> TeamPlace:
    places = TeamPlace.objects.visible_to(request.user)
    place = get_object_or_404(places.select_related("team__organization"), pk=pk)
    if not request.user.has_right_at(Right.RECORD_ACTIVITIES, place.team.organization):
        raise PermissionDenied("您的岗位不能办理这支服务队的事项。")
    return place


def _facts(team: VolunteerTeam) -> list[tuple[str, object]]:
    facts: list[tuple[str, object]] = [
        ("所属党组织", team.organization),
        ("专长", "、".join(str(talent) for talent in team.talents.all())),
        ("成立日期", team.founded_on),
        ("登记人", team.recorded_by),
    ]
    if not team.is_open:
        facts.insert(3, ("解散日期", team.closed_on))
    return facts
