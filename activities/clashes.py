"""Which activities to come get in each other's way: said, never refused."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from activities.choices import ActivityState
from activities.models import Activity
from activities.rules.clashes import Clash, Slot, clashes, reasons, same_text
from config.lib.paths import is_within, parent_path
from members.models import Affiliation
from organizations.models import Organization, RoomBooking, User

# Of a month of a street; more are looked at community by community.
MOST_SLOTS = 2000
_COLUMNS = ("pk", "organization_id", "starts_at", "hours", "place", "leader")


@dataclass(frozen=True)
class Met:
    """What the activity at hand meets. Of one out of scope only that it is there."""

    reason: str
    when: str
    title: str
    url: str = ""


def slot_of(row: dict[str, Any]) -> Slot:
    length = timedelta(hours=float(row["hours"]))
    return Slot(
        row["pk"],
        row["organization_id"],
        row["starts_at"],
        row["starts_at"] + length,
        row["place"],
        row["leader"],
    )


def met_by(slot: Slot, organization: Organization, user: User) -> list[Met]:
    """What stands in the way of `slot` of `organization`, in its community.

    A room is shared by branches that do not see each other: of what another branch
    holds there only the hours are told.
    """
    around = (
        organization.path
        if organization.parent_id is None
        else parent_path(organization.path)
    )
    near = Activity.objects.filter(
        organization__in=Organization.objects.within([around, *user.member_paths]),
        state=ActivityState.PLANNED,
        held_on__gte=timezone.localdate(slot.starts_at) - timedelta(days=1),
        held_on__lte=timezone.localdate(slot.ends_at),
    )
    found: list[Met] = []
    shared = None
    rows = near.exclude(pk=slot.pk).order_by("starts_at", "pk")
    for row in rows.values(*_COLUMNS, "title", "organization__path")[:MOST_SLOTS]:
        other = slot_of(row)
        why = list(reasons(slot, other))
        is_seen = any(
            is_within(row["organization__path"], p) for p in user.member_paths
        )
        if is_seen and slot.overlaps(other):
            if shared is None:
                shared = _shared_people(slot.organization_id, user)
            if number := shared.get(other.organization_id):
                why.append(f"{number}名党员两边都要参加")
        if not is_seen:
            # Who leads it, and that it is theirs, is their own affair.
            why = [each for each in why if each == "同一地点"]
        if why:
            found.append(_met(other, why, row["title"] if is_seen else ""))
    return [*found, *_booked(slot, user)]


def _booked(slot: Slot, user: User) -> list[Met]:
    """Bookings by others of the activity room that the place names."""
    begin, end = timezone.localtime(slot.starts_at), timezone.localtime(slot.ends_at)
    until = end.time() if end.date() == begin.date() else time.max
    rows = RoomBooking.objects.visible_to(user).select_related("room")
    near = rows.meeting(begin.date(), begin.time(), until)
    return [
        Met(
            "活动室已被预订",
            f"{begin.month}月{begin.day}日 {row.times}",
            row.room.name,
            f"{row.room.week_url}?day={row.held_on}",
        )
        for row in near.exclude(organization=slot.organization_id)
        if same_text(row.room.name) == same_text(slot.place)
    ]


def _met(other: Slot, why: list[str], title: str) -> Met:
    begin, end = timezone.localtime(other.starts_at), timezone.localtime(other.ends_at)
    when = f"{begin.month}月{begin.day}日 {begin:%H:%M}—{end:%H:%M}"
    url = reverse("activities:detail", args=[other.pk]) if title else ""
    return Met("、".join(why), when, title or "其他党组织的活动", url)


def _shared_people(organization_id: int, user: User) -> dict[int, int]:
    """How many people of a branch belong to another branch too, by its id."""
    seen = Affiliation.objects.visible_to(user).open()
    mine = seen.filter(organization=organization_id).order_by().values("member")
    rows = (
        seen.filter(member__in=mine)
        .exclude(organization=organization_id)
        .order_by()
        .values_list("organization_id")
        .annotate(Count("member", distinct=True))
    )
    return dict(rows)


def clashing(rows: Iterable[dict[str, Any]]) -> list[Clash]:
    """Clashes among activities of a list; rows hold the columns of `_COLUMNS`."""
    return list(clashes(slot_of(row) for row in rows))
