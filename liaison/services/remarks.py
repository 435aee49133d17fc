"""The community's words and grades, written in one table a branch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from config.lib.errors import RuleError
from liaison import rules
from liaison.choices import FeedbackState
from liaison.models import FeedbackPeriod, FeedbackRemark, LiaisonCard
from organizations import audit, parameters
from organizations.access import Right, require
from organizations.choices import AuditAction
from organizations.models import Organization, User
from organizations.signals import facts_changed


@dataclass(frozen=True)
class Remark:
    """One row of the table; `version` is 0 where nothing was written before."""

    card_id: int
    version: int
    grade: str
    words: str


@transaction.atomic
def save_remarks(
    *, period_id: int, organization_id: int, remarks: Sequence[Remark], actor: User
) -> int:
    """Write the rows that changed and return how many.

    Raises DoesNotExist outside the actor's scope, RuleError when the round is closed,
    a row breaks a rule, or somebody else wrote a row in between ("stale").
    """
    period = (
        FeedbackPeriod.objects.visible_to(actor).select_for_update().get(pk=period_id)
    )
    branch = Organization.objects.with_members_visible_to(actor).get(pk=organization_id)
    require(actor, Right.WORD_FEEDBACK, branch)
    if period.state != FeedbackState.OPEN:
        raise RuleError(
            "这一期反馈已经截止，评语不能再改；确需更正请联系街道。",
            code="period_closed",
        )
    cards = {
        card.pk: card
        for card in LiaisonCard.objects.visible_to(actor)
        .filter(organization=branch)
        .active_during(period.starts_on, period.ends_on)
    }
    written = {
        row.card_id: row
        for row in FeedbackRemark.objects.filter(period=period, card__in=cards)
    }
    grades = parameters.get("liaison.feedback_grades")
    changed = 0
    for remark in remarks:
        if remark.card_id not in cards:
            raise LiaisonCard.DoesNotExist
        rules.check_remark(remark.grade, remark.words, grades)
        changed += _write(period, remark, written.get(remark.card_id), actor)
    if changed:
        audit.record(
            actor=actor,
            action=AuditAction.FEEDBACK_WORDED,
            target=period,
            organization=branch,
            details={"rows": changed},
        )
        facts_changed.send(
            sender=FeedbackRemark,
            organization_ids={branch.pk},
            since=period.starts_on,
        )
    return changed


def _write(
    period: FeedbackPeriod,
    remark: Remark,
    before: FeedbackRemark | None,
    actor: User,
) -> bool:
    words = remark.words.strip()
    if before is not None and (before.grade, before.words) == (remark.grade, words):
        return False
    if (before.version if before else 0) != remark.version:
        raise RuleError("有的评语刚被别人修改过，请刷新后核对再保存。", code="stale")
    row = before or FeedbackRemark(period=period, card_id=remark.card_id, version=0)
    row.grade = remark.grade
    row.words = words
    row.written_by = actor
    row.version += 1
    row.save()
    return True
