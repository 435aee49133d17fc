"""Decisions about a membership: proposing, answering, and writing down a death."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from members.choices.standing import DecisionKind, DecisionState
from members.forms.members import add_service_error
from members.forms.standing import AnswerForm, ApproveForm, DeathForm, DecisionForm
from members.models import LostCase, Member, MembershipDecision
from members.rules import REMOVAL_STATUSES
from members.rules.standing import REMOVALS
from members.services.decisions import (
    answer_decision,
    approve_decision,
    propose_decision,
    record_death,
)
from members.services.viewing import record_view
from members.situations import situation_of
from members.views.members import member_crumbs, readable_member
from organizations.access import Right

TONES = {
    DecisionState.PROPOSED: "info",
    DecisionState.APPROVED: "ok",
    DecisionState.REFUSED: "bad",
    DecisionState.WITHDRAWN: "mute",
    DecisionState.REVOKED: "mute",
}


@require_http_methods(["GET", "POST"])
def decision_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what the branch's meeting asks for; `kind` chooses what."""
    member = _proposable(request, pk)
    case = LostCase.objects.visible_to(request.user).open().filter(member=member)
    situation = situation_of(member, case.first())
    if not situation.kinds:
        raise Http404
    waiting = MembershipDecision.objects.visible_to(request.user).waiting()
    if (under_way := waiting.filter(member=member).first()) is not None:
        messages.info(request, f"{member.name}已有一件党籍处理等待批准。")
        return redirect(under_way)
    kind = request.GET.get("kind", "")
    if kind not in situation.kinds:
        kind = situation.kinds[0]
    form = DecisionForm(
        request.POST or None, user=request.user, situation=situation, decided=kind
    )
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data.get("organization")
        try:
            decision = propose_decision(
                member_id=pk,
                proposal=form.proposal(),
                facts=form.cleaned_data["facts"],
                organization_id=chosen.pk if chosen else None,
                actor=request.user,
            )
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, "已提出，等待街道批准。")
            return redirect(decision)
    context = {
        "page_title": "提出党籍处理",
        "breadcrumbs": member_crumbs(member, "提出党籍处理"),
        "tabs": [
            {
                "label": each.label,
                "url": f"?kind={each.value}",
                "is_current": each == kind,
            }
            for each in situation.kinds
        ],
        "form": form,
        "is_draft": True,
        "submit_label": f"提出{DecisionKind(kind).label}",
        "cancel_url": reverse("members:standing", args=[pk]),
        "form_note": f"{member.name}，{member.get_member_type_display()}，党籍状态"
        f"{member.get_status_display()}。须经支部大会讨论，街道批准以后才生效。",
    }
    status = 422 if form.errors else 200
    return render(request, "members/decision_form.html", context, status=status)


def _proposable(request: HttpRequest, pk: int) -> Member:
    """The member of whom `request`'s user may propose something."""
    member, is_gone = readable_member(request, pk)
    if is_gone:
        if member.status not in REMOVAL_STATUSES:
            raise Http404
        return member
    if not Member.objects.editable_by(request.user).filter(pk=pk).exists():
        raise PermissionDenied("您的岗位不能为这位党员提出党籍处理。")
    return member


@require_GET
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    found = _visible(request, pk)
    record_view(member=found.member, page="decision", actor=request.user)
    context = {
        "page_title": f"{found.member.name}：{found.get_kind_display()}",
        "breadcrumbs": crumbs(found.member.name),
        "decision": found,
        "tone": TONES[DecisionState(found.state)],
        "facts": facts_of(found),
        "steps": [
            {
                "label": step.label,
                "url": reverse("members:decision-step", args=[pk, name]),
                "is_main": step.is_main,
            }
            for name, step in STEPS.items()
            if found.state == DecisionState.PROPOSED
            and request.user.has_right_at(step.right, found.organization)
        ],
        "case": found.case,
    }
    return render(request, "members/decision.html", context)


@dataclass(frozen=True)
class Step:
    """What a button says and asks, who may press it, and what it does."""

    label: str
    question: str
    done: str
    form: type[forms.Form]
    right: Right
    take: Callable[..., MembershipDecision]
    more: dict[str, Any]
    is_main: bool = False


STEPS: dict[str, Step] = {
    "approve": Step(
        label="批准",
        question="批准{name}{kind}？",
        done="已批准并生效。",
        form=ApproveForm,
        right=Right.APPROVE_STANDING,
        take=approve_decision,
        more={},
        is_main=True,
    ),
    "refuse": Step(
        label="不予批准",
        question="不予批准{name}{kind}？",
        done="已退回，党籍不变。",
        form=AnswerForm,
        right=Right.APPROVE_STANDING,
        take=answer_decision,
        more={"state": DecisionState.REFUSED},
    ),
    "withdraw": Step(
        label="撤回",
        question="撤回{name}{kind}的提出？",
        done="已撤回，党籍不变。",
        form=AnswerForm,
        right=Right.EDIT_MEMBERS,
        take=answer_decision,
        more={"state": DecisionState.WITHDRAWN},
    ),
}


@require_http_methods(["GET", "POST"])
def decision_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Approve, refuse or withdraw: asked for on GET, done on POST."""
    found = _visible(request, pk)
    if (wanted := STEPS.get(step)) is None:
        raise Http404
    if not request.user.has_right_at(wanted.right, found.organization):
        raise PermissionDenied("您的岗位不能办理这一步，请联系街道工作人员。")
    form = wanted.form(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            done = wanted.take(
                decision_id=pk, actor=request.user, **form.cleaned_data, **wanted.more
            )
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, wanted.done)
            return redirect(done)
    context = {
        "title": wanted.label,
        "page_title": wanted.label,
        "breadcrumbs": crumbs(wanted.label),
        "question": wanted.question.format(
            name=found.member.name, kind=found.get_kind_display()
        ),
        "consequences": _consequences(found) if step == "approve" else [],
        "facts": facts_of(found),
        "form": form,
        "confirm_label": wanted.label,
        "is_danger": step == "approve" and found.kind in REMOVALS,
        "cancel_url": found.get_absolute_url(),
    }
    status = 422 if form.errors else 200
    return render(request, "confirm.html", context, status=status)


def _consequences(found: MembershipDecision) -> list[str]:
    if found.kind in REMOVALS:
        return [
            "从批准日期起出党：在册和其他隶属关系同时结束，支部不再看到其档案。",
            "档案和历次报表保留；原处理经复查撤销的，可以提出恢复党籍。",
        ]
    if found.kind == DecisionKind.SUSPENSION:
        return [
            "从批准日期起停止党籍：仍在名册中注明，不能转接组织关系。",
            "停止党籍期间重新取得联系的，可以提出恢复党籍。",
        ]
    return ["从批准日期起恢复党籍，重新计入党员。"]


@require_http_methods(["GET", "POST"])
def death_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down that a member has died."""
    member = get_object_or_404(Member.objects.visible_to(request.user), pk=pk)
    if not Member.objects.editable_by(request.user).filter(pk=pk).exists():
        raise PermissionDenied("您的岗位不能为这位党员登记去世。")
    form = DeathForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            record_death(member_id=pk, actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, f"已登记{member.name}去世。")
            return redirect("members:standing-list")
    context = {
        "title": "登记去世",
        "page_title": "登记去世",
        "breadcrumbs": member_crumbs(member, "登记去世"),
        "question": f"{member.name}已经去世？",
        "consequences": [
            "从去世日期起不再计入党员，在册、协管、流入关系同时结束。",
            "正在办理的失联处置和党籍处理随之终止；档案保留，不会删除。",
            "登记有误的，请街道工作人员在档案页撤销结束。",
        ],
        "form": form,
        "confirm_label": "登记去世",
        "is_danger": True,
        "cancel_url": reverse("members:standing", args=[pk]),
    }
    status = 422 if form.errors else 200
    return render(request, "confirm.html", context, status=status)


def _visible(request: HttpRequest, pk: int) -> MembershipDecision:
    return get_object_or_404(
        MembershipDecision.objects.visible_to(request.user).select_related(
            "member", "organization", "case", "proposed_by", "settled_by"
        ),
        pk=pk,
    )


def crumbs(last: str) -> list[tuple[str, str]]:
    return [
        ("党员名册", reverse("members:list")),
        ("失联与党籍处理", reverse("members:standing-list")),
        (last, ""),
    ]


def facts_of(found: MembershipDecision) -> list[tuple[str, Any]]:
    """What stands in the book about one decision."""
    facts: list[tuple[str, Any]] = [
        ("姓名", found.member.name),
        ("党支部", found.organization),
        ("处理", found.get_kind_display()),
    ]
    if found.ground:
        facts.append(("依据", found.get_ground_display()))
    if found.since:
        facts.append(("起算日期", found.since))
    if not found.is_death:
        facts.append(("支部大会日期", found.meeting_on or ""))
    facts.append(("事实和理由", found.facts))
    facts.append(("提出人" if not found.is_death else "登记人", found.proposed_by))
    if found.decided_on:
        label = "去世日期" if found.is_death else "批准日期"
        facts.append((label, found.decided_on))
    if found.document_number:
        facts.append(("批准文号", found.document_number))
    if found.state != DecisionState.PROPOSED and not found.is_death:
        facts.append(("办理人", found.settled_by))
    if found.reply:
        facts.append(("办理意见", found.reply))
    return facts
