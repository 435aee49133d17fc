"""The community's words and grades, written in one table a branch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from config.lib.errors import RuleError
from config.lib.versions import StaleError
from liaison import rules
from liaison.choices import FeedbackState
from liaison.models import FeedbackPeriod, FeedbackRemark, LiaisonCard
from liaison.round_cards import owed_in
from liaison.services import checks
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


class RemarksRefusedError(RuleError):
    """Some rows cannot be saved, so none was: the reason of each, by card id.

    `stale` holds what somebody else has stored meanwhile, by card id.
    """

    def __init__(
        self, rows: dict[int, RuleError], stale: dict[int, FeedbackRemark]
    ) -> None:
        super().__init__(
            f"有 {len(rows)} 行没有保存，请按提示改正后再保存。",
            code="stale" if stale else "rows",
        )
        self.rows = rows
        self.stale = stale


@transaction.atomic
def save_remarks(
    *, period_id: int, organization_id: int, remarks: Sequence[Remark], actor: User
) -> int:
    """Write the rows that changed and return how many: all or, with an error, none.

    Raises DoesNotExist outside the actor's scope, RuleError when the round is closed,
    RemarksRefusedError when rows break a rule or somebody else wrote them in between.
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
    if checks.is_asked_for():
        checks.check_not_passed(period, branch)
    cards = set(
        LiaisonCard.objects.visible_to(actor)
        .filter(owed_in(period), organization=branch)
        .values_list("pk", flat=True)
    )
    if not {remark.card_id for remark in remarks} <= cards:
        raise LiaisonCard.DoesNotExist
    written = {
        row.card_id: row
        for row in FeedbackRemark.objects.filter(period=period, card__in=cards)
    }
    changed = [r for r in remarks if not _is_same(r, written.get(r.card_id))]
    _check(changed, written)
    for remark in changed:
        _write(period, remark, written.get(remark.card_id), actor)
    if changed:
        checks.take_up_again(period, branch)
        _finish(period, branch, len(changed), actor)
    return len(changed)


def _is_same(remark: Remark, before: FeedbackRemark | None) -> bool:
    return before is not None and (before.grade, before.words) == (
        remark.grade,
        remark.words.strip(),
    )


def _check(remarks: Sequence[Remark], written: dict[int, FeedbackRemark]) -> None:
    """Raise RemarksRefusedError with the reason of every row that cannot be saved."""
    grades = parameters.get("liaison.feedback_grades")
    wrong: dict[int, RuleError] = {}
    stale: dict[int, FeedbackRemark] = {}
    for remark in remarks:
        before = written.get(remark.card_id)
        if (before.version if before else 0) != remark.version:
            wrong[remark.card_id] = StaleError("这一行刚被别人修改过，请对照后再保存。")
            if before is not None:
                stale[remark.card_id] = before
            continue
        try:
            rules.check_remark(remark.grade, remark.words, grades)
        except RuleError as error:
            wrong[remark.card_id] = error
    if wrong:
        raise RemarksRefusedError(wrong, stale)


def _write(
    period: FeedbackPeriod,
    remark: Remark,
    before: FeedbackRemark | None,
    actor: User,
) -> None:
    row = before or FeedbackRemark(period=period, card_id=remark.card_id, version=0)
    row.grade = remark.grade
    row.words = remark.words.strip()
    row.written_by = actor
    row.version += 1
    row.save()


def _finish(
    period: FeedbackPeriod, branch: Organization, rows: int, actor: User
) -> None:
    audit.record(
        actor=actor,
        action=AuditAction.FEEDBACK_WORDED,
        target=period,
        organization=branch,
        details={"rows": rows},
    )
    facts_changed.send(
        sender=FeedbackRemark,
        organization_ids={branch.pk},
        since=period.starts_on,
    )
