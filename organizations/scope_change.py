"""Whose view changes when an organization changes place, said before it happens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from config.lib.paths import ancestors
from organizations.access import MEMBER_ROLES
from organizations.models import Post


@dataclass(frozen=True)
class ScopeChange:
    """Posts through which people begin, or cease, to see what moves."""

    gaining: list[Post]
    losing: list[Post]

    def lines(self) -> list[str]:
        """Return one sentence for each side, for a confirmation page."""
        return [
            _line("将能看到", self.gaining),
            _line("将不再能看到", self.losing),
        ]


def scope_change(old_parent: str, new_parent: str, today: date) -> ScopeChange:
    """Compare who sees what lies under the path `old_parent` and under `new_parent`.

    A person with a post above both places sees it before and after, and is in
    neither list.
    """
    old, new = set(ancestors(old_parent)), set(ancestors(new_parent))
    posts = list(
        Post.objects.in_force(today)
        .filter(role__in=MEMBER_ROLES, organization__path__in=old | new)
        .select_related("user", "organization")
        .order_by("organization__path", "user__username")
    )
    before = {post.user_id for post in posts if post.organization.path in old}
    after = {post.user_id for post in posts if post.organization.path in new}
    return ScopeChange(
        gaining=[
            post
            for post in posts
            if post.organization.path in new - old and post.user_id not in before
        ],
        losing=[
            post
            for post in posts
            if post.organization.path in old - new and post.user_id not in after
        ],
    )


def _line(verb: str, posts: list[Post]) -> str:
    if not posts:
        return f"{verb}其党员的人：没有变化。"
    names = "、".join(
        f"{post.user}（{post.organization}{post.get_role_display()}）" for post in posts
    )
    return f"{verb}其党员的人（{len(posts)}）：{names}。"
