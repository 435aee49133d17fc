"""What becomes of the care for somebody who leaves, or who was entered twice."""

from typing import Any

from django.dispatch import receiver

from members.choices import AffiliationKind, EndReason
from members.models import Affiliation, HardshipCase, Member
from members.services.hardship_reviews import close_of_leaver, settle_doubles
from members.signals import members_merging, relation_ended
from members.under_way import register_under_way

# What ends the care for somebody: not a move within the street, nor a mistake.
_LEAVING = {EndReason.TRANSFERRED_OUT, EndReason.DECEASED, EndReason.REMOVED}


register_under_way(lambda ids: HardshipCase.objects.open().filter(member__in=ids))


@receiver(relation_ended)
def end_care(sender: Any, affiliation: Affiliation, actor: Any, **kwargs: Any) -> None:
    is_roll = affiliation.kind == AffiliationKind.ON_ROLL
    if is_roll and affiliation.end_reason in _LEAVING:
        close_of_leaver(affiliation.member, affiliation.ends_on, actor)


@receiver(members_merging)
def keep_one_case(
    sender: Any, kept: Member, gone: Member, actor: Any, **kwargs: Any
) -> None:
    settle_doubles(kept, gone, actor)
