"""What liaison cards and posts do when a branch merges or closes."""

from typing import Any

from django.dispatch import receiver

from config.lib.errors import RuleError
from liaison.models import ClaimPost
from liaison.services.cards import hand_over_cards
from liaison.services.posts import hand_over_posts
from organizations.models import Organization
from organizations.signals import organization_closing, organization_merging


@receiver(organization_merging)
def move_cards(
    sender: Any, source: Organization, target: Organization, actor: Any, **kwargs: Any
) -> None:
    # Posts first: where they lie says which claims go on.
    hand_over_posts(source=source, target=target)
    hand_over_cards(source=source, target=target, actor=actor)


@receiver(organization_closing)
def refuse_with_posts(sender: Any, organization: Organization, **kwargs: Any) -> None:
    if number := ClaimPost.objects.open().filter(organization=organization).count():
        raise RuleError(
            f"{organization}还有 {number} 个认领岗位没有关闭，不能撤销。"
            "请先关闭岗位，或者改用合并。",
            code="has_posts",
        )
