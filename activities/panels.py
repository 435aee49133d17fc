"""What a member's page shows of activities and programs."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    DecimalField,
    F,
    IntegerField,
    Q,
    Sum,
    UUIDField,
    Value,
    When,
    Window,
)
from django.utils import timezone

from activities.choices import ActivityState, Presence
from activities.models import Achievement, Participation, Program, ProgramItem
from config.lib.panels import register_panel
from config.lib.paths import is_within
from config.lib.periods import period_containing
from members.models import Member
from organizations.access import Right
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


def programs_panel(user: User, member: Member) -> dict[str, Any] | None:
    """Programs in force for this kind of member, each item with its dates."""
    today = timezone.localdate()
    items = list(
        ProgramItem.objects.filter(
            program__in=Program.objects.in_force(today).filter(audience=member.category)
        )
        .select_related("program")
        .order_by("program__sort_order", "program_id", "sort_order", "pk")
    )
    if not items:
        return None
    periods = {
        item.program_id: period_containing(item.program.period, today) for item in items
    }
    may_record = user.has_right(Right.RECORD_ACTIVITIES)
    earliest = min(period.start for period in periods.values())
    events = _events(user, member, items, earliest, may_record)
    rows: dict[int, dict[str, Any]] = {}
    for item in items:
        period = periods[item.program_id]
        row = rows.setdefault(
            item.program_id,
            {
                "program": item.program,
                "period": period,
                "done": 0,
                "total": 0,
                "items": [],
            },
        )
        mine = [event for event in events[item.pk] if event["on"] in period]
        is_done = len(mine) >= item.required_count
        row["total"] += 1
        row["done"] += is_done
        gap = f"还差 {item.required_count - len(mine)} {item.unit}"
        row["items"].append(
            {"item": item, "events": mine, "is_done": is_done, "gap": gap}
        )
    return {"programs": list(rows.values()), "member": member, "may_record": may_record}


def _events(
    user: User, member: Member, items: list[ProgramItem], since: Any, may_record: bool
) -> dict[int, list[dict[str, Any]]]:
    """What earned each item since then, oldest first, by item id; one query."""
    ids = [item.pk for item in items]
    events: dict[int, list[dict[str, Any]]] = defaultdict(list)
    columns = ("earned", "on", "text", "proof", "single_id")
    singly = (
        Achievement.objects.visible_to(user)
        .counted()
        .filter(member=member, item__in=ids, achieved_on__gte=since)
        .annotate(
            earned=F("item_id"),
            on=F("achieved_on"),
            text=F("content"),
            proof=F("evidence_id"),
            single_id=F("pk"),
        )
    )
    attended = (
        Participation.objects.visible_to(user)
        .counted()
        .filter(Q(activity__items__in=ids), member=member, activity__held_on__gte=since)
        .annotate(
            earned=F("activity__items"),
            on=F("activity__held_on"),
            text=F("activity__title"),
            proof=Value(None, UUIDField()),
            single_id=Value(None, BigIntegerField()),
        )
    )
    both = singly.order_by().values(*columns)
    for event in both.union(attended.order_by().values(*columns), all=True):
        events[event["earned"]].append(
            {
                "on": event["on"],
                "text": event["text"],
                "evidence_id": event["proof"],
                "withdraw_id": event["single_id"] if may_record else None,
            }
        )
    for rows in events.values():
        rows.sort(key=lambda event: event["on"])
    return events


register_panel(
    page="member",
    order=20,
    template="activities/_member_programs.html",
    context_builder=programs_panel,
)
register_panel(
    page="member",
    order=30,
    template="activities/_member_activities.html",
    context_builder=activities_panel,
)
