"""Delegated matters: the list with what is carried on a day, one matter, its steps."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from config.lib.asking import confirm_page, form_page
from config.lib.money import yuan
from config.lib.paging import group_tabs, page_by_key, total_of
from organizations import parameters
from organizations.access import Right, require, require_right
from organizations.forms.funds import ReasonForm, VersionedReasonForm
from organizations.forms.matters import (
    ArrivalForm,
    HandoverForm,
    MatterAmendForm,
    MatterFilterForm,
    MatterForm,
    MatterStepForm,
)
from organizations.matter_choices import (
    STATE_TONES,
    STEP_NAMES,
    WAITING,
    MatterGroup,
    MatterState,
)
from organizations.matter_parameters import AHEAD_DAYS
from organizations.matter_rules import FOLLOWS, REASONED, STREETS
from organizations.models import DelegatedMatter, MatterArrival
from organizations.services.matter_steps import (
    record_arrival,
    take_matter_step,
    take_matter_step_back,
    withdraw_arrival,
)
from organizations.services.matters import (
    amend_matter,
    apply_for_matter,
    record_handover,
)

TITLE = "准入事项"
_TABS = [("", "承担中"), *MatterGroup.choices]
_FILTERS = ("organization", "department", "kind", "day")


@require_safe
def matter_list(request: HttpRequest) -> HttpResponse:
    """What communities carry, today or on the day that is asked; and all others."""
    require_right(request.user, Right.KEEP_MATTERS)
    form = MatterFilterForm(request.GET, user=request.user)
    data = form.cleaned_data if form.is_valid() else {}
    group, today = data.get("group", ""), timezone.localdate()
    found = _found(request, data, group, today)
    page = page_by_key(
        found.with_arrived().select_related("organization"),
        request.GET,
        "applied_on",
        descending=True,
    )
    for row in page.rows:
        row.tone = STATE_TONES[row.state]
        row.is_past = _is_past(row, today)
        is_live = row.state in (*WAITING, MatterState.ADMITTED)
        row.lacks = f"没有{'、'.join(row.missing)}" if is_live and row.missing else ""
    address = reverse("organizations:matter-list")
    context = {
        "page_title": TITLE,
        "breadcrumbs": [(TITLE, "")],
        "form": form,
        "page": page,
        "total": total_of(page, found),
        "day": data.get("day"),
        "is_filtered": any(data.get(name) for name in _FILTERS),
        "clear_url": f"{address}?group={group}" if group else address,
        "tabs": group_tabs(address, _TABS, group),
        "today": today,
    }
    return render(request, "organizations/matter_list.html", context)


def _found(request: HttpRequest, data: dict[str, Any], group: str, today: date) -> Any:
    found = DelegatedMatter.objects.visible_to(request.user)
    if not data:
        return found.none()
    if group == MatterGroup.WAITING:
        found = found.waiting()
    elif group == MatterGroup.UNBALANCED:
        found = found.unbalanced(today)
    elif group == MatterGroup.UNPAID:
        found = found.money_overdue(today)
    elif group == MatterGroup.PAST:
        found = found.past_end(today)
    elif group == MatterGroup.OVER:
        found = found.over()
    elif group != MatterGroup.ALL and not data["day"]:
        found = found.carried_on(today)
    if data["day"]:
        found = found.carried_on(data["day"])
    if place := data["organization"]:
        found = found.lying_below([place.path])
    if data["department"]:
        found = found.filter(department__icontains=data["department"])
    if data["kind"]:
        found = found.filter(kind=data["kind"])
    return found


def _is_past(matter: DelegatedMatter, today: date) -> bool:
    ends_on = matter.ends_on
    return matter.state == MatterState.ADMITTED and bool(ends_on and ends_on < today)


@require_safe
def matter(request: HttpRequest, pk: int) -> HttpResponse:
    found, today = _seen(request, pk), timezone.localdate()
    is_streets = request.user.has_right_at(Right.ADMIT_MATTERS, found.organization)
    steps = list(found.steps.select_related("recorded_by", "withdrawn_by"))
    arrivals = list(found.arrivals.select_related("entered_by", "withdrawn_by"))
    is_admitted = found.state == MatterState.ADMITTED
    is_waiting = found.state in WAITING
    context = {
        "page_title": found.title,
        "breadcrumbs": _crumbs((found.title, "")),
        "matter": found,
        "tone": STATE_TONES[found.state],
        "facts": _facts(found),
        "steps": steps,
        "arrivals": arrivals,
        "missing": "、".join(found.missing) if is_admitted or is_waiting else "",
        "is_past": _is_past(found, today),
        "is_overdue": is_admitted
        and found.outstanding > 0
        and found.money_due_on < today,
        "next_steps": [
            (step, STEP_NAMES[step])
            for step in FOLLOWS[found.state]
            if is_streets or step not in STREETS
        ],
        "may_edit": is_waiting or (is_admitted and is_streets),
        "may_record": is_waiting or is_admitted,
        "may_receive": found.admitted_on is not None and found.outstanding > 0,
        "may_withdraw": found.admitted_on is not None,
        "may_go_back": found.state in STEP_NAMES
        and (is_streets or found.state not in STREETS),
    }
    return render(request, "organizations/matter.html", context)


def _facts(found: Any) -> list[tuple[str, Any]]:
    until = f" 至 {found.ends_on}" if found.ends_on else " 起，没有期限"
    due_on = f"（应于{found.money_due_on}到）" if found.money_due_on else ""
    staff = f"{found.staff_posted} 人" if found.staff_posted else ""
    return [
        ("承担社区", found.organization),
        ("交办部门", found.department),
        ("事项类别", found.get_kind_display()),
        ("期限", f"{found.get_span_display()}，{found.starts_on}{until}"),
        ("法规依据", found.legal_basis),
        ("工作内容", found.duties),
        ("下放权限", found.power),
        ("应到经费", f"{yuan(found.money_due)} 元{due_on}" if found.money_due else ""),
        ("已到经费", f"{yuan(found.arrived)} 元" if found.money_due else ""),
        ("配备人员", staff),
        ("配备设备", found.equipment),
        ("申请日期", found.applied_on.isoformat()),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def matter_add(request: HttpRequest) -> HttpResponse:
    require_right(request.user, Right.KEEP_MATTERS)
    asked = {"organization": request.GET.get("organization", "")}
    form = MatterForm(request.POST or None, user=request.user, initial=asked)
    days = parameters.get(AHEAD_DAYS)
    return form_page(
        request,
        form,
        "登记准入申请",
        _crumbs(("登记准入申请", "")),
        reverse("organizations:matter-list"),
        lambda data: apply_for_matter(
            organization_id=data["organization"].pk,
            facts=form.terms(),
            handover=form.handover(),
            applied_on=data["applied_on"],
            request_id=data["request_id"],
            actor=request.user,
        ),
        "已登记申请，等街道审核、联席会议准入。",
        then=lambda saved: saved.get_absolute_url(),
        form_note=f"部门一般在开始前 {days} 天申请，今天登记的宜从"
        f"{timezone.localdate() + timedelta(days=days)}起。没有权限、经费或人员的，"
        "社区可以不予准入。",
        is_wide=True,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def matter_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = _seen(request, pk)
    if found.state == MatterState.ADMITTED:
        require(request.user, Right.ADMIT_MATTERS, found.organization)
    form = MatterAmendForm(request.POST or None, instance=found)
    return form_page(
        request,
        form,
        "修改事项",
        _matter_crumbs(found, "修改事项"),
        found.get_absolute_url(),
        lambda data: amend_matter(
            matter_id=pk,
            facts=form.terms(),
            reason=data["reason"],
            version=data["version"],
            actor=request.user,
        ),
        "已保存。",
        latest=lambda: _seen(request, pk),
        is_wide=True,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def matter_handover(request: HttpRequest, pk: int) -> HttpResponse:
    found = _seen(request, pk)
    form = HandoverForm(request.POST or None, instance=found)
    return form_page(
        request,
        form,
        "登记到位情况",
        _matter_crumbs(found, "登记到位情况"),
        found.get_absolute_url(),
        lambda data: record_handover(
            matter_id=pk,
            facts=form.handover(),
            version=data["version"],
            actor=request.user,
        ),
        "已登记到位情况。",
        latest=lambda: _seen(request, pk),
        form_note="写现在实际有的；经费到账另外登记。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def matter_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """One step of the table; examining, admitting and ending are the street's."""
    if step not in STEP_NAMES:
        raise Http404
    found = _seen(request, pk)
    if step in STREETS:
        require(request.user, Right.ADMIT_MATTERS, found.organization)
    form = MatterStepForm(
        request.POST or None, step=step, initial={"version": found.version}
    )
    return form_page(
        request,
        form,
        STEP_NAMES[step],
        _matter_crumbs(found, STEP_NAMES[step]),
        found.get_absolute_url(),
        lambda data: take_matter_step(
            matter_id=pk,
            step=step,
            facts=form.facts(),
            version=data["version"],
            actor=request.user,
        ),
        f"已登记{STEP_NAMES[step]}。",
        latest=lambda: _seen(request, pk),
        form_note=_step_note(found, step),
        is_danger=step in REASONED,
    )


def _step_note(found: Any, step: str) -> str:
    if step == MatterState.ADMITTED and found.missing:
        return f"这件事项没有{'、'.join(found.missing)}，准入以后会列入“权责利不一致”。"
    if step == MatterState.ENDED and found.outstanding > 0:
        return f"还有 {yuan(found.outstanding)} 元没有到账；退出以后到的也可以登记。"
    return ""


@require_http_methods(["GET", "HEAD", "POST"])
def matter_back(request: HttpRequest, pk: int) -> HttpResponse:
    found = _seen(request, pk)
    if found.state in STREETS:
        require(request.user, Right.ADMIT_MATTERS, found.organization)
    form = VersionedReasonForm(request.POST or None, initial={"version": found.version})
    name = STEP_NAMES.get(found.state, "")
    return confirm_page(
        request,
        form,
        "退回一步",
        _matter_crumbs(found, "退回一步"),
        found.get_absolute_url(),
        f"退回“{name}”这一步？" if name else "事项还没有办过一步。",
        ["这一步连同退回的原因留存，可以重新办理。"],
        lambda data: take_matter_step_back(matter_id=pk, actor=request.user, **data),
        "已退回一步。",
        latest=lambda: _seen(request, pk),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def matter_arrival_add(request: HttpRequest, pk: int) -> HttpResponse:
    found = _seen(request, pk)
    form = ArrivalForm(request.POST or None)
    return form_page(
        request,
        form,
        "登记到账",
        _matter_crumbs(found, "登记到账"),
        found.get_absolute_url(),
        lambda data: record_arrival(
            matter_id=pk,
            facts=form.facts(),
            request_id=data["request_id"],
            actor=request.user,
        ),
        "已登记到账。",
        form_note=f"应到 {yuan(found.money_due)} 元，已到 {yuan(found.arrived)} 元，"
        f"还应到 {yuan(found.outstanding)} 元。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def matter_arrival_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    arrival = get_object_or_404(MatterArrival.objects.visible_to(request.user), pk=pk)
    found = _seen(request, arrival.matter_id)
    return confirm_page(
        request,
        ReasonForm(request.POST or None),
        "撤回到账记录",
        _matter_crumbs(found, "撤回到账记录"),
        found.get_absolute_url(),
        f"撤回{arrival.received_on}到账的 {arrival}？",
        ["记录连同原因留存，不再计入已到经费。"],
        lambda data: withdraw_arrival(arrival_id=pk, actor=request.user, **data),
        "已撤回。",
    )


def _seen(request: HttpRequest, pk: int) -> Any:
    """The matter with its money, in scope."""
    rows = DelegatedMatter.objects.visible_to(request.user).with_arrived()
    return get_object_or_404(rows.select_related("organization"), pk=pk)


def _crumbs(*steps: tuple[str, str]) -> list[tuple[str, str]]:
    return [(TITLE, reverse("organizations:matter-list")), *steps]


def _matter_crumbs(found: DelegatedMatter, here: str) -> list[tuple[str, str]]:
    return _crumbs((found.title, found.get_absolute_url()), (here, ""))
