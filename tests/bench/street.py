"""Fills the portal's tables with the synthetic street, by COPY where there is one.

Works on SQLite too, for the test of query budgets.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import connection
from django.utils import timezone

from config.lib.crypto import blind_index
from config.lib.names import initials, pinyin
from config.lib.paths import child_path
from config.lib.periods import Month, Period, period_containing
from config.lib.tables import count_rows
from liaison.models import FeedbackPeriod
from members.choices import AffiliationKind, StartReason
from members.imports import store
from members.models import Affiliation, Member, Talent
from organizations.choices import OrganizationField, OrganizationKind, Role
from organizations.models import (
    Community,
    Organization,
    Post,
    User,
    WorkUnit,
)
from tests.bench import (
    agreements,
    authorities,
    conferences,
    contacts,
    coverage,
    deeds,
    development,
    doors,
    dues,
    employment,
    funds,
    hardship,
    homes,
    instructors,
    letters,
    lost,
    maps,
    matters,
    mutual,
    pairs,
    papers,
    plans,
    posts,
    projects,
    reviews,
    rooms,
    school,
    stays,
    told,
    volunteers,
)
from tests.bench.people import (
    STREET,
    Size,
    branch_names,
    branch_of,
    came_on,
    card_branch,
    community_names,
    community_of_branch,
    is_newcomer,
    person,
    unit_name,
)
from tests.bench.rows import insert

ROLES = {
    "staff": Role.COMMITTEE_STAFF,
    "community": Role.COMMUNITY_SECRETARY,
    "branch": Role.BRANCH_SECRETARY,
    "auditor": Role.AUDITOR,
    "sysadmin": Role.SYSTEM_ADMINISTRATOR,
    "officer": Role.HARDSHIP_OFFICER,
}


@dataclass
class Street:
    """What the measures need to know of the data."""

    size: Size
    today: date
    root: Organization
    communities: list[Organization]
    branches: list[Organization]
    users: dict[str, User]
    round: FeedbackPeriod  # closed, worded, not built

    @property
    def last_quarter(self) -> Period:
        return period_containing("quarter", self.today).previous()

    @property
    def last_month(self) -> Month:
        return Month.containing(self.today).previous()


def load(size: Size, today: date) -> Street:
    """Write everything; every call on an empty database gives the same street."""
    root, communities, branches = _tree(size)
    users = _users(root, communities, branches)
    units = _units(size)
    members = _members(size, today, communities, units)
    _affiliations(size, today, members, branches)
    _histories()
    _talents(members)
    cards = deeds.cards(size, today, members, units, branches, users["branch"])
    found = deeds.feedback_round(root, today)
    deeds.remarks(cards, found, users["branch"])
    deeds.activities(size, today, members, branches, users["branch"])
    school.school(size, today, members, root, communities, users["branch"])
    school.study(size, today, members, branches, users["branch"])
    papers.papers(size, today, members, branches, users["branch"])
    plans.plans(size, today, root, branches, users["staff"])
    reviews.reviews(size, today, members, root, branches, users["branch"])
    contacts.contacts(size, today, members, branches, users["branch"])
    dues.dues(size, today, members, branches, users["branch"])
    employment.employment(size, today, members, branches, users["branch"])
    hardship.hardship(size, today, members, root, branches, users["branch"])
    stays.stays(size, today, members, branches, users["branch"])
    letters.letters(size, today, members, root, branches, users["branch"])
    lost.standing(size, today, members, branches, users["branch"])
    homes.homes(size, today, branches, users["branch"])
    doors.doors(size, today, members, branches, users["branch"])
    development.development(size, today, members, branches, users["branch"])
    agreements.agreements(size, today, communities, users["community"])
    funds.funds(today, communities, users["community"], users["staff"])
    mutual.mutual(today, root, communities, users["community"], users["staff"])
    pairs.pairs(today, communities, users["community"])
    conferences.conferences(today, root, communities, users["staff"])
    authorities.authorities(today, root, users["staff"])
    rooms.rooms(today, communities, branches, users["staff"])
    matters.matters(today, communities, users["staff"])
    coverage.coverage(today, root, branches, users["staff"])
    instructors.instructors(today, users["staff"])
    maps.maps(root, users["staff"])
    projects.projects(size, today, members, branches, users["branch"])
    posts.posts(today, branches, communities, users["staff"])
    told.told_round(root, today, users["staff"])
    volunteers.volunteers(size, today, members, branches, users["branch"])
    deeds.trail(size, root, users)
    # Autovacuum would, within a minute; nobody waits for it here.
    count_rows()
    return Street(size, today, root, communities, branches, users, found)


def _tree(
    size: Size,
) -> tuple[Organization, list[Organization], list[Organization]]:
    root = Organization.objects.create(
        name=STREET,
        short_name="江滨街道党工委",
        code="B",
        kind=OrganizationKind.WORK_COMMITTEE,
        field=OrganizationField.STREET_OFFICE,
        path=child_path("", 1),
        founded_on=date(2000, 7, 1),
    )
    names = community_names()[: size.communities]
    communities = Organization.objects.bulk_create(
        Organization(
            name=f"中共江滨街道{name}社区委员会",
            short_name=f"{name}社区党委",
            code=f"B{place:02d}",
            kind=OrganizationKind.COMMITTEE,
            field=OrganizationField.COMMUNITY,
            parent=root,
            path=child_path(root.path, place),
            founded_on=date(2005, 7, 1),
        )
        for place, name in enumerate(names, start=1)
    )
    Community.objects.bulk_create(
        Community(name=f"{name}社区", organization=node, grid_count=6)
        for name, node in zip(names, communities, strict=True)
    )
    branches = Organization.objects.bulk_create(
        _branch(number, size, communities) for number in range(size.branch_count)
    )
    return root, communities, branches


def _branch(number: int, size: Size, communities: list[Organization]) -> Organization:
    community = communities[community_of_branch(number, size)]
    name, short_name = branch_names(number, size)
    return Organization(
        name=name,
        short_name=short_name,
        code=f"{community.code}{number % size.branches + 1:02d}",
        kind=OrganizationKind.BRANCH,
        field=OrganizationField.COMMUNITY,
        parent=community,
        path=child_path(community.path, number % size.branches + 1),
        founded_on=date(2008, 7, 1),
        term_ends_on=date(2028, 7, 1),
    )


def _users(
    root: Organization, communities: list[Organization], branches: list[Organization]
) -> dict[str, User]:
    places = {"community": communities[0], "branch": branches[0]}
    users = {}
    for name, role in ROLES.items():
        users[name] = User.objects.create(
            username=f"bench-{name}",
            display_name=role.label,
            password=make_password(None),
            must_change_password=False,
            password_changed_at=timezone.now(),
        )
        place = places.get(name, root)
        Post.objects.create(
            user=users[name],
            role=role,
            organization=place,
            starts_on=date(2020, 1, 1),
        )
    return users


def _units(size: Size) -> list[WorkUnit]:
    channels = ("email", "link", "paper")
    return WorkUnit.objects.bulk_create(
        WorkUnit(
            name=unit_name(number),
            kind=WorkUnit.Kind.INSTITUTION,
            is_resident=True,
            party_organization_name=f"中共{unit_name(number)}委员会",
            contact_name="联络人",
            contact_email=f"unit{number}@example.com",
            feedback_channel=channels[number % 3],
        )
        for number in range(size.units)
    )


def _members(
    size: Size, today: date, communities: list[Organization], units: list[WorkUnit]
) -> list[int]:
    places = list(
        Community.objects.order_by("organization__path").values_list("pk", flat=True)
    )
    tokens = {
        name: Member._meta.get_field(name).to_token
        for name in ("id_number", "phone", "address", "household_address")
    }
    stamp = store.moment(timezone.now())
    ids = store.new_ids(Member, size.members)

    def rows() -> Iterator[dict[str, Any]]:
        for number, pk in enumerate(ids):
            row = person(number, size, today)
            del row["branch"]
            unit, community = row.pop("home_unit"), row.pop("community")
            digits = row["id_number"]
            row |= {name: token(row[name]) for name, token in tokens.items()}
            yield row | {
                "id": pk,
                "home_unit_id": None if unit is None else units[unit].pk,
                "community_id": places[community],
                "name_pinyin": pinyin(row["name"]),
                "name_initials": initials(row["name"]),
                "id_index": blind_index(digits, purpose="members.id_number"),
                "id_last4": digits[-4:],
                "joined_precision": "day",
                "confirmed_precision": "day",
                "note": "",
                "version": 1,
                "created_at": stamp,
                "updated_at": stamp,
            }

    insert(Member, rows())
    return ids


def _affiliations(
    size: Size, today: date, members: list[int], branches: list[Organization]
) -> None:
    def row(member: int, branch: int, kind: str, reason: str, starts_on: date) -> dict:
        return {
            "member_id": members[member],
            "organization_id": branches[branch].pk,
            "kind": str(kind),
            "starts_on": starts_on,
            "start_reason": str(reason),
            "ends_on": None,
            "end_reason": "",
            "note": "",
        }

    def rows() -> Iterator[dict[str, Any]]:
        for number in range(size.members):
            came = came_on(number, today)
            reason = StartReason.REGISTERED
            if is_newcomer(number):
                reason = StartReason.TRANSFERRED_IN
            branch = branch_of(number, size)
            yield row(number, branch, AffiliationKind.ON_ROLL, reason, came)
        reported = today - timedelta(days=380)
        for card in range(size.card_count):
            yield row(
                card * size.card_every,
                card_branch(card, size),
                AffiliationKind.CO_MANAGED,
                StartReason.REPORTED_IN,
                reported,
            )

    insert(Affiliation, rows())


def _histories() -> None:
    """Give everybody the first row of the history, as any way in does."""
    for model in (Member, Affiliation):
        history = model.history.model
        shared = [c for c in store.columns_of(history) if not c.startswith("history_")]
        names = store.quoted(shared)
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {store.table_of(history)} ({names}, history_date,"
                f" history_type, history_change_reason) SELECT {names}, %s, '+', ''"
                f" FROM {store.table_of(model)}",
                [store.moment(timezone.now())],
            )


def _talents(members: list[int]) -> None:
    talents = list(Talent.objects.values_list("pk", flat=True)[:8])
    if not talents:
        words = ("法律", "医疗", "修理")
        talents = [Talent.objects.create(name=word).pk for word in words]
    insert(
        Member.talents.through,
        (
            {"member_id": pk, "talent_id": talents[place % len(talents)]}
            for place, pk in enumerate(members)
            if place % 5 == 0
        ),
    )
