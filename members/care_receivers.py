"""What becomes of the care for somebody who leaves, or who was entered twice."""

from collections.abc import Collection
from typing import Any

from django.dispatch import receiver

from members.choices import AffiliationKind, EndReason
from members.models import Affiliation, HardshipCase, Member
from members.services.hardship_reviews import close_of_leaver, settle_doubles
from members.signals import members_merging, relations_ended

# What ends the care for somebody: not a move within the street, nor a mistake.
_LEAVING = {EndReason.TRANSFERRED_OUT, EndReason.DECEASED, EndReason.REMOVED}


@receiver(relations_ended)
def end_care(
    sender: Any, affiliations: Collection[Affiliation], actor: Any, **kwargs: Any
) -> None:
    leaving = {
        each.member_id: each
        for each in affiliations
        if each.kind == AffiliationKind.ON_ROLL and each.end_reason in _LEAVING
    }
    cases = HardshipCase.objects.open().filter(member__in=leaving)
    for member_id in sorted(set(cases.values_list("member_id", flat=True))):
        roll = leaving[member_id]
        close_of_leaver(roll.member, roll.ends_on, actor)


@receiver(members_merging)
def keep_one_case(
    sender: Any, kept: Member, gone: Member, actor: Any, **kwargs: Any
) -> None:
    settle_doubles(kept, gone, actor)
