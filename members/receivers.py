"""What members do when a branch merges or is closed."""

from datetime import date
from typing import Any

from django.dispatch import receiver

from config.lib.errors import RuleError
from members.services.affiliations import hand_over
from members.services.residents import move_residents
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
    hand_over(source=source, target=target, on_date=on_date, actor=actor)
    left = Community.objects.filter(organization=source).first()
    kept = Community.objects.filter(organization=target).first()
    if left and kept:
        move_residents(source=left, target=kept, actor=actor)


@receiver(organization_closing)
def refuse_with_members(sender: Any, organization: Organization, **kwargs: Any) -> None:
    left = organization.affiliations.open().count()
    if left:
        raise RuleError(
            f"{organization}还有 {left} 名党员，不能撤销。"
            "请先把他们调整到其他党支部或办理转出，或者改用合并。",
            code="has_members",
        )
