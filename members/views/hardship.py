"""Members in difficulty: the list, one case, applying, and the list of a year."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from config.lib.paging import page_by_key, total_of
from config.lib.versions import StaleError, stale_response
from members.caring import (
    dress,
    facts_of,
    filtered,
    level_labels,
    shown,
    year_list,
)
from members.choices.hardship import CaseState
from members.forms.hardship import CareAmendForm, CareForm, HardshipFilterForm
from members.forms.members import add_service_error
from members.models import (
    AidPayment,
    HardshipAid,
    HardshipCase,
    HardshipFinding,
    Member,
)
from members.rules.hardship import OPEN_STATES, against_line
from members.services.hardship import amend_case, apply_for_care, place_of, roll_of
from members.services.viewing import record_cases
from members.tabs import tabs
from members.views.hardship_steps import case_crumbs, open_steps, visible_case
from members.views.members import member_crumbs
from organizations.access import Right
from organizations.models import Organization

TITLE = "困难党员"
_YEARS_SHOWN = 5


def require_care(request: HttpRequest) -> None:
    if not request.user.has_right(Right.VIEW_HARDSHIP):
        raise PermissionDenied("困难帮扶只有所在支部书记、社区书记和困难帮扶专干能看。")


@require_GET
def hardship_list(request: HttpRequest) -> HttpResponse:
    require_care(request)
    today = timezone.localdate()
    form = HardshipFilterForm(request.GET)
    data = form.cleaned_data if form.is_valid() else None
    cases = filtered(request.user, data, today)
    page = page_by_key(shown(cases, today.year), request.GET, descending=True)
    rows = dress(page.rows)
    record_cases(cases=rows, page="hardship-list", actor=request.user)
    context = {
        "page_title": TITLE,
        "breadcrumbs": [("党员名册", reverse("members:list")), (TITLE, "")],
        "form": form,
        "is_filtered": form.is_filtered,
        "clear_url": reverse("members:hardship-list"),
        "page": page,
        "rows": rows,
        "total": total_of(page, cases),
        "year": today.year,
    }
    return render(request, "members/hardship_list.html", context)


@require_GET
def hardship_detail(request: HttpRequest, pk: int) -> HttpResponse:
    case = visible_case(request, pk)
    user, place = request.user, place_of(case)
    findings = list(
        HardshipFinding.objects.visible_to(user)
        .filter(case=case)
        .select_related("decided_by")
    )
    (case,) = dress([case])
    labels = level_labels()
    for finding in findings:
        finding.line_words = against_line(finding.income_per_head, finding.line)
        finding.level_label = labels.get(finding.level, "")
    aids = HardshipAid.objects.visible_to(user).filter(case=case)
    may_work = _holds(user, place, Right.FILE_HARDSHIP, Right.RECOGNIZE_HARDSHIP)
    record_cases(cases=[case], page="hardship", actor=user)
    context = {
        "page_title": f"{case.member.name}的困难帮扶",
        "breadcrumbs": case_crumbs(case, ""),
        "case": case,
        "facts": facts_of(case),
        "findings": findings,
        "aids": aids.with_paid().select_related("recorded_by"),
        "steps": open_steps(case, user, place),
        "may_amend": case.state == CaseState.APPLIED
        and _holds(user, place, Right.FILE_HARDSHIP),
        "may_aid": case.state in OPEN_STATES and may_work,
        "may_pay": case.state in OPEN_STATES
        and may_work
        and not case.is_gone
        and user.has_right(Right.KEEP_AID),
        "may_work": may_work,
        "waiting": AidPayment.objects.visible_to(user).waiting().filter(case=case),
    }
    return render(request, "members/hardship_detail.html", context)


def _holds(user: Any, place: Organization, *rights: Right) -> bool:
    return any(user.has_right_at(right, place) for right in rights)


@require_GET
def member_hardship(request: HttpRequest, pk: int) -> HttpResponse:
    """What there is of one member, and the way to apply."""
    member, may_file = _cared_for(request, pk)
    cases = dress(
        shown(
            HardshipCase.objects.visible_to(request.user).filter(member=member),
            timezone.localdate().year,
        )
    )
    record_cases(cases=cases, page="hardship-member", actor=request.user)
    context = {
        "page_title": member.name,
        "breadcrumbs": member_crumbs(member, TITLE),
        "tabs": tabs(member, "member-hardship", request.user),
        "member": member,
        "rows": cases,
        "year": timezone.localdate().year,
        "may_apply": may_file and not any(c.state in OPEN_STATES for c in cases),
        "may_pay": request.user.has_right(Right.KEEP_AID),
    }
    return render(request, "members/hardship_member.html", context)


def _cared_for(request: HttpRequest, pk: int) -> tuple[Member, bool]:
    """A member on a roll where the user sees hardship, and whether he files there.

    Everybody else meets what he meets where there is no such member.
    """
    member = get_object_or_404(Member.objects.cared_for_by(request.user), pk=pk)
    branch = roll_of(pk)
    if branch is None:
        raise Http404
    return member, request.user.has_right_at(Right.FILE_HARDSHIP, branch)


@require_http_methods(["GET", "POST"])
def hardship_apply(request: HttpRequest, pk: int) -> HttpResponse:
    member, may_file = _cared_for(request, pk)
    if not may_file:
        raise PermissionDenied("困难帮扶由所在党支部或社区申请，请联系支部书记。")
    known = HardshipCase.objects.visible_to(request.user).open().filter(member=member)
    if (case := known.first()) is not None:
        messages.info(request, f"{member.name}已有一件困难帮扶，请在这一件上办理。")
        return redirect(case)
    form = CareForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            case = apply_for_care(
                member_id=pk,
                circumstances=form.circumstances(),
                applied_on=form.cleaned_data["applied_on"],
                actor=request.user,
            )
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, "已登记申请，请支部大会讨论并公示。")
            return redirect(case)
    context = {
        "page_title": "申请困难帮扶",
        "breadcrumbs": member_crumbs(member, "申请困难帮扶"),
        "form": form,
        "is_draft": True,
        "cancel_url": reverse("members:member-hardship", args=[pk]),
        "form_note": f"{member.name}。内容加密保存，只有所在支部书记、社区书记和"
        "困难帮扶专干能看，每次查看都有记录。",
        "submit_label": "登记申请",
    }
    status = 422 if form.errors else 200
    return render(request, "members/member_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
def hardship_amend(request: HttpRequest, pk: int) -> HttpResponse:
    """Mend an application that is not discussed yet."""
    case = visible_case(request, pk)
    if not _holds(request.user, place_of(case), Right.FILE_HARDSHIP):
        raise PermissionDenied("困难帮扶申请由所在党支部或社区修改。")
    if case.state != CaseState.APPLIED:
        messages.info(request, "支部大会已经讨论，申请的内容不能再改。")
        return redirect(case)
    form = CareAmendForm(request.POST or None, instance=case)
    title, back = "修改困难帮扶申请", case.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        try:
            amend_case(
                case_id=pk,
                circumstances=form.circumstances(),
                applied_on=form.cleaned_data["applied_on"],
                version=form.cleaned_data["version"],
                actor=request.user,
            )
        except StaleError:
            fresh = visible_case(request, pk)
            return stale_response(request, form, fresh, title=title, cancel_url=back)
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, "已保存。")
            return redirect(case)
    record_cases(cases=[case], page="hardship", actor=request.user)
    context = {
        "page_title": title,
        "breadcrumbs": case_crumbs(case, title),
        "form": form,
        "is_draft": True,
        "cancel_url": back,
        "form_note": f"{case.member.name}。支部大会讨论以后不能再改。",
    }
    status = 422 if form.errors else 200
    return render(request, "members/member_form.html", context, status=status)


@require_GET
def hardship_year(request: HttpRequest) -> HttpResponse:
    """Everybody recognized or helped in a year, to be printed."""
    require_care(request)
    this_year = timezone.localdate().year
    years = [this_year - back for back in range(_YEARS_SHOWN)]
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdigit() and int(asked) in years else this_year
    found = year_list(request.user, year)
    record_cases(cases=found.cases, page="hardship-year", actor=request.user)
    address = reverse("members:hardship-year")
    context = {
        "page_title": f"{year}年困难党员帮扶名单",
        "breadcrumbs": [
            (TITLE, reverse("members:hardship-list")),
            ("年度名单", ""),
        ],
        "found": found,
        "today": timezone.localdate(),
        "places": "、".join(
            str(place)
            for place in Organization.objects.filter(
                path__in=request.user.rights_paths(Right.VIEW_HARDSHIP)
            )
        ),
        "tabs": [
            {
                "label": f"{each}年",
                "url": f"{address}?year={each}",
                "is_current": each == year,
            }
            for each in years
        ],
    }
    return render(request, "members/hardship_year.html", context)
