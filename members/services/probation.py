"""The year on probation: looked at, confirmed, extended once, or cancelled."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.versions import check_version
from members.choices import (
    AffiliationKind,
    EndReason,
    MembershipStatus,
    MemberType,
)
from members.choices.development import Outcome, StepKind
from members.models import Affiliation, DevelopmentStep, Member
from members.parameters.development import development_limits
from members.rules import development
from members.rules import probation as rules
from members.services.development import Deed, written_twice
from members.services.leaving import leave_for_good
from members.services.members import mark_facts
from organizations import audit
from organizations.access import Right
from organizations.choices import AuditAction
from organizations.models import User


@transaction.atomic
def record_probation_step(
    *, member_id: int, deed: Deed, version: int | None = None, actor: User
) -> DevelopmentStep:
    """Write down a step of a member on probation; the decision above carries it out.

    The same step again by the same hand is one. Raises Member.DoesNotExist out of
    scope, PermissionDenied without the right of the step at the branch of the roll,
    StaleError, RuleError.
    """
    if deed.kind not in rules.PROBATION_STEPS:
        raise ValueError(deed.kind)
    member, roll = _locked(member_id, deed.kind, actor)
    step = deed.step(roll.organization, actor)
    step.member = member
    waiting = rules.pending(facts_of(member))
    if deed.kind == StepKind.DECISION and waiting is not None:
        step.decides = waiting.kind
    if known := written_twice(step, member.development_steps):
        return known
    rules.check_person(member.member_type, member.status)
    check_version(member, version)
    _check_deed(deed, step, member)
    step.full_clean()
    step.save(force_insert=True)
    if deed.kind == StepKind.DECISION and step.outcome == Outcome.YES:
        _carry_out(waiting, step, member, actor)
    else:
        # A form opened before must notice.
        member.version += 1
        member.save(update_fields=["version", "updated_at"])
    audit.record(
        actor=actor,
        action=AuditAction.DEVELOPMENT_RECORDED,
        target=member,
        organization=roll.organization,
        details={"development_step": deed.kind, "on": str(deed.taken_on)},
    )
    mark_facts(member)
    return step


def _locked(member_id: int, kind: str, actor: User) -> tuple[Member, Affiliation]:
    """Return the member, locked, and the roll, where the actor may take the step."""
    member = (
        Member.objects.visible_to(actor)
        .select_for_update(of=("self",), no_key=True)
        .get(pk=member_id)
    )
    roll = (
        member.affiliations.open()
        .filter(kind=AffiliationKind.ON_ROLL)
        .select_related("organization")
        .first()
    )
    is_above = kind == StepKind.DECISION
    right = Right.APPROVE_STANDING if is_above else Right.EDIT_MEMBERS
    if roll is None or not actor.has_right_at(right, roll.organization):
        raise PermissionDenied(
            "预备期的手续由组织关系所在的党支部办理，决议由街道审批。"
        )
    return member, roll


def _check_deed(deed: Deed, step: DevelopmentStep, member: Member) -> None:
    limits, today = development_limits(), timezone.localdate()
    facts = facts_of(member)
    if deed.kind == StepKind.EXTEND and member.probation_extended_to is None:
        step.until = rules.extended_to(member.probation_ends_on, deed.months, limits)
    rules.check_step(
        step.fact,
        facts,
        joined_on=member.joined_on,
        extended_to=member.probation_extended_to,
        today=today,
    )
    if deed.kind == StepKind.DECISION:
        waiting = rules.pending(facts)
        assert waiting is not None
        development.check_approval(
            deed.taken_on,
            passed_on=waiting.on,
            note=deed.note,
            months=limits.approval_months,
            most_months=None,
            kind=deed.kind,
            today=today,
        )


def _carry_out(
    waiting: development.Fact | None,
    step: DevelopmentStep,
    member: Member,
    actor: User,
) -> None:
    """Do what the branch resolved and the committee has approved."""
    if waiting is None:
        raise RuleError("没有等待审批的支部大会决议。", code="kind")
    if waiting.kind == StepKind.CANCEL:
        leave_for_good(
            member,
            step.taken_on,
            EndReason.REMOVED,
            MembershipStatus.PROBATION_CANCELLED,
            actor,
            note=step.document,
        )
        return
    if waiting.kind == StepKind.CONFIRM:
        # Seniority counts from the day the probation was complete, also where the
        # meeting came later. Source: 《中国共产党章程》第七条.
        member.member_type = MemberType.FULL
        member.confirmed_on = member.probation_ends_on
        member.confirmed_precision = member.joined_precision
    else:
        member.probation_extended_to = waiting.until
    member.version += 1
    member.full_clean()
    member.save()


@transaction.atomic
def withdraw_probation_step(*, step_id: int, note: str, actor: User) -> DevelopmentStep:
    """Take back a step that nothing has followed from."""
    step = DevelopmentStep.objects.visible_to(actor).get(
        pk=step_id, member__isnull=False
    )
    member, _ = _locked(step.member_id, step.kind, actor)
    step.refresh_from_db()
    if step.withdrawn_at is not None:
        return step
    development.check_words(note, "撤回")
    later = member.development_steps.counted().filter(pk__gt=step.pk)
    if step.kind in {*development.RESOLUTIONS, StepKind.DECISION} and (
        step.kind == StepKind.DECISION or later.filter(kind=StepKind.DECISION).exists()
    ):
        raise RuleError("上级党委已经审批，不能再撤回。", code="kind")
    if step.kind == StepKind.REQUEST and later.filter(kind=StepKind.CONFIRM).exists():
        raise RuleError("支部大会已经讨论过这份申请，不能再撤回。", code="kind")
    step.withdrawn_by, step.withdrawn_at = actor, timezone.now()
    step.withdrawn_note = note.strip()
    step.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_note"])
    audit.record(
        actor=actor,
        action=AuditAction.DEVELOPMENT_WITHDRAWN,
        target=member,
        organization=step.organization,
        details={"development_step": step.kind, "on": str(step.taken_on)},
    )
    mark_facts(member)
    return step


def facts_of(member: Member) -> list[development.Fact]:
    return [step.fact for step in member.development_steps.counted()]
