"""What cards, agreements, pairs and conferences do when a branch merges or closes.

And what agreements do when an activity is undone that was evidence for them.
"""

from datetime import date
from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from activities.models import Activity
from config.lib.errors import RuleError
from liaison.models import Agreement, ClaimPost, Conference, Pair
from liaison.services.agreements import hand_over_agreements
from liaison.services.cards import hand_over_cards
from liaison.services.conferences import hand_over_conferences, leave_seats_of
from liaison.services.obligations import tell_of_activities
from liaison.services.pairs import hand_over_pairs
from liaison.services.posts import hand_over_posts
from liaison.services.reports import hand_over_reports
from organizations.models import Organization
from organizations.signals import (
    facts_changed,
    organization_closing,
    organization_merging,
)


@receiver(organization_merging)
def move_cards(
    sender: Any, source: Organization, target: Organization, actor: Any, **kwargs: Any
) -> None:
    # Posts first: where they lie says which claims go on.
    hand_over_posts(source=source, target=target)
    hand_over_cards(source=source, target=target, actor=actor)
    hand_over_agreements(source=source, target=target)
    hand_over_pairs(source=source, target=target)
    hand_over_conferences(source=source, target=target)
    hand_over_reports(source=source, target=target)


@receiver(organization_closing)
def refuse_with_posts(sender: Any, organization: Organization, **kwargs: Any) -> None:
    if number := ClaimPost.objects.open().filter(organization=organization).count():
        raise RuleError(
            f"{organization}还有 {number} 个认领岗位没有关闭，不能撤销。"
            "请先关闭岗位，或者改用合并。",
            code="has_posts",
        )


@receiver(organization_closing)
def refuse_with_agreements(
    sender: Any, organization: Organization, **kwargs: Any
) -> None:
    rows = Agreement.objects.filter(organization=organization)
    if left := rows.running(timezone.localdate()).count() + rows.drafts().count():
        raise RuleError(
            f"{organization}还有 {left} 份共建协议，不能撤销。"
            "请先登记终止或作废草稿，或者改用合并。",
            code="has_agreements",
        )


@receiver(organization_closing)
def refuse_with_pairs(sender: Any, organization: Organization, **kwargs: Any) -> None:
    rows = Pair.objects.filter(organization=organization)
    if left := rows.running(timezone.localdate()).count():
        raise RuleError(
            f"{organization}还有 {left} 个结对没有结束，不能撤销。"
            "请先登记结束，或者改用合并。",
            code="has_pairs",
        )


@receiver(organization_closing)
def leave_conferences(sender: Any, organization: Organization, **kwargs: Any) -> None:
    if Conference.objects.filter(organization=organization).standing().exists():
        raise RuleError(
            f"{organization}的党建联席会还没有终止，不能撤销。"
            "请先终止联席会，或者改用合并。",
            code="has_conference",
        )
    leave_seats_of(organization, timezone.localdate())


@receiver(facts_changed, sender=Activity)
def follow_activities(
    sender: Any, organization_ids: set[int], since: date, **kwargs: Any
) -> None:
    tell_of_activities(organization_ids, since)
