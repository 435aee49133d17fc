"""Pair building: the list, one pair, beginning, amending and ending it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from config.lib.paging import group_tabs, page_by_key, total_of
from liaison.choices.pairs import PairGroup
from liaison.forms.pairs import (
    PairAmendForm,
    PairEndForm,
    PairFilterForm,
    PairForm,
)
from liaison.models import Pair
from liaison.parameters.pairs import IDLE_DAYS
from liaison.services.pair_parts import figures_by_year
from liaison.services.pairs import amend_pair, begin_pair, end_pair
from liaison.views.pair_pages import TITLE, crumbs, kept_pair, pair_crumbs, tasks_of
from members.views.asking import confirm_page, form_page
from organizations import parameters
from organizations.access import Right, require_right

_TABS = [("", "结对中"), *PairGroup.choices]


@require_safe
def pair_list(request: HttpRequest) -> HttpResponse:
    require_right(request.user, Right.KEEP_AGREEMENTS)
    form = PairFilterForm(request.GET, user=request.user)
    data = form.cleaned_data if form.is_valid() else {}
    group, today = data.get("group", ""), timezone.localdate()
    found = _found(request, data, group) if data else Pair.objects.none()
    page = page_by_key(
        found.with_numbers(today)
        .select_related("organization")
        .prefetch_related("partners__unit", "partners__organization"),
        request.GET,
        "starts_on",
        descending=True,
    )
    address = reverse("liaison:pair-list")
    context = {
        "page_title": TITLE,
        "breadcrumbs": [(TITLE, "")],
        "form": form,
        "page": page,
        "total": total_of(page, found),
        "is_filtered": any(
            data.get(name) for name in ("organization", "unit", "field")
        ),
        "clear_url": f"{address}?group={group}" if group else address,
        "tabs": group_tabs(address, _TABS, group),
        "year": today.year,
    }
    return render(request, "liaison/pair_list.html", context)


def _found(request: HttpRequest, data: dict[str, Any], group: str) -> Any:
    found, today = Pair.objects.visible_to(request.user), timezone.localdate()
    if group == PairGroup.UNPLANNED:
        found = found.unplanned(today)
    elif group == PairGroup.IDLE:
        found = found.idle(today, parameters.get(IDLE_DAYS))
    elif group == PairGroup.ENDED:
        found = found.ended(today)
    elif group != PairGroup.ALL:
        found = found.running(today)
    if place := data["organization"]:
        found = found.lying_below([place.path])
    if data["unit"]:
        found = found.filter(partners__unit=data["unit"])
    if data["field"]:
        found = found.filter(field=data["field"])
    return found


@require_safe
def pair_detail(request: HttpRequest, pk: int) -> HttpResponse:
    pair = kept_pair(request, pk)
    today, tasks = timezone.localdate(), tasks_of(pair)
    activities = list(
        pair.pair_activities.select_related("activity", "task").order_by(
            "-activity__held_on", "-pk"
        )
    )
    context = {
        "page_title": pair.title,
        "breadcrumbs": crumbs((pair.title, "")),
        "pair": pair,
        "partners": list(pair.partners.select_related("unit", "organization")),
        "tasks": tasks,
        "late": [task for task in tasks if task.state == "overdue"],
        "has_plan": pair.is_ended
        or any(t.due_on.year == today.year and not t.waived_at for t in tasks),
        "activities": activities,
        "years": figures_by_year(pair, today),
        "year": today.year,
    }
    return render(request, "liaison/pair_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def pair_add(request: HttpRequest) -> HttpResponse:
    """Begin a pair; a suggestion comes with organization, unit and field filled in."""
    require_right(request.user, Right.KEEP_AGREEMENTS)
    asked = {name: request.GET.get(name, "") for name in ("organization", "field")}
    units = [unit for unit in request.GET.getlist("unit") if unit.isdecimal()]
    form = PairForm(
        request.POST or None, user=request.user, initial={**asked, "units": units}
    )

    def save(data: dict[str, Any]) -> Pair:
        return begin_pair(
            organization_id=data["organization"].pk,
            facts=form.facts(),
            **form.members(),
            request_id=data["request_id"],
            actor=request.user,
        )

    return form_page(
        request,
        form,
        "登记结对",
        crumbs(("登记结对", "")),
        reverse("liaison:pair-list"),
        save,
        "已登记结对，接着写今年的计划。",
        then=lambda pair: pair.get_absolute_url(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def pair_edit(request: HttpRequest, pk: int) -> HttpResponse:
    pair = kept_pair(request, pk)
    form = PairAmendForm(request.POST or None, instance=pair, user=request.user)

    def save(data: dict[str, Any]) -> Pair:
        return amend_pair(
            pair_id=pk,
            facts=form.facts(),
            **form.members(),
            liaisons=form.liaisons(),
            version=data["version"],
            actor=request.user,
        )

    return form_page(
        request,
        form,
        "修改结对",
        pair_crumbs(pair, "修改结对"),
        pair.get_absolute_url(),
        save,
        "已保存。",
        latest=lambda: kept_pair(request, pk),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def pair_end(request: HttpRequest, pk: int) -> HttpResponse:
    pair = kept_pair(request, pk)
    form = PairEndForm(request.POST or None, initial={"version": pair.version})
    return confirm_page(
        request,
        form,
        "登记结束",
        pair_crumbs(pair, "登记结束"),
        pair.get_absolute_url(),
        f"结束“{pair}”？",
        [
            "这一天和以后到期的计划事项不用再办；以前的照旧，逾期的仍算逾期。",
            "活动和成效都保留；以前的活动漏了的，以后还可以列入。",
        ],
        lambda data: end_pair(pair_id=pk, actor=request.user, **data),
        "已登记结束。",
        latest=lambda: kept_pair(request, pk),
    )
