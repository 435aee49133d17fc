"""A step of a member on probation; what has happened stands on the page 党籍."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from members.choices.development import StepKind
from members.forms.development import DevelopmentStepForm
from members.forms.refusals import refusals
from members.models import Member
from members.rules import development as rules
from members.rules.probation import PROBATION_STEPS
from members.sections.development import right_of, roll_branch
from members.services.probation import record_probation_step
from members.views.members import member_crumbs


@require_http_methods(["GET", "POST"])
def probation_step(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """What a step asks on GET, written down on POST."""
    if kind not in PROBATION_STEPS:
        raise Http404
    member = get_object_or_404(Member.objects.visible_to(request.user), pk=pk)
    branch = roll_branch(member)
    if branch is None or not request.user.has_right_at(right_of(kind), branch):
        raise PermissionDenied("您的岗位不能办理这一步，请联系街道工作人员。")
    form = DevelopmentStepForm(
        request.POST or None,
        user=request.user,
        kind=kind,
        person=member,
        branch=branch,
    )
    status = 200
    if request.method == "POST":
        with refusals(
            form,
            lambda: get_object_or_404(Member.objects.visible_to(request.user), pk=pk),
        ) as refusal:
            if form.is_valid():
                record_probation_step(
                    member_id=pk,
                    deed=form.deed(),
                    version=form.cleaned_data["version"],
                    actor=request.user,
                )
                messages.success(request, f"已登记“{StepKind(kind).label}”。")
                return _back(request, member)
        status, member = refusal.status, refusal.latest or member
    label = StepKind(kind).label
    context = {
        "page_title": f"{member.name}：{label}",
        "breadcrumbs": member_crumbs(member, label),
        "form": form,
        "submit_label": "登记",
        "cancel_url": reverse("members:standing", args=[pk]),
        "form_note": _note(member, kind),
    }
    return render(request, "members/member_form.html", context, status=status)


def _note(member: Member, kind: str) -> str:
    words = f"依据{rules.source_of(kind)}。预备期至{member.probation_ends_on}。"
    if kind in {StepKind.CONFIRM, StepKind.DECISION}:
        words += "批准转正的，转正日期（党龄起算）为预备期满之日。"
    if kind == StepKind.CANCEL:
        words += "上级党委批准后，在册关系结束，党籍状态记为“取消预备资格”。"
    return words


def _back(request: HttpRequest, member: Member) -> HttpResponse:
    """Return to the membership, or to the board where it has ended."""
    if Member.objects.visible_to(request.user).filter(pk=member.pk).exists():
        return redirect("members:standing", member.pk)
    return redirect(reverse("members:development") + "?stage=probation")
