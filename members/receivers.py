"""What members do when a branch merges or is closed, or a relation ends or begins."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.dispatch import receiver

from config.lib.errors import RuleError
from members.choices import AffiliationKind, EndReason, StartReason
from members.models import (
    Affiliation,
    Applicant,
    LostCase,
    Member,
    MembershipDecision,
    Transfer,
)
from members.services.affiliations import hand_over
from members.services.comments import hand_over_comments
from members.services.decisions import (
    follow_to_branch,
    revoke_death,
    stop_what_waits,
)
from members.services.development_closing import hand_over_applicants
from members.services.mobile_links import hand_over_stays
from members.services.plaques import end_twin_places, hand_over_plaques
from members.services.residents import move_residents
from members.services.slip_rows import hand_over_slips, settle_by_relation
from members.services.transfers import hand_over_transfers
from members.signals import (
    members_merging,
    relation_reopened,
    relation_started,
    relations_ended,
)
from organizations.models import Community, Organization
from organizations.signals import organization_closing, organization_merging


@receiver(organization_merging)
def move_members(
    sender: Any,
    source: Organization,
    target: Organization,
    on_date: date,
    actor: Any,
    **kwargs: Any,
) -> None:
    hand_over_transfers(source=source, target=target, actor=actor)
    hand_over_applicants(source=source, target=target, on_date=on_date, actor=actor)
    # Before the relations move, so that each finds its stay at the new branch.
    hand_over_stays(source=source, target=target, on_date=on_date, actor=actor)
    hand_over_slips(source=source, target=target)
    hand_over_plaques(source=source, target=target)
    hand_over_comments(source=source, target=target)
    hand_over(source=source, target=target, on_date=on_date, actor=actor)
    left = Community.objects.filter(organization=source).first()
    kept = Community.objects.filter(organization=target).first()
    if left and kept:
        move_residents(source=left, target=kept, actor=actor)
        for held in (left.report_slips, left.plaques):
            held.update(community=kept)


@receiver(organization_closing)
def refuse_with_members(sender: Any, organization: Organization, **kwargs: Any) -> None:
    left = organization.affiliations.open().count()
    if left:
        raise RuleError(
            f"{organization}还有 {left} 名党员，不能撤销。"
            "请先把他们调整到其他党支部或办理转出，或者改用合并。",
            code="has_members",
        )
    on_the_way = Applicant.objects.filter(organization=organization).open().count()
    if on_the_way:
        raise RuleError(
            f"{organization}还有 {on_the_way} 名培养对象，不能撤销。"
            "请先移交其他党支部或终止培养，或者改用合并。",
            code="has_applicants",
        )
    waiting = Transfer.objects.under_way().filter(target=organization).count()
    if waiting:
        raise RuleError(
            f"还有 {waiting} 件转往{organization}的组织关系没有接收，不能撤销。"
            "请先接收或请对方撤回，或者改用合并。",
            code="has_transfers",
        )
    open_ones = {
        "张报到单没有受理": organization.report_slips.received().count(),
        "块党员门牌没有摘下": organization.plaques.hung().count(),
        "件居民评议没有答复": organization.resident_comments.unanswered().count(),
    }
    for words, number in open_ones.items():
        if number:
            raise RuleError(
                f"{organization}还有 {number} {words}，不能撤销。"
                "请先办结，或者改用合并。",
                code="has_reports",
            )


@receiver(members_merging)
def keep_one_household(sender: Any, kept: Any, gone: Any, **kwargs: Any) -> None:
    end_twin_places(kept=kept, gone=gone)


@receiver(relation_started)
def answer_slips(sender: Any, affiliation: Any, actor: Any, **kwargs: Any) -> None:
    settle_by_relation(affiliation, actor)


@receiver(relations_ended)
def stop_with_the_roll(
    sender: Any, affiliations: Collection[Affiliation], actor: Any, **kwargs: Any
) -> None:
    """A roll that ends elsewhere than in the street leaves nothing under way."""
    leaving = {
        each.member_id: each
        for each in affiliations
        if each.kind == AffiliationKind.ON_ROLL
        and each.end_reason != EndReason.MOVED_WITHIN
    }
    cases = LostCase.objects.open().filter(member__in=leaving)
    proposals = MembershipDecision.objects.waiting().filter(member__in=leaving)
    # Rows that are joined have no order: SQLite refuses it.
    concerned, proposed = (
        rows.order_by().values_list("member", flat=True) for rows in (cases, proposals)
    )
    for member_id in sorted(concerned.union(proposed)):
        roll = leaving[member_id]
        words = f"组织关系已结束：{roll.get_end_reason_display()}"
        stop_what_waits(roll.member, roll.ends_on, words, actor)


@receiver(relation_started)
def follow_the_roll(sender: Any, affiliation: Affiliation, **kwargs: Any) -> None:
    is_moved = affiliation.start_reason == StartReason.MOVED_WITHIN
    if affiliation.kind == AffiliationKind.ON_ROLL and is_moved:
        follow_to_branch(affiliation)


@receiver(relation_reopened)
def live_again(
    sender: Any, affiliation: Affiliation, actor: Any, **kwargs: Any
) -> None:
    revoke_death(affiliation.member, actor)


@receiver(members_merging)
def refuse_under_way(sender: Any, kept: Member, gone: Member, **kwargs: Any) -> None:
    pair = [kept, gone]
    if (
        LostCase.objects.open().filter(member__in=pair).exists()
        or MembershipDecision.objects.waiting().filter(member__in=pair).exists()
    ):
        raise RuleError(
            "其中一份档案有在办的失联处置或党籍处理，请先办结或撤回，再合并。",
            code="under_way",
        )
