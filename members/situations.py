"""How somebody stands when something about the membership is proposed or decided."""

from __future__ import annotations

from members.choices.standing import DecisionKind, DecisionState
from members.models import LostCase, Member, MembershipDecision
from members.parameters.standing import (
    ABROAD_YEARS,
    LOST_MONTHS,
    REMOVAL_YEARS,
    SEARCH_WAYS,
)
from members.rules.standing import Limits, Proposal, Situation, status_of
from organizations import parameters


def limits() -> Limits:
    """What the committee set, with the articles' own numbers as defaults."""
    return Limits(
        lost_months=parameters.get(LOST_MONTHS),
        removal_years=parameters.get(REMOVAL_YEARS),
        abroad_years=parameters.get(ABROAD_YEARS),
        search_ways=parameters.get(SEARCH_WAYS),
    )


def situation_of(member: Member, case: LostCase | None = None) -> Situation:
    """Return how the member stands, with his open case where there is one."""
    in_force = (
        member.decisions.filter(
            state=DecisionState.APPROVED, kind__in=_kinds_of(member.status)
        )
        .order_by("-decided_on", "-pk")
        .values_list("decided_on", flat=True)
        .first()
    )
    return Situation(
        member_type=member.member_type,
        status=member.status,
        joined_on=member.joined_on,
        lost_since=case.since if case else None,
        searched=len(set(case.steps.values_list("way", flat=True))) if case else 0,
        status_since=in_force,
    )


def _kinds_of(status: str) -> list[str]:
    """The kind of decision that gives this status; none gives the normal one."""
    return [
        kind
        for kind in DecisionKind
        if kind != DecisionKind.REINSTATEMENT and status_of(kind) == status
    ]


def proposal_of(decision: MembershipDecision) -> Proposal:
    """Return what was asked for, for the rules."""
    assert decision.meeting_on is not None
    return Proposal(
        kind=decision.kind,
        ground=decision.ground,
        meeting_on=decision.meeting_on,
        since=decision.since,
    )
