"""What activities do when an organization below merges or is closed."""

from typing import Any

from django.dispatch import receiver

from activities.services.households import hand_over_households
from config.lib.errors import RuleError
from organizations.models import Organization
from organizations.signals import organization_closing, organization_merging


@receiver(organization_merging)
def move_households(
    sender: Any, source: Organization, target: Organization, **kwargs: Any
) -> None:
    hand_over_households(source=source, target=target)


@receiver(organization_closing)
def refuse_with_households(
    sender: Any, organization: Organization, **kwargs: Any
) -> None:
    if left := organization.households.listed().count():
        raise RuleError(
            f"{organization}还负责走访 {left} 户，不能撤销。"
            "请先把这些住户改由其他党组织负责，或者改用合并。",
            code="has_households",
        )
