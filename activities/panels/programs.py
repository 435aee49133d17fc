"""What a member's page shows of programs: what earned each item, and what waits."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from django.db.models import (
    Exists,
    OuterRef,
    Q,
)
from django.utils import timezone

from activities.models import (
    Achievement,
    Earned,
    Pledge,
    Program,
    ProgramItem,
)
from config.lib.panels import register_panel
from config.lib.periods import period_containing
from members.choices.employment import EmploymentStatus
from members.models import Member
from organizations.access import Right
from organizations.models import User

_SHOWN = ("source", "source_id", "words", "evidence")


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
    pledged, waiting = _pledged(user, member), _waiting(user, member)
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
        row["items"].append(
            {
                "item": item,
                "events": mine,
                "is_done": is_done,
                "gap": f"还差 {item.required_count - times} {item.unit}",
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


def _pledged(user: User, member: Member) -> dict[tuple[int, date], str]:
    """The words of what was pledged, by item and first day of its period."""
    mine = Pledge.objects.visible_to(user).standing().filter(member=member)
    return {(each.item_id, each.starts_on): each.words for each in mine}


def _waiting(user: User, member: Member) -> dict[int, list[Achievement]]:
    """What the branch has yet to confirm, by item."""
    found: dict[int, list[Achievement]] = defaultdict(list)
    for each in Achievement.objects.visible_to(user).waiting().filter(member=member):
        found[each.item_id].append(each)
    return found


register_panel(
    page="member",
    order=20,
    template="activities/_member_programs.html",
    context_builder=programs_panel,
)
