"""A community's list of households: the list, one of them, adding, mending, ending."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from activities.choices.households import MatterState
from activities.forms.households import (
    VISITED,
    HouseholdAmendForm,
    HouseholdEndForm,
    HouseholdFilterForm,
    HouseholdForm,
)
from activities.models import Household, Visit, VisitMatter
from activities.querysets.households import year_start
from activities.services.households import (
    REVEALABLE,
    add_household,
    amend_household,
    end_household,
    reveal_household,
)
from config.lib.errors import RuleError
from config.lib.paging import group_tabs, page_by_key, total_of
from config.lib.versions import StaleError, stale_response
from members.forms.members import RevealForm, add_service_error
from members.forms.refusals import refusals
from organizations.access import Right, require

LIST, BOARD = "住户台账", "走访进度"
_GROUPS = {"": "在册", "ended": "已销户"}
_LATEST = 20
MATTER_TONES = {
    MatterState.OPEN: "warn",
    MatterState.IN_PROGRESS: "info",
    MatterState.SOLVED: "ok",
    MatterState.REFERRED: "info",
    MatterState.NOT_POSSIBLE: "mute",
}


def crumbs(last: str) -> list[tuple[str, str]]:
    return [
        ("走百家门", reverse("activities:visit-board")),
        (LIST, reverse("activities:household-list")),
        (last, ""),
    ]


def require_right(request: HttpRequest, right: Right) -> None:
    """Refuse a page that no post of the user opens anywhere."""
    if not request.user.has_right(right):
        raise PermissionDenied("您的岗位没有走访住户的权限，请联系街道工作人员。")


def readable_household(request: HttpRequest, pk: int) -> Household:
    rows = Household.objects.visible_to(request.user).select_related(
        "organization", "community__organization", "recorded_by"
    )
    return get_object_or_404(rows, pk=pk)


@require_GET
def household_list(request: HttpRequest) -> HttpResponse:
    require_right(request, Right.VISIT_HOUSEHOLDS)
    form = HouseholdFilterForm(request.GET, user=request.user)
    data = form.cleaned_data if form.is_valid() else {}
    group = data.get("group", "") if data.get("group") in _GROUPS else ""
    found = Household.objects.visible_to(request.user)
    found = found.listed() if not group else found.filter(ended_on__isnull=False)
    found = _narrowed(found, data) if form.is_valid() else found.none()
    page = page_by_key(
        found.with_last_visit().select_related("community", "organization"),
        request.GET,
        "building",
    )
    address = reverse("activities:household-list")
    may_keep = request.user.has_right(Right.KEEP_HOUSEHOLDS)
    context = {
        "page_title": LIST,
        "breadcrumbs": [crumbs("")[0], (LIST, "")],
        "form": form,
        "page": page,
        "year": timezone.localdate().year,
        "total": total_of(page, found),
        "is_filtered": form.is_filtered,
        "clear_url": f"{address}?group={group}" if group else address,
        "may_keep": may_keep,
        "add_url": reverse("activities:household-add"),
        "import_url": reverse("activities:ledger-upload"),
        "tabs": group_tabs(address, _GROUPS.items(), group),
    }
    return render(request, "activities/household_list.html", context)


def _narrowed(found: Any, data: dict[str, Any]) -> Any:
    if data["community"]:
        found = found.filter(community=data["community"])
    if data["organization"]:
        found = found.filter(organization=data["organization"])
    if data["building"]:
        found = found.filter(building=data["building"].strip())
    if data["circumstance"]:
        found = found.filter(circumstances__contains=data["circumstance"])
    if data["visited"] in VISITED:
        since = year_start(timezone.localdate())
        is_asked_for_visited = data["visited"] == "yes"
        found = (
            found.visited_since(since)
            if is_asked_for_visited
            else found.unvisited_since(since)
        )
    return found


@require_http_methods(["GET", "POST"])
def household_add(request: HttpRequest) -> HttpResponse:
    require_right(request, Right.KEEP_HOUSEHOLDS)
    form = HouseholdForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            household = add_household(facts=form.facts(), actor=request.user)
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, "已登记这一户。")
            return redirect(household)
    context = {
        "page_title": "登记住户",
        "breadcrumbs": crumbs("登记住户"),
        "form": form,
        "is_draft": True,
        "is_wide": True,
        "cancel_url": reverse("activities:household-list"),
        "form_note": "住户较多的，用“导入台账”一次导入。",
    }
    status = 422 if form.errors else 200
    return render(request, "activities/household_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
def household_amend(request: HttpRequest, pk: int) -> HttpResponse:
    household = _kept(request, pk)
    form = HouseholdAmendForm(
        request.POST or None, instance=household, user=request.user
    )
    title, back = "修改住户", household.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        try:
            amend_household(
                household_id=pk,
                facts=form.facts(),
                version=form.cleaned_data["version"],
                actor=request.user,
            )
        except StaleError:
            fresh = _kept(request, pk)
            return stale_response(request, form, fresh, title=title, cancel_url=back)
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, "已保存。")
            return redirect(back)
    context = {
        "page_title": title,
        "breadcrumbs": crumbs(title),
        "form": form,
        "is_draft": True,
        "is_wide": True,
        "cancel_url": back,
    }
    status = 422 if form.errors else 200
    return render(request, "activities/household_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
def household_end(request: HttpRequest, pk: int) -> HttpResponse:
    household = _kept(request, pk)
    form = HouseholdEndForm(request.POST or None, instance=household)
    status = 200
    if request.method == "POST":
        with refusals(form, lambda: _kept(request, pk)) as refusal:
            if form.is_valid():
                end_household(
                    household_id=pk,
                    reason=form.cleaned_data["reason"],
                    ended_on=form.cleaned_data["day"],
                    version=form.cleaned_data["version"],
                    actor=request.user,
                )
                messages.success(request, "已销户，走访次数保留。")
                return redirect(household)
        status, household = refusal.status, refusal.latest or household
    context = {
        "title": "销户",
        "page_title": "销户",
        "breadcrumbs": crumbs("销户"),
        "question": f"{household.door}这一户不再走访？",
        "consequences": [
            "不再列入应走访的住户，走访次数保留。",
            "姓名、电话、门牌和走访内容过了保存期自动清除，不能恢复。",
        ],
        "form": form,
        "confirm_label": "销户",
        "is_danger": True,
        "cancel_url": household.get_absolute_url(),
    }
    return render(request, "confirm.html", context, status=status)


@require_GET
def household_detail(request: HttpRequest, pk: int) -> HttpResponse:
    household = readable_household(request, pk)
    user = request.user
    matters = VisitMatter.objects.visible_to(user)
    visits = (
        Visit.objects.visible_to(user)
        .filter(household=household)
        .prefetch_related(Prefetch("matters", matters))
        .order_by("-visited_on", "-pk")[:_LATEST]
    )
    may_keep = household.is_listed and user.has_right_at(
        Right.KEEP_HOUSEHOLDS, household.community.organization
    )
    may_reveal = user.has_right_at(Right.REVEAL_CONTACT, household.organization)
    context = {
        "page_title": household.door,
        "breadcrumbs": crumbs(household.building),
        "household": household,
        "facts": _facts(household),
        "sensitive": [
            {
                "field": field,
                "label": Household._meta.get_field(field).verbose_name,
                "shown": getattr(household, f"masked_{field}"),
                "may_reveal": may_reveal and bool(getattr(household, field)),
            }
            for field in REVEALABLE
        ],
        "visits": list(visits),
        "tones": MATTER_TONES,
        "may_keep": may_keep,
        "may_visit": household.is_listed,
        "all_url": f"{reverse('activities:visit-list')}?household={pk}",
    }
    return render(request, "activities/household_detail.html", context)


@require_http_methods(["GET", "POST"])
def household_reveal(request: HttpRequest, pk: int, field: str) -> HttpResponse:
    """Ask for a reason (GET), then show the whole value once (POST)."""
    if field not in REVEALABLE:
        raise Http404
    household = readable_household(request, pk)
    require(request.user, Right.REVEAL_CONTACT, household.organization)
    label = str(Household._meta.get_field(field).verbose_name)
    form = RevealForm(request.POST or None)
    value = ""
    if request.method == "POST" and form.is_valid():
        try:
            value = reveal_household(
                household_id=pk,
                field=field,
                reason=form.cleaned_data["reason"],
                actor=request.user,
            )
        except RuleError as error:
            add_service_error(form, error)
    context = {
        "page_title": f"查看{label}",
        "breadcrumbs": crumbs(f"查看{label}"),
        "household": household,
        "label": label,
        "form": form,
        "value": value,
    }
    status = 422 if form.errors else 200
    return render(request, "activities/household_reveal.html", context, status=status)


def _kept(request: HttpRequest, pk: int) -> Household:
    """The household, for somebody who may change it; 404 once it is ended."""
    household = readable_household(request, pk)
    require(request.user, Right.KEEP_HOUSEHOLDS, household.community.organization)
    if not household.is_listed:
        raise Http404
    return household


def _facts(household: Household) -> list[tuple[str, object]]:
    facts: list[tuple[str, object]] = [
        ("社区", household.community),
        ("小区楼栋", household.building),
        ("门牌", household.room or ("已清除" if household.cleared_at else "")),
        ("责任党组织", household.organization),
        ("家庭人口", household.people_count),
        ("家庭情况", "、".join(household.circumstance_names)),
        ("备注", household.note),
        ("建账日期", household.listed_on),
    ]
    if not household.is_listed:
        facts += [
            ("销户日期", household.ended_on),
            ("销户原因", household.get_ended_reason_display()),
        ]
    return facts
