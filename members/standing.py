"""The page of a person's membership: each module adds its part of the story.

    # members/sections/<noun>.py, imported by members/sections/__init__.py
    register_section("lost", _section, order=20)

A section is built for one reader on one day, and keeps to two queries: a page has
twelve in all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from members.models import Member
from organizations.models import User


@dataclass(frozen=True)
class Event:
    """Something that happened on a day; `tone` as of the tag `state`."""

    on: date
    title: str
    words: str = ""
    url: str = ""
    state: str = ""
    tone: str = "mute"


@dataclass(frozen=True)
class Action:
    """What the reader may do next."""

    label: str
    url: str
    is_main: bool = False


@dataclass(frozen=True)
class Section:
    """A part of the page: what happened, the newest first, and what may follow."""

    title: str
    events: list[Event] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    note: str = ""


SectionBuilder = Callable[[Member, User, date], Section | None]

_sections: dict[str, tuple[int, SectionBuilder]] = {}


def register_section(name: str, build: SectionBuilder, *, order: int) -> None:
    """Announce a section; registering the same name again replaces it."""
    _sections[name] = (order, build)


def sections_for(member: Member, user: User, today: date) -> list[Section]:
    """Return the sections that have something to show, in their order."""
    built = [
        build(member, user, today)
        for _, build in sorted(_sections.values(), key=lambda one: one[0])
    ]
    return [section for section in built if section is not None]
