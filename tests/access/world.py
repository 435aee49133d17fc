"""The planted world: everything in every place, each text with its place's word.

Built once for the module in one transaction that is rolled back at the end.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.http.cookie import SimpleCookie
from django.test import Client
from django.utils import timezone

from organizations.choices import OrganizationField, OrganizationKind, UnitSituation
from organizations.models import Building, Community, Organization, User, WorkUnit
from tests.access.canaries import (
    ACCOUNT,
    AID,
    CONTACT,
    FUND,
    HARDSHIP,
    JOB,
    MEMBER,
    NAME,
    PUBLIC,
    REVIEW,
    STRUCTURE,
    UNIT,
    WORK,
    Canaries,
)
from tests.access.cast import ACTORS, BRANCHES, EXTRAS, OWNERS, PARENTS, Actor
from tests.factories.organizations import (
    OrganizationFactory,
    PostFactory,
    UserFactory,
    WorkUnitFactory,
)

PLACES = (*BRANCHES, "missing")
MISSING_ID = 987654321
MISSING_UUID = uuid.UUID("00000000-0000-4000-8000-000000000000")

# The birds of each place; a word says where it comes from.
_NUMBERS = {"a1": "甲壹", "a2": "甲贰", "b1": "乙壹", "x1": "丁壹"}
_TREE = {"s": "街南", "a": "社甲", "b": "社乙", "x": "街北"}
# Units whose packets name the branch or street: their people live there.
_NAMED_IN = {
    "a1": frozenset({"u1"}),
    "a2": frozenset({"u2"}),
    "b1": frozenset({"u1", "u2"}),
    "x1": frozenset({"u3"}),
    "s": frozenset({"u1", "u2"}),
    "x": frozenset({"u3"}),
}
UNITS = {"u1": ("鹭一", "a"), "u2": ("鹭二", "b"), "u3": ("鹭三", "x")}


@dataclass(frozen=True)
class Planted:
    """One object: its key in an address, its organization, and whose it is."""

    pk: Any
    org: str
    owner: str = ""
    unit: str = ""
    # Other organizations where the same object is in scope.
    also: frozenset[str] = frozenset()

    @property
    def places(self) -> frozenset[str]:
        return self.also | {self.org}


@dataclass
class World:
    canaries: Canaries = field(default_factory=Canaries)
    orgs: dict[str, Organization] = field(default_factory=dict)
    communities: dict[str, Community] = field(default_factory=dict)
    units: dict[str, WorkUnit] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    cookies: dict[str, SimpleCookie] = field(default_factory=dict)
    # kind -> place -> Planted
    planted: dict[str, dict[str, Planted]] = field(default_factory=dict)
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    # What planters hand to one another: rows by name.
    rows: dict[str, Any] = field(default_factory=dict)

    def put(self, kind: str, place: str, pk: Any, **more: Any) -> None:
        more.setdefault("org", place)
        earlier = self.planted.get(kind, {}).get(place)
        assert earlier is None or earlier.pk == pk, f"{kind} at {place} planted twice"
        self.planted.setdefault(kind, {})[place] = Planted(pk, **more)

    def find(self, kind: str, place: str) -> Planted | None:
        """The object of `kind` at `place`; None for one that does not exist."""
        return self.planted[kind].get(place)

    def missing_key(self, kind: str) -> Any:
        sample = next(iter(self.planted[kind].values())).pk
        if isinstance(sample, uuid.UUID):
            return MISSING_UUID
        return "nothing" if isinstance(sample, str) else MISSING_ID

    def owner(self, place: str) -> User:
        return self.users[OWNERS[place]]

    def word(self, kind: str, place: str) -> str:
        return self.words[kind][place]

    def bird(self, place: str) -> str:
        """The word of members' texts of a branch."""
        return self.words[MEMBER][place]


def plant_structure(world: World) -> None:
    """Tree, communities, units, accounts, posts; words of every branch."""
    plant = world.canaries.plant
    birds = {MEMBER: "雀", WORK: "鸽", JOB: "鸠", NAME: "鹊", STRUCTURE: "鹮"}
    birds |= {HARDSHIP: "鸢", REVIEW: "鹞", FUND: "鸮", AID: "鹘"}
    marks = _NUMBERS | _TREE
    for kind, bird in birds.items():
        places = marks if kind in {NAME, STRUCTURE} else _NUMBERS
        world.words[kind] = {
            key: plant(
                f"{bird}{mark}",
                kind,
                key,
                units=_NAMED_IN.get(key, frozenset()) if kind == NAME else frozenset(),
            )
            for key, mark in places.items()
        }
    for number, key in enumerate(PARENTS, start=1):
        world.orgs[key] = _organization(world, key, number)
    for key, name in (("a", "雉甲"), ("b", "雉乙"), ("x", "雉丁")):
        units = frozenset(unit for unit, (_, place) in UNITS.items() if place == key)
        name = plant(name, PUBLIC, units=units)
        world.communities[key] = _community(world, key, name)
    for number, (key, (bird, place)) in enumerate(UNITS.items(), start=1):
        world.units[key] = _unit(world, key, bird, place, number)
    for actor in (*ACTORS.values(), *EXTRAS.values()):
        if not actor.is_anonymous:
            world.users[actor.key] = _user(world, actor)
    _index(world)


def _organization(world: World, key: str, number: int) -> Organization:
    name, hidden = world.words[NAME][key], world.words[STRUCTURE][key]
    is_root, is_branch = not PARENTS[key], key in BRANCHES
    kind = OrganizationKind.BRANCH if is_branch else OrganizationKind.COMMITTEE
    phone = f"1870000{number:04d}"
    world.canaries.plant(phone, CONTACT, key)
    return OrganizationFactory(
        name=f"中共江滨{name}委员会",
        short_name=f"{name}党组织",
        code=f"J{number:04d}",
        kind=OrganizationKind.WORK_COMMITTEE if is_root else kind,
        field=OrganizationField.STREET_OFFICE
        if is_root
        else OrganizationField.COMMUNITY,
        parent=world.orgs.get(PARENTS[key]),
        unit_situation=UnitSituation.SAME_AS_PARENT,
        contact_name=f"{hidden}联系人",
        contact_phone=phone,
        term_ends_on=date(2026, 12, 31),
    )


def _community(world: World, key: str, name: str) -> Community:
    hidden = world.words[STRUCTURE][key]
    community = Community.objects.create(
        name=f"{name}社区",
        organization=world.orgs[key],
        address=f"{hidden}路1号",
        grid_count=3,
    )
    Building.objects.create(community=community, name=f"{hidden}楼", grid="一网格")
    return community


def _unit(world: World, key: str, bird: str, place: str, number: int) -> WorkUnit:
    name = world.canaries.plant(bird, UNIT, units=frozenset({key}))
    phone = world.canaries.plant(
        f"1880000{number:04d}", CONTACT, units=frozenset({key})
    )
    return WorkUnitFactory(
        name=f"{name}中学",
        community=world.communities[place],
        address=f"{name}路{number}号",
        party_organization_name=f"中共{name}中学支部",
        contact_name=f"{name}联络人",
        contact_phone=phone,
        contact_email=f"unit{number}@example.org",
    )


def _user(world: World, actor: Actor) -> User:
    places = [key for _, key in (*actor.posts, *actor.ended) if key in PARENTS]
    number = len(world.users) + 1
    name = world.canaries.plant(
        f"鹂{number:02d}号", ACCOUNT, *places, holder=actor.key, units=actor.units
    )
    user = UserFactory(username=actor.key, display_name=name, is_active=actor.is_active)
    yesterday = timezone.localdate() - timedelta(days=1)
    for role, key in (*actor.posts, *actor.ended):
        PostFactory(
            user=user,
            role=role,
            organization=world.orgs.get(key),
            work_unit=world.units.get(key),
            ends_on=yesterday if (role, key) in actor.ended else None,
        )
    if actor.key in ACTORS:
        client = Client()
        client.force_login(user)
        world.cookies[actor.key] = client.cookies
    return user


def _index(world: World) -> None:
    """Give each branch its organization, community, unit, account and post."""
    units = {"a1": "u1", "a2": "u1", "b1": "u2", "x1": "u3"}
    for place in BRANCHES:
        organization, user = world.orgs[place], world.owner(place)
        world.put("organization", place, organization.pk)
        above = PARENTS[place]
        community = world.communities[above]
        world.put("community", place, community.pk, org=above)
        world.put("unit", place, world.units[units[place]].pk, unit=units[place])
        world.put("user", place, user.pk, owner=OWNERS[place])
        world.put("post", place, user.posts.get().pk)
