"""Two people of the demo street who were entered twice."""

from __future__ import annotations

from datetime import date

from config.lib.identity import check_character
from members import rules
from members.models import Affiliation, Member
from members.services.duplicates import find_pairs
from organizations.models import Organization
from reports.demo.people import REGION, Person

_SERIAL = 901  # beyond the numbers that the street's people carry in their IDs


def make_twins(people: list[Person], today: date) -> None:
    """Give two people of one branch a second record in another, one digit off."""
    present = [p for p in people if p.ends_on is None and p.kind == "on_roll"]
    branches = list({p.branch.pk: p.branch for p in people}.values())
    for number, person in enumerate(present[5:7]):
        _second_record(person, branches[7 + number], number, today)
    find_pairs()


def _second_record(
    person: Person, branch: Organization, number: int, today: date
) -> None:
    original = person.member
    # The seventeenth digit of a man's number is odd.
    order = _SERIAL + 2 * number - (original.sex != "male")
    body = f"{REGION}{original.born_on:%Y%m%d}{order:03d}"
    number_fields = rules.identity_fields(body + check_character(body), today=today)
    twin = Member.objects.create(
        **rules.name_fields(original.name),
        **number_fields,
        ethnicity=original.ethnicity,
        education=original.education,
        category=original.category,
        member_type=original.member_type,
        joined_on=original.joined_on,
        confirmed_on=original.confirmed_on,
        phone="",
        community=branch.parent.community,
    )
    Affiliation.objects.create(
        member=twin,
        organization=branch,
        kind="on_roll",
        starts_on=person.starts_on,
        start_reason="registered",
    )
