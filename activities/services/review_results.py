"""What follows a branch's decision: approval, letters, corrections; and who looked."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.utils import timezone

from activities.choices.reviews import Correction, Outcome, ReviewState
from activities.models import Review, ReviewResult
from activities.rules import reviews as rules
from activities.services.reviews import locked, remove_results, tell, written
from config.lib.errors import RuleError
from config.lib.versions import check_version, save_versioned
from members.models import Affiliation, Member
from organizations import audit
from organizations.access import Right, require
from organizations.choices import AuditAction
from organizations.models import User


@transaction.atomic
def approve_review(
    *, review_id: int, version: int | None, approved_on: date, actor: User
) -> Review:
    """Approve what a branch decided; the letters get their numbers, all is frozen."""
    review = locked(review_id, actor, version)
    require(actor, Right.APPROVE_REVIEWS, review.organization)
    rules.check_state(review.state, ReviewState.DECIDED)
    first = review.decided_on
    rules.check_day(approved_on, "批准日期", first, timezone.localdate())
    results = list(review.results.listed().by_name())
    for serial, result in enumerate(results, start=1):
        result.serial = serial
    ReviewResult.objects.bulk_update(results, ["serial"])
    review.state = ReviewState.APPROVED
    review.approved_on, review.approved_by = approved_on, actor
    save_versioned(review, version=review.version)
    tell(review, actor, "approve", since=approved_on, people=len(results))
    return review


@transaction.atomic
def return_review(
    *, review_id: int, version: int | None, words: str, actor: User
) -> Review:
    """Give a decision back to the branch, which mends and decides it anew."""
    review = locked(review_id, actor, version)
    require(actor, Right.APPROVE_REVIEWS, review.organization)
    rules.check_state(review.state, ReviewState.DECIDED)
    review.returned_words = rules.check_words(words)
    review.returned_on = timezone.localdate()
    review.state, review.decided_on = ReviewState.VOTED, None
    save_versioned(review, version=review.version)
    tell(review, actor, "return")
    return review


@transaction.atomic
def deliver_letters(*, review_id: int, delivered_on: date, actor: User) -> int:
    """Write down that all letters left were handed over; return how many."""
    review = written(review_id, actor, None, ReviewState.APPROVED)
    today = timezone.localdate()
    rules.check_day(delivered_on, "送达日期", review.approved_on, today)
    left = review.results.listed().filter(delivered_on__isnull=True)
    number = left.update(delivered_on=delivered_on)
    if number:
        save_versioned(review, version=review.version)
        tell(review, actor, "deliver", people=number)
    return number


@transaction.atomic
def record_correction(
    *,
    result_id: int,
    version: int | None,
    correction: str,
    corrected_on: date,
    words: str,
    actor: User,
) -> ReviewResult:
    """Write down what the branch found when the term to mend was looked at."""
    seen = ReviewResult.objects.visible_to(actor)
    review_id = seen.values_list("review_id", flat=True).get(pk=result_id)
    review = written(review_id, actor, None, ReviewState.APPROVED)
    result = ReviewResult.objects.select_for_update(no_key=True).get(pk=result_id)
    result.review = review
    check_version(result, version)
    if result.outcome != Outcome.CORRECTION:
        raise RuleError("该同志不是限期改正，没有改正情况要登记。", code="outcome")
    if correction not in Correction.values:
        raise RuleError("请选择改正情况。", code="correction")
    rules.check_day(corrected_on, "核实日期", review.approved_on, timezone.localdate())
    result.correction, result.corrected_on = correction, corrected_on
    result.correction_words = rules.check_words(words)
    save_versioned(result, version=result.version)
    tell(review, actor, "correction")
    return result


# Who leaves, and who looked ----------------------------------------------------------


def leave_reviews(
    affiliations: Collection[Affiliation], reason: str, actor: User | None
) -> None:
    """Take people out of the open review of the branch that they have left.

    Who still belongs to it by another relation, co-managed beside the roll, stays.
    """
    wanted = {(each.member_id, each.organization_id) for each in affiliations}
    rows = _open_rows({member_id for member_id, _ in wanted})
    if rows:
        others = Affiliation.objects.open().filter(
            member__in={member_id for member_id, _ in wanted},
            organization__in={organization_id for _, organization_id in wanted},
        )
        wanted -= set(others.values_list("member_id", "organization_id"))
    for review, results in rows.items():
        gone = [r for r in results if (r.member_id, review.organization_id) in wanted]
        if gone:
            remove_results(review, gone, reason, actor)


def keep_one_result(*, kept: Member, gone: Member, actor: User) -> None:
    """Of two records of one person in an open review, let that which is kept count."""
    for review, results in _open_rows({kept.pk, gone.pk}).items():
        if len(results) == 2:
            twins = [each for each in results if each.member_id == gone.pk]
            remove_results(review, twins, "两份档案合并", actor)


def _open_rows(member_ids: Collection[int]) -> dict[Review, list[ReviewResult]]:
    """Rows of people in reviews that are not decided, these locked, in their order."""
    if not member_ids:
        return {}
    mine = ReviewResult.objects.listed().filter(member__in=member_ids)
    reviews = {
        review.pk: review
        for review in Review.objects.open()
        .filter(pk__in=mine.order_by().values("review"))
        .select_related("organization")
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    }
    found: dict[Review, list[ReviewResult]] = {}
    for row in mine.filter(review__in=reviews).order_by("review_id", "pk"):
        found.setdefault(reviews[row.review_id], []).append(row)
    return found


def record_review_view(
    *,
    actor: User,
    page: str,
    review: Review | None = None,
    member: Member | None = None,
) -> None:
    """Write that `actor` was shown what was found of people, once for a page."""
    target = review or member
    audit.record(
        actor=actor,
        action=AuditAction.REVIEW_VIEWED,
        target=target,
        organization=review.organization if review else None,
        details={"review_page": page},
    )
