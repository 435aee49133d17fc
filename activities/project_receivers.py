"""What projects of community services do when branches merge or close."""

from typing import Any

from django.dispatch import receiver

from activities.services.projects import hand_over_projects
from config.lib.errors import RuleError
from organizations.models import Organization
from organizations.signals import organization_closing, organization_merging


@receiver(organization_merging)
def hand_over(
    sender: Any, source: Organization, target: Organization, **kwargs: Any
) -> None:
    hand_over_projects(source=source, target=target)


@receiver(organization_closing)
def refuse_with_projects(
    sender: Any, organization: Organization, **kwargs: Any
) -> None:
    if number := organization.service_projects.running().count():
        raise RuleError(
            f"{organization}还有 {number} 个服务项目在办，不能撤销。"
            "请先登记停办，或者改用合并。",
            code="has_projects",
        )
