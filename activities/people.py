"""The people a branch may tick as present."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from activities.models import Activity, Participation
from members.choices import AffiliationKind
from members.models import Affiliation
from organizations.access import Right
from organizations.choices import OrganizationKind
from organizations.models import Organization, User

# More names than this are no list to tick: such a meeting is recorded branch by branch.
MOST_PEOPLE = 800

_NOTES = {
    AffiliationKind.CO_MANAGED: "协管",
    AffiliationKind.MOBILE_IN: "流入",
}


@dataclass(frozen=True)
class Person:
    """`search` is what a name is found by beside itself; `note` says how he belongs."""

    member_id: int
    name: str
    search: str
    note: str = ""


def recordable(user: User, *, with_street: bool = False) -> QuerySet[Organization]:
    """Organizations that `user` may record for: branches and what holds them.

    A street itself only for its school, where `people_of` is asked `among` whom.
    """
    places = Organization.objects.with_right(user, Right.RECORD_ACTIVITIES).open()
    if not with_street:
        places = places.exclude(kind=OrganizationKind.WORK_COMMITTEE)
    return places.order_by("path")


def people_of(
    organization: Organization,
    user: User,
    activity: Activity | None = None,
    among: Sequence[Organization] = (),
) -> list[Person]:
    """On-roll, co-managed and mobile-in people below `organization`, by name.

    With an `activity` also those who stand on its list already; `among` narrows the
    rest to what lies below these. At most MOST_PEOPLE and one more, which tells the
    caller that there are too many.
    """
    places = Organization.objects.subtree(organization)
    if among:
        places = places.within([place.path for place in among])
    rows = (
        Affiliation.objects.visible_to(user)
        .open()
        .filter(organization__in=places)
        .order_by("member__name_pinyin", "member_id", "kind")
        .values_list(
            "member_id",
            "member__name",
            "member__name_pinyin",
            "member__name_initials",
            "kind",
        )[: MOST_PEOPLE + 1]
    )
    people: dict[int, Person] = {}
    for member_id, name, pinyin, initials, kind in rows:
        note = _NOTES.get(kind, "")
        people.setdefault(
            member_id, Person(member_id, name, f"{pinyin} {initials}", note)
        )
    if activity is not None:
        guests = (
            Participation.objects.visible_to(user)
            .filter(activity=activity)
            .exclude(member__in=list(people))
            .values_list("member_id", "member__name", "member__name_pinyin")
        )
        for member_id, name, pinyin in guests:
            people[member_id] = Person(member_id, name, pinyin, "其他支部")
    return list(people.values())
