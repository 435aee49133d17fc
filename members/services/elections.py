"""Elections of committees: recorded, approved from above, taken back when mistaken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from config.lib.dates import clean_text
from config.lib.errors import RuleError
from members.models import Candidate, Member, Officer
from members.services.teams import appoint, tell_figures
from organizations import parameters, term_rules
from organizations.access import Right
from organizations.choices import AuditAction, ElectionKind
from organizations.models import Election, Organization, User
from organizations.parameter_specs import ELECTION_QUORUM, ELECTION_SURPLUS
from organizations.services import terms
from organizations.term_rules import Ballot, Stood


@dataclass(frozen=True)
class Vote:
    """A line of the result: who stood for which post, and how it went."""

    member_id: int
    role: str
    votes: int
    is_elected: bool


@transaction.atomic
def record_election(
    *,
    organization_id: int,
    ballot: Ballot,
    forum: str,
    votes: Sequence[Vote],
    term_number: int | None = None,
    note: str = "",
    request_id: UUID | None = None,
    actor: User,
    today: date,
) -> Election:
    """Write down an election: who was elected holds his post from that day on.

    A whole committee's begins a new term, `term_number` or the one after the last, and
    ends the posts of the team before. A repeated `request_id` returns the election of
    the first time. Raises Organization.DoesNotExist or Member.DoesNotExist out of
    scope, PermissionDenied, RuleError.
    """
    organization = terms.locked_electing(organization_id, actor, Right.KEEP_TEAMS)
    if request_id is not None:
        known = Election.objects.visible_to(actor).filter(request_id=request_id)
        if (found := known.first()) is not None:
            return found
    people = _locked_people(votes, organization, actor)
    stood = [_stood(people[vote.member_id], vote) for vote in votes]
    term_rules.check_ballot(ballot, today, parameters.get(ELECTION_QUORUM))
    term_rules.check_candidates(ballot, stood, parameters.get(ELECTION_SURPLUS))
    election = Election(
        organization=organization,
        forum=forum,
        note=clean_text(note),
        due_before=organization.term_ends_on,
        recorded_by=actor,
        request_id=request_id,
        **asdict(ballot),
    )
    election.full_clean(exclude=["request_id"])
    election.save(force_insert=True)
    _take_effect(election, votes, people, term_number, actor, today)
    terms.tell(election, AuditAction.ELECTION_RECORDED, organization, actor)
    terms.tell_figures(organization, election.held_on)
    return election


def _take_effect(
    election: Election,
    votes: Sequence[Vote],
    people: dict[int, Member],
    term_number: int | None,
    actor: User,
    today: date,
) -> None:
    """Keep who stood, begin the term, and let those elected take up their posts."""
    Candidate.objects.bulk_create(
        Candidate(election=election, **asdict(vote)) for vote in votes
    )
    if election.kind == ElectionKind.GENERAL:
        terms.begin_term(election, term_number)
        _end_team(election)
    place, held_on = election.organization, election.held_on
    for vote in votes:
        if vote.is_elected:
            member = people[vote.member_id]
            appoint(member, place, vote.role, held_on, actor, today, election)


def _locked_people(
    votes: Sequence[Vote], organization: Organization, actor: User
) -> dict[int, Member]:
    """The members who stood, locked in the order of their keys.

    Raises RuleError for somebody listed twice, Member.DoesNotExist for one who is no
    full member of the organization.
    """
    wanted = [vote.member_id for vote in votes]
    if len(set(wanted)) < len(wanted):
        raise RuleError(
            "同一位党员写了两行，请只留一行，职务写当选的那个。", code="twice"
        )
    electable = Member.objects.visible_to(actor).may_be_elected_in(organization)
    rows = (
        Member.objects.filter(pk__in=electable.filter(pk__in=wanted).values("pk"))
        .select_for_update(no_key=True)
        .order_by("pk")
    )
    people = {member.pk: member for member in rows}
    if len(people) < len(wanted):
        raise Member.DoesNotExist
    return people


def _stood(member: Member, vote: Vote) -> Stood:
    return Stood(member.pk, member.name, vote.votes, vote.is_elected)


def _end_team(election: Election) -> None:
    """The team before hands over on the day of the election."""
    Officer.objects.filter(
        organization=election.organization,
        ends_on=None,
        starts_on__lte=election.held_on,
    ).update(ends_on=election.held_on, ended_by=election)


@transaction.atomic
def approve_election(
    *, election_id: int, approved_on: date, approval: str, actor: User, today: date
) -> Election:
    """Write down that the higher organization approved the result; twice is once.

    Raises Election.DoesNotExist out of scope, PermissionDenied, RuleError.
    """
    election = _locked(election_id, actor)
    terms.require_above(actor, election.organization)
    if election.approved_on is not None:
        return election
    if not election.held_on <= approved_on <= today:
        raise RuleError(
            f"批复日期应在选举日期 {election.held_on:%Y-%m-%d} 之后、今天以前。",
            code="approved_on",
        )
    election.approved_on, election.approval = approved_on, clean_text(approval)
    election.full_clean(exclude=["request_id"])
    election.save(update_fields=["approved_on", "approval"])
    terms.tell(election, AuditAction.ELECTION_APPROVED, election.organization, actor)
    return election


@transaction.atomic
def withdraw_election(*, election_id: int, reason: str, actor: User) -> Election:
    """Take back what was entered by mistake: the team and the term before stand again.

    Only the latest one, and only before it was approved. Raises as the others do.
    """
    election = _locked(election_id, actor)
    organization = election.organization
    if election.approved_on is not None:
        raise RuleError("这次选举已经批复，不能撤回。", code="approved")
    if not reason.strip():
        raise RuleError("请写明撤回的原因。", code="reason_missing")
    elected = Officer.objects.filter(election=election)
    former = Officer.objects.filter(ended_by=election)
    again = organization.officers.current().exclude(election=election)
    later = organization.elections.counted().filter(pk__gt=election.pk)
    moved = organization.term_changes.filter(recorded_at__gt=election.recorded_at)
    if (
        later.exists()
        or moved.exists()
        or elected.exclude(ends_on=None).exists()
        or again.filter(member__in=former.values("member")).exists()
    ):
        raise RuleError(
            "这次选举以后，任职或任期又有变动，不能撤回；有误的请登记免职或补选。",
            code="later",
        )
    people = [office.member for office in elected.select_related("member")]
    elected.delete()
    former.update(ends_on=None, ended_by=None)
    if election.kind == ElectionKind.GENERAL:
        terms.take_back_term(election)
    election.withdrawn_at = timezone.now()
    election.withdrawn_reason = clean_text(reason)
    election.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    for member in people:
        tell_figures(member, organization, election.held_on)
    terms.tell(election, AuditAction.ELECTION_WITHDRAWN, organization, actor)
    terms.tell_figures(organization, election.held_on)
    return election


def _locked(election_id: int, actor: User) -> Election:
    """A counted election whose organization is this transaction's own."""
    rows = Election.objects.visible_to(actor).counted()
    place = rows.values_list("organization_id", flat=True).get(pk=election_id)
    organization = terms.locked_electing(place, actor, Right.KEEP_TEAMS)
    election = rows.get(pk=election_id)
    election.organization = organization
    return election
