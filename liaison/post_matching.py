"""Which card holders fit a post, and why: skills, wishes and free time.

Whom one may ask at all, and who is nearest, is what volunteers are asked by
(`activities.matching`); here only those with a card where the post lies, and a reason.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from activities.matching import MOST_SHOWN, NEARNESS, matches
from config.lib.paths import ancestors
from liaison.models import ClaimPost, LiaisonCard, PostClaim
from liaison.rules.posts import TIME_WORDS, telling_pairs
from members.models import Member
from organizations.models import Community, User


def fitting(user: User, post: ClaimPost) -> list[dict[str, Any]]:
    """Rows of `member`, `card`, `distance` and `reasons`, the nearest first.

    One more than `MOST_SHOWN` where there are more.
    """
    wanted = list(post.talents.all())
    words = telling_pairs(post.category, post.title, *(each.name for each in wanted))
    cards = _cards(user, post)
    by_words = cards.filter(member=OuterRef("pk")).filter(_said(post, words))
    fits = Q(Exists(by_words)) | Q(Exists(_having(wanted)))
    if post.needed_at:
        fits |= Q(**{f"availability__{post.needed_at}": True})
    community = Community.objects.filter(
        organization__path__in=ancestors(post.organization.path)
    ).select_related("organization")
    found = (
        matches(
            user,
            talent=None,
            needed_at=post.needed_at,
            community=community.order_by("-organization__path").first(),
        )
        .filter(Exists(cards.filter(member=OuterRef("pk"))))
        .filter(fits)
        .prefetch_related("talents", Prefetch("cards", cards, to_attr="here"))
    )
    return [_row(member, post, wanted, words) for member in found[: MOST_SHOWN + 1]]


def _cards(user: User, post: ClaimPost) -> QuerySet[LiaisonCard]:
    claimed = PostClaim.objects.live().filter(post=post, card=OuterRef("pk"))
    cards = LiaisonCard.objects.visible_to(user).open()
    return cards.lying_below([post.organization.path]).filter(~Exists(claimed))


def _having(talents: list[Any]) -> QuerySet[Any]:
    return Member.talents.through.objects.filter(
        member=OuterRef("pk"), talent__in=talents
    )


def _said(post: ClaimPost, words: list[str]) -> Q:
    """Cards whose wishes or free time say something that fits."""
    said = Q(pk__in=[])
    for word in words:
        said |= Q(wishes__contains=word)
    for word in TIME_WORDS.get(post.needed_at, ()):
        said |= Q(free_time__contains=word)
    return said


def _row(
    member: Any, post: ClaimPost, wanted: list[Any], words: list[str]
) -> dict[str, Any]:
    card = member.here[0]
    own = {talent.pk for talent in member.talents.all()}
    skills = [each.name for each in wanted if each.pk in own]
    reasons = []
    if skills:
        reasons.append(f"特长：{'、'.join(skills)}")
    if any(word in card.wishes for word in words):
        reasons.append(f"服务意向：{card.wishes}")
    free = getattr(member, "availability", None)
    if post.needed_at and free is not None and getattr(free, post.needed_at):
        reasons.append(f"空闲时间：{free}")
    elif any(word in card.free_time for word in TIME_WORDS.get(post.needed_at, ())):
        reasons.append(f"空闲时间：{card.free_time}")
    return {
        "member": member,
        "card": card,
        "distance": NEARNESS[member.nearness],
        "reasons": reasons,
    }
