"""What a member's page shows of study."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from activities.study import hours_of
from config.lib.panels import register_panel
from members.models import Member
from organizations.models import User


def study_panel(user: User, member: Member) -> dict[str, Any] | None:
    """This year's study hours by kind."""
    today = timezone.localdate()
    return {
        "member": member,
        "year": today.year,
        "hours": hours_of([member.pk], today)[member.pk],
    }


register_panel(
    page="member",
    order=25,
    template="activities/_member_study.html",
    context_builder=study_panel,
)
