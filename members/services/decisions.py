"""Decisions about a membership: proposed by the branch, answered above, carried out.

A status changes with the decision that gives it, in one transaction; what follows
elsewhere follows from the relation that ends or begins.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from config.lib.errors import RuleError
from members.choices import AffiliationKind, EndReason, StartReason
from members.choices.standing import DecisionKind, DecisionState, LostState
from members.models import Affiliation, LostCase, Member, MembershipDecision
from members.rules import REMOVAL_STATUSES
from members.rules import standing as rules
from members.services.affiliations import (
    branch_for_change,
    open_affiliation,
    save_status,
    tell_of_places,
)
from members.services.contacts import branch_in_touch
from members.services.leaving import leave_for_good
from members.services.lost import (
    close_case,
    locked_on_roll,
    open_case_of,
    roll_of,
    suspend_case,
)
from members.situations import limits, proposal_of, situation_of
from organizations import audit
from organizations.access import Right, require
from organizations.choices import AuditAction
from organizations.models import Organization, User


@transaction.atomic
def propose_decision(
    *,
    member_id: int,
    proposal: rules.Proposal,
    facts: str,
    organization_id: int | None = None,
    actor: User,
) -> MembershipDecision:
    """Write down what the branch's meeting asks for; nothing changes yet.

    `organization_id` is the branch that takes back somebody who was removed; else it
    is that of the roll. Raises Member.DoesNotExist out of scope, PermissionDenied,
    RuleError where a rule refuses or another proposal waits.
    """
    member, organization = _place_of_proposal(member_id, organization_id, actor)
    if MembershipDecision.objects.waiting().filter(member=member).exists():
        raise RuleError(
            "该同志已有一件党籍处理等待批准，请先办结或撤回。", code="decision_waiting"
        )
    case = open_case_of(member)
    today = timezone.localdate()
    rules.check_proposal(proposal, situation_of(member, case), limits(), today)
    facts = _words(facts, "facts")
    if not facts:
        raise RuleError("请写明事实和理由。", code="facts")
    decision = MembershipDecision(
        member=member,
        organization=organization,
        case=case,
        kind=proposal.kind,
        ground=proposal.ground,
        since=proposal.since,
        meeting_on=proposal.meeting_on,
        facts=facts,
        status_before=member.status,
        proposed_by=actor,
    )
    decision.full_clean()
    decision.save(force_insert=True)
    _tell(decision, actor, AuditAction.DECISION_PROPOSED)
    return decision


def _place_of_proposal(
    member_id: int, organization_id: int | None, actor: User
) -> tuple[Member, Organization]:
    """Return the member, locked, and the branch that speaks."""
    gone = (
        Member.objects.readable_by(actor)
        .select_for_update(of=("self",), no_key=True)
        .get(pk=member_id)
    )
    if gone.status not in REMOVAL_STATUSES:
        member, roll = locked_on_roll(member_id, actor)
        return member, roll.organization
    if organization_id is None:
        raise RuleError("请选择恢复党籍后编入的党支部。", code="organization")
    return gone, branch_for_change(organization_id, actor)


@transaction.atomic
def approve_decision(
    *, decision_id: int, decided_on: date, document_number: str = "", actor: User
) -> MembershipDecision:
    """Approve and carry out: status, relation and case change with it.

    What was so when it was proposed is checked again. Raises
    MembershipDecision.DoesNotExist out of scope, PermissionDenied, RuleError.
    """
    decision = _locked(decision_id, actor)
    require(actor, Right.APPROVE_STANDING, decision.organization)
    rules.check_waiting(decision.state)
    member, today = decision.member, timezone.localdate()
    case, roll = open_case_of(member), roll_of(member)
    proposal = proposal_of(decision)
    rules.check_proposal(proposal, situation_of(member, case), limits(), today)
    rules.check_approval(
        proposal,
        decided_on=decided_on,
        document_number=document_number,
        starts_on=roll.starts_on if roll else None,
        today=today,
    )
    decision.decided_on = decided_on
    decision.document_number = document_number.strip()
    decision.status_before = member.status
    decision.case = case
    _settle(decision, DecisionState.APPROVED, actor)
    _carry_out(decision, decided_on, case, actor)
    return decision


@transaction.atomic
def answer_decision(
    *, decision_id: int, state: str, words: str, actor: User
) -> MembershipDecision:
    """Refuse a proposal (above), or withdraw it (the branch); `words` say why."""
    decision = _locked(decision_id, actor)
    right = {
        DecisionState.REFUSED: Right.APPROVE_STANDING,
        DecisionState.WITHDRAWN: Right.EDIT_MEMBERS,
    }[DecisionState(state)]
    require(actor, right, decision.organization)
    rules.check_waiting(decision.state)
    decision.reply = _words(words, "words")
    if not decision.reply:
        raise RuleError("请写明原因。", code="words")
    _settle(decision, DecisionState(state), actor)
    return decision


@transaction.atomic
def record_death(
    *, member_id: int, died_on: date, facts: str = "", actor: User
) -> MembershipDecision:
    """Write down a death: every relation ends, what was under way stops.

    The branch of the roll writes it; of somebody whose roll is in no branch of the
    street, the branch he reported to.
    """
    member = (
        Member.objects.visible_to(actor)
        .select_for_update(of=("self",), no_key=True)
        .get(pk=member_id)
    )
    if roll_of(member) is not None:
        member, held = locked_on_roll(member_id, actor)
    else:
        place = branch_in_touch(member, actor)
        held = member.affiliations.open().filter(organization=place).first()
    rules.check_death(
        died_on,
        joined_on=member.joined_on,
        starts_on=held.starts_on,
        today=timezone.localdate(),
    )
    stop_what_waits(member, died_on, "该同志去世", actor)
    decision = MembershipDecision(
        member=member,
        organization=held.organization,
        kind=DecisionKind.DEATH,
        decided_on=died_on,
        facts=_words(facts, "facts"),
        status_before=member.status,
        proposed_by=actor,
    )
    decision.full_clean()
    _settle(decision, DecisionState.APPROVED, actor)
    _end_suspensions(member, died_on)
    leave_for_good(member, died_on, EndReason.DECEASED, Member.Status.DECEASED, actor)
    return decision


def stop_what_waits(member: Member, day: date, words: str, actor: User) -> None:
    """Close the case and withdraw the proposal of somebody who leaves otherwise."""
    if (case := open_case_of(member)) is not None:
        close_case(case, LostState.ENDED, day, words, actor)
    waiting = (
        MembershipDecision.objects.waiting()
        .filter(member=member)
        .select_related("organization")
        .select_for_update(of=("self",), no_key=True)
        .first()
    )
    if waiting is not None:
        waiting.member, waiting.reply = member, words
        _settle(waiting, DecisionState.WITHDRAWN, actor)


def revoke_death(member: Member, actor: User) -> None:
    """Take a death back that was written down by mistake, with what it ended.

    For the receiver of a relation that was reopened; the member is locked.
    """
    death = (
        MembershipDecision.objects.approved()
        .filter(member=member, kind=DecisionKind.DEATH)
        .select_related("organization")
        .select_for_update(of=("self",), no_key=True)
        .first()
    )
    if death is None:
        return
    death.member = member
    _settle(death, DecisionState.REVOKED, actor)
    MembershipDecision.objects.approved().filter(
        member=member, kind=DecisionKind.SUSPENSION, ended_on=death.decided_on
    ).update(ended_on=None)
    save_status(member, death.status_before)


def follow_to_branch(affiliation: Affiliation) -> None:
    """Let what is under way about a member go on with the branch of his new roll."""
    organization = affiliation.organization
    cases = LostCase.objects.open().filter(member=affiliation.member_id)
    cases.exclude(organization=organization).update(organization=organization)
    MembershipDecision.objects.waiting().filter(member=affiliation.member_id).exclude(
        organization=organization
    ).update(organization=organization)


def _carry_out(
    decision: MembershipDecision, day: date, case: LostCase | None, actor: User
) -> None:
    member = decision.member
    status = rules.status_of(decision.kind)
    words = decision.get_kind_display()
    if decision.kind == DecisionKind.SUSPENSION:
        save_status(member, status)
        tell_of_places([member.pk])
        if case is not None:
            suspend_case(case, actor)
        return
    _end_suspensions(member, day)
    is_back = decision.kind == DecisionKind.REINSTATEMENT
    if case is not None:
        state = LostState.FOUND if is_back else LostState.REMOVED
        close_case(case, state, day, words, actor)
    if not is_back:
        leave_for_good(member, day, EndReason.REMOVED, status, actor)
    elif roll_of(member) is None:
        open_affiliation(
            member=member,
            organization=branch_for_change(decision.organization_id, actor),
            kind=AffiliationKind.ON_ROLL,
            starts_on=day,
            start_reason=StartReason.REINSTATED,
            note=decision.document_number,
            actor=actor,
        )
    else:
        save_status(member, status)
        tell_of_places([member.pk])


def _end_suspensions(member: Member, day: date) -> None:
    MembershipDecision.objects.approved().filter(
        member=member, kind=DecisionKind.SUSPENSION, ended_on__isnull=True
    ).update(ended_on=day)


def _locked(decision_id: int, actor: User) -> MembershipDecision:
    """Return the decision, locked with its member: the member first."""
    seen = MembershipDecision.objects.visible_to(actor)
    member_id = seen.values_list("member_id", flat=True).get(pk=decision_id)
    member = Member._base_manager.select_for_update(no_key=True).get(pk=member_id)
    decision = (
        seen.select_related("organization")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=decision_id)
    )
    decision.member = member
    return decision


def _settle(decision: MembershipDecision, state: DecisionState, actor: User) -> None:
    decision.state = state
    decision.settled_by, decision.settled_at = actor, timezone.now()
    decision.save()
    day: dict[str, Any] = {}
    if decision.decided_on:
        day["on"] = str(decision.decided_on)
    _tell(decision, actor, AuditAction.DECISION_MADE, decision_state=state, **day)


def _tell(
    decision: MembershipDecision, actor: User, action: AuditAction, **details: Any
) -> None:
    audit.record(
        actor=actor,
        action=action,
        target=decision,
        organization=decision.organization,
        details={"decision_kind": decision.kind, **details},
    )


def _words(text: str, code: str) -> str:
    text = text.strip()
    if len(text) > rules.FACTS_LENGTH:
        raise RuleError(f"请控制在{rules.FACTS_LENGTH}字以内。", code=code)
    return text
