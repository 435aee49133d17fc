"""Visits to households: how far the year is, recording one, the list, one of them."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Max, Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods

from activities.forms.visits import (
    MatterFormSet,
    VisitFilterForm,
    VisitForm,
    WithdrawVisitForm,
)
from activities.models import Household, Visit, VisitMatter
from activities.people import people_of
from activities.querysets.households import year_start
from activities.services.visits import record_visit, withdraw_visit
from activities.views.households import (
    BOARD,
    MATTER_TONES,
    crumbs,
    require_right,
)
from activities.visit_rates import board
from config.lib.paging import page_by_key, total_of
from members.forms.members import add_service_error
from members.models import Member
from organizations.access import Right, require
from organizations.models import Community

RECORD, LIST = "记一次走访", "走访记录"
# More households than this in one building are chosen by their own page.
MOST_HOUSEHOLDS = 1500
_NUMBERS = re.compile(r"(\d+)")


def _crumbs(last: str) -> list[tuple[str, str]]:
    return [crumbs("")[0], (last, "")]


@require_GET
def visit_board(request: HttpRequest) -> HttpResponse:
    """How many households nobody has visited this year: communities, then buildings."""
    require_right(request, Right.VISIT_HOUSEHOLDS)
    community = _community(request)
    today = timezone.localdate()
    rows, total, community = board(request.user, community, today)
    may_keep = request.user.has_right(Right.KEEP_HOUSEHOLDS)
    context = {
        "page_title": f"{community}走访进度" if community else BOARD,
        "breadcrumbs": [("走百家门", "")],
        "community": community,
        "year": today.year,
        "rows": rows,
        "total": total,
        "may_keep": may_keep,
        "import_url": reverse("activities:ledger-upload") if may_keep else "",
    }
    return render(request, "activities/visit_board.html", context)


def _community(request: HttpRequest) -> Community | None:
    """The community asked for; 404 where the user visits nobody in it."""
    asked = request.GET.get("community", "")
    if not asked:
        return None
    if not (asked.isascii() and asked.isdigit() and len(asked) < 19):
        raise Http404
    seen = Household.objects.visible_to(request.user).filter(community_id=asked)
    if not seen.exists():
        raise Http404
    return Community.objects.filter(pk=asked).first()


@require_http_methods(["GET", "POST"])
def visit_record(request: HttpRequest) -> HttpResponse:
    """One screen: the building (in the address), the door, the words, the matters."""
    require_right(request, Right.VISIT_HOUSEHOLDS)
    today = timezone.localdate()
    chosen, community, building = _building(request)
    if community is None:
        rows, _, community = board(request.user, _community(request), today)
        context = {
            "page_title": RECORD,
            "breadcrumbs": _crumbs(RECORD),
            "rows": rows,
            "community": community,
        }
        return render(request, "activities/visit_choose.html", context)
    doors = _doors(request, community, building)
    organization = (chosen or doors[0]).organization
    form = VisitForm(
        request.POST or None,
        households=[(each.pk, _door_label(each, today)) for each in doors],
        people=people_of(organization, request.user),
        initial={
            "household": chosen.pk if chosen else "",
            "visitors": str(request.user),
        },
    )
    matters = MatterFormSet(request.POST or None, prefix="matters")
    if request.method == "POST" and form.is_valid() and matters.is_valid():
        try:
            visit = record_visit(
                household_id=form.cleaned_data["household"],
                facts=form.facts(matters.facts()),
                request_id=form.cleaned_data["request_id"],
                actor=request.user,
            )
        except (Household.DoesNotExist, Member.DoesNotExist) as error:
            raise Http404 from error
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, "已记下这次走访。")
            return redirect(visit)
    has_errors = bool(form.errors or (matters.is_bound and not matters.is_valid()))
    query = urlencode({"community": community.pk, "building": building})
    context = {
        "page_title": RECORD,
        "breadcrumbs": _crumbs(RECORD),
        "form": form,
        "matters": matters,
        "people": form.person_rows(),
        "community": community,
        "building": building,
        "action": f"{reverse('activities:visit-record')}?{query}",
        "choose_url": f"{reverse('activities:visit-record')}?community={community.pk}",
        "cancel_url": reverse("activities:visit-board"),
        "has_more_matters": any(each.errors for each in matters.forms[1:])
        or any(each.has_changed() for each in matters.forms[1:]),
    }
    status = 422 if has_errors else 200
    return render(request, "activities/visit_record.html", context, status=status)


def _building(
    request: HttpRequest,
) -> tuple[Household | None, Community | None, str]:
    """The household in the address, or the building; nothing where neither is."""
    mine = Household.objects.visible_to(request.user).listed()
    mine = mine.select_related("community", "organization")
    if asked := request.GET.get("household", ""):
        if not (asked.isascii() and asked.isdigit() and len(asked) < 19):
            raise Http404
        found = get_object_or_404(mine, pk=asked)
        return found, found.community, found.building
    community, building = _community(request), request.GET.get("building", "")
    if community is None or not building:
        return None, None, ""
    if not mine.filter(community=community, building=building).exists():
        raise Http404
    return None, community, building


def _doors(
    request: HttpRequest, community: Community, building: str
) -> list[Household]:
    """Households of a building by their doors, those not visited this year first."""
    since = year_start(timezone.localdate())
    found = list(
        Household.objects.visible_to(request.user)
        .listed()
        .filter(community=community, building=building)
        .select_related("organization")
        .with_last_visit()[:MOST_HOUSEHOLDS]
    )

    def place(each: Any) -> tuple[bool, list[Any]]:
        is_done = each.last_visited_on is not None and each.last_visited_on >= since
        parts = _NUMBERS.split(each.room)
        return is_done, [(int(p), "") if p.isdigit() else (0, p) for p in parts]

    return sorted(found, key=place)


def _door_label(household: Any, today: Any) -> str:
    last = household.last_visited_on
    is_done = last is not None and last >= year_start(today)
    said = f"{last:%m-%d}走访过" if is_done else "今年未走访"
    name = household.masked_householder
    return "　".join(part for part in (household.room, name, said) if part)


@require_GET
def visit_list(request: HttpRequest) -> HttpResponse:
    require_right(request, Right.VISIT_HOUSEHOLDS)
    today = timezone.localdate()
    form = VisitFilterForm(request.GET, user=request.user, today=today)
    found = Visit.objects.visible_to(request.user).counted()
    data = form.cleaned_data if form.is_valid() else {}
    if not form.is_valid():
        found = found.none()
    if data.get("organization"):
        found = found.filter(organization__in=form.organizations())
    if data.get("month"):
        found = found.during(data["month"])
    if data.get("household"):
        found = found.filter(household=data["household"])
    matters = VisitMatter.objects.visible_to(request.user)
    page = page_by_key(
        found.select_related("household__community", "organization").prefetch_related(
            Prefetch("matters", matters)
        ),
        request.GET,
        "visited_on",
        descending=True,
    )
    context = {
        "page_title": LIST,
        "breadcrumbs": _crumbs(LIST),
        "form": form,
        "page": page,
        "total": total_of(page, found),
        "is_filtered": form.is_filtered,
        "clear_url": reverse("activities:visit-list"),
    }
    return render(request, "activities/visit_list.html", context)


@require_GET
def visit_detail(request: HttpRequest, pk: int) -> HttpResponse:
    visit = _visible_visit(request, pk)
    matters = list(
        VisitMatter.objects.visible_to(request.user)
        .filter(visit=visit)
        .annotate(last_step_on=Max("steps__taken_on"))
    )
    members = Member.objects.visible_to(request.user).filter(household_visits=visit)
    unseen = visit.places.count() - len(names := [str(each) for each in members])
    if unseen:
        names.append(f"另{unseen}人")
    for matter in matters:
        matter.tone = MATTER_TONES[matter.state]
    has_steps = any(matter.last_step_on for matter in matters)
    context = {
        "page_title": f"走访{visit.household.door}",
        "breadcrumbs": _visit_crumbs(visit),
        "visit": visit,
        "facts": _facts(visit, "、".join(names)),
        "matters": matters,
        "may_withdraw": not visit.is_withdrawn and not has_steps,
    }
    return render(request, "activities/visit_detail.html", context)


@require_http_methods(["GET", "POST"])
def visit_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    visit = _visible_visit(request, pk)
    require(request.user, Right.VISIT_HOUSEHOLDS, visit.household.organization)
    form = WithdrawVisitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_visit(
                visit_id=pk, words=form.cleaned_data["words"], actor=request.user
            )
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, "已撤回，记录保留并注明，不再计数。")
            return redirect(visit)
    context = {
        "title": "撤回走访记录",
        "page_title": "撤回走访记录",
        "breadcrumbs": _visit_crumbs(visit),
        "question": f"撤回{visit.visited_on}走访{visit.household.door}的记录？",
        "consequences": ["记错了的才撤回；连同记下的事项一起不再计数，记录保留。"],
        "form": form,
        "confirm_label": "撤回",
        "is_danger": True,
        "cancel_url": visit.get_absolute_url(),
    }
    status = 422 if form.errors else 200
    return render(request, "confirm.html", context, status=status)


def _visible_visit(request: HttpRequest, pk: int) -> Visit:
    rows = Visit.objects.visible_to(request.user).select_related(
        *("household__community", "household__organization"),
        *("organization", "recorded_by"),
    )
    return get_object_or_404(rows, pk=pk)


def _visit_crumbs(visit: Visit) -> list[tuple[str, str]]:
    return [
        *crumbs("")[:2],
        (visit.household.door, visit.household.get_absolute_url()),
        (f"{visit.visited_on:%Y-%m-%d}", ""),
    ]


def _facts(visit: Visit, names: str) -> list[tuple[str, object]]:
    facts: list[tuple[str, object]] = [
        ("住户", visit.household.door),
        ("走访日期", visit.visited_on),
        ("走访人", visit.visitors),
        ("一同走访的党员", names),
        ("家庭情况", visit.situation),
        ("诉求与建议", visit.wishes),
        ("当场承诺", visit.promises),
        ("走访党组织", visit.organization),
        ("记录人", visit.recorded_by),
    ]
    if visit.is_withdrawn:
        facts += [("撤回原因", visit.withdrawn_reason)]
    return facts
