"""Pure rules of clashes: the same room, the same people, at overlapping hours."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from config.lib.dates import clean_text

_BETWEEN = re.compile(r"[\s，,。.、；;（）()\[\]【】\-—_·]+")


@dataclass(frozen=True)
class Slot:
    """When and where an activity is to be, [starts_at, ends_at), and for whom."""

    pk: int
    organization_id: int
    starts_at: datetime
    ends_at: datetime
    place: str
    leader: str

    def overlaps(self, other: Slot) -> bool:
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


@dataclass(frozen=True)
class Clash:
    """Two activities that cannot both be; the reasons in words."""

    one: Slot
    other: Slot
    reasons: tuple[str, ...]

    @property
    def reason(self) -> str:
        return "、".join(self.reasons)


def same_text(text: str) -> str:
    """A place or a name as it is compared: no spaces, marks or width."""
    return _BETWEEN.sub("", clean_text(text)).casefold()


def reasons(one: Slot, other: Slot) -> tuple[str, ...]:
    """Why two activities cannot both be; () when they can."""
    if not one.overlaps(other):
        return ()
    found = []
    if same_text(one.place) == same_text(other.place) != "":
        found.append("同一地点")
    if one.organization_id == other.organization_id:
        found.append("同一支部的党员")
    if same_text(one.leader) == same_text(other.leader) != "":
        found.append("同一主持（主讲）人")
    return tuple(found)


def clashes(slots: Iterable[Slot]) -> Iterator[Clash]:
    """Every pair that clashes, the earlier first; looks at a day's slots together."""
    days: dict[object, list[Slot]] = {}
    for slot in sorted(slots, key=lambda slot: (slot.starts_at, slot.pk)):
        for day in {slot.starts_at.date(), slot.ends_at.date()}:
            days.setdefault(day, []).append(slot)
    seen = set()
    for same_day in days.values():
        for one, other in combinations(same_day, 2):
            if (one.pk, other.pk) in seen:
                continue
            if why := reasons(one, other):
                seen.add((one.pk, other.pk))
                yield Clash(one, other, why)
