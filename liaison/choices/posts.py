"""Code values of posts that card holders claim."""

from django.db import models


class ClaimState(models.TextChoices):
    """Where a claim stands: proposed by the member, decided by the community."""

    PROPOSED = "proposed", "待决定"
    AGREED = "agreed", "在岗"
    DECLINED = "declined", "未同意"
    WITHDRAWN = "withdrawn", "已撤回"
    ENDED = "ended", "已离岗"


LIVE = (ClaimState.PROPOSED, ClaimState.AGREED)

CLAIM_TONES = {
    ClaimState.PROPOSED: "warn",
    ClaimState.AGREED: "ok",
    ClaimState.DECLINED: "mute",
    ClaimState.WITHDRAWN: "mute",
    ClaimState.ENDED: "mute",
}


class ClaimEnd(models.TextChoices):
    QUIT = "quit", "本人提出"
    UNFIT = "unfit", "岗位调整"
    CARD_CLOSED = "card_closed", "联系卡注销"
    POST_CLOSED = "post_closed", "岗位关闭"
    MOVED = "moved", "转到其他社区"
    OTHER = "other", "其他"


# What a secretary may choose; the others follow from what else was done.
CHOSEN_ENDS = (ClaimEnd.QUIT, ClaimEnd.UNFIT, ClaimEnd.OTHER)


class PostGroup(models.TextChoices):
    """Which posts the list shows; "" is all that are open."""

    FREE = "free", "还有空位"
    WAITING = "waiting", "待决定"
    CLOSED = "closed", "已关闭"
