"""Items fulfilled outside an activity, with their evidence."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from activities.models import Achievement, ProgramItem
from activities.rules import activities as rules
from config.lib.errors import RuleError
from members.models import Affiliation, Member
from members.querysets import NEARNESS
from organizations import audit
from organizations.access import Right, require
from organizations.choices import AuditAction, FilePurpose, Role
from organizations.models import Organization, StoredFile, User
from organizations.services.files import DOCUMENTS, store_upload
from organizations.signals import facts_changed

EVIDENCE_MAX_BYTES = 10 * 1024 * 1024


@transaction.atomic
def record_achievement(
    *,
    member_id: int,
    item_id: int,
    achieved_on: date,
    content: str,
    actor: User,
    today: date,
    upload: Any = None,
    request_id: UUID | None = None,
) -> Achievement:
    """Record that a member fulfilled an item once, with an uploaded file as evidence.

    A repeated `request_id` returns the achievement of the first time. Raises
    Member.DoesNotExist outside the actor's scope, RuleError when the item is not for
    this kind of member, lacks its evidence, or the date is implausible.
    """
    member = (
        Member.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .get(pk=member_id)
    )
    organization = recording_organization(member, actor)
    if request_id is not None:
        # The member's row is locked, so a second copy of the form waits above.
        earlier = Achievement.objects.visible_to(actor).filter(request_id=request_id)
        if (found := earlier.first()) is not None:
            return found
    item = ProgramItem.objects.select_related("program").get(pk=item_id)
    rules.check_held_on(achieved_on, today, "完成日期")
    _check_item(item, member, achieved_on, has_evidence=upload is not None)
    achievement = Achievement(
        member=member,
        item=item,
        organization=organization,
        achieved_on=achieved_on,
        content=content.strip(),
        evidence=_store(upload, organization, actor),
        recorded_by=actor,
        request_id=request_id,
    )
    if speaks_for(actor, organization):
        achievement.confirmed_by, achievement.confirmed_at = actor, timezone.now()
    achievement.full_clean(exclude=["request_id"])
    achievement.save()
    _finish(achievement, AuditAction.ACHIEVEMENT_RECORDED, actor)
    return achievement


@transaction.atomic
def confirm_achievements(
    *, achievement_ids: Collection[int], actor: User
) -> list[Achievement]:
    """Let the branch confirm what others wrote down of its members: it counts now.

    What somebody has confirmed meanwhile stays as it is. Raises
    Achievement.DoesNotExist out of scope, PermissionDenied to whoever does not speak
    for the branch, RuleError for one that was withdrawn.
    """
    wanted = set(achievement_ids)
    found = list(
        Achievement.objects.visible_to(actor)
        .filter(pk__in=wanted)
        .select_for_update(of=("self",), no_key=True)
        .select_related("organization", "item", "member")
        .order_by("pk")
    )
    if len(found) != len(wanted):
        raise Achievement.DoesNotExist
    for achievement in found:
        _confirm(achievement, actor)
    return found


def _confirm(achievement: Achievement, actor: User) -> None:
    require(actor, Right.RECORD_ACTIVITIES, achievement.organization)
    if not speaks_for(actor, achievement.organization):
        raise PermissionDenied("完成记录由党员所在党支部的书记确认。")
    if achievement.withdrawn_at is not None:
        raise RuleError(
            f"{achievement.member.name}的这条完成记录已经撤回，不能再确认。",
            code="already_withdrawn",
        )
    if achievement.confirmed_at is None:
        achievement.confirmed_by, achievement.confirmed_at = actor, timezone.now()
        achievement.save(update_fields=["confirmed_by", "confirmed_at"])
        _finish(achievement, AuditAction.ACHIEVEMENT_CONFIRMED, actor)


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


def speaks_for(actor: User, organization: Organization) -> bool:
    """Whether what `actor` writes down is the branch's own word.

    That of its secretary is; anybody's who records there, where it has none.
    """
    if any(post.organization_id == organization.pk for post in actor.current_posts):
        return True
    secretaries = organization.posts.in_force(timezone.localdate()).filter(
        role=Role.BRANCH_SECRETARY, user__is_active=True
    )
    return not secretaries.exists()


def recording_organization(member: Member, actor: User) -> Organization:
    """The branch that `actor` records for: nearest to where the member is educated.

    Raises PermissionDenied when he may record at none of the member's branches,
    Member.DoesNotExist when the last of them has just ended.
    """
    affiliations = list(
        Affiliation.objects.visible_to(actor)
        .filter(member=member)
        .open()
        .order_by(NEARNESS, "pk")
        .select_related("organization")
    )
    if not affiliations:
        raise Member.DoesNotExist
    for affiliation in affiliations:
        if actor.has_right_at(Right.RECORD_ACTIVITIES, affiliation.organization):
            return affiliation.organization
    raise PermissionDenied("您的岗位没有记录活动的权限，请联系街道工作人员。")


def _store(upload: Any, organization: Organization, actor: User) -> StoredFile | None:
    if upload is None:
        return None
    return store_upload(
        upload=upload,
        purpose=FilePurpose.EVIDENCE,
        organization=organization,
        actor=actor,
        allowed_types=DOCUMENTS,
        max_bytes=EVIDENCE_MAX_BYTES,
    )


def _check_item(
    item: ProgramItem, member: Member, achieved_on: date, *, has_evidence: bool
) -> None:
    program = item.program
    if item.earned_by:
        raise RuleError(
            f"“{item.name}”由平台从就业登记和“双带”台账自动计入，"
            "请在该党员的“就业帮扶”页登记，不必在这里再记一次。",
            code="earned_by_itself",
        )
    if program.audience != member.category:
        raise RuleError(
            f"“{program.name}”只适用于{program.get_audience_display()}，"
            f"{member.name}是{member.get_category_display()}。",
            code="wrong_audience",
        )
    if not program.is_in_force(achieved_on):
        raise RuleError(
            f"“{program.name}”在 {achieved_on:%Y-%m-%d} 没有启用，请核对完成日期。",
            code="not_in_force",
        )
    if item.needs_evidence and not has_evidence:
        raise RuleError(f"“{item.name}”须上传佐证材料。", code="evidence_missing")


def _finish(achievement: Achievement, action: AuditAction, actor: User) -> None:
    audit.record(
        actor=actor,
        action=action,
        target=achievement,
        organization=achievement.organization,
        details={"item": achievement.item.key, "member": achievement.member_id},
    )
    # Counted at the branch of each month's end, which the person may have left.
    branches = Affiliation.objects.filter(member=achievement.member_id)
    facts_changed.send(
        sender=Achievement,
        organization_ids=set(branches.values_list("organization_id", flat=True)),
        since=achievement.achieved_on,
    )
