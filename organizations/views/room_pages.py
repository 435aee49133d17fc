"""What pages of activity rooms share: crumbs, scope, hints."""

from __future__ import annotations

from datetime import date, time

from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from organizations.access import Right, require
from organizations.models import Room
from organizations.room_rules import lies_outside

TITLE = "党员活动室"


def crumbs(*steps: tuple[str, str]) -> list[tuple[str, str]]:
    return [(TITLE, reverse("organizations:room-list")), *steps]


def room_crumbs(room: Room, here: str) -> list[tuple[str, str]]:
    return crumbs((room.name, room.get_absolute_url()), (here, ""))


def seen_room(request: HttpRequest, pk: int) -> Room:
    """The room, where the user sees it."""
    rows = Room.objects.visible_to(request.user)
    return get_object_or_404(
        rows.select_related("organization", "building__community"), pk=pk
    )


def kept_room(request: HttpRequest, pk: int) -> Room:
    """The room, where the user keeps it."""
    room = seen_room(request, pk)
    require(request.user, Right.KEEP_ROOMS, room.organization)
    return room


def week_url(room: Room, day: date) -> str:
    return f"{room.week_url}?day={day}"


def give_hints(
    request: HttpRequest, room: Room, day: date, begin: time, end: time, people: int
) -> None:
    """Say what is unusual and was written all the same."""
    if lies_outside(room.spans, day, begin, end):
        messages.warning(
            request,
            f"{begin:%H:%M}—{end:%H:%M}不全在每周开放时间里，请和管理员说好开门。",
        )
    if room.capacity and people > room.capacity:
        messages.warning(
            request, f"人数{people}，超过可容纳的{room.capacity}人，请核对。"
        )
