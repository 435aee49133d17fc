"""Leads from a member's page to his teams and free time.

A link without a question: the page asks as many as it may already.
"""

from __future__ import annotations

from typing import Any

from config.lib.panels import register_panel
from members.models import Member
from organizations.access import Right
from organizations.models import User


def teams_panel(user: User, member: Member) -> dict[str, Any] | None:
    if not user.has_right(Right.RECORD_ACTIVITIES):
        return None
    return {"member": member}


register_panel(
    page="member",
    order=35,
    template="activities/_member_teams.html",
    context_builder=teams_panel,
)
