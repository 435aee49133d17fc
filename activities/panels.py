"""What a member's page shows of activities and programs."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import (
    Case,
    DecimalField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    Sum,
    Value,
    When,
    Window,
)
from django.utils import timezone

from activities.choices import ActivityState, Presence
from activities.models import (
    Achievement,
    Earned,
    Participation,
    Pledge,
    Program,
    ProgramItem,
)
from config.lib.panels import register_panel
from config.lib.paths import is_within
from config.lib.periods import period_containing
from members.choices.employment import EmploymentStatus
from members.models import Member
from organizations.access import Right
from organizations.models import User

LATEST = 10
_SHOWN = ("source", "source_id", "words", "evidence")
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
    earned = Earned.objects.visible_to(user).filter(member=member)
    by_himself = (
        earned.filter(item__program=OuterRef("pk"))
        .filter(earned_on__year=today.year)
        .exclude(item__earned_by="")
    )
    programs = Program.objects.in_force(today).filter(
        Q(audience=member.category) | Q(Exists(by_himself))
    )
    items = list(
        ProgramItem.objects.filter(program__in=programs)
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
    pledged = {
        (pledge.item_id, pledge.starts_on): pledge.words
        for pledge in Pledge.objects.visible_to(user).standing().filter(member=member)
    }
    waiting: dict[int, list[Achievement]] = defaultdict(list)
    for each in Achievement.objects.visible_to(user).waiting().filter(member=member):
        waiting[each.item_id].append(each)
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
        times = sum(event["times"] for event in mine)
        is_done = times >= item.required_count
        row["total"] += 1
        row["done"] += is_done
        gap = f"还差 {item.required_count - times} {item.unit}"
        row["items"].append(
            {
                "item": item,
                "events": mine,
                "is_done": is_done,
                "gap": gap,
                "is_pledged": (item.pk, period.start) in pledged,
                "words": pledged.get((item.pk, period.start), ""),
                "waiting": [w for w in waiting[item.pk] if w.achieved_on in period],
            }
        )
    return {"programs": list(rows.values()), "member": member, "may_record": may_record}


def _words(source: str, words: str) -> str:
    """What an event was, as the member's page says it."""
    if source == "spell":
        return f"就业登记：{EmploymentStatus(words).label}"
    if source == "lead":
        return f"“双带”台账：带领 {words} 人就业"
    return words


def _events(
    user: User, member: Member, items: list[ProgramItem], since: Any, may_record: bool
) -> dict[int, list[dict[str, Any]]]:
    """What earned each item since then, oldest first, by item id; one query."""
    events: dict[int, list[dict[str, Any]]] = defaultdict(list)
    rows = (
        Earned.objects.visible_to(user)
        .filter(member=member, item__in=[item.pk for item in items])
        .filter(earned_on__gte=since)
    )
    for one in rows.values("item", "earned_on", "times", *_SHOWN):
        is_own = one["source"] == "achievement"
        events[one["item"]].append(
            {
                "on": one["earned_on"],
                "times": one["times"],
                "text": _words(one["source"], one["words"]),
                "evidence_id": one["evidence"],
                "withdraw_id": one["source_id"] if is_own and may_record else None,
            }
        )
    for found in events.values():
        found.sort(key=lambda event: event["on"])
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
