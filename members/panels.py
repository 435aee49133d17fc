"""What an organization's page shows of its members: who leads it, and how long."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from config.lib.panels import register_panel
from members.models import Officer
from members.teams import in_order, term_state
from organizations.models import Organization, User
from organizations.term_rules import ELECTING_KINDS


def team_panel(user: User, organization: Organization) -> dict[str, Any] | None:
    if organization.kind not in ELECTING_KINDS or not organization.is_open:
        return None
    team = list(
        Officer.objects.of_teams_visible_to(user)
        .current()
        .filter(organization=organization)
        .select_related("member")
    )
    if not team and not any(
        organization.path.startswith(root) for root in user.member_paths
    ):
        return None
    return {
        "organization": organization,
        "team": in_order(team),
        "state": term_state(organization, timezone.localdate()),
    }


register_panel(
    page="organization",
    order=10,
    template="members/_team_panel.html",
    context_builder=team_panel,
)
