"""The table of words and grades of one branch and round."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from config.lib.errors import RuleError
from liaison.choices import CheckState, FeedbackState
from liaison.models import (
    FeedbackCheck,
    FeedbackPeriod,
    FeedbackRemark,
    LiaisonCard,
)
from liaison.round_cards import owed_in
from liaison.rules import MAX_WORDS
from liaison.service_record import Record, records
from liaison.services import checks, periods
from liaison.services.remarks import Remark, RemarksRefusedError, save_remarks
from liaison.suggestions import suggested_words
from liaison.views.periods import LIST, readable_period
from organizations import parameters
from organizations.access import Right
from organizations.models import Organization


@dataclass
class Row:
    """One person of the table, as stored or as just typed in."""

    card: LiaisonCard
    record: Record
    suggestion: str
    grade: str
    words: str
    version: int
    is_written: bool
    error: str = ""
    theirs: FeedbackRemark | None = None

    @property
    def is_untouched(self) -> bool:
        """Nothing was judged: no grade, and no words but the prepared ones."""
        return not self.grade and self.words.strip() in {"", self.suggestion}


@require_http_methods(["GET", "HEAD", "POST"])
def remarks(request: HttpRequest, period_id: int, organization_id: int) -> HttpResponse:
    period = readable_period(request, period_id)
    places = Organization.objects.with_members_visible_to(request.user)
    branch = get_object_or_404(places, pk=organization_id)
    rows = _rows(request, period, branch)
    if request.method == "POST":
        return _save(request, period, branch, rows)
    return _page(request, period, branch, rows)


def _rows(
    request: HttpRequest, period: FeedbackPeriod, branch: Organization
) -> list[Row]:
    cards = list(
        LiaisonCard.objects.visible_to(request.user)
        .filter(owed_in(period), organization=branch)
        .select_related("member", "home_unit")
        .order_by("member__name_pinyin", "pk")
    )
    done = records(cards, period.starts_on, period.ends_on)
    written = {
        remark.card_id: remark
        for remark in FeedbackRemark.objects.visible_to(request.user)
        .filter(period=period, card__in=cards)
        .select_related("written_by")
    }
    rows = []
    for card in cards:
        remark = written.get(card.pk)
        suggestion = suggested_words(period.kind, done[card.pk])
        rows.append(
            Row(
                card=card,
                record=done[card.pk],
                suggestion=suggestion,
                grade=remark.grade if remark else "",
                words=remark.words if remark else suggestion,
                version=remark.version if remark else 0,
                is_written=remark is not None,
            )
        )
    return rows


def _save(
    request: HttpRequest,
    period: FeedbackPeriod,
    branch: Organization,
    rows: list[Row],
) -> HttpResponse:
    for row in rows:
        _take(row, request.POST)
    judged = [row for row in rows if row.version or not row.is_untouched]
    wanted = [Remark(row.card.pk, row.version, row.grade, row.words) for row in judged]
    try:
        changed = save_remarks(
            period_id=period.pk,
            organization_id=branch.pk,
            remarks=wanted,
            actor=request.user,
        )
    except RemarksRefusedError as error:
        _show_refusals(rows, error)
        status = 409 if error.stale else 422
        return _page(request, period, branch, rows, str(error), status)
    except (LiaisonCard.DoesNotExist, FeedbackPeriod.DoesNotExist) as error:
        raise Http404 from error
    except RuleError as error:
        return _page(request, period, branch, rows, str(error), 422)
    left = len(rows) - len(judged)
    text = f"已保存 {changed} 人的评语。" if changed else "没有改动。"
    messages.success(request, f"{text}还有 {left} 人未填。" if left else text)
    return redirect("liaison:remarks", period.pk, branch.pk)


def _take(row: Row, data: QueryDict) -> None:
    """Put what was typed into a row; a row missing from the form stays as stored."""
    if f"version-{row.card.pk}" not in data:
        return
    row.grade = data.get(f"grade-{row.card.pk}", "")
    row.words = data.get(f"words-{row.card.pk}", "").replace("\r\n", "\n")
    text = data[f"version-{row.card.pk}"]
    row.version = int(text) if text.isascii() and text.isdigit() else 0


def _show_refusals(rows: list[Row], refused: RemarksRefusedError) -> None:
    for row in rows:
        if error := refused.rows.get(row.card.pk):
            row.error = str(error)
        if theirs := refused.stale.get(row.card.pk):
            # The next attempt is made over what is stored now, seen beside it.
            row.theirs, row.version = theirs, theirs.version


@parameters.together()
def _page(
    request: HttpRequest,
    period: FeedbackPeriod,
    branch: Organization,
    rows: list[Row],
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    is_checked = checks.is_asked_for()
    check = (
        FeedbackCheck.objects.visible_to(request.user)
        .filter(period=period, organization=branch)
        .select_related("checked_by")
        .first()
        if is_checked
        else None
    )
    may_word = (
        period.state == FeedbackState.OPEN
        and request.user.has_right_at(Right.WORD_FEEDBACK, branch)
        and not (check and check.state == CheckState.PASSED)
    )
    title = f"{periods.period_of(period).title}评语"
    context: dict[str, Any] = {
        "page_title": title,
        "breadcrumbs": [
            (LIST, reverse("liaison:period-list")),
            (period.title, period.get_absolute_url()),
            (str(branch), ""),
        ],
        "period": period,
        "branch": branch,
        "rows": rows,
        "worded": sum(row.is_written for row in rows),
        "grades": parameters.get("liaison.feedback_grades"),
        "max_words": MAX_WORDS,
        "may_word": may_word,
        "is_checked": is_checked,
        "check": check,
        **(_check_context(request, period, branch, rows, check) if is_checked else {}),
        "error": error,
    }
    return render(request, "liaison/remarks.html", context, status=status)


def _check_context(
    request: HttpRequest,
    period: FeedbackPeriod,
    branch: Organization,
    rows: list[Row],
    check: FeedbackCheck | None,
) -> dict[str, bool]:
    """Whether the user checks these words, and may let them pass as they are."""
    may_check = (
        bool(rows)
        and period.state != FeedbackState.BUILT
        and request.user.has_right_at(Right.CHECK_FEEDBACK, branch)
    )
    is_complete = period.state != FeedbackState.OPEN or all(r.is_written for r in rows)
    has_passed = check is not None and check.state == CheckState.PASSED
    return {
        "may_check": may_check,
        "may_pass": may_check and is_complete and not has_passed,
    }
