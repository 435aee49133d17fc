"""Reads of activity rooms: seen from the place that keeps them and from all below it.

A branch meets in its community's room and has to see when it is free; what other
branches do there is not told it (`room_week`).
"""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce, Greatest

from config.lib.dates import months_after
from config.lib.paths import ancestors
from organizations.querysets import BelowQuerySet, within
from organizations.room_choices import IN_HAND, AssetKind, AssetState

if TYPE_CHECKING:
    from config.lib.periods import Period
    from organizations.models import User

USERS = ("in_post", "mobile", "on_roll", "others")


class RoomPartQuerySet(BelowQuerySet):
    """Rows of a room, seen by whoever sees the room."""

    place = "room__organization"

    def visible_to(self, user: User) -> Self:
        """Of organizations that `user` sees and of those above them."""
        below = within(user.structure_paths, f"{self.place}__path")
        if below is None:
            return self.none()
        above = {each for path in user.structure_paths for each in ancestors(path)}
        return self.filter(below | Q(**{f"{self.place}__path__in": sorted(above)}))

    def rows_of(self, name: str) -> Any:
        """All rows of the relation `name`, to be asked by `OuterRef`."""
        related: Any = self.model._meta.get_field(name).related_model
        return related.objects

    def kept_by(self, user: User) -> Self:
        """Of organizations whose rooms `user` keeps."""
        kept = within(user.rights_paths("keep_rooms"), f"{self.place}__path")
        return self.none() if kept is None else self.filter(kept)


class RoomQuerySet(RoomPartQuerySet):
    place = "organization"

    def in_use(self, today: date) -> Self:
        return self.filter(opened_on__lte=today).filter(
            Q(closed_on__isnull=True) | Q(closed_on__gt=today)
        )

    def closed(self, today: date) -> Self:
        return self.filter(closed_on__lte=today)

    def with_last_day(self) -> Self:
        """Annotate `last_on`, the last opening, and `moved_on`, that or the start."""
        last = self.rows_of("openings").standing().filter(room=OuterRef("pk"))
        newest = last.order_by("-held_on").values("held_on")[:1]
        return self.annotate(last_on=Subquery(newest)).annotate(
            moved_on=Coalesce("last_on", "opened_on")
        )

    def idle(self, today: date, days: int) -> Self:
        """In use, and for more than `days` not open."""
        return (
            self.in_use(today)
            .with_last_day()
            .filter(moved_on__lt=today - timedelta(days=days))
        )

    def with_numbers(self, period: Period, today: date) -> Self:
        """Annotate `opened` and `used` of the period, and `booked` from today on."""
        held = self.rows_of("openings").standing().during(period)
        ahead = self.rows_of("bookings").standing().filter(held_on__gte=today)
        people = sum((F(name) for name in USERS[1:]), F(USERS[0]))
        return self.with_last_day().annotate(
            opened=_of_room(held, Count("pk")),
            used=_of_room(held, Sum(people)),
            booked=_of_room(ahead, Count("pk")),
        )


def _of_room(rows: Any, number: Any) -> Coalesce:
    mine = rows.filter(room=OuterRef("pk")).order_by().values("room")
    return Coalesce(Subquery(mine.annotate(number=number).values("number")), 0)


class RoomBookingQuerySet(RoomPartQuerySet):
    def standing(self) -> Self:
        return self.filter(cancelled_at__isnull=True)

    def meeting(self, day: date, begin: time, end: time) -> Self:
        """Those in whose way a time is."""
        return self.standing().filter(held_on=day, starts_at__lt=end, ends_at__gt=begin)

    def unsettled(self, before: date) -> Self:
        """Past ones of which nobody has said whether the room was used."""
        told = self.rows_of("openings").standing().filter(booking=OuterRef("pk"))
        return self.standing().filter(~Exists(told), held_on__lt=before)


class RoomOpeningQuerySet(RoomPartQuerySet):
    def standing(self) -> Self:
        return self.filter(withdrawn_at__isnull=True)

    def during(self, period: Period) -> Self:
        return self.filter(held_on__gte=period.start, held_on__lt=period.end)


class RoomAssetQuerySet(RoomPartQuerySet):
    def in_hand(self) -> Self:
        return self.filter(state__in=IN_HAND)

    def of_open_rooms(self, today: date) -> Self:
        return self.filter(
            Q(room__closed_on__isnull=True) | Q(room__closed_on__gt=today)
        )

    def with_last_check(self) -> Self:
        """Annotate `last_check`: by itself, or with all when the room was open."""
        openings = (
            self._openings()
            .standing()
            .filter(
                is_checked=True,
                room=OuterRef("room"),
                held_on__gte=OuterRef("checked_on"),
            )
        )
        newest = openings.order_by("-held_on").values("held_on")[:1]
        return self.annotate(
            last_check=Greatest(
                "checked_on", Coalesce(Subquery(newest), F("checked_on"))
            )
        )

    def check_overdue(self, today: date, months: int) -> Self:
        """Equipment in hand whose last check is more than so many months ago."""
        return (
            self.in_hand()
            .of_open_rooms(today)
            .filter(kind=AssetKind.EQUIPMENT)
            .with_last_check()
            .filter(last_check__lt=months_after(today, -months))
        )

    def long_broken(self, today: date, days: int) -> Self:
        return self.of_open_rooms(today).filter(
            state=AssetState.BROKEN, state_since__lt=today - timedelta(days=days)
        )

    def _openings(self) -> Any:
        return self.rows_of("room").rows_of("openings")
