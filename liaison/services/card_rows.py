"""Rows of cards, locked: whoever changes one, or what hangs on it, waits here."""

from __future__ import annotations

from liaison.models import LiaisonCard
from organizations.access import Right, require
from organizations.models import User


def locked_card(card_id: int, actor: User) -> LiaisonCard:
    """Raises LiaisonCard.DoesNotExist out of scope."""
    return (
        LiaisonCard.objects.visible_to(actor)
        .select_related("organization")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=card_id)
    )


def kept_card(card_id: int, actor: User) -> LiaisonCard:
    """The same, where the actor keeps cards; raises PermissionDenied elsewhere."""
    card = locked_card(card_id, actor)
    require(actor, Right.KEEP_CARDS, card.organization)
    return card
