"""Committees as they stand: who is on them, how long, and what does not fit a rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet

from config.lib.dates import months_after
from config.lib.periods import Month
from members.choices import AffiliationKind, MembershipStatus, MemberType
from members.choices.teams import OfficerRole, TeamGroup
from members.models import Affiliation, Officer
from organizations import parameters
from organizations.choices import ElectionKind, OrganizationKind
from organizations.models import Election, Organization, Term, User
from organizations.parameter_specs import (
    APPROVAL_DAYS,
    BRANCH_SIZE_LEAST,
    COMMITTEE_SIZE_LEAST,
    TEAM_SIZE_LEAST,
    TERM_WARNING_MONTHS,
)
from organizations.term_rules import ELECTING_KINDS


def electing(user: User) -> Any:
    """Open organizations with an elected committee, where `user` sees members."""
    places = Organization.objects.with_members_visible_to(user).open()
    return places.filter(kind__in=ELECTING_KINDS)


def _secretaries() -> QuerySet[Officer]:
    return Officer.objects.current().filter(
        organization=OuterRef("pk"), role=OfficerRole.SECRETARY
    )


def headless(user: User) -> Any:
    """Those where nobody is known to be secretary."""
    return electing(user).filter(~Exists(_secretaries()))


def unapproved(user: User, today: date, days: int | None = None) -> Any:
    """Elections whose result waits for approval, for `days` and longer where given."""
    found = Election.objects.filter(
        organization__in=electing(user).order_by().values("pk")
    ).waiting()
    if days is not None:
        found = found.filter(held_on__lt=today - timedelta(days=days))
    return found


def waiting_long(user: User, today: date) -> Any:
    found = unapproved(user, today, parameters.get(APPROVAL_DAYS))
    return found.select_related("organization").order_by("held_on", "pk")


def _full_members(places: Any) -> QuerySet:
    """Rows (organization, number) of full members in good standing on each roll."""
    return (
        Affiliation.objects.open()
        .filter(
            kind=AffiliationKind.ON_ROLL,
            organization__in=places,
            member__member_type=MemberType.FULL,
            member__status=MembershipStatus.NORMAL,
        )
        .order_by()
        .values("organization")
        .annotate(number=Count("pk"))
    )


def too_small(user: User) -> Any:
    """Branches with fewer full members than a branch is to have, some at least."""
    places = electing(user).branches()
    least = parameters.get(BRANCH_SIZE_LEAST)
    enough = _full_members(places).filter(number__gte=least)
    return places.exclude(pk__in=enough.values("organization")).order_by("path")


def without_committee(user: User) -> Any:
    """Branches large enough for a committee whose known team is smaller than one.

    Those without any known team are `headless` alone, so that nobody is told twice.
    """
    places = electing(user).branches()
    large = _full_members(places).filter(
        number__gte=parameters.get(COMMITTEE_SIZE_LEAST)
    )
    team = (
        Officer.objects.current()
        .filter(organization__in=places)
        .order_by()
        .values("organization")
        .annotate(number=Count("pk"))
    )
    least = parameters.get(TEAM_SIZE_LEAST)
    return (
        places.filter(pk__in=large.values("organization"))
        .filter(pk__in=team.filter(number__lt=least).values("organization"))
        .filter(Exists(_secretaries()))
        .order_by("path")
    )


def team_list(user: User, group: str, today: date) -> Any:
    """Committees under one tab of the list."""
    found = electing(user)
    if group == TeamGroup.ENDING:
        limit = months_after(today, parameters.get(TERM_WARNING_MONTHS))
        return found.term_ends(today, limit)
    if group == TeamGroup.OVERDUE:
        return found.term_over(today)
    if group == TeamGroup.WAITING:
        waiting = unapproved(user, today).order_by().values("organization")
        return found.filter(pk__in=waiting)
    if group == TeamGroup.HEADLESS:
        return headless(user)
    return found


def elected_in(month: Month) -> Any:
    """Ids of organizations that held a general election in `month`."""
    held = Election.objects.counted().filter(
        kind=ElectionKind.GENERAL, held_on__gte=month.start, held_on__lt=month.end
    )
    return held.order_by().values("organization")


@dataclass
class TeamRow:
    """One line of the list."""

    organization: Organization
    secretary: str
    size: int
    term: Term | None
    state: tuple[str, str]


def term_state(organization: Organization, today: date) -> tuple[str, str]:
    """How a term stands, as label and tone; inside `parameters.together`."""
    due_on = organization.term_ends_on
    if due_on is None:
        return "没有登记届满日期", "mute"
    if due_on < today:
        return "届满未换届", "bad"
    if due_on <= months_after(today, parameters.get(TERM_WARNING_MONTHS)):
        return "即将届满", "warn"
    return "任期内", "ok"


def rows_of(places: list[Organization], today: date) -> list[TeamRow]:
    """The lines of one page: two queries, however many there are."""
    ids = [place.pk for place in places]
    team: dict[int, list[Officer]] = {}
    officers = Officer.objects.current().filter(organization__in=ids)
    for office in officers.select_related("member").order_by("pk"):
        team.setdefault(office.organization_id, []).append(office)
    terms = {
        term.organization_id: term
        for term in Term.objects.current().filter(organization__in=ids)
    }
    return [
        TeamRow(
            organization=place,
            secretary="、".join(
                office.member.name
                for office in team.get(place.pk, [])
                if office.role == OfficerRole.SECRETARY
            ),
            size=len(team.get(place.pk, [])),
            term=terms.get(place.pk),
            state=term_state(place, today),
        )
        for place in places
    ]


_ORDER = {role: place for place, role in enumerate(OfficerRole.values)}


def in_order(team: list[Officer]) -> list[Officer]:
    """The secretary first, as such lists are read."""
    return sorted(team, key=lambda office: (_ORDER[office.role], office.pk))


def size_notes(organization: Organization, full: int, team: int) -> list[str]:
    """What the sizes of branch and team do not fit, in words for its page.

    Source: 《中国共产党支部工作条例（试行）》第二章、第三章.
    """
    if organization.kind != OrganizationKind.BRANCH:
        return []
    least, committee = (
        parameters.get(BRANCH_SIZE_LEAST),
        parameters.get(COMMITTEE_SIZE_LEAST),
    )
    if full < least:
        return [
            f"在册正式党员 {full} 人，不足 {least} 人，可与邻近的支部组成联合党支部。"
        ]
    if full >= committee and 0 < team < parameters.get(TEAM_SIZE_LEAST):
        return [
            f"在册正式党员 {full} 人，达到 {committee} 人应设支部委员会，"
            f"现在登记的班子只有 {team} 人。"
        ]
    if full < committee and team > 2:
        return [
            f"在册正式党员 {full} 人，不足 {committee} 人的只设书记，"
            "必要时设副书记，请核对班子。"
        ]
    return []
