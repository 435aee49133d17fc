"""What activity rooms do when an organization merges or closes."""

from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from config.lib.errors import RuleError
from organizations.models import Organization, Room
from organizations.services.rooms import hand_over_rooms
from organizations.signals import organization_closing, organization_merging


@receiver(organization_merging)
def move_rooms(
    sender: Any, source: Organization, target: Organization, **kwargs: Any
) -> None:
    hand_over_rooms(source=source, target=target)


@receiver(organization_closing)
def refuse_with_rooms(sender: Any, organization: Organization, **kwargs: Any) -> None:
    rows = Room.objects.filter(organization=organization)
    if left := rows.in_use(timezone.localdate()).count():
        raise RuleError(
            f"{organization}还有 {left} 个党员活动室在用，不能撤销。"
            "请先停用活动室，或者改用合并。",
            code="has_rooms",
        )
