"""What a member's page shows of reviews: the way to them, for those entitled.

What was found of him stands on a page of its own, since whoever opens it is written
down; and the page of a member may ask no more questions than it does.
"""

from __future__ import annotations

from typing import Any

from config.lib.panels import register_panel
from members.models import Member
from organizations.access import Right
from organizations.models import User


def reviews_panel(user: User, member: Member) -> dict[str, Any] | None:
    return {"member": member} if user.has_right(Right.VIEW_REVIEWS) else None


register_panel(
    page="member",
    order=27,
    template="activities/_member_reviews.html",
    context_builder=reviews_panel,
)
