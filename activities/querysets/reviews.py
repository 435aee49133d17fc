"""Reads of democratic reviews: by a right of their own, at the branch that held one."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, Exists, Min, OuterRef, Q, Subquery

from activities.choices.reviews import Grade, Outcome, ReviewState
from organizations.querysets import BelowQuerySet, LiesBelow

if TYPE_CHECKING:
    from organizations.models import User

_SEES = "view_reviews"


class ReviewQuerySet(BelowQuerySet):
    def visible_to(self, user: User) -> ReviewQuerySet:
        """Reviews of branches where `user` may read them."""
        return self.lying_below(user.rights_paths(_SEES))

    def open(self) -> ReviewQuerySet:
        """Those whose branch has not decided yet."""
        return self.filter(state__in=[ReviewState.DRAFTED, ReviewState.VOTED])

    def with_counts(self) -> ReviewQuerySet:
        """Annotate how many people are in it, and how many of each finding."""
        listed = Q(results__removed_on__isnull=True)
        return self.annotate(
            people=Count("results", filter=listed),
            undelivered=Count(
                "results", filter=listed & Q(results__delivered_on__isnull=True)
            ),
            **{
                f"graded_{grade}": Count(
                    "results", filter=listed & Q(results__grade=grade)
                )
                for grade in Grade.values
            },
            **{
                f"outcome_{outcome}": Count(
                    "results", filter=listed & Q(results__outcome=outcome)
                )
                for outcome in Outcome.values
            },
        )

    def with_letters_left(self) -> ReviewQuerySet:
        """Approved, with letters that were not delivered."""
        left = self._results().filter(delivered_on__isnull=True)
        return self.filter(Exists(left), state=ReviewState.APPROVED)

    def with_terms_over(self, today: date) -> ReviewQuerySet:
        """Approved, with corrections due that nobody has looked at; `term_over_on`."""
        over = self._results().filter(
            outcome=Outcome.CORRECTION, correction="", term_ends_on__lt=today
        )
        first = over.order_by().values("review").annotate(day=Min("term_ends_on"))
        return self.annotate(term_over_on=Subquery(first.values("day"))).filter(
            state=ReviewState.APPROVED, term_over_on__isnull=False
        )

    def _results(self) -> ReviewResultQuerySet:
        results = self.model._meta.get_field("results").related_model.objects
        return results.listed().filter(review=OuterRef("pk"))


class ReviewResultQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> ReviewResultQuerySet:
        roots = tuple(user.rights_paths(_SEES))
        if not roots:
            return self.none()
        return self.filter(LiesBelow(roots, "review__organization"))

    def listed(self) -> ReviewResultQuerySet:
        """Of those who are reviewed, who were not taken out."""
        return self.filter(removed_on__isnull=True)

    def by_name(self) -> ReviewResultQuerySet:
        return self.order_by("member__name_pinyin", "member_id")
