"""Items fulfilled outside an activity, with their evidence."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from activities import rules
from activities.models import Achievement, ProgramItem
from config.lib.errors import RuleError
from members.models import Affiliation, Member
from organizations import audit
from organizations.access import Right, require
from organizations.choices import AuditAction
from organizations.models import StoredFile, User
from organizations.signals import facts_changed


@transaction.atomic
def record_achievement(
    *,
    member_id: int,
    item_id: int,
    achieved_on: date,
    content: str,
    actor: User,
    today: date,
    evidence_id: Any = None,
    request_id: UUID | None = None,
) -> Achievement:
    """Record that a member fulfilled an item once.

    Raises Member.DoesNotExist outside the actor's scope, RuleError when the item is
    not for this kind of member, lacks its evidence, or the date is implausible.
    """
    member = Member.objects.visible_to(actor).select_for_update(of=("self",))
    member = member.get(pk=member_id)
    affiliation = (
        Affiliation.objects.filter(member=member)
        .educating()
        .select_related("organization")
        .get()
    )
    require(actor, Right.RECORD_ACTIVITIES, affiliation.organization)
    if request_id is not None:
        earlier = Achievement.objects.filter(request_id=request_id).first()
        if earlier is not None:
            return earlier
    item = ProgramItem.objects.select_related("program").get(pk=item_id)
    rules.check_held_on(achieved_on, today)
    if item.program.audience != member.category:
        audience = item.program.get_audience_display()
        raise RuleError(
            f"「{item.program.name}」只适用于{audience}。", code="wrong_audience"
        )
    evidence = None
    if evidence_id is not None:
        evidence = StoredFile.objects.visible_to(actor).get(pk=evidence_id)
    if item.needs_evidence and evidence is None:
        raise RuleError(f"「{item.name}」须上传佐证材料。", code="evidence_missing")
    achievement = Achievement(
        member=member,
        item=item,
        organization=affiliation.organization,
        achieved_on=achieved_on,
        content=content.strip(),
        evidence=evidence,
        recorded_by=actor,
        request_id=request_id,
    )
    achievement.full_clean(exclude=["request_id"])
    achievement.save()
    _finish(achievement, AuditAction.ACHIEVEMENT_RECORDED, actor)
    return achievement


@transaction.atomic
def withdraw_achievement(
    *, achievement_id: int, reason: str, actor: User
) -> Achievement:
    """Take an achievement out of every count, with its reason."""
    achievement = (
        Achievement.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("organization", "item", "member")
        .get(pk=achievement_id)
    )
    require(actor, Right.RECORD_ACTIVITIES, achievement.organization)
    if achievement.withdrawn_at is not None:
        raise RuleError("这条完成记录已经撤回。", code="already_withdrawn")
    if not reason.strip():
        raise RuleError("请写明撤回的原因。", code="reason_missing")
    achievement.withdrawn_at = timezone.now()
    achievement.withdrawn_reason = reason.strip()
    achievement.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    _finish(achievement, AuditAction.ACHIEVEMENT_WITHDRAWN, actor)
    return achievement


def _finish(achievement: Achievement, action: AuditAction, actor: User) -> None:
    audit.record(
        actor=actor,
        action=action,
        target=achievement,
        organization=achievement.organization,
        details={"item": achievement.item.key, "member": achievement.member_id},
    )
    facts_changed.send(
        sender=Achievement,
        organization_ids={achievement.organization_id},
        since=achievement.achieved_on,
    )
