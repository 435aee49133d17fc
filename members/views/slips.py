"""Report slips: the list, writing one down, mending it, and its steps."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from config.lib.paging import group_tabs, page_by_key, total_of
from config.lib.versions import StaleError, stale_response
from members.choices.reporting import SlipState
from members.forms.members import add_service_error
from members.forms.refusals import refusals
from members.forms.reporting import (
    SLIP_FIELD_OF_CODE,
    SlipAcceptForm,
    SlipAmendForm,
    SlipFilterForm,
    SlipForm,
)
from members.forms.transfers import WordsForm
from members.models import Member, ReportSlip
from members.search import WHOLE_NUMBER_HINT, is_whole_number
from members.services.reporting import (
    accept_slip,
    amend_slip,
    file_slip,
    give_up_slip,
)
from members.views.members import require_right
from organizations.access import Right, require

TITLE = "报到登记"
_GROUPS = {
    "": ("待受理", [SlipState.RECEIVED]),
    "accepted": ("已受理", [SlipState.ACCEPTED]),
    "closed": ("不予受理、撤回", [SlipState.REFUSED, SlipState.WITHDRAWN]),
    "all": ("全部", list(SlipState)),
}
TONES = {
    SlipState.RECEIVED: "info",
    SlipState.ACCEPTED: "ok",
    SlipState.REFUSED: "bad",
    SlipState.WITHDRAWN: "mute",
}


def crumbs(last: str) -> list[tuple[str, str]]:
    return [
        ("党员名册", reverse("members:list")),
        (TITLE, reverse("members:slip-list")),
        (last, ""),
    ]


def add_slip_error(form: Any, error: ValidationError) -> None:
    """Show what a service refused beside the field it is about."""
    code = getattr(error, "code", None) or ""
    field = SLIP_FIELD_OF_CODE.get(code)
    if field in form.fields:
        form.add_error(field, error)
    else:
        add_service_error(form, error)


@require_GET
def slip_list(request: HttpRequest) -> HttpResponse:
    require_right(request, Right.VIEW_MEMBERS)
    if is_whole_number(request.GET.get("q", "")):
        # Away at once, so that the number stays in no address, history or log.
        messages.warning(request, WHOLE_NUMBER_HINT)
        return redirect("members:find")
    form = SlipFilterForm(request.GET)
    data = form.cleaned_data if form.is_valid() else {}
    group = data.get("group", "") if data.get("group") in _GROUPS else ""
    found = ReportSlip.objects.visible_to(request.user).filter(
        state__in=_GROUPS[group][1]
    )
    if data.get("q"):
        found = found.filter(name__contains=data["q"].strip())
    if data.get("source"):
        found = found.filter(source=data["source"])
    page = page_by_key(
        found.select_related("organization", "branch", "work_unit"),
        request.GET,
        "reported_on",
        descending=True,
    )
    for row in page.rows:
        row.tone = TONES[row.state]
    address = reverse("members:slip-list")
    context = {
        "page_title": TITLE,
        "breadcrumbs": [("党员名册", reverse("members:list")), (TITLE, "")],
        "form": form,
        "page": page,
        "total": total_of(page, found),
        "is_filtered": bool(data.get("source") or data.get("q")),
        "clear_url": f"{address}?group={group}" if group else address,
        "may_add": request.user.has_right(Right.EDIT_MEMBERS),
        "may_settle": request.user.has_right(Right.SETTLE_CLAIMS),
        "tabs": group_tabs(
            address, ((key, label) for key, (label, _states) in _GROUPS.items()), group
        ),
    }
    return render(request, "members/slip_list.html", context)


@require_http_methods(["GET", "POST"])
def slip_add(request: HttpRequest) -> HttpResponse:
    require_right(request, Right.EDIT_MEMBERS)
    initial = {"reported_on": timezone.localdate(), "request_id": uuid4()}
    form = SlipForm(request.POST or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            slip = file_slip(
                organization_id=form.cleaned_data["organization"].pk,
                facts=form.facts(),
                request_id=form.cleaned_data["request_id"],
                actor=request.user,
            )
        except ValidationError as error:
            add_slip_error(form, error)
        else:
            messages.success(request, f"已登记{slip.name}的报到单，等待受理。")
            return redirect(slip)
    context = {
        "page_title": "登记报到单",
        "breadcrumbs": crumbs("登记报到单"),
        "form": form,
        "is_draft": True,
        "is_wide": True,
        "cancel_url": reverse("members:slip-list"),
        "form_note": "按本人或单位交来的报到单填写。组织关系不动，仍在工作单位。",
    }
    status = 422 if form.errors else 200
    return render(request, "members/member_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
def slip_amend(request: HttpRequest, pk: int) -> HttpResponse:
    slip = visible_slip(request, pk)
    require(request.user, Right.EDIT_MEMBERS, slip.organization)
    if slip.state != SlipState.RECEIVED:
        messages.info(request, "这张报到单已经办结，不能再修改。")
        return redirect(slip)
    form = SlipAmendForm(request.POST or None, instance=slip, user=request.user)
    title = f"修改{slip.name}的报到单"
    if request.method == "POST" and form.is_valid():
        try:
            amend_slip(
                slip_id=pk,
                facts=form.facts(),
                version=form.cleaned_data["version"],
                actor=request.user,
            )
        except StaleError:
            fresh = visible_slip(request, pk)
            return stale_response(
                request, form, fresh, title=title, cancel_url=slip.get_absolute_url()
            )
        except ValidationError as error:
            add_slip_error(form, error)
        else:
            messages.success(request, "已保存。")
            return redirect(slip)
    context = {
        "page_title": title,
        "breadcrumbs": crumbs("修改"),
        "form": form,
        "is_draft": True,
        "is_wide": True,
        "cancel_url": slip.get_absolute_url(),
    }
    status = 422 if form.errors else 200
    return render(request, "members/member_form.html", context, status=status)


@require_GET
def slip_detail(request: HttpRequest, pk: int) -> HttpResponse:
    slip = visible_slip(request, pk)
    user = request.user
    may_edit = slip.state == SlipState.RECEIVED and user.has_right_at(
        Right.EDIT_MEMBERS, slip.organization
    )
    member = Member.objects.visible_to(user).filter(pk=slip.member_id).first()
    context = {
        "page_title": f"{slip.name}的报到单",
        "breadcrumbs": crumbs(slip.name),
        "slip": slip,
        "tone": TONES[slip.state],
        "facts": _facts(slip),
        "may_edit": may_edit,
        "member": member,
        "is_doubled": user.has_right(Right.SETTLE_CLAIMS)
        and ReportSlip.objects.visible_to(user).doubled().filter(pk=pk).exists(),
    }
    return render(request, "members/slip_detail.html", context)


_STEPS = {
    "accept": ("受理报到", "受理{slip.name}的报到，编入社区党支部协管？"),
    "refuse": ("不予受理", "不受理{slip.name}的报到？"),
    "withdraw": ("撤回报到单", "撤回{slip.name}的报到单？"),
}
_CONSEQUENCES = {
    "accept": [
        "编入的党支部从开始日期起协管，组织关系仍在工作单位。",
        "本街道还没有档案的，按报到单建档；已有档案的沿用原档案。",
        "受理后请为该同志建立联系卡。",
    ],
    "refuse": ["报到单保留，注明原因；请转告本人和单位。"],
    "withdraw": ["登记有误或本人改了主意的用撤回；报到单保留。"],
}


@require_http_methods(["GET", "POST"])
def slip_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """One step of a slip: asked for on GET, taken on POST."""
    if step not in _STEPS:
        raise Http404
    slip = visible_slip(request, pk)
    if not request.user.has_right_at(Right.EDIT_MEMBERS, slip.organization):
        raise PermissionDenied("您的岗位不能办理这张报到单，请联系社区或街道。")
    form = _step_form(request, slip, step)
    status = 200
    if request.method == "POST":
        with refusals(
            form, lambda: visible_slip(request, pk), add_slip_error
        ) as refusal:
            if form.is_valid():
                return _taken(request, slip, step, form.cleaned_data)
        status, slip = refusal.status, refusal.latest or slip
    label, question = _STEPS[step]
    context = {
        "title": label,
        "page_title": label,
        "breadcrumbs": crumbs(label),
        "question": question.format(slip=slip),
        "consequences": _CONSEQUENCES[step],
        "facts": _facts(slip),
        "form": form,
        "confirm_label": label,
        "is_danger": step != "accept",
        "cancel_url": slip.get_absolute_url(),
    }
    return render(request, "confirm.html", context, status=status)


def _step_form(request: HttpRequest, slip: ReportSlip, step: str) -> Any:
    data = request.POST or None
    if step != "accept":
        return WordsForm(data, instance=slip)
    initial = {"starts_on": timezone.localdate(), "version": slip.version}
    if slip.organization.kind == "branch":
        initial["branch"] = slip.organization_id
    place = slip.community.organization
    return SlipAcceptForm(data, user=request.user, organization=place, initial=initial)


def _taken(
    request: HttpRequest, slip: ReportSlip, step: str, data: dict[str, Any]
) -> HttpResponse:
    if step == "accept":
        done = accept_slip(
            slip_id=slip.pk,
            branch_id=data["branch"].pk,
            starts_on=data["starts_on"],
            version=data["version"],
            actor=request.user,
        )
        messages.success(
            request, f"已受理，{done.name}编入{done.branch}协管，请接着建立联系卡。"
        )
        return redirect(done)
    state = SlipState.REFUSED if step == "refuse" else SlipState.WITHDRAWN
    give_up_slip(slip_id=slip.pk, state=state, actor=request.user, **data)
    messages.success(request, "已办理，报到单保留。")
    return redirect(slip)


def visible_slip(request: HttpRequest, pk: int) -> ReportSlip:
    return get_object_or_404(
        ReportSlip.objects.visible_to(request.user).select_related(
            "organization",
            "community__organization",
            "branch",
            "work_unit",
            "recorded_by",
            "settled_by",
        ),
        pk=pk,
    )


def _facts(slip: ReportSlip) -> list[tuple[str, object]]:
    joined = slip.joined_on
    facts: list[tuple[str, object]] = [
        ("姓名", slip.name),
        ("公民身份号码", slip.masked_id_number),
        ("工作单位", slip.unit_label),
        ("职务", slip.job_title),
        ("报到方式", slip.get_source_display()),
        ("报到日期", slip.reported_on),
        ("报到社区", slip.community),
        ("受理党组织", slip.organization),
        ("人员类别", slip.get_member_type_display()),
        ("入党日期", joined or ""),
        ("手机号码", slip.masked_phone),
        ("现居住地", slip.masked_address),
        ("特长", slip.skills),
        ("服务意向", slip.wishes),
        ("登记人", slip.recorded_by),
    ]
    if slip.state != SlipState.RECEIVED:
        facts += [
            ("编入党支部", slip.branch or ""),
            ("办理日期", slip.settled_on),
            ("办理人", slip.settled_by or ""),
            ("办理说明", slip.reason),
        ]
    return facts
