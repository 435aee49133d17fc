"""The pages of one person, as tabs above each of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from members.choices import AffiliationKind
from members.models import Affiliation, Member
from organizations.access import Right
from organizations.models import User

# URL name, label, and the right without which the tab is not shown.
_TABS: tuple[tuple[str, str, Right | None], ...] = (
    ("detail", "档案", None),
    ("standing", "党籍", None),
    ("dues", "党费与表彰", None),
    ("mobile-member", "流动", None),
    ("employment", "就业帮扶", None),
    ("member-hardship", "困难帮扶", Right.VIEW_HARDSHIP),
    ("reports", "报到挂牌", None),
    ("contacts", "联系记录", None),
    ("history", "修改记录", None),
    ("who-sees", "谁能看到", None),
)


def tabs(
    member: Member,
    current: str,
    user: User,
    relations: Iterable[Affiliation] | None = None,
) -> list[dict[str, Any]]:
    """Return the tabs of `member`'s pages; `current` is a URL name without its app.

    `relations` are the open ones with their organizations, where a page has read them.
    """
    return [
        {
            "label": label,
            "url": reverse(f"members:{name}", args=[member.pk]),
            "is_current": name == current,
        }
        for name, label, right in _TABS
        if right is None or _may(user, right, member, relations)
    ]


def _may(
    user: User, right: Right, member: Member, relations: Iterable[Affiliation] | None
) -> bool:
    if right != Right.VIEW_HARDSHIP or not user.has_right(right):
        return user.has_right(right)
    # Of the person's own branch: whoever looks after him elsewhere sees no tab.
    if relations is None:
        return Member.objects.cared_for_by(user).filter(pk=member.pk).exists()
    return any(
        each.kind == AffiliationKind.ON_ROLL
        and user.has_right_at(right, each.organization)
        for each in relations
    )
