"""What reviews do when relations end and records merge."""

from collections.abc import Collection
from typing import Any

from django.dispatch import receiver

from activities.services.review_results import keep_one_result, leave_reviews
from members.models import Affiliation, Member
from members.rules.quality import MERGED_NOTE
from members.signals import members_merging, relations_ended


@receiver(relations_ended)
def leave_with_relations(
    sender: Any, affiliations: Collection[Affiliation], actor: Any, **kwargs: Any
) -> None:
    left = [each for each in affiliations if each.note != MERGED_NOTE]
    if left:
        # All of them ended for the same reason, together.
        leave_reviews(
            left, f"组织关系已结束：{left[0].get_end_reason_display()}", actor
        )


@receiver(members_merging)
def keep_one(
    sender: Any, kept: Member, gone: Member, actor: Any, **kwargs: Any
) -> None:
    keep_one_result(kept=kept, gone=gone, actor=actor)
