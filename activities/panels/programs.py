"""What a member's page shows of programs: what earned each item, and what waits."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any

from django.db.models import (
    CharField,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    UUIDField,
    Value,
)
from django.db.models.functions import Cast
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

_SHOWN = (
    *("item", "earned_on", "times", "source", "source_id", "words"),
    "evidence",
)


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
    found = _found(user, member, items, earliest, may_record)
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
        mine = [event for event in found.events[item.pk] if event["on"] in period]
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
                "is_pledged": (item.pk, period.start) in found.pledged,
                "words": found.pledged.get((item.pk, period.start), ""),
                "waiting": [w for w in found.waiting[item.pk] if w[0] in period],
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


@dataclass
class _Found:
    """What stands about a member's items, by item; days in their order."""

    events: dict[int, list[dict[str, Any]]]
    # Words by item and first day of its period.
    pledged: dict[tuple[int, date], str]
    # Days and contents of what the branch has yet to confirm.
    waiting: dict[int, list[tuple[date, str]]]


def _found(
    user: User, member: Member, items: list[ProgramItem], since: date, may_record: bool
) -> _Found:
    """What earned each item since then, was pledged, or waits: one query for all."""
    earned = (
        Earned.objects.visible_to(user)
        .filter(member=member, item__in=[item.pk for item in items])
        .filter(earned_on__gte=since)
    )
    pledges = Pledge.objects.visible_to(user).standing().filter(member=member)
    waiting = Achievement.objects.visible_to(user).waiting().filter(member=member)
    rows = earned.order_by().values_list(*_SHOWN)
    rows = rows.union(
        _as_earned(pledges, "pledge", day="starts_on", words="words"),
        _as_earned(waiting, "waiting", day="achieved_on", words="content"),
        all=True,
    )
    found = _Found(defaultdict(list), {}, defaultdict(list))
    for item, day, times, source, source_id, words, evidence in sorted(
        rows, key=itemgetter(1)
    ):
        if source == "pledge":
            found.pledged[item, day] = words
        elif source == "waiting":
            found.waiting[item].append((day, words))
        else:
            is_own = source == "achievement" and may_record
            found.events[item].append(
                {
                    "on": day,
                    "times": times,
                    "text": _words(source, words),
                    "evidence_id": evidence,
                    "withdraw_id": source_id if is_own else None,
                }
            )
    return found


def _as_earned(rows: QuerySet, source: str, *, day: str, words: str) -> QuerySet:
    """Other rows in the columns of `Earned`."""
    return (
        rows.order_by()
        .annotate(
            one=Value(1),
            kind=Value(source, output_field=CharField()),
            said=Cast(words, TextField()),
            nothing=Value(None, output_field=UUIDField()),
        )
        .values_list("item", day, "one", "kind", "pk", "said", "nothing")
    )


register_panel(
    page="member",
    order=20,
    template="activities/_member_programs.html",
    context_builder=programs_panel,
)
