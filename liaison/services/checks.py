"""The community's check of its branches' words, where the street asks for it."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Exists, OuterRef

from config.lib.errors import RuleError
from liaison.choices import CheckState, FeedbackState
from liaison.models import FeedbackCheck, FeedbackPeriod, FeedbackRemark, LiaisonCard
from liaison.round_cards import owed_in, owed_of_street
from organizations import audit, parameters
from organizations.access import Right, require
from organizations.choices import AuditAction
from organizations.models import Organization, User

NAMED = 5


def is_asked_for() -> bool:
    """Whether the community's check is switched on."""
    return parameters.get("liaison.community_check") == "on"


@transaction.atomic
def pass_words(*, period_id: int, organization_id: int, actor: User) -> FeedbackCheck:
    """Note that a branch's words are right; they are not changed from then on.

    Noting it twice changes nothing. Raises DoesNotExist outside the actor's scope,
    RuleError when words are missing that could still be written.
    """
    period, branch = _locked(period_id, organization_id, actor)
    if period.state == FeedbackState.OPEN and (missing := _unworded(period, branch)):
        raise RuleError(
            f"还有 {missing} 人没有评语，请等支部写完再审核。", code="not_worded"
        )
    check = FeedbackCheck.objects.filter(period=period, organization=branch).first()
    if check is not None and check.state == CheckState.PASSED:
        return check
    return _write(period, branch, CheckState.PASSED, "", actor)


@transaction.atomic
def return_words(
    *, period_id: int, organization_id: int, reason: str, actor: User
) -> FeedbackCheck:
    """Give a branch's words back to be written again, while the round is open."""
    period, branch = _locked(period_id, organization_id, actor)
    if period.state != FeedbackState.OPEN:
        raise RuleError(
            "这一期已经截止，评语不能再改；有误的请在材料送达后签发补充。",
            code="period_closed",
        )
    return _write(period, branch, CheckState.RETURNED, reason.strip(), actor)


def check_not_passed(period: FeedbackPeriod, branch: Organization) -> None:
    """Raise RuleError when the branch's words have passed and so stand."""
    passed = period.checks.filter(organization=branch, state=CheckState.PASSED)
    if passed.exists():
        raise RuleError(
            "社区已经审核通过，不能再改；确需修改请社区先退回。", code="passed"
        )


def take_up_again(period: FeedbackPeriod, branch: Organization) -> None:
    """Forget that words were returned, now that they were written again."""
    period.checks.filter(organization=branch, state=CheckState.RETURNED).delete()


def is_passed(period: FeedbackPeriod) -> bool:
    """Whether no check holds the building of the round's packets up."""
    return not is_asked_for() or not branches_waiting(period).exists()


def check_all_passed(period: FeedbackPeriod) -> None:
    """Raise RuleError while a branch's words wait, where the check is switched on."""
    if not is_asked_for():
        return
    waiting = list(branches_waiting(period)[: NAMED + 1])
    if waiting:
        names = "、".join(str(branch) for branch in waiting[:NAMED])
        more = " 等" if len(waiting) > NAMED else ""
        raise RuleError(
            f"还有支部的评语没有经社区审核：{names}{more}。"
            "请社区在反馈页面审核，街道也可以代为审核。",
            code="not_checked",
        )


def branches_waiting(period: FeedbackPeriod):
    """Branches with cards in the round whose words have not passed."""
    passed = period.checks.filter(state=CheckState.PASSED)
    cards = LiaisonCard.objects.filter(owed_of_street(period))
    return (
        Organization.objects.filter(pk__in=cards.values("organization"))
        .exclude(pk__in=passed.values("organization"))
        .order_by("path")
    )


def _locked(
    period_id: int, organization_id: int, actor: User
) -> tuple[FeedbackPeriod, Organization]:
    # The lock that the writing of words takes too.
    rounds = FeedbackPeriod.objects.visible_to(actor).select_for_update(of=("self",))
    period = rounds.get(pk=period_id)
    places = Organization.objects.with_members_visible_to(actor)
    branch = places.get(pk=organization_id)
    require(actor, Right.CHECK_FEEDBACK, branch)
    if not is_asked_for():
        raise RuleError("街道没有开启社区审核这一步。", code="switched_off")
    if period.state == FeedbackState.BUILT:
        raise RuleError("材料已经生成，不用再审核。", code="built")
    if not _cards(period, branch).exists():
        raise LiaisonCard.DoesNotExist
    return period, branch


def _cards(period: FeedbackPeriod, branch: Organization):
    return LiaisonCard.objects.filter(owed_in(period), organization=branch)


def _unworded(period: FeedbackPeriod, branch: Organization) -> int:
    written = FeedbackRemark.objects.filter(period=period, card=OuterRef("pk"))
    return _cards(period, branch).filter(~Exists(written)).count()


def _write(
    period: FeedbackPeriod, branch: Organization, state: str, reason: str, actor: User
) -> FeedbackCheck:
    check, _ = FeedbackCheck.objects.update_or_create(
        period=period,
        organization=branch,
        defaults={"state": state, "reason": reason, "checked_by": actor},
    )
    audit.record(
        actor=actor,
        action=AuditAction.FEEDBACK_CHECKED,
        target=period,
        organization=branch,
        details={"state": state},
    )
    return check
