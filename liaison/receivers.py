"""What liaison cards do when a branch merges."""

from typing import Any

from django.dispatch import receiver

from liaison.services.cards import hand_over_cards
from organizations.models import Organization
from organizations.signals import organization_merging


@receiver(organization_merging)
def move_cards(
    sender: Any, source: Organization, target: Organization, actor: Any, **kwargs: Any
) -> None:
    hand_over_cards(source=source, target=target, actor=actor)
