"""What delegated matters do when an organization merges or closes."""

from typing import Any

from django.dispatch import receiver

from config.lib.errors import RuleError
from organizations.matter_choices import WAITING, MatterState
from organizations.models import DelegatedMatter, Organization
from organizations.services.matters import hand_over_matters
from organizations.signals import organization_closing, organization_merging


@receiver(organization_merging)
def move_matters(
    sender: Any, source: Organization, target: Organization, **kwargs: Any
) -> None:
    hand_over_matters(source=source, target=target)


@receiver(organization_closing)
def refuse_with_matters(sender: Any, organization: Organization, **kwargs: Any) -> None:
    rows = DelegatedMatter.objects.filter(
        organization=organization, state__in=(*WAITING, MatterState.ADMITTED)
    )
    if left := rows.count():
        raise RuleError(
            f"{organization}还有 {left} 件准入事项在办或在承担，不能撤销。"
            "请先办理退出、撤回申请，或者改用合并。",
            code="has_matters",
        )
