"""What a member's page shows of study: the way to its page, which counts the hours.

The page of a member may ask no more questions than it does.
"""

from __future__ import annotations

from typing import Any

from config.lib.panels import register_panel
from members.models import Member
from organizations.models import User


def study_panel(user: User, member: Member) -> dict[str, Any] | None:
    return {"member": member}


register_panel(
    page="member",
    order=25,
    template="activities/_member_study.html",
    context_builder=study_panel,
)
