"""Approving a review and what is printed of it: ballot papers and result letters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from activities.choices.reviews import Grade, ReviewState
from activities.forms.reviews import ApproveForm, DeliverForm, ReturnForm, StepForm
from activities.models import Review
from activities.rules.reviews import OPEN_STATES
from activities.services.review_results import (
    approve_review,
    deliver_letters,
    record_review_view,
    return_review,
)
from activities.views.reviews import crumbs, listed_results, visible_review
from members.forms.refusals import refusals
from organizations.access import Right
from organizations.models import User


@dataclass(frozen=True)
class Step:
    """What a button asks, from which state, who may press it, and what it does."""

    label: str
    question: str
    done: str
    form: type[StepForm]
    state: str
    right: Right
    take: Callable[[Review, User, dict[str, Any]], Any]
    consequences: tuple[str, ...]
    is_danger: bool = False


STEPS = {
    "approve": Step(
        label="批准评议结果",
        question="批准{review}的结果？",
        done="已批准，通知书已编号，请支部打印送达。",
        form=ApproveForm,
        state=ReviewState.DECIDED,
        right=Right.APPROVE_REVIEWS,
        take=lambda review, user, data: approve_review(
            review_id=review.pk, actor=user, **data
        ),
        consequences=("批准以后，测评票数、等次和处置都不能再改。",),
    ),
    "return": Step(
        label="退回支部",
        question="把{review}退回支部？",
        done="已退回，支部会收到提醒。",
        form=ReturnForm,
        state=ReviewState.DECIDED,
        right=Right.APPROVE_REVIEWS,
        take=lambda review, user, data: return_review(
            review_id=review.pk, actor=user, **data
        ),
        consequences=("支部更正后重新审定，再报上来批准。",),
        is_danger=True,
    ),
    "deliver": Step(
        label="登记送达",
        question="{review}的结果通知书都已送达本人？",
        done="已登记送达。",
        form=DeliverForm,
        state=ReviewState.APPROVED,
        right=Right.WRITE_REVIEWS,
        take=lambda review, user, data: deliver_letters(
            review_id=review.pk, delivered_on=data["delivered_on"], actor=user
        ),
        consequences=("还没有登记送达的，一次全部记为这一天送达。",),
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
def review_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Approve, give back, or write down the delivery: asked on GET, taken on POST."""
    review = visible_review(request, pk)
    if (wanted := STEPS.get(step)) is None:
        raise Http404
    if not request.user.has_right_at(wanted.right, review.organization):
        raise PermissionDenied("这一步由上级党组织批准、由支部送达，请联系有关同志。")
    if review.state != wanted.state:
        said = review.get_state_display()
        messages.info(request, f"这次评议现在是“{said}”，不用再办这一步。")
        return redirect(review)
    today = timezone.localdate()
    form = wanted.form(
        request.POST or None, instance=review, initial=_today_everywhere(today)
    )
    status = 200
    if request.method == "POST":
        with refusals(form, lambda: visible_review(request, pk)) as refusal:
            if form.is_valid():
                wanted.take(review, request.user, form.cleaned_data)
                messages.success(request, wanted.done)
                return redirect(review)
        status, review = refusal.status, refusal.latest or review
    context = {
        "title": wanted.label,
        "page_title": wanted.label,
        "breadcrumbs": crumbs(review, wanted.label),
        "question": wanted.question.format(review=review),
        "consequences": wanted.consequences,
        "form": form,
        "confirm_label": wanted.label,
        "is_danger": wanted.is_danger,
        "cancel_url": review.get_absolute_url(),
    }
    return render(request, "confirm.html", context, status=status)


def _today_everywhere(today: date) -> dict[str, date]:
    return {"approved_on": today, "delivered_on": today}


@require_safe
def review_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The blank ballot paper: everybody's name, four boxes, no voter's name."""
    review = visible_review(request, pk)
    if review.state not in OPEN_STATES:
        messages.info(request, "这次评议已经审定，不用再打印测评表。")
        return redirect(review)
    context = {
        "page_title": "打印测评表",
        "breadcrumbs": crumbs(review, "打印测评表"),
        "review": review,
        "names": [row.member.name for row in listed_results(request, review)],
        "grades": Grade.labels,
    }
    return render(request, "activities/review_paper.html", context)


@require_safe
def review_letters(request: HttpRequest, pk: int) -> HttpResponse:
    """The result letters of all, one sheet of A4 each."""
    review = visible_review(request, pk)
    if review.state != ReviewState.APPROVED:
        messages.info(request, "评议结果批准以后才能打印通知书。")
        return redirect(review)
    record_review_view(actor=request.user, page="letters", review=review)
    context = {
        "page_title": "打印结果通知书",
        "breadcrumbs": crumbs(review, "打印结果通知书"),
        "review": review,
        "letters": sorted(listed_results(request, review), key=lambda row: row.serial),
    }
    return render(request, "activities/review_letters.html", context)
