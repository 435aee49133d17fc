"""Who may what with activity rooms: seen from above and below, kept from above.

A branch sees and books its community's room; what other branches booked it cancels
not, and what they do there it does not read.
"""

from typing import Any

from tests.access.cast import PARENTS, Actor
from tests.access.policies import (
    FORBIDDEN,
    OK,
    Entry,
    right,
    scoped,
    then_right,
)
from tests.access.world import Planted, World

SEES, KEEPS, BOOKS = "view_organizations", "keep_rooms", "book_rooms"
seen = scoped(SEES)
kept = scoped(SEES, do=KEEPS)


def cancels(actor: Actor, planted: Planted | None) -> str:
    """Whoever books for the organization, or keeps the room."""
    outcome = seen(actor, planted)
    if outcome != OK or planted is None:
        return outcome
    is_own = planted.org in actor.places(BOOKS)
    keeps = PARENTS[planted.org] in actor.places(KEEPS)
    return OK if is_own or keeps else FORBIDDEN


def _form(**values: Any) -> Any:
    return lambda world, planted: values


def _room(world: World, planted: Planted | None) -> dict[str, Any]:
    """Of a place of the other street, which nobody else may choose."""
    return {
        "organization": world.orgs["x1"].pk,
        "name": "新活动室",
        "opened_on": "2026-01-05",
        "version": 1,
    }


def _booking(world: World, planted: Planted | None) -> dict[str, Any]:
    return _USE | {"organization": world.orgs["x1"].pk}


_USE = {
    "held_on": "2026-01-06",
    "starts_at": "07:00",
    "ends_at": "08:00",
    "purpose": "阅览",
}
_ASSET = {
    "kind": "equipment",
    "name": "音响",
    "quantity": 1,
    "acquired_on": "2026-01-06",
    "version": 1,
}
_REASON = _form(reason="不用了")

ENTRIES = [
    Entry("organizations:room-list", right(SEES)),
    Entry("organizations:room-asset-list", right(SEES)),
    Entry("organizations:room-create", right(KEEPS), right(KEEPS), data=_room),
    Entry("organizations:room", seen, at="room"),
    Entry("organizations:room-week", seen, at="room"),
    Entry("organizations:room-edit", kept, kept, at="room", data=_room),
    Entry(
        "organizations:room-close",
        kept,
        kept,
        at="room",
        data=_form(on_date="2026-10-20", reason="装修", version=1),
    ),
    Entry("organizations:room-reopen", None, kept, at="room"),
    Entry(
        "organizations:room-book",
        then_right(seen, BOOKS),
        then_right(seen, BOOKS),
        at="room",
        data=_booking,
    ),
    Entry(
        "organizations:room-booking-cancel",
        cancels,
        cancels,
        at="room-booking",
        data=_REASON,
    ),
    Entry(
        "organizations:room-booking-open",
        kept,
        kept,
        at="room-booking",
        data=_form(**_USE),
    ),
    Entry("organizations:room-open", kept, kept, at="room", data=_form(**_USE)),
    Entry("organizations:room-openings", kept, at="room"),
    Entry(
        "organizations:room-opening-withdraw",
        kept,
        kept,
        at="room-opening",
        data=_REASON,
    ),
    Entry(
        "organizations:room-asset-create", kept, kept, at="room", data=_form(**_ASSET)
    ),
    Entry(
        "organizations:room-check",
        kept,
        kept,
        at="room",
        data=_form(on_date="2026-10-20", assets="0"),
    ),
    Entry(
        "organizations:room-asset-edit",
        kept,
        kept,
        at="room-asset",
        data=_form(**_ASSET),
    ),
    Entry(
        "organizations:room-asset-state",
        kept,
        kept,
        at="room-asset",
        data=_form(state="broken", number=1, on_date="2026-10-20", version=1),
    ),
]
