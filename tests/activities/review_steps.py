"""Steps of a democratic review, each valid by itself; a test changes what it tries."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from activities.models import Activity, Review, ReviewResult
from activities.rules.reviews import Ballots, Verdict
from activities.services.review_results import approve_review
from activities.services.reviews import (
    Papers,
    count_ballots,
    decide_review,
    open_review,
)
from members.models import Member
from organizations.models import Organization, User
from tests.factories.activities import ActivityFactory


def opened(branch: Organization, actor: User, **more: Any) -> Review:
    values = {"organization_id": branch.pk, "year": timezone.localdate().year} | more
    return open_review(actor=actor, **values)


def held(branch: Organization, present: Any = None, **more: Any) -> Activity:
    """A meeting of the branch; all its members came unless said otherwise."""
    if present is None:
        present = Member.objects.filter(affiliations__organization=branch).distinct()
    values = {"kind": "democratic_review", "title": "民主评议会"} | more
    values.setdefault("held_on", timezone.localdate())
    return ActivityFactory(organization=branch, present=list(present), **values)


def rows_of(review: Review) -> list[ReviewResult]:
    return list(review.results.listed().by_name())


def voted(
    review: Review, activity: Activity, actor: User, papers: Any = 3, **more: Any
) -> Review:
    """Everybody qualified by all who voted; `papers` out and in, or how many."""
    if isinstance(papers, int):
        papers = Papers(activity.pk, papers, papers)
    ballots = {
        row.pk: Ballots(qualified=max(papers.returned, 0)) for row in rows_of(review)
    }
    values = {
        "version": None,
        "papers": papers,
        "ballots": ballots,
    } | more
    return count_ballots(review_id=review.pk, actor=actor, **values)


def verdicts_of(review: Review, *grades: str) -> dict[int, Verdict]:
    """The grades in the order of names; qualified from there on."""
    given = dict(enumerate(grades))
    soon = timezone.localdate() + timedelta(days=90)
    wrong = Verdict("unqualified", "长期不参加组织生活", "correction", soon)
    return {
        row.pk: wrong
        if given.get(place) == "unqualified"
        else Verdict(given.get(place, "qualified"), "表现良好")
        for place, row in enumerate(rows_of(review))
    }


def decided(review: Review, actor: User, *grades: str, **more: Any) -> Review:
    values = {"version": None, "verdicts": verdicts_of(review, *grades)} | more
    return decide_review(review_id=review.pk, actor=actor, **values)


def approved(review: Review, actor: User, **more: Any) -> Review:
    values = {"version": None, "approved_on": timezone.localdate()} | more
    return approve_review(review_id=review.pk, actor=actor, **values)
