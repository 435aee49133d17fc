"""What a member's page shows of activities."""

from __future__ import annotations

from typing import Any

from django.db.models import (
    Case,
    DecimalField,
    F,
    IntegerField,
    Sum,
    Value,
    When,
    Window,
)
from django.utils import timezone

from activities.choices import ActivityState, Presence
from activities.models import (
    Participation,
)
from config.lib.panels import register_panel
from config.lib.paths import is_within
from members.models import Member
from organizations.models import User

LATEST = 10
_TONES = {Presence.PRESENT: "ok", Presence.LEAVE: "info", Presence.ABSENT: "warn"}


def activities_panel(user: User, member: Member) -> dict[str, Any] | None:
    """The latest participations, and this year's times and hours."""
    year = timezone.localdate().year
    mine = Participation.objects.visible_to(user).filter(member=member)
    latest = list(
        mine.exclude(activity__state=ActivityState.PLANNED)
        .annotate(
            times=_of_year(year, Value(1), IntegerField()),
            year_hours=_of_year(year, F("hours"), DecimalField()),
        )
        .select_related("activity__organization")
        .order_by("-activity__held_on", "-pk")[:LATEST]
    )
    for part in latest:
        part.shown, part.tone = part.get_presence_display(), _TONES[part.presence]
        if part.activity.state == ActivityState.CANCELLED:
            part.shown, part.tone = "活动已取消", "mute"
        # Another branch's activity is named, its page stays closed.
        path = part.activity.organization.path
        part.is_linked = any(is_within(path, root) for root in user.member_paths)
    return {
        "participations": latest,
        "year": year,
        "times": latest[0].times if latest else 0,
        "hours": latest[0].year_hours if latest else 0,
    }


def _of_year(year: int, value: Any, output: Any) -> Window:
    """The sum over all counted participations of a year, beside each of the latest."""
    counted = When(
        presence=Presence.PRESENT,
        activity__state=ActivityState.HELD,
        activity__held_on__year=year,
        then=value,
    )
    return Window(Sum(Case(counted, default=Value(0), output_field=output)))


register_panel(
    page="member",
    order=30,
    template="activities/_member_activities.html",
    context_builder=activities_panel,
)
