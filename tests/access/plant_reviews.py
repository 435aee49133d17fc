"""Reviews in every branch, one of each state; each text holds its word of reviews."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from activities.models import Review, ReviewResult
from members.models import Member
from tests.access.canaries import REVIEW
from tests.access.cast import BRANCHES, line_of
from tests.access.plant_members import person
from tests.access.world import World
from tests.factories.activities import ActivityFactory
from tests.factories.members import AffiliationFactory


def plant_reviews(world: World) -> None:
    for place in BRANCHES:
        word = world.word(REVIEW, place)
        review, result = _review(world, place, "drafted", 0)
        world.put("review", place, review.pk)
        world.put("review-result", place, result.pk)
        voted, _ = _review(
            world, place, "voted", 1, returned_words=f"{word}退回", returned_on=_day(1)
        )
        world.put("review-voted", place, voted.pk)
        decided, _ = _review(world, place, "decided", 2, decided_on=_day(2))
        world.put("review-decided", place, decided.pk)
        approved, unqualified = _review(
            world,
            place,
            "approved",
            3,
            decided_on=_day(3),
            approved_on=_day(3),
            approved_by=world.owner(place),
        )
        world.put("review-approved", place, approved.pk)
        world.put("review-unqualified", place, unqualified.pk)


def _day(back: int) -> date:
    return date(timezone.localdate().year - back, 12, 20)


def _another(world: World, place: str) -> Member:
    """Somebody more on the roll of a branch."""
    member = person(world, world.bird(place))
    AffiliationFactory(member=member, organization=world.orgs[place])
    return member


def _review(
    world: World, place: str, state: str, back: int, **more: Any
) -> tuple[Review, ReviewResult]:
    """A review of so many years back, with one member who was found unqualified."""
    word, is_voted = world.word(REVIEW, place), state != "drafted"
    if is_voted:
        more["activity"] = ActivityFactory(
            organization=world.orgs[place],
            kind="democratic_review",
            title="民主评议会",
            held_on=_day(back),
            recorded_by=world.owner(place),
        )
        more |= {"handed_out": 1, "returned": 1}
    review = Review.objects.create(
        organization=world.orgs[place],
        street=world.orgs[line_of(place)[-1]],
        year=_day(back).year,
        state=state,
        opened_on=_day(back).replace(month=1),
        opened_by=world.owner(place),
        **more,
    )
    found: dict[str, Any] = {}
    if state in {"decided", "approved"}:
        found = {
            "grade": "unqualified",
            "words": f"{word}评定",
            "outcome": "correction",
            "term_ends_on": _day(back - 1),
        }
    if state == "approved":
        found |= {"serial": 1, "correction_words": f"{word}改正"}
    result = ReviewResult.objects.create(
        review=review,
        member=world.rows[f"member-{place}"],
        self_words=f"{word}自评",
        mutual_words=f"{word}互评",
        **found,
    )
    ReviewResult.objects.create(
        review=review,
        member=_another(world, place),
        removed_on=_day(back),
        removed_reason=f"{word}移出",
    )
    return review, result
