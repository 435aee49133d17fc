"""Warnings of posts: claims nobody decides, posts nobody claims."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from config.lib.registry import Alert, AlertItem, register_alert
from liaison.choices.posts import ClaimState
from liaison.models import ClaimPost, PostClaim
from liaison.parameters.posts import DECIDE_DAYS, POST_FREE_DAYS
from organizations import parameters
from organizations.access import Right

_SOURCE = (
    "在职党员“双报到”认岗做法（岗位定员，党员提出，社区确定，公示名单）；"
    "天数为本街道设定"
)


def _waiting(user: Any, today: date) -> QuerySet[PostClaim]:
    """Claims of posts that `user` decides on; whoever proposed only waits."""
    longest = today - timedelta(days=parameters.get(DECIDE_DAYS.key))
    return (
        PostClaim.objects.visible_to(user)
        .filter(state=ClaimState.PROPOSED, proposed_on__lt=longest)
        .lying_below(user.rights_paths(Right.KEEP_CARDS), "post__organization")
        .select_related("post", "card__member")
        .order_by("proposed_on", "pk")
    )


def _waiting_item(claim: PostClaim, today: date) -> AlertItem:
    return AlertItem(
        claim.post.organization_id,
        f"{claim.post}：{claim.card.member.name}",
        claim.post.get_absolute_url(),
        claim.proposed_on + timedelta(days=parameters.get(DECIDE_DAYS.key)),
        "提出认岗，还没有决定",
    )


def _free(user: Any, today: date) -> QuerySet[ClaimPost]:
    longest = today - timedelta(days=parameters.get(POST_FREE_DAYS.key))
    posts = ClaimPost.objects.decided_by(user).free()
    return posts.filter(opened_on__lt=longest).order_by("opened_on", "pk")


def _free_item(post: Any, today: date) -> AlertItem:
    return AlertItem(
        post.organization_id,
        post.title,
        post.get_absolute_url(),
        post.opened_on + timedelta(days=parameters.get(POST_FREE_DAYS.key)),
        f"{post.places}个名额还空{post.places - post.filled}个，可以按特长和意向找人",
    )


register_alert(
    Alert(
        "liaison.claims_waiting",
        "认岗待决定",
        "warning",
        "党员提出认领岗位，超过规定天数还没有同意或者不同意的。",
        _SOURCE,
        Right.KEEP_CARDS,
        _waiting,
        _waiting_item,
        (DECIDE_DAYS.key,),
    )
)
register_alert(
    Alert(
        "liaison.posts_free",
        "认领岗位未认满",
        "info",
        "设岗超过规定天数，名额还没有认满的岗位。",
        _SOURCE,
        Right.KEEP_CARDS,
        _free,
        _free_item,
        (POST_FREE_DAYS.key,),
    )
)
