"""A member's projects on his page of employment: opened, or worked at."""

from __future__ import annotations

from typing import Any

from django.db.models import Value

from activities.models import Placement, ProjectFounder
from config.lib.panels import register_panel
from config.lib.paths import is_within
from members.models import Member
from organizations.access import Right
from organizations.models import User

_COLUMNS = ("project", "name", "path", "what", "since", "until")


def projects_panel(user: User, member: Member) -> dict[str, Any]:
    """One query for both: the page asks eleven already."""
    founded = (
        ProjectFounder.objects.visible_to(user)
        .filter(member=member, project__withdrawn_at=None)
        .order_by()
        .values_list(
            *("project", "project__name", "project__organization__path"),
            *(Value("开办"), "project__opened_on", "project__closed_on"),
        )
    )
    # The member is one whom `user` sees; where he works is part of his record.
    project = "post__project"
    worked = (
        Placement.objects.of_people_seen_by(user)
        .counted()
        .filter(member=member)
        .order_by()
        .values_list(
            *(project, f"{project}__name", f"{project}__organization__path"),
            *("post__name", "starts_on", "ends_on"),
        )
    )
    found = founded.union(worked, all=True)
    rows = [dict(zip(_COLUMNS, row, strict=True)) for row in found]
    for row in rows:
        # Another branch's project is named, its page stays closed.
        row["is_linked"] = any(
            is_within(row["path"], root) for root in user.member_paths
        )
    return {
        "member": member,
        "rows": sorted(rows, key=lambda row: row["since"], reverse=True),
        "may_open": user.has_right(Right.EDIT_MEMBERS),
    }


register_panel(
    page="employment",
    order=10,
    template="activities/_member_projects.html",
    context_builder=projects_panel,
)
