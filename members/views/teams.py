"""Committees: the list, one committee with its terms and teams, posts one by one."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from config.lib.paging import group_tabs, page_by_key, total_of
from config.lib.periods import Month
from members.choices.teams import TeamGroup
from members.electable import electable_in
from members.forms.teams import (
    EndOfficeForm,
    OfficerForm,
    TeamFilterForm,
    TermChangeForm,
)
from members.models import Member, Officer
from members.services.teams import end_office, record_officer
from members.teams import (
    elected_in,
    electing,
    in_order,
    rows_of,
    size_notes,
    team_list,
    term_state,
)
from members.views.asking import confirm_page, form_page
from members.views.members import require_right
from organizations import parameters
from organizations.access import Right
from organizations.models import Election, Organization, Term, TermChange
from organizations.services.terms import change_term

TITLE = "班子与换届"
_TABS = [("", "全部"), *TeamGroup.choices]
SHOWN_BEFORE = 60


@require_safe
@parameters.together()
def teams(request: HttpRequest) -> HttpResponse:
    """Every committee with its secretary and when its term ends."""
    require_right(request, Right.VIEW_MEMBERS)
    form = TeamFilterForm(request.GET, user=request.user)
    data = form.cleaned_data if form.is_valid() else {}
    group, today = data.get("group", ""), timezone.localdate()
    found = team_list(request.user, group, today)
    found = _chosen(found, data) if data else found.none()
    page = page_by_key(found, request.GET, "path")
    address = reverse("members:teams")
    context = {
        "page_title": TITLE,
        "breadcrumbs": [(TITLE, "")],
        "form": form,
        "page": page,
        "rows": rows_of(page.rows, today),
        "total": total_of(page, found),
        "is_filtered": bool(data.get("organization") or data.get("held_in")),
        "clear_url": f"{address}?group={group}" if group else address,
        "tabs": group_tabs(address, _TABS, group),
    }
    return render(request, "members/teams.html", context)


def _chosen(found: Any, data: dict[str, Any]) -> Any:
    if place := data["organization"]:
        found = found.within([place.path])
    if day := data["held_in"]:
        found = found.filter(pk__in=elected_in(Month.containing(day)))
    return found


def electing_place(request: HttpRequest, pk: int) -> Organization:
    """An open organization with a committee, of those whose members the user sees."""
    places = electing(request.user).select_related("parent")
    return get_object_or_404(places, pk=pk)


def kept_place(request: HttpRequest, pk: int) -> Organization:
    place = electing_place(request, pk)
    if not request.user.has_right_at(Right.KEEP_TEAMS, place):
        raise PermissionDenied
    return place


def team_crumbs(place: Organization, last: str) -> list[tuple[str, str]]:
    return [
        (TITLE, reverse("members:teams")),
        (str(place), reverse("members:team", args=[place.pk])),
        (last, ""),
    ]


def may_approve(request: HttpRequest, place: Organization) -> bool:
    """Whether the user acts for the higher organization."""
    above = place.parent or place
    return request.user.has_right_at(Right.KEEP_TEAMS, above)


@require_safe
@parameters.together()
def team(request: HttpRequest, pk: int) -> HttpResponse:
    """One committee: today's, how long, its elections and those before it."""
    place, today = electing_place(request, pk), timezone.localdate()
    posts = list(
        Officer.objects.of_teams_visible_to(request.user)
        .filter(organization=place)
        .select_related("member")
        .order_by("-ends_on", "-starts_on", "pk")
    )
    now = in_order([post for post in posts if post.ends_on is None])
    full = Member.objects.visible_to(request.user).may_be_elected_in(place).count()
    is_kept = request.user.has_right_at(Right.KEEP_TEAMS, place)
    terms = list(Term.objects.visible_to(request.user).filter(organization=place))
    context = {
        "page_title": f"{place}班子与换届",
        "breadcrumbs": [(TITLE, reverse("members:teams")), (str(place), "")],
        "place": place,
        "state": term_state(place, today),
        "full": full,
        "notes": size_notes(place, full, len(now)),
        "team": now,
        "term": next((term for term in terms if term.ended_on is None), None),
        "terms": [term for term in terms if term.ended_on is not None],
        "former": [post for post in posts if post.ends_on is not None][:SHOWN_BEFORE],
        "elections": list(
            Election.objects.visible_to(request.user)
            .counted()
            .filter(organization=place)
        ),
        "changes": list(
            TermChange.objects.visible_to(request.user).filter(organization=place)
        ),
        "is_kept": is_kept,
        "may_change": is_kept and may_approve(request, place),
    }
    return render(request, "members/team.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def officer_add(request: HttpRequest, pk: int) -> HttpResponse:
    """A member takes up a post between elections, or stands in the books at last."""
    place = kept_place(request, pk)
    people = electable_in(place, request.user)
    form = OfficerForm(request.POST or None, user=request.user, people=people)

    def save(data: dict[str, Any]) -> Officer:
        return record_officer(
            member_id=data["name"],
            organization_id=place.pk,
            role=data["role"],
            starts_on=data["starts_on"],
            actor=request.user,
            today=timezone.localdate(),
        )

    return form_page(
        request,
        form,
        "登记任职",
        team_crumbs(place, "登记任职"),
        reverse("members:team", args=[place.pk]),
        save,
        "已登记任职。",
        form_note="经选举当选的请用“登记选举”，一次登记整个班子。",
        suggestions=people.offered,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def officer_end(request: HttpRequest, pk: int) -> HttpResponse:
    posts = Officer.objects.of_teams_visible_to(request.user).current()
    office = get_object_or_404(posts.select_related("member", "organization"), pk=pk)
    place = office.organization
    if not request.user.has_right_at(Right.KEEP_TEAMS, place):
        raise PermissionDenied
    return confirm_page(
        request,
        EndOfficeForm(request.POST or None),
        "登记免职",
        team_crumbs(place, "登记免职"),
        reverse("members:team", args=[place.pk]),
        f"{office.member.name}不再担任{place}{office.get_role_display()}？",
        ["从这一天起按普通党员的学时要求计算，任职记录保留。"],
        lambda data: end_office(
            office_id=pk,
            ends_on=data["ends_on"],
            actor=request.user,
            today=timezone.localdate(),
        ),
        "已登记免职。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def term_change(request: HttpRequest, pk: int) -> HttpResponse:
    """A delay or an advance, written down by the higher organization."""
    place = kept_place(request, pk)
    if not may_approve(request, place):
        raise PermissionDenied
    return form_page(
        request,
        TermChangeForm(request.POST or None),
        "登记延期或提前换届",
        team_crumbs(place, "延期或提前"),
        reverse("members:team", args=[place.pk]),
        lambda data: change_term(
            organization_id=place.pk,
            actor=request.user,
            today=timezone.localdate(),
            **data,
        ),
        "已登记，届满日期已更新。",
        form_note=(
            f"现在的届满日期：{place.term_ends_on or '没有登记'}。"
            "延期或提前须经上级党组织批准，一般不超过一年。"
        ),
    )
