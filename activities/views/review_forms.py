"""What a branch writes into its review: entries, ballots, verdicts, corrections."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from activities.choices.reviews import Outcome, ReviewState
from activities.forms.reviews import (
    BallotsForm,
    CorrectionForm,
    EntryForm,
    ReasonForm,
    VerdictsForm,
)
from activities.models import Activity, Review, ReviewResult
from activities.review_board import allowed, dress_results
from activities.rules.reviews import OPEN_STATES
from activities.services.review_results import record_correction, record_review_view
from activities.services.reviews import (
    count_ballots,
    decide_review,
    meetings_of,
    save_entry,
    take_out,
)
from activities.views.reviews import (
    crumbs,
    listed_results,
    only_open,
    visible_result,
    visible_review,
    written_review,
)
from config.lib.versions import StaleError, renew, stale_response
from members.forms.members import add_service_error
from organizations.access import Right

_GONE = "这次会议不是本支部的民主评议会，或者已经取消，请重新选择。"


@require_http_methods(["GET", "HEAD", "POST"])
def review_result(request: HttpRequest, pk: int) -> HttpResponse:
    """All about one member; while the review is open, the branch writes it here."""
    result = visible_result(request, pk)
    review = result.review
    writes = request.user.has_right_at(Right.WRITE_REVIEWS, review.organization)
    may_write = writes and review.state in OPEN_STATES and result.removed_on is None
    form = EntryForm(request.POST or None, instance=result) if may_write else None
    if request.method == "POST":
        if form is None:
            written_review(request, review.pk)
            return only_open(request, review) or redirect(review)
        if form.is_valid():
            try:
                save_entry(
                    result_id=pk,
                    version=form.cleaned_data["version"],
                    facts=form.facts(),
                    actor=request.user,
                )
            except StaleError:
                fresh = visible_result(request, pk)
                record_review_view(actor=request.user, page="result", review=review)
                return stale_response(
                    request,
                    form,
                    fresh,
                    title=f"{result.member.name}的自评和互评",
                    cancel_url=review.get_absolute_url(),
                )
            except ValidationError as error:
                add_service_error(form, error)
            else:
                messages.success(request, f"已保存：{result.member.name}。")
                return redirect(review)
    dress_results([result], review)
    record_review_view(actor=request.user, page="result", review=review)
    context = {
        "page_title": f"{result.member.name} {review.year}年民主评议",
        "breadcrumbs": crumbs(review, result.member.name),
        "result": result,
        "review": review,
        "form": form,
        "cancel_url": review.get_absolute_url(),
        "may_correct": writes
        and review.state == ReviewState.APPROVED
        and result.outcome == Outcome.CORRECTION,
        "may_decide": writes
        and review.state == ReviewState.APPROVED
        and result.outcome not in {"", Outcome.CORRECTION},
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "activities/review_result.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def review_remove(request: HttpRequest, pk: int) -> HttpResponse:
    result = visible_result(request, pk)
    review = written_review(request, result.review_id)
    if (away := only_open(request, review)) is not None:
        return away
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            take_out(
                result_id=pk, reason=form.cleaned_data["words"], actor=request.user
            )
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, f"已移出：{result.member.name}，记录保留。")
            return redirect(review)
    context = {
        "title": "移出评议名单",
        "breadcrumbs": crumbs(review, "移出评议名单"),
        "question": f"把{result.member.name}移出这次评议的名单？",
        "consequences": [
            "用于已经转出、去世或者不再参加评议的党员；已登记的内容保留。",
            "仍属于本支部的，以后可以在“加入党员”里加回来。",
        ],
        "form": form,
        "confirm_label": "移出",
        "cancel_url": review.get_absolute_url(),
        "is_danger": True,
    }
    status = 422 if form.errors else 200
    return render(request, "confirm.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def review_ballots(request: HttpRequest, pk: int) -> HttpResponse:
    """The count of all ballot papers of a branch, on one page."""
    review = written_review(request, pk)
    if (away := only_open(request, review)) is not None:
        return away
    results = listed_results(request, review)
    meetings = list(meetings_of(review))
    form = BallotsForm(
        request.POST or None, review=review, results=results, meetings=meetings
    )
    status = 200
    if request.method == "POST":
        status = 422
        try:
            if form.is_valid():
                count_ballots(
                    review_id=pk,
                    version=form.cleaned_data["version"],
                    papers=form.papers(),
                    ballots=form.ballots(),
                    actor=request.user,
                )
                messages.success(request, "测评结果已登记，请支部委员会审定等次。")
                return redirect(review)
        except StaleError as error:
            status = _renewed(request, form, pk, error)
        except Activity.DoesNotExist:
            form.add_error("activity", _GONE)
        except ValidationError as error:
            add_service_error(form, error)
    record_review_view(actor=request.user, page="ballots", review=review)
    context = _whole(review, form, "登记测评结果") | {"meetings": meetings}
    return render(request, "activities/review_ballots.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def review_verdicts(request: HttpRequest, pk: int) -> HttpResponse:
    """What the branch committee finds of everybody, on one page."""
    review = written_review(request, pk)
    if review.state == ReviewState.DRAFTED:
        messages.info(request, "还没有登记测评结果，请先登记。")
        return redirect("activities:review-ballots", pk)
    if (away := only_open(request, review)) is not None:
        return away
    results = listed_results(request, review)
    form = VerdictsForm(
        request.POST or None,
        review=review,
        results=results,
        today=timezone.localdate(),
    )
    status = 200
    if request.method == "POST":
        status = 422
        try:
            if form.is_valid():
                decide_review(
                    review_id=pk,
                    version=form.cleaned_data["version"],
                    verdicts=form.verdicts(),
                    actor=request.user,
                )
                messages.success(request, "已审定，等待上级党组织批准。")
                return redirect(review)
        except StaleError as error:
            status = _renewed(request, form, pk, error)
        except ValidationError as error:
            add_service_error(form, error)
    record_review_view(actor=request.user, page="verdicts", review=review)
    context = _whole(review, form, "审定等次") | allowed(results)
    return render(request, "activities/review_verdicts.html", context, status=status)


def _renewed(request: HttpRequest, form: Any, pk: int, error: StaleError) -> int:
    """Let the form be sent again at the newest version; what was typed stays."""
    renew(form, visible_review(request, pk).version, error)
    return 409


def _whole(review: Review, form: Any, title: str) -> dict[str, Any]:
    return {
        "page_title": title,
        "breadcrumbs": crumbs(review, title),
        "review": review,
        "form": form,
        "cancel_url": review.get_absolute_url(),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def review_correction(request: HttpRequest, pk: int) -> HttpResponse:
    """Whether somebody who had a term to mend did so."""
    result = visible_result(request, pk)
    review = written_review(request, result.review_id)
    if (
        review.state != ReviewState.APPROVED
        or result.outcome != Outcome.CORRECTION
        or result.removed_on is not None
    ):
        messages.info(request, "该同志不是限期改正，没有改正情况要登记。")
        return redirect(result)
    form = CorrectionForm(
        request.POST or None, instance=result, initial=_correction_of(result)
    )
    status = 200
    if request.method == "POST":
        status = 422
        try:
            if form.is_valid():
                record_correction(result_id=pk, actor=request.user, **form.cleaned_data)
                messages.success(request, "已登记改正情况。")
                return redirect(result)
        except StaleError as error:
            renew(form, visible_result(request, pk).version, error)
            status = 409
        except ValidationError as error:
            add_service_error(form, error)
    record_review_view(actor=request.user, page="result", review=review)
    context = {
        "title": "登记改正情况",
        "breadcrumbs": crumbs(review, "登记改正情况"),
        "question": f"{result.member.name}限期改正的情况怎样？",
        "facts": [
            ("改正期限", f"{result.term_ends_on:%Y-%m-%d}"),
            ("评定意见", result.words),
        ],
        "form": form,
        "confirm_label": "登记",
        "cancel_url": result.get_absolute_url(),
    }
    return render(request, "confirm.html", context, status=status)


def _correction_of(result: ReviewResult) -> dict[str, Any]:
    return {
        "correction": result.correction,
        "corrected_on": result.corrected_on or timezone.localdate(),
        "words": result.correction_words,
    }
