"""A post in every branch, with a claim to decide and one that ended."""

from __future__ import annotations

from datetime import date

from liaison.models import (
    CardSummary,
    ClaimPost,
    EntryProposal,
    LiaisonCard,
    PlannedInvitation,
    PostClaim,
)
from liaison.services.own import card_token, issue_link
from tests.access.canaries import WORK
from tests.access.world import World

OPENED = date(2026, 3, 2)


def plant_post(world: World, place: str, card: LiaisonCard) -> None:
    bird, work, owner = world.bird(place), world.word(WORK, place), world.owner(place)
    post = ClaimPost.objects.create(
        organization=world.orgs[place],
        category="社区治理",
        title=f"{work}巡查员",
        duties=f"{bird}巡查楼道",
        places=3,
        needed_at="weekends",
        time_words=f"{bird}周六",
        opened_on=OPENED,
        recorded_by=owner,
    )

    def claim(state: str, **values: object) -> PostClaim:
        return PostClaim.objects.create(
            post=post,
            card=card,
            state=state,
            words=f"{bird}说明",
            proposed_on=OPENED,
            recorded_by=owner,
            **values,
        )

    claim("ended", starts_on=OPENED, ends_on=date(2026, 4, 1), reason=f"{bird}搬走")
    proposed = claim("proposed")
    invitation = PlannedInvitation.objects.create(
        card=card,
        month=date(2026, 10, 1),
        content=f"{bird}楼道清扫",
        recorded_by=owner,
    )
    CardSummary.objects.create(
        card=card, year=2026, words=f"{bird}热心", written_by=owner
    )
    proposal = EntryProposal.objects.create(
        card=card,
        kind="service",
        occurred_on=date(2026, 10, 3),
        content=f"{bird}修水管",
    )
    world.put("proposal", place, proposal.pk)
    if place == "a1":
        link = issue_link(card_id=card.pk, actor=owner)
        world.put("card-link", place, card_token(link))
    world.put("invitation", place, invitation.pk)
    world.put("claim-post", place, post.pk)
    world.put("post-claim", place, proposed.pk)
