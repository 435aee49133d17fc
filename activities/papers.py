"""What a member wrote for seminars and exchanges, as his page of study shows it."""

from __future__ import annotations

from activities.choices import ActivityState
from activities.models import Paper
from config.lib.paths import is_within
from members.models import Member
from organizations.models import User


def papers_of(user: User, member: Member) -> list[Paper]:
    """His papers, the latest first; `is_linked` where the activity's page opens."""
    papers = list(
        Paper.objects.visible_to(user)
        .standing()
        .filter(member=member)
        .exclude(activity__state=ActivityState.CANCELLED)
        .select_related("activity__organization")
        .order_by("-activity__held_on", "-pk")
    )
    for paper in papers:
        # Another branch's activity is named, its page stays closed.
        path = paper.activity.organization.path
        paper.is_linked = any(is_within(path, root) for root in user.member_paths)
    return papers
