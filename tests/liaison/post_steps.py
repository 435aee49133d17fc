"""Steps of posts and claims, for the tests about them."""

from datetime import date

from liaison.models import ClaimPost, PostClaim
from liaison.services import claims, posts
from liaison.services.posts import PostFacts

OPENED = date(2026, 3, 2)
ASKED = date(2026, 4, 1)


def post_at(organization, actor, title="楼道安全巡查员", opened_on=OPENED, **changes):
    values = {
        "category": "安全宣传与治安巡逻",
        "title": title,
        "duties": "每周查一次楼道消防通道",
        "places": 2,
    } | changes
    return posts.set_up_post(
        organization_id=organization.pk,
        facts=PostFacts(**values),
        opened_on=opened_on,
        actor=actor,
    )


def asked(post: ClaimPost, card, actor, **changes) -> PostClaim:
    values = {"proposed_on": ASKED, "words": "住在三号楼"} | changes
    return claims.propose_claim(post_id=post.pk, card_id=card.pk, actor=actor, **values)


def agreed(post: ClaimPost, card, actor, starts_on=ASKED) -> PostClaim:
    claim = asked(post, card, actor)
    return claims.agree_claim(claim_id=claim.pk, starts_on=starts_on, actor=actor)
