"""Writing down self-study and answering what was asked."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from activities.models import SelfStudy
from activities.parameters.study import SELF_DAY_HOURS
from activities.rules import study as rules
from activities.rules.activities import check_held_on
from activities.services.achievements import recording_organization
from config.lib.errors import RuleError
from config.lib.versions import check_version
from members.models import Member
from members.services.employment import lock_member
from organizations import audit, parameters
from organizations.choices import AuditAction
from organizations.models import Organization, User
from organizations.signals import facts_changed


@transaction.atomic
def record_self_study(
    *,
    member_id: int,
    studied_on: date,
    hours: Decimal,
    material: str,
    notes: str = "",
    question: str = "",
    request_id: UUID | None = None,
    actor: User,
    today: date,
) -> SelfStudy:
    """Write down what a member studied alone, and the question he brings along.

    A repeated `request_id` returns the record of the first time. Raises
    Member.DoesNotExist out of scope, PermissionDenied, RuleError.
    """
    member = lock_member(member_id, actor)
    organization = recording_organization(member, actor)
    if request_id is not None:
        # The member's row is locked, so a second copy of the form waits above.
        earlier = SelfStudy.objects.visible_to(actor).filter(request_id=request_id)
        if (found := earlier.first()) is not None:
            return found
    check_held_on(studied_on, today, "自学日期")
    of_day = SelfStudy.objects.counted().filter(member=member, studied_on=studied_on)
    known = of_day.aggregate(total=Sum("hours"))["total"] or Decimal(0)
    rules.check_self_study(hours, known, parameters.get(SELF_DAY_HOURS))
    study = SelfStudy(
        member=member,
        organization=organization,
        studied_on=studied_on,
        hours=hours,
        material=material.strip(),
        notes=notes.strip(),
        question=question.strip(),
        recorded_by=actor,
        request_id=request_id,
    )
    study.full_clean(exclude=["request_id"])
    study.save(force_insert=True)
    _tell(study, AuditAction.STUDY_RECORDED, actor)
    _tell_figures(member, organization, studied_on)
    return study


@transaction.atomic
def answer_question(
    *,
    study_id: int,
    version: int | None,
    answered_by: str,
    answer: str,
    answered_on: date,
    actor: User,
    today: date,
) -> SelfStudy:
    """Write down who answered the question of a self-study, and what.

    Raises SelfStudy.DoesNotExist out of scope, PermissionDenied, StaleError, RuleError.
    """
    study = _locked(study_id, actor)
    check_version(study, version)
    if not study.question:
        raise RuleError("这次自学没有提出问题。", code="no_question")
    rules.check_answered_on(answered_on, study.studied_on, today)
    study.answered_by, study.answer = answered_by.strip(), answer.strip()
    study.answered_on = answered_on
    study.version += 1
    study.full_clean(exclude=["request_id"])
    study.save()
    _tell(study, AuditAction.STUDY_CHANGED, actor)
    return study


@transaction.atomic
def withdraw_self_study(*, study_id: int, reason: str, actor: User) -> SelfStudy:
    """Take back what was written down by mistake; it stays on record, uncounted."""
    study = _locked(study_id, actor)
    if not reason.strip():
        raise RuleError("请写明撤回的原因。", code="reason_missing")
    study.withdrawn_at, study.withdrawn_reason = timezone.now(), reason.strip()
    study.version += 1
    study.save()
    _tell(study, AuditAction.STUDY_CHANGED, actor, withdrawn=True)
    _tell_figures(study.member, study.organization, study.studied_on)
    return study


def _locked(study_id: int, actor: User) -> SelfStudy:
    """The record as it is by now, its member locked; refused once withdrawn."""
    rows = SelfStudy.objects.visible_to(actor)
    member = lock_member(rows.values_list("member", flat=True).get(pk=study_id), actor)
    recording_organization(member, actor)
    study = rows.select_related("organization").get(pk=study_id)
    study.member = member
    if study.withdrawn_at is not None:
        raise RuleError("这条自学记录已经撤回。", code="withdrawn")
    return study


def _tell(row: SelfStudy, action: AuditAction, actor: User, **details: bool) -> None:
    audit.record(
        actor=actor,
        action=action,
        target=row,
        organization=row.organization,
        details=details,
    )


def _tell_figures(member: Member, organization: Organization, since: date) -> None:
    """Hours count at whatever branch educates the member at a month's end."""
    places = set(member.affiliations.values_list("organization_id", flat=True))
    facts_changed.send(
        sender=SelfStudy, organization_ids=places | {organization.pk}, since=since
    )
