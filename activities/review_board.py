"""What the board and the page of a democratic review show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from activities.choices.reviews import Grade, Outcome, ReviewState
from activities.forms.reviews import NOT_OPENED
from activities.models import Review, ReviewResult
from activities.parameters.reviews import SHARE
from activities.rules.reviews import most_excellent
from organizations import parameters
from organizations.access import Right
from organizations.models import Organization, User

TONES = {
    ReviewState.DRAFTED: "info",
    ReviewState.VOTED: "info",
    ReviewState.DECIDED: "warn",
    ReviewState.APPROVED: "ok",
}
GRADE_TONES = {
    Grade.EXCELLENT: "ok",
    Grade.QUALIFIED: "info",
    Grade.BASIC: "warn",
    Grade.UNQUALIFIED: "bad",
    "": "mute",
}


def branches_of(user: User, year: int, state: str) -> QuerySet[Organization]:
    """Branches whose reviews `user` reads, by how that of the year stands."""
    branches = Organization.objects.with_right(user, Right.VIEW_REVIEWS).branches()
    held = Review.objects.filter(organization=OuterRef("pk"), year=year)
    if state == NOT_OPENED:
        return branches.open().filter(~Exists(held))
    if state:
        return branches.filter(Exists(held.filter(state=state)))
    # A branch that was closed since stays with what it held.
    return branches.filter(Q(closed_on__isnull=True) | Exists(held))


def dress_branches(branches: Sequence[Organization], user: User, year: int) -> None:
    """Set `review` of the year, with its counts, on each branch; one query."""
    reviews = (
        Review.objects.visible_to(user)
        .filter(year=year, organization__in=[each.pk for each in branches])
        .with_counts()
    )
    found = {each.organization_id: each for each in reviews}
    for branch in branches:
        branch.review = found.get(branch.pk)
        if branch.review is not None:
            branch.review.tone = TONES[branch.review.state]


def year_tiles(user: User, year: int) -> list[dict[str, Any]]:
    """The rows of the official form, as they stand now; two queries."""
    reviews = Review.objects.visible_to(user).filter(year=year).order_by()
    is_approved = Q(state=ReviewState.APPROVED)
    of_branches = reviews.aggregate(
        opened=Count("pk"), finished=Count("pk", filter=is_approved)
    )
    done = Q(review__state=ReviewState.APPROVED)
    results = ReviewResult.objects.visible_to(user).listed().filter(review__year=year)
    of_people = results.order_by().aggregate(
        people=Count("pk"),
        done=Count("pk", filter=done),
        **{each: Count("pk", filter=done & Q(grade=each)) for each in Grade.values},
        **{each: Count("pk", filter=done & Q(outcome=each)) for each in Outcome.values},
    )
    shown = [
        ("开展评议支部", of_branches["opened"], "个"),
        ("结束评议支部", of_branches["finished"], "个"),
        ("参加评议党员", of_people["people"], "人"),
        ("结束评议党员", of_people["done"], "人"),
        ("优秀", of_people[Grade.EXCELLENT], "人"),
        ("不合格", of_people[Grade.UNQUALIFIED], "人"),
        *((str(each.label), of_people[each], "人") for each in Outcome),
    ]
    return [
        {"label": label, "value": value, "unit": unit} for label, value, unit in shown
    ]


def stages(review: Review, results: Sequence[ReviewResult]) -> list[dict[str, Any]]:
    """The six steps of a review, how far each is, and which comes next."""
    number = len(results)
    said = sum(bool(row.self_grade or row.self_words) for row in results)
    heard = sum(bool(row.mutual_words) for row in results)
    handed = sum(row.delivered_on is not None for row in results)
    order = list(ReviewState)
    reached = order.index(ReviewState(review.state))
    is_over = reached > 0
    steps = [
        ("自评", f"{said}/{number} 人", said == number or is_over),
        ("互评", f"{heard}/{number} 人", heard == number or is_over),
        (
            "测评",
            f"收回 {review.returned} 张" if review.returned else "",
            reached >= 1,
        ),
        ("审定", _day(review.decided_on), reached >= 2),
        ("上级审批", _day(review.approved_on), reached >= 3),
        ("送达", f"{handed}/{number} 人", bool(number) and handed == number),
    ]
    found: list[dict[str, Any]] = []
    for label, hint, is_done in steps:
        is_next = not is_done and all(each["is_done"] for each in found)
        found.append(
            {"label": label, "hint": hint, "is_done": is_done, "is_next": is_next}
        )
    return found


def _day(day: Any) -> str:
    return f"{day:%Y-%m-%d}" if day else ""


def dress_results(results: Sequence[ReviewResult], review: Review) -> None:
    """Set the loaded review and the tone of the grade on each row."""
    for row in results:
        row.review = review
        row.tone = GRADE_TONES[row.grade]


def allowed(results: Sequence[ReviewResult]) -> Mapping[str, int]:
    """How many may be excellent of those who are reviewed."""
    share = parameters.get(SHARE)
    return {"most": most_excellent(len(results), share), "share": share}


def open_actions(review: Review, user: User) -> list[dict[str, Any]]:
    """Buttons of what `user` may do with a review as it stands; the first is main."""
    writes = user.has_right_at(Right.WRITE_REVIEWS, review.organization)
    approves = user.has_right_at(Right.APPROVE_REVIEWS, review.organization)
    state, found = review.state, []

    def add(name: str, label: str, icon: str, **more: str) -> None:
        address = reverse(f"activities:{name}", kwargs={"pk": review.pk, **more})
        found.append({"label": label, "url": address, "icon_name": icon})

    if state == ReviewState.DECIDED and approves:
        add("review-step", "批准", "check", step="approve")
        add("review-step", "退回支部", "arrow-back-up", step="return")
    if state == ReviewState.VOTED and writes:
        add("review-verdicts", "审定等次", "award")
    if state in {ReviewState.DRAFTED, ReviewState.VOTED}:
        if writes:
            is_first = state == ReviewState.DRAFTED
            add(
                "review-ballots",
                "登记测评结果" if is_first else "更正测评结果",
                "clipboard-check",
            )
            add("review-people", "加入党员", "user-plus")
        add("review-paper", "打印测评表", "printer")
    if state == ReviewState.APPROVED:
        add("review-letters", "打印通知书", "printer")
        if writes:
            add("review-step", "登记送达", "send", step="deliver")
    return found
