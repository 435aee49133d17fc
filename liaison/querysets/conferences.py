"""Reads of joint conferences: they lie where the organization does that calls them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db.models import Count, Exists, OuterRef, Q

from config.lib.paths import ancestors
from organizations.access import Right
from organizations.querysets import BelowQuerySet, LiesBelow

if TYPE_CHECKING:
    from config.lib.periods import HalfYear
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

    def unheld(self, half: HalfYear, due: date, today: date) -> Self:
        """Standing ones that have not met in a half-year and have called nobody."""
        meetings = self.model._meta.get_field("meetings").related_model.objects
        mine = meetings.standing().filter(
            conference=OuterRef("pk"), meets_on__gte=half.start
        )
        met = mine.filter(Q(held_at__isnull=False) | Q(meets_on__gte=today))
        return self.standing().filter(~Exists(met), founded_on__lte=due)

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

    def held(self) -> Self:
        return self.filter(held_at__isnull=False)

    def unrecorded(self, today: date) -> Self:
        """Past their day, and nobody has said how they went."""
        return self.standing().filter(
            held_at__isnull=True,
            meets_on__lt=today,
            conference__ended_on__isnull=True,
        )

    def coming(self, today: date) -> Self:
        return self.standing().filter(meets_on__gte=today)


class OfMeetingQuerySet(ConferencePartQuerySet):
    place = "meeting__conference__organization"


class TopicQuerySet(OfMeetingQuerySet):
    def counted(self) -> Self:
        return self.filter(withdrawn_at__isnull=True)


class AgendaQuerySet(OfMeetingQuerySet):
    def taken(self) -> Self:
        return self.filter(is_taken=True)


class ConferenceDecisionQuerySet(OfMeetingQuerySet):
    def with_owner(self) -> Self:
        """With all that names who is to do it."""
        return self.select_related(
            "meeting__conference__organization", "seat__unit", "seat__organization"
        )

    def open(self) -> Self:
        return self.filter(closed_on__isnull=True)

    def overdue(self, today: date) -> Self:
        return self.open().filter(due_on__lt=today)


class OfDecisionQuerySet(ConferencePartQuerySet):
    place = "decision__meeting__conference__organization"


class BriefingQuerySet(OfMeetingQuerySet):
    def visible_to(self, user: User) -> Self:
        """Those that `user` keeps, and those issued to the places he works in."""
        lines = {path for root in user.member_paths for path in ancestors(root)}
        wanted = Q(meeting__conference__organization__path__in=lines)
        if roots := tuple(user.rights_paths(Right.KEEP_AGREEMENTS)):
            wanted |= Q(LiesBelow(roots, self.place))
        return self.filter(wanted)


class OfBriefingQuerySet(ConferencePartQuerySet):
    place = "briefing__meeting__conference__organization"
