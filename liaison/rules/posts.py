"""Rules of posts and claims: pure, dates passed in.

Source: 在职党员“双报到”认岗做法（社区设岗定员，党员提出，社区确定，公示名单）.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from activities.rules.projects import Span, most_at_once
from config.lib.errors import RuleError
from config.lib.paths import is_within
from liaison.choices.posts import CHOSEN_ENDS, ClaimEnd, ClaimState

# Local rule: more is a slip of the keyboard. Set by the portal.
MOST_PLACES = 200


def check_category(category: str, categories: Sequence[str], kept: str = "") -> None:
    """Raise RuleError for a category off the list; a post keeps the one it has."""
    if category not in categories and category != kept:
        raise RuleError(
            f"岗位类别请从“{'、'.join(categories)}”中选择。", code="category"
        )


def check_places(places: int, held: int = 0) -> None:
    """Raise RuleError unless there are places, and enough for whoever was there."""
    if not 1 <= places <= MOST_PLACES:
        raise RuleError(f"人数应在1到{MOST_PLACES}之间。", code="places")
    if places < held:
        raise RuleError(
            f"这个岗位曾经同时有{held}人在岗，人数不能少于{held}。", code="places"
        )


def check_open(closed_on: date | None, title: str) -> None:
    if closed_on is not None:
        raise RuleError(
            f"岗位“{title}”已于{closed_on}关闭，不能再办理；重新设岗的请另建。",
            code="closed",
        )


def check_card(card_ends_on: date | None, *, card_path: str, post_path: str) -> None:
    """Raise RuleError unless the card is in force and lies where the post is."""
    if card_ends_on is not None:
        raise RuleError("这张联系卡已经注销，不能认领岗位。", code="card")
    if not is_within(card_path, post_path):
        raise RuleError(
            "联系卡不在设岗的社区或党支部，只能认领本社区、本支部的岗位。", code="card"
        )


def check_room(
    spans: Iterable[Span], places: int, title: str, since: date = date.min
) -> None:
    """Raise RuleError where every place is taken on some day from `since` on."""
    if most_at_once(spans, since) >= places:
        raise RuleError(
            f"岗位“{title}”的{places}个名额已满，不能再同意；"
            "有人离岗的请先登记离岗，要增加人数的请先修改岗位。",
            code="full",
        )


def check_proposed(state: str) -> None:
    if state != ClaimState.PROPOSED:
        raise RuleError(
            f"这次认岗已是“{ClaimState(state).label}”，不用再决定。", code="decided"
        )


def check_reason(reason: str, words: str) -> None:
    if not reason.strip():
        raise RuleError(words, code="reason")


def check_end(end_reason: str, words: str) -> None:
    if end_reason not in CHOSEN_ENDS:
        raise RuleError("请选择离岗原因。", code="end_reason")
    if end_reason == ClaimEnd.OTHER and not words.strip():
        raise RuleError("请写明离岗的原因。", code="reason")


# How people say when they are free, by what a post asks for.
TIME_WORDS: dict[str, tuple[str, ...]] = {
    "weekdays": ("工作日白天", "周一", "周二", "周三", "周四", "周五", "随时"),
    "evenings": ("晚", "下班后", "随时"),
    "weekends": ("周末", "周六", "周日", "节假日", "双休", "随时"),
}
# Said of nearly every post: fits nobody in particular.
_EMPTY_WORDS = frozenset(
    ("服务", "社区", "志愿", "人员", "岗位", "其他", "工作", "居民", "小区")
)


def telling_pairs(*texts: str) -> list[str]:
    """Pairs of characters by which a wish is found to be about the same thing.

    “健康医疗” is found in “医疗咨询” by 医疗.
    """
    pairs = {
        text[place : place + 2] for text in texts for place in range(len(text) - 1)
    }
    return sorted(
        pair
        for pair in pairs
        if pair not in _EMPTY_WORDS and not set(pair) & set("与和、员岗")
    )
