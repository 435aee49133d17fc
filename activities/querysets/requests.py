"""Reads of residents' requests and of who took them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, Q

from activities.choices.requests import RequestState
from config.lib.paths import ancestors
from organizations.access import Right
from organizations.querysets import BelowQuerySet, LiesBelow

if TYPE_CHECKING:
    from organizations.models import User

# What still has to be done for the resident.
PENDING = (
    RequestState.RECEIVED,
    RequestState.CHECKED,
    RequestState.PUBLISHED,
    RequestState.CLAIMED,
)


class ServiceRequestQuerySet(BelowQuerySet):
    def visible_to(self, user: User) -> ServiceRequestQuerySet:
        """Requests kept or taken where `user` sees members, and those published.

        What was published once is read by every secretary of the street, without
        the resident: see `services.requests.reads_resident`.
        """
        roots = tuple(user.member_paths)
        if not roots:
            return self.none()
        streets = tuple(sorted({ancestors(root)[0] for root in roots}))
        return self.filter(
            Q(LiesBelow(roots, "organization"))
            | Q(LiesBelow(roots, "taker"))
            | Q(LiesBelow(streets, "organization"), published_on__isnull=False)
        )

    def concerning(self, user: User) -> ServiceRequestQuerySet:
        """Of the visible ones those that people of `user` keep, took, or may take."""
        roots = tuple(user.member_paths)
        if not roots:
            return self.none()
        mine = Q(LiesBelow(roots, "organization")) | Q(LiesBelow(roots, "taker"))
        return self.filter(mine | Q(state=RequestState.PUBLISHED))

    def kept_by(self, user: User) -> ServiceRequestQuerySet:
        """Requests of organizations that `user` acts for."""
        return self.lying_below(user.rights_paths(Right.RECORD_ACTIVITIES))

    def taken_by(self, user: User) -> ServiceRequestQuerySet:
        """Requests that people of `user` took."""
        return self.lying_below(user.rights_paths(Right.RECORD_ACTIVITIES), "taker")

    def pending(self) -> ServiceRequestQuerySet:
        return self.filter(state__in=PENDING)

    def clearable(self, before: date) -> ServiceRequestQuerySet:
        """Requests that ended before a day and still name the resident."""
        return self.filter(closed_on__lt=before, cleared_on__isnull=True)

    def numbers(self, groups: dict[str, Q]) -> dict[str, int]:
        """How many fit each condition, in one pass."""
        return self.order_by().aggregate(
            **{name: Count("pk", filter=fits) for name, fits in groups.items()}
        )


class RequestClaimQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> RequestClaimQuerySet:
        """Claims of requests that `user` sees."""
        requests = self.model._meta.get_field("request").related_model.objects
        return self.filter(request__in=requests.visible_to(user))

    def current(self) -> RequestClaimQuerySet:
        return self.filter(given_back_on__isnull=True)
