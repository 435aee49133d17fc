"""The demo's committees: elected in time, behind, delayed, waiting for approval."""

from __future__ import annotations

from datetime import date, timedelta

from members.choices import AffiliationKind, MembershipStatus, MemberType
from members.choices.teams import OfficerRole
from members.services.elections import Vote, approve_election, record_election
from organizations.models import Election, Organization, User
from organizations.services.terms import change_term
from organizations.term_rules import Ballot
from reports.demo.people import Person
from reports.demo.street import Street

_ROLES = (
    OfficerRole.SECRETARY,
    OfficerRole.ORGANIZATION,
    OfficerRole.PUBLICITY,
    OfficerRole.MEMBER,
)
_SEATS = 3
# Days since the election, by the branch's place: most of them in the last years.
_DAYS = (700, 1000, 420, 300, 12, 1200)
# The branch nobody has entered yet, one whose term was delayed, one that is late.
HEADLESS, DELAYED, LATE, LATE_DAYS = 16, 5, 11, 1900


def make_committees(street: Street, people: list[Person], today: date) -> None:
    staff = User.objects.get(username="street")
    electable: dict[int, list[Person]] = {}
    for person in people:
        if _may_be_elected(person):
            electable.setdefault(person.branch.pk, []).append(person)
    for place, branch in enumerate(street.branches):
        if place == HEADLESS:
            continue
        days = LATE_DAYS if place == LATE else _DAYS[place % len(_DAYS)]
        held_on = today - timedelta(days=days)
        election = _elect(branch, electable[branch.pk], held_on, staff, today)
        if days > 20:
            _approve(election, staff, today)
    for place, community in enumerate(street.communities):
        committee = community.organization
        voters = [
            person
            for branch in street.branches
            if branch.parent_id == committee.pk
            for person in electable[branch.pk]
        ]
        held_on = today - timedelta(days=_DAYS[place % 4])
        _approve(_elect(committee, voters, held_on, staff, today), staff, today)
    _delay(street.branches[DELAYED], staff, today)


def _may_be_elected(person: Person) -> bool:
    return (
        person.ends_on is None
        and person.kind == AffiliationKind.ON_ROLL
        and person.member.member_type == MemberType.FULL
        and person.member.status == MembershipStatus.NORMAL
    )


def _elect(
    branch: Organization,
    people: list[Person],
    held_on: date,
    staff: User,
    today: date,
) -> Election:
    number = len(people)
    ballot = Ballot(
        kind="general",
        held_on=held_on,
        seats=_SEATS,
        eligible=number,
        present=number - 1,
        issued=number - 1,
        returned=number - 1,
        valid=number - 1,
    )
    votes = [
        Vote(person.member.pk, role, max(number - 2 - place, 0), place < _SEATS)
        for place, (person, role) in enumerate(zip(people, _ROLES, strict=False))
    ]
    votes[-1] = Vote(votes[-1].member_id, votes[-1].role, 1, False)
    return record_election(
        organization_id=branch.pk,
        ballot=ballot,
        forum="meeting",
        votes=votes,
        term_number=6,
        note="监票人、计票人由大会通过。",
        actor=staff,
        today=today,
    )


def _approve(election: Election, staff: User, today: date) -> None:
    approve_election(
        election_id=election.pk,
        approved_on=election.held_on + timedelta(days=7),
        approval=f"江工委{election.held_on.year}年{election.pk}号",
        actor=staff,
        today=today,
    )


def _delay(branch: Organization, staff: User, today: date) -> None:
    branch.refresh_from_db()
    assert branch.term_ends_on is not None
    change_term(
        organization_id=branch.pk,
        kind="delay",
        after=branch.term_ends_on + timedelta(days=120),
        approved_on=today - timedelta(days=30),
        approval="江工委延1号",
        reason="与社区换届同步进行",
        actor=staff,
        today=today,
    )
