"""A member's projects on his page of employment: opened, or worked at."""

from __future__ import annotations

from typing import Any

from activities.models import Placement, ProjectFounder
from config.lib.panels import register_panel
from config.lib.paths import is_within
from members.models import Member
from organizations.access import Right
from organizations.models import User


def projects_panel(user: User, member: Member) -> dict[str, Any]:
    founded = (
        ProjectFounder.objects.visible_to(user)
        .filter(member=member, project__withdrawn_at=None)
        .select_related("project__organization")
        .order_by("-project__opened_on", "-pk")
    )
    # The member is one whom `user` sees; where he works is part of his record.
    worked = (
        Placement.objects.of_people_seen_by(user)
        .counted()
        .filter(member=member)
        .select_related("post__project__organization")
    )
    rows = [
        *(
            _row(each.project, "开办", each.project.opened_on, each.project.closed_on)
            for each in founded
        ),
        *(
            _row(each.post.project, str(each.post), each.starts_on, each.ends_on)
            for each in worked
        ),
    ]
    for row in rows:
        # Another branch's project is named, its page stays closed.
        path = row["project"].organization.path
        row["is_linked"] = any(is_within(path, root) for root in user.member_paths)
    return {
        "member": member,
        "rows": rows,
        "may_open": user.has_right(Right.EDIT_MEMBERS),
    }


def _row(project: Any, what: str, since: Any, until: Any) -> dict[str, Any]:
    return {"project": project, "what": what, "since": since, "until": until}


register_panel(
    page="employment",
    order=10,
    template="activities/_member_projects.html",
    context_builder=projects_panel,
)
