"""Lists of registration authorities: upload, differences, settling them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Count, Q
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from config.lib.asking import GONE
from config.lib.paging import group_tabs, page_by_key
from members.forms.refusals import refusals
from members.forms.registry import DifferenceGroup, RegistryUploadForm, SettleForm
from members.views.asking import confirm_page, form_page
from members.views.coverage import crumbs
from organizations.access import Right, require_right
from organizations.choices import WorkUnitKind
from organizations.coverage_choices import DifferenceOutcome
from organizations.models import Organization, RegistryDifference, RegistryList
from organizations.registry_rules import FIELDS
from organizations.services.registry import take_registry, withdraw_registry
from organizations.services.registry_settling import MOST_AT_ONCE, settle_differences

TITLE = "登记名单"
PAGE = 100
_LABELS = {"name": "名称", **FIELDS}


def _crumbs(*steps: tuple[str, str]) -> list[tuple[str, str]]:
    return crumbs((TITLE, reverse("members:registry-lists")), *steps)


@require_safe
def registry_lists(request: HttpRequest) -> HttpResponse:
    require_right(request.user, Right.KEEP_COVERAGE)
    rows = RegistryList.objects.visible_to(request.user)
    page = page_by_key(rows.select_related("imported_by"), request.GET, descending=True)
    differences = RegistryDifference.objects.visible_to(request.user)
    counts = {
        pk: (number, left)
        for pk, number, left in differences.filter(registry__in=page.rows)
        .order_by()
        .values("registry")
        .annotate(
            number=Count("pk"), left=Count("pk", filter=Q(settled_at__isnull=True))
        )
        .values_list("registry", "number", "left")
    }
    for row in page.rows:
        row.number, row.left = counts.get(row.pk, (0, 0))
    context = {
        "page_title": TITLE,
        "breadcrumbs": crumbs((TITLE, "")),
        "page": page,
        "may_take": _may_take(request),
    }
    return render(request, "members/registry_lists.html", context)


def _may_take(request: HttpRequest) -> bool:
    return request.user.has_right(Right.MANAGE_ORGANIZATIONS)


@require_http_methods(["GET", "HEAD", "POST"])
def registry_add(request: HttpRequest) -> HttpResponse:
    """The street alone takes lists in: they are about all its communities."""
    require_right(request.user, Right.KEEP_COVERAGE)
    require_right(request.user, Right.MANAGE_ORGANIZATIONS)
    form = RegistryUploadForm(request.POST or None, request.FILES or None)
    places = Organization.objects.with_right(request.user, Right.KEEP_COVERAGE)
    street = places.filter(parent__isnull=True).first()

    def save(data: dict[str, Any]) -> RegistryList:
        return take_registry(
            organization_id=street.pk if street else 0,
            facts=form.facts(),
            upload=data["file"],
            request_id=data["request_id"],
            actor=request.user,
        )

    return form_page(
        request,
        form,
        "导入登记名单",
        _crumbs(("导入登记名单", "")),
        reverse("members:registry-lists"),
        save,
        "名单已核对。名册还没有改动，请逐项处理下面的差异。",
        then=lambda row: row.get_absolute_url(),
        submit_label="导入并核对",
        form_note="按统一社会信用代码和名册比对，列出新登记、名单上没有、名称变更和其他"
        "变更；处理以前不改名册。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def registry_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Differences of one kind on a page; POST settles the ticked ones."""
    require_right(request.user, Right.KEEP_COVERAGE)
    registry = get_object_or_404(
        RegistryList.objects.visible_to(request.user).select_related("imported_by"),
        pk=pk,
    )
    mine = RegistryDifference.objects.visible_to(request.user).filter(registry=pk)
    counts = _counts(mine)
    group = _group(request, counts)
    rows = _rows_of(mine, group)
    form, status = None, 200
    if group != DifferenceGroup.SETTLED and registry.withdrawn_at is None:
        form, done, status = _settling(request, registry, rows, group)
        if done:
            messages.success(request, f"已处理{done}项。")
            return redirect(f"{registry.get_absolute_url()}?group={group}")
    page = page_by_key(
        rows.select_related("community", "settled_by"), request.GET, size=PAGE
    )
    ticked = set(form["ids"].value() or []) if form else set()
    for row in page.rows:
        row.lines = _lines(row)
        row.is_ticked = str(row.pk) in ticked
        row.outcome_label = DifferenceOutcome(row.outcome).label if row.outcome else ""
    address = registry.get_absolute_url()
    groups = [
        (value, f"{label}（{counts.get(value, 0)}）")
        for value, label in DifferenceGroup.choices
    ]
    context = {
        "page_title": str(registry),
        "breadcrumbs": _crumbs((str(registry), "")),
        "registry": registry,
        "tabs": group_tabs(address, groups, group),
        "group": group,
        "page": page,
        "form": form,
        "most": MOST_AT_ONCE,
        "number": counts.get(group, 0),
        "may_withdraw": _may_take(request) and registry.withdrawn_at is None,
    }
    return render(request, "members/registry_list.html", context, status=status)


def _counts(mine: Any) -> dict[str, int]:
    """Open differences by kind, and how many are settled."""
    found: dict[str, int] = {}
    rows = (
        mine.order_by()
        .values("kind")
        .annotate(
            left=Count("pk", filter=Q(settled_at__isnull=True)),
            done=Count("pk", filter=Q(settled_at__isnull=False)),
        )
    )
    for kind, left, done in rows.values_list("kind", "left", "done"):
        found[kind] = left
        settled = found.get(DifferenceGroup.SETTLED, 0)
        found[DifferenceGroup.SETTLED] = settled + done
    return found


def _group(request: HttpRequest, counts: dict[str, int]) -> str:
    """The tab asked for, else the first with something to settle."""
    asked = request.GET.get("group", "")
    if asked in DifferenceGroup.values:
        return asked
    kinds = [one for one in DifferenceGroup.values if one != DifferenceGroup.SETTLED]
    return next((one for one in kinds if counts.get(one)), DifferenceGroup.NEW.value)


def _rows_of(mine: Any, group: str) -> Any:
    if group == DifferenceGroup.SETTLED:
        return mine.filter(settled_at__isnull=False)
    return mine.filter(kind=group, settled_at__isnull=True)


def _settling(
    request: HttpRequest, registry: RegistryList, rows: Any, group: str
) -> tuple[Form, int, int]:
    """The form, how many it settled, and the status of the page."""
    is_sent = request.method == "POST"
    offered = list(rows.values_list("pk", flat=True)) if is_sent else []
    form = SettleForm(
        request.POST if is_sent else None,
        user=request.user,
        group=group,
        offered=offered,
    )
    if not is_sent:
        return form, 0, 200
    done = 0
    if form.is_valid():
        data = form.cleaned_data
        community = data.get("community")
        with refusals(form, lambda: registry):
            try:
                done = settle_differences(
                    registry_id=registry.pk,
                    difference_ids=offered if data["everything"] else data["ids"],
                    outcome=data["outcome"],
                    reason=data["reason"],
                    community_id=community.pk if community else None,
                    actor=request.user,
                )
            except ObjectDoesNotExist:
                form.add_error(None, GONE)
    return form, done, 422


def _lines(row: RegistryDifference) -> list[tuple[str, str, str]]:
    """(label, before, after) of what differs."""
    return [
        (_LABELS[key], _shown(key, row.before.get(key, "")), _shown(key, value))
        for key, value in row.after.items()
        if key in _LABELS and not (key == "name" and not row.before)
    ]


def _shown(key: str, value: str) -> str:
    if key == "kind" and value:
        return WorkUnitKind(value).label
    return value


@require_http_methods(["GET", "HEAD", "POST"])
def registry_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    require_right(request.user, Right.KEEP_COVERAGE)
    require_right(request.user, Right.MANAGE_ORGANIZATIONS)
    rows = RegistryList.objects.visible_to(request.user)
    registry = get_object_or_404(rows, pk=pk)
    return confirm_page(
        request,
        Form(request.POST or None),
        "撤回名单",
        _crumbs((str(registry), registry.get_absolute_url()), ("撤回名单", "")),
        registry.get_absolute_url(),
        f"撤回“{registry}”？",
        ["传错了的才撤回；差异不再待处理。已经处理过差异的名单不能撤回。"],
        lambda data: withdraw_registry(registry_id=pk, actor=request.user),
        "已撤回这份名单。",
        then=reverse("members:registry-lists"),
    )
