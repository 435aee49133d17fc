"""What residents say of a member: the list, one of them, its steps; and the tab."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
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
from members.choices.comments import CommentState
from members.forms.comments import (
    AnswerForm,
    CloseForm,
    CommentFilterForm,
    CommentForm,
    HandleForm,
    WithdrawForm,
)
from members.forms.members import add_service_error
from members.forms.refusals import refusals
from members.models import Member, ResidentComment
from members.rules.comments import NEXT
from members.services.comments import (
    answer_comment,
    close_comment,
    handle_comment,
    may_see_informant,
    record_comment,
    withdraw_comment,
)
from members.views.members import member_crumbs, require_right
from organizations.access import Right

TITLE = "居民评议"
_GROUPS = {
    "": ("待答复", [CommentState.RECEIVED, CommentState.HANDLING]),
    "answered": ("已答复", [CommentState.ANSWERED]),
    "closed": ("已办结、撤回", [CommentState.CLOSED, CommentState.WITHDRAWN]),
    "all": ("全部", list(CommentState)),
}
TONES = {
    CommentState.RECEIVED: "warn",
    CommentState.HANDLING: "info",
    CommentState.ANSWERED: "ok",
    CommentState.CLOSED: "mute",
    CommentState.WITHDRAWN: "mute",
}


@dataclass(frozen=True)
class Step:
    """What a button says and asks, the state that follows, and what it does."""

    label: str
    wanted: str
    form: type[Any]
    take: Callable[[int, Any, dict[str, Any]], ResidentComment]
    consequences: tuple[str, ...] = ()
    is_danger: bool = False


STEPS: dict[str, Step] = {
    "handle": Step(
        "登记处理",
        CommentState.HANDLING,
        HandleForm,
        lambda pk, user, data: handle_comment(
            comment_id=pk,
            handler=data["handler"],
            handling=data["words"],
            handled_on=data["day"],
            version=data["version"],
            actor=user,
        ),
    ),
    "answer": Step(
        "登记答复",
        CommentState.ANSWERED,
        AnswerForm,
        lambda pk, user, data: answer_comment(
            comment_id=pk,
            answer=data["words"],
            answered_on=data["day"],
            version=data["version"],
            actor=user,
        ),
    ),
    "close": Step(
        "办结",
        CommentState.CLOSED,
        CloseForm,
        lambda pk, user, data: close_comment(
            comment_id=pk, version=data["version"], actor=user
        ),
        consequences=("记录保留，不再列入待办。",),
    ),
    "withdraw": Step(
        "撤回",
        CommentState.WITHDRAWN,
        WithdrawForm,
        lambda pk, user, data: withdraw_comment(
            comment_id=pk, words=data["words"], version=data["version"], actor=user
        ),
        consequences=("登记有误的用撤回；记录保留并注明，不再计数。",),
        is_danger=True,
    ),
}


def crumbs(last: str) -> list[tuple[str, str]]:
    return [
        ("党员名册", reverse("members:list")),
        (TITLE, reverse("members:comment-list")),
        (last, ""),
    ]


@require_GET
def comment_list(request: HttpRequest) -> HttpResponse:
    """By the day they came; never by person, and nobody is counted."""
    require_right(request, Right.VIEW_MEMBERS)
    form = CommentFilterForm(request.GET)
    data = form.cleaned_data if form.is_valid() else {}
    group = data.get("group", "") if data.get("group") in _GROUPS else ""
    found = ResidentComment.objects.visible_to(request.user).filter(
        state__in=_GROUPS[group][1]
    )
    for name in ("kind", "source"):
        if data.get(name):
            found = found.filter(**{name: data[name]})
    page = page_by_key(
        found.select_related("member", "organization"),
        request.GET,
        "received_on",
        descending=True,
    )
    for row in page.rows:
        row.tone = TONES[row.state]
    address = reverse("members:comment-list")
    context = {
        "page_title": TITLE,
        "breadcrumbs": [("党员名册", reverse("members:list")), (TITLE, "")],
        "form": form,
        "page": page,
        "total": total_of(page, found),
        "is_filtered": bool(data.get("kind") or data.get("source")),
        "clear_url": f"{address}?group={group}" if group else address,
        "tabs": group_tabs(
            address, ((key, label) for key, (label, _states) in _GROUPS.items()), group
        ),
    }
    return render(request, "members/comment_list.html", context)


@require_http_methods(["GET", "POST"])
def comment_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what was said of member `pk`."""
    member = get_object_or_404(Member.objects.visible_to(request.user), pk=pk)
    if not Member.objects.editable_by(request.user).filter(pk=pk).exists():
        raise PermissionDenied("您的岗位不能为这位党员登记居民评议。")
    form = CommentForm(
        request.POST or None,
        member=member,
        user=request.user,
        initial={"request_id": uuid4()},
    )
    if request.method == "POST" and form.is_valid():
        try:
            comment = record_comment(
                member_id=pk,
                organization_id=form.cleaned_data["organization"],
                facts=form.facts(),
                request_id=form.cleaned_data["request_id"],
                actor=request.user,
            )
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, "已登记，请核实处理后答复。")
            return redirect(comment)
    context = {
        "page_title": f"登记对{member.name}的评议",
        "breadcrumbs": member_crumbs(member, "登记居民评议"),
        "form": form,
        "is_draft": True,
        "cancel_url": reverse("members:reports", args=[pk]),
        "form_note": "只供党组织教育管理使用：不公开，不排名，不按人统计。",
    }
    status = 422 if form.errors else 200
    return render(request, "members/member_form.html", context, status=status)


@require_GET
def comment_detail(request: HttpRequest, pk: int) -> HttpResponse:
    comment = _visible_comment(request, pk)
    may_edit = request.user.has_right_at(Right.EDIT_MEMBERS, comment.organization)
    context = {
        "page_title": "居民评议",
        "breadcrumbs": crumbs(comment.member.name),
        "comment": comment,
        "tone": TONES[comment.state],
        "facts": _facts(comment, request.user),
        "steps": [
            {
                "label": step.label,
                "url": reverse("members:comment-step", args=[pk, name]),
                "is_main": not step.is_danger,
            }
            for name, step in STEPS.items()
            if may_edit and step.wanted in NEXT[comment.state]
        ],
    }
    return render(request, "members/comment_detail.html", context)


@require_http_methods(["GET", "POST"])
def comment_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """One step of a comment: asked for on GET, taken on POST."""
    if (wanted := STEPS.get(step)) is None:
        raise Http404
    comment = _visible_comment(request, pk)
    if not request.user.has_right_at(Right.EDIT_MEMBERS, comment.organization):
        raise PermissionDenied("您的岗位不能办理这件评议。")
    form = wanted.form(
        request.POST or None,
        instance=comment,
        initial={"day": timezone.localdate(), "handler": str(request.user)},
    )
    status = 200
    if request.method == "POST":
        with refusals(form, lambda: _visible_comment(request, pk)) as refusal:
            if form.is_valid():
                wanted.take(pk, request.user, form.cleaned_data)
                messages.success(request, "已登记。")
                return redirect(comment)
        status, comment = refusal.status, refusal.latest or comment
    context = {
        "title": wanted.label,
        "page_title": wanted.label,
        "breadcrumbs": crumbs(wanted.label),
        "question": f"{wanted.label}：居民对{comment.member.name}的"
        f"{comment.get_kind_display()}",
        "consequences": wanted.consequences,
        "facts": _facts(comment, request.user),
        "form": form,
        "confirm_label": wanted.label,
        "is_danger": wanted.is_danger,
        "cancel_url": comment.get_absolute_url(),
    }
    return render(request, "confirm.html", context, status=status)


def _visible_comment(request: HttpRequest, pk: int) -> ResidentComment:
    return get_object_or_404(
        ResidentComment.objects.visible_to(request.user).select_related(
            "member", "organization", "recorded_by"
        ),
        pk=pk,
    )


def _facts(comment: ResidentComment, user: Any) -> list[tuple[str, object]]:
    facts: list[tuple[str, object]] = [
        ("党员", comment.member.name),
        ("类别", comment.get_kind_display()),
        ("来源", comment.get_source_display()),
        ("收到日期", comment.received_on),
        ("反映内容", comment.content),
        ("办理党组织", comment.organization),
        ("登记人", comment.recorded_by),
    ]
    if may_see_informant(user, comment):
        facts.insert(4, ("反映人", comment.informant))
    if comment.handled_on:
        facts += [
            ("处理人", comment.handler),
            ("处理日期", comment.handled_on),
            ("处理情况", comment.handling),
        ]
    if comment.answered_on:
        facts += [
            ("答复日期", comment.answered_on),
            ("答复情况", comment.answer),
        ]
    if comment.closed_on:
        facts.append(("办结日期", comment.closed_on))
    if comment.withdrawn_reason:
        facts.append(("撤回原因", comment.withdrawn_reason))
    return facts
