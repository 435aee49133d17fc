"""Posts of the synthetic street that card holders claim."""

from __future__ import annotations

from datetime import date, timedelta

from liaison.models import (
    ClaimPost,
    EntryProposal,
    LiaisonCard,
    PlannedInvitation,
    PostClaim,
)
from members.models import Talent
from organizations.models import Organization, User

POSTS, PLACES = 3, 4


def posts(
    today: date,
    branches: list[Organization],
    communities: list[Organization],
    user: User,
) -> None:
    """Three posts in each branch, held and asked for by its first cards; one above."""
    day = today - timedelta(days=120)
    talent = Talent.objects.order_by("pk").first()
    places = [*(place for place in branches for _ in range(POSTS)), *communities]
    found = ClaimPost.objects.bulk_create(
        ClaimPost(
            organization=place,
            category="社区治理",
            title=f"岗位{number}",
            duties="每周巡查楼道",
            places=PLACES,
            needed_at="weekends",
            opened_on=day,
            recorded_by=user,
        )
        for number, place in enumerate(places)
    )
    ClaimPost.talents.through.objects.bulk_create(
        ClaimPost.talents.through(claimpost=post, talent=talent) for post in found
    )
    cards: dict[int, list[int]] = {}
    for pk, branch in LiaisonCard.objects.order_by("pk").values_list(
        "pk", "organization"
    ):
        cards.setdefault(branch, []).append(pk)
    PostClaim.objects.bulk_create(
        PostClaim(
            post=post,
            card_id=card,
            state="agreed" if number else "proposed",
            proposed_on=day,
            starts_on=day if number else None,
            recorded_by=user,
        )
        for post in found
        for number, card in enumerate(cards.get(post.organization_id, [])[: PLACES + 1])
    )
    PlannedInvitation.objects.bulk_create(
        PlannedInvitation(
            card_id=card,
            month=today.replace(day=1),
            content="楼道清扫",
            recorded_by=user,
        )
        for own in cards.values()
        for card in own[:1]
        for _ in range(3)
    )
    EntryProposal.objects.bulk_create(
        EntryProposal(card_id=own[0], kind="service", occurred_on=day, content="修水管")
        for own in cards.values()
    )
