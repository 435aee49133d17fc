"""Steps taken back, and applicants who go to another branch or no further."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.versions import check_version
from members.choices.development import CloseReason, Stage, StepKind
from members.models import Applicant, DevelopmentStep
from members.parameters.development import development_limits
from members.rules import development as rules
from members.services.development import (
    facts_of,
    locked,
    save_progress,
    tell,
    tell_figures,
)
from members.services.transfers import refuse_target
from organizations.access import Right
from organizations.choices import AuditAction
from organizations.models import Organization, User
from organizations.signals import facts_changed


@transaction.atomic
def withdraw_step(*, step_id: int, note: str, actor: User) -> DevelopmentStep:
    """Take back a step written down by mistake; it stays on record, uncounted.

    Refused where a later step stands on it: that one is withdrawn first.
    """
    step = DevelopmentStep.objects.visible_to(actor).get(
        pk=step_id, applicant__isnull=False
    )
    is_above = step.kind in rules.COMMITTEE_STEPS
    right = Right.APPROVE_STANDING if is_above else Right.EDIT_MEMBERS
    applicant = locked(step.applicant_id, actor, right)
    step.refresh_from_db()
    if step.withdrawn_at is not None:
        return step
    rules.check_words(note, "撤回")
    rules.check_open(applicant.stage)
    if step.kind in {StepKind.APPLIED, StepKind.MOVED}:
        raise RuleError(
            "申请和移交不能撤回；整份登记有误的，请以“登记有误”终止。", code="kind"
        )
    step.withdrawn_by, step.withdrawn_at = actor, timezone.now()
    step.withdrawn_note = note.strip()
    step.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_note"])
    facts = facts_of(applicant)
    _check_rest(facts, StepKind(step.kind).label)
    save_progress(applicant, facts)
    tell(
        applicant,
        AuditAction.DEVELOPMENT_WITHDRAWN,
        actor,
        development_step=step.kind,
        on=str(step.taken_on),
    )
    tell_figures(applicant)
    return step


def _check_rest(facts: list[rules.Fact], label: str) -> None:
    """Refuse where what is left could not have followed one upon the other."""
    limits, today = development_limits(), timezone.localdate()
    for place, fact in enumerate(facts):
        if fact.kind not in rules.WAY:
            continue
        try:
            rules.check_step(fact, facts[:place], limits=limits, today=today)
        except RuleError:
            raise RuleError(
                f"“{StepKind(fact.kind).label}”（{fact.on}）是在“{label}”之后登记的，"
                "请先撤回它。",
                code="kind",
            ) from None


@transaction.atomic
def close_applicant(
    *,
    applicant_id: int,
    closed_on: date,
    reason: str,
    note: str,
    version: int | None = None,
    actor: User,
) -> Applicant:
    """End the way of somebody, for a reason; the record stays."""
    applicant = locked(applicant_id, actor, Right.EDIT_MEMBERS)
    if applicant.stage == Stage.CLOSED and applicant.close_reason == reason:
        return applicant
    check_version(applicant, version)
    rules.check_open(applicant.stage)
    if closed_on > timezone.localdate():
        raise RuleError("终止日期不能晚于今天。", code="closed_on")
    if closed_on < applicant.applied_on:
        raise RuleError(
            f"终止日期不能早于申请日期（{applicant.applied_on}）。", code="closed_on"
        )
    rules.check_words(note, "终止")
    applicant.stage, applicant.closed_on = Stage.CLOSED, closed_on
    applicant.close_reason, applicant.close_note = CloseReason(reason), note.strip()
    applicant.full_clean(exclude=["member"])
    applicant.version += 1
    applicant.save()
    tell(applicant, AuditAction.APPLICANT_CLOSED, actor, on=str(closed_on))
    tell_figures(applicant)
    return applicant


@transaction.atomic
def hand_over_applicant(
    *,
    applicant_id: int,
    target_id: int,
    moved_on: date,
    note: str = "",
    version: int | None = None,
    actor: User,
) -> Applicant:
    """Give an applicant and the whole file to another branch of the street.

    The time of cultivation counts on. Source: 《中国共产党发展党员工作细则》第十二条.
    """
    applicant = locked(applicant_id, actor, Right.EDIT_MEMBERS, version)
    rules.check_open(applicant.stage)
    if applicant.stage == Stage.PASSED:
        raise RuleError(
            "支部大会已经通过，请等上级党委审批后再办理组织关系转接。", code="stage"
        )
    refuse_target(target_id, applicant.organization)
    if not applicant.applied_on <= moved_on <= timezone.localdate():
        raise RuleError(
            f"移交日期应在申请日期（{applicant.applied_on}）与今天之间。",
            code="moved_on",
        )
    source = applicant.organization
    DevelopmentStep.objects.create(
        applicant=applicant,
        organization=source,
        kind=StepKind.MOVED,
        taken_on=moved_on,
        note=note.strip(),
        recorded_by=actor,
    )
    tell(applicant, AuditAction.APPLICANT_MOVED, actor, on=str(moved_on))
    applicant.organization_id = target_id
    applicant.version += 1
    applicant.save(update_fields=["organization", "version"])
    tell_figures(applicant, source.pk)
    return applicant


def hand_over_applicants(
    *, source: Organization, target: Organization, on_date: date, actor: User
) -> None:
    """Let applicants go on with the branch that theirs merges into.

    The right to merge covers it. In the caller's transaction.
    """
    moving = list(
        Applicant.objects.filter(organization=source)
        .open()
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )
    for applicant in moving:
        DevelopmentStep.objects.create(
            applicant=applicant,
            organization=source,
            kind=StepKind.MOVED,
            taken_on=max(on_date, applicant.applied_on),
            note=f"{source}并入{target}",
            recorded_by=actor,
        )
        applicant.organization = target
        applicant.version += 1
        applicant.save(update_fields=["organization", "version"])
        tell(applicant, AuditAction.APPLICANT_MOVED, actor)
    if moving:
        facts_changed.send(
            sender=Applicant,
            organization_ids={source.pk, target.pk},
            since=min(applicant.applied_on for applicant in moving),
        )
