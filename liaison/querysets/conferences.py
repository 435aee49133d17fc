"""Reads of joint conferences: they lie where the organization does that calls them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db.models import Count, Exists, OuterRef, Q

from organizations.access import Right
from organizations.querysets import BelowQuerySet

if TYPE_CHECKING:
    from organizations.models import User


class ConferencePartQuerySet(BelowQuerySet):
    """Rows of a conference, where `place` leads to the organization that calls it."""

    place = "conference__organization"

    def visible_to(self, user: User) -> Self:
        """Those that `user` keeps: communities their own, the street all of them."""
        return self.lying_below(user.rights_paths(Right.KEEP_AGREEMENTS), self.place)


class ConferenceQuerySet(ConferencePartQuerySet):
    place = "organization"

    def standing(self) -> Self:
        return self.filter(ended_on__isnull=True)

    def with_numbers(self) -> Self:
        """Annotate `seat_count`: units that are members today."""
        return self.annotate(
            seat_count=Count("seats", filter=Q(seats__left_on__isnull=True))
        )


class SeatQuerySet(ConferencePartQuerySet):
    def open(self) -> Self:
        return self.filter(left_on__isnull=True)

    def named(self) -> Self:
        """With the unit or organization that each is of."""
        return self.select_related("unit", "organization")

    def without_delegate(self) -> Self:
        """Open seats for whom nobody is named."""
        people = self.model._meta.get_field("delegates").related_model.objects
        mine = people.filter(seat=OuterRef("pk"), role="delegate", ends_on=None)
        return self.open().filter(~Exists(mine), conference__ended_on__isnull=True)


class OfSeatQuerySet(ConferencePartQuerySet):
    place = "seat__conference__organization"


class MeetingQuerySet(ConferencePartQuerySet):
    def standing(self) -> Self:
        return self.filter(cancelled_at__isnull=True)

    def coming(self, today: date) -> Self:
        return self.standing().filter(meets_on__gte=today)


class OfMeetingQuerySet(ConferencePartQuerySet):
    place = "meeting__conference__organization"


class TopicQuerySet(OfMeetingQuerySet):
    def counted(self) -> Self:
        return self.filter(withdrawn_at__isnull=True)
