"""Warnings of volunteer teams."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from activities.models import VolunteerTeam
from config.lib.registry import Alert, AlertItem, register_alert
from organizations.access import Right


def _leaderless(user: Any, today: date) -> QuerySet[VolunteerTeam]:
    teams = VolunteerTeam.objects.kept_by(user).open().leaderless()
    return teams.order_by("founded_on", "pk")


def _leaderless_item(team: VolunteerTeam, today: date) -> AlertItem:
    return AlertItem(
        organization_id=team.organization_id,
        label=team.name,
        url=team.get_absolute_url(),
        due_on=team.founded_on,
        detail="还没有队长，请在队员名单里确定",
    )


register_alert(
    Alert(
        key="activities.team_leaderless",
        name="服务队没有队长",
        level="info",
        definition="在用的志愿服务队，还没有确定队长，或者队长已经离队。",
        source="本平台工作惯例：每支服务队有一名队长",
        right=Right.RECORD_ACTIVITIES,
        queryset=_leaderless,
        item=_leaderless_item,
    )
)
