"""What pages of organizations and work units show of members: teams, coverage."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone

from config.lib.panels import register_panel
from members.coverage import with_facts
from members.models import Officer
from members.teams import in_order, term_state
from organizations.access import Right
from organizations.coverage_choices import TWO_NEW_KINDS, CoverageForm
from organizations.coverage_reads import known_units
from organizations.models import Organization, User, WorkUnit
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


def coverage_panel(user: User, unit: WorkUnit) -> dict[str, Any] | None:
    """The form of coverage of a two-new unit, and the way to all that is recorded."""
    if unit.kind not in TWO_NEW_KINDS or not user.has_right(Right.KEEP_COVERAGE):
        return None
    found = with_facts(known_units(user)).filter(pk=unit.pk).values("form").first()
    if found is None:
        return None
    form = found["form"]
    return {
        "label": CoverageForm(form).label if form else "还没有核定",
        "url": reverse("members:coverage-unit", args=[unit.pk]),
    }


register_panel(
    page="organization",
    order=10,
    template="members/_team_panel.html",
    context_builder=team_panel,
)
register_panel(
    page="work_unit",
    order=5,
    template="members/_coverage_panel.html",
    context_builder=coverage_panel,
)
