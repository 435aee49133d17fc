"""Withdrawing a step, ending the way of somebody, giving the file to another branch."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from config.lib.versions import StaleError, renew
from members.forms.development import (
    ApplicantCloseForm,
    ApplicantMoveForm,
    WithdrawForm,
)
from members.models import Applicant, DevelopmentStep, Member
from members.rules import development as rules
from members.services.development_closing import (
    close_applicant,
    hand_over_applicant,
    withdraw_step,
)
from members.services.probation import withdraw_probation_step
from members.views.development import crumbs, visible_applicant
from organizations.access import Right, require


@require_http_methods(["GET", "POST"])
def development_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a step written down by mistake."""
    step = get_object_or_404(
        DevelopmentStep.objects.visible_to(request.user).select_related(
            "applicant", "member", "organization"
        ),
        pk=pk,
    )
    person = _seen(request, step)
    right = (
        Right.APPROVE_STANDING
        if step.kind in rules.COMMITTEE_STEPS
        else Right.EDIT_MEMBERS
    )
    if not request.user.has_right_at(right, step.organization):
        raise PermissionDenied("您的岗位不能撤回这一步。")
    back = (
        reverse("members:standing", args=[person.pk])
        if isinstance(person, Member)
        else person.get_absolute_url()
    )
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        work = withdraw_step if step.applicant_id else withdraw_probation_step
        try:
            work(step_id=pk, note=form.cleaned_data["note"], actor=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"已撤回“{step.get_kind_display()}”。")
            return redirect(back)
    context = {
        "title": "撤回步骤",
        "page_title": "撤回步骤",
        "breadcrumbs": crumbs("撤回步骤"),
        "question": f"撤回{person.name}的“{step.get_kind_display()}”"
        f"（{step.taken_on}）？",
        "consequences": ["记录保留并注明已撤回，不再计算；写错的撤回后重新登记。"],
        "form": form,
        "confirm_label": "确认撤回",
        "cancel_url": back,
    }
    status = 422 if form.errors else 200
    return render(request, "confirm.html", context, status=status)


def _seen(request: HttpRequest, step: DevelopmentStep) -> Applicant | Member:
    """The person of a step, who must be in scope too; 404 where he has moved on."""
    if step.applicant_id:
        return visible_applicant(request, step.applicant_id)
    return get_object_or_404(Member.objects.visible_to(request.user), pk=step.member_id)


@require_http_methods(["GET", "POST"])
def applicant_close(request: HttpRequest, pk: int) -> HttpResponse:
    """End the way of an applicant, for a reason."""
    return _ask(
        request,
        pk,
        form_class=ApplicantCloseForm,
        title="终止培养",
        question="终止{name}的入党培养？",
        consequences=[
            "档案和全部步骤保留，不再提醒；",
            "以后重新申请的，重新登记，培养考察时间重新计算。",
        ],
        work=close_applicant,
        done="已终止。",
    )


@require_http_methods(["GET", "POST"])
def applicant_hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Give an applicant and the file to another branch of the street."""
    return _ask(
        request,
        pk,
        form_class=ApplicantMoveForm,
        title="移交其他党支部",
        question="把{name}的培养档案移交给另一个党支部？",
        consequences=[
            "移交后由接收党支部培养，本支部不再看到这份档案；",
            f"培养教育时间连续计算（{rules.REGULATION}第十二条）。",
        ],
        work=hand_over_applicant,
        done="已移交。",
    )


def _ask(
    request: HttpRequest,
    pk: int,
    *,
    form_class: Any,
    title: str,
    question: str,
    consequences: list[str],
    work: Any,
    done: str,
) -> HttpResponse:
    applicant = visible_applicant(request, pk)
    require(request.user, Right.EDIT_MEMBERS, applicant.organization)
    form = form_class(request.POST or None, instance=applicant)
    status = 200
    if request.method == "POST":
        status = 422
        try:
            if form.is_valid():
                data = form.cleaned_data
                if "target" in data:
                    data["target_id"] = data.pop("target")
                work(applicant_id=pk, actor=request.user, **data)
                messages.success(request, done)
                seen = Applicant.objects.visible_to(request.user).filter(pk=pk)
                return redirect(seen.first() or "members:development")
        except StaleError as error:
            status, applicant = 409, visible_applicant(request, pk)
            renew(form, applicant.version, error)
        except ValidationError as error:
            code = getattr(error, "code", None)
            form.add_error(code if code in form.fields else None, error)
    context = {
        "title": title,
        "page_title": title,
        "breadcrumbs": crumbs(title),
        "question": question.format(name=applicant.name),
        "facts": [
            ("阶段", applicant.get_stage_display()),
            ("培养的党支部", applicant.organization),
        ],
        "consequences": consequences,
        "form": form,
        "confirm_label": title,
        "cancel_url": applicant.get_absolute_url(),
    }
    return render(request, "confirm.html", context, status=status)
