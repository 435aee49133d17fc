"""What the synthetic people did: cards, remarks, activities, a trail behind them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from activities.choices import ActivityKind
from activities.models import Activity, Participation, ProgramItem
from config.lib.dates import SHANGHAI
from config.lib.periods import period_containing
from liaison.models import CardEntry, FeedbackPeriod, FeedbackRemark, LiaisonCard
from members.imports import store
from organizations.models import AuditEvent, Job, Organization, User, WorkUnit
from tests.bench.people import Size, branch_of, card_branch, held_on
from tests.bench.rows import insert

GRADES = ("优秀", "合格", "合格", "基本合格")


def cards(
    size: Size,
    today: date,
    members: list[int],
    units: list[WorkUnit],
    branches: list[Organization],
    writer: User,
) -> list[int]:
    """One card for every so manieth member, with deeds in the last quarter."""
    ids = store.new_ids(LiaisonCard, size.card_count)
    insert(
        LiaisonCard,
        (
            {
                "id": pk,
                "number": f"B-{card + 1:07d}",
                "member_id": members[card * size.card_every],
                "organization_id": branches[card_branch(card, size)].pk,
                "home_unit_id": units[card * size.units // size.card_count].pk,
                "profession": "教师",
                "wishes": "义务讲课",
                "free_time": "周末",
                "starts_on": today - timedelta(days=380),
                "ends_on": None,
                "end_reason": "",
                "opened_by_id": writer.pk,
                "version": 1,
            }
            for card, pk in enumerate(ids)
        ),
    )
    begin = period_containing("quarter", today).previous().start
    stamp = store.moment(timezone.now())
    insert(
        CardEntry,
        (
            {
                "card_id": pk,
                "kind": "daily" if deed == 2 else "service",
                "occurred_on": begin + timedelta(days=(card + deed * 29) % 85),
                "hours": "0" if deed == 2 else "2.0",
                "content": "关心邻里，热心公益" if deed == 2 else "参加楼道清扫",
                "resident_words": "",
                "written_by_id": writer.pk,
                "written_at": stamp,
                "withdrawn_at": None,
                "withdrawn_reason": "",
                "request_id": None,
            }
            for card, pk in enumerate(ids)
            for deed in range(3)
        ),
    )
    return ids


def feedback_round(place: Organization, today: date) -> FeedbackPeriod:
    quarter = period_containing("quarter", today).previous()
    return FeedbackPeriod.objects.create(
        organization=place,
        kind="quarter",
        label=quarter.label,
        starts_on=quarter.start,
        ends_on=quarter.end,
        due_on=quarter.end + timedelta(days=9),
        state="closed",
        closed_at=timezone.now(),
    )


def remarks(cards: list[int], period: FeedbackPeriod, writer: User) -> None:
    stamp = store.moment(timezone.now())
    insert(
        FeedbackRemark,
        (
            {
                "period_id": period.pk,
                "card_id": pk,
                "grade": GRADES[place % len(GRADES)],
                "words": f"热心参加社区服务，表现突出（{place % 50 + 1}）。",
                "written_by_id": writer.pk,
                "written_at": stamp,
                "version": 1,
            }
            for place, pk in enumerate(cards)
        ),
    )


def activities(
    size: Size,
    today: date,
    members: list[int],
    branches: list[Organization],
    writer: User,
) -> None:
    stamp = store.moment(timezone.now())
    kinds = [str(kind) for kind in ActivityKind]
    ids = store.new_ids(Activity, size.branch_count * size.activities)

    def rows() -> Iterator[dict[str, Any]]:
        for place, pk in enumerate(ids):
            branch, turn = divmod(place, size.activities)
            day = held_on(turn, size, today)
            begin = datetime.combine(day, time(9), tzinfo=SHANGHAI)
            yield {
                "id": pk,
                "organization_id": branches[branch].pk,
                "kind": kinds[place % len(kinds)],
                "team_id": None,
                "title": f"{branches[branch].short_name}活动{turn + 1}",
                "starts_at": store.moment(begin),
                "held_on": day,
                "hours": "2.0",
                "place": "社区活动室",
                "leader": "",
                "summary": "集中学习并打扫楼道。",
                "people_served": turn,
                "state": "held",
                "cancel_reason": "",
                "recorded_by_id": writer.pk,
                "recorded_at": stamp,
                "updated_at": stamp,
                "version": 1,
                "request_id": None,
            }

    insert(Activity, rows())
    _participations(size, ids, members)
    # What earns a member the rest is reckoned from other records.
    items = list(
        ProgramItem.objects.by_hand().order_by("pk").values_list("pk", flat=True)
    )
    insert(
        Activity.items.through,
        (
            {"activity_id": pk, "programitem_id": items[place // 2 % len(items)]}
            for place, pk in enumerate(ids)
            if place % 2 == 0
        ),
    )


def pools(size: Size) -> list[list[int]]:
    """The numbers of the people of each branch, those it keeps cards of included."""
    found: list[list[int]] = [[] for _ in range(size.branch_count)]
    for number in range(size.members):
        found[branch_of(number, size)].append(number)
    for card in range(size.card_count):
        number, branch = card * size.card_every, card_branch(card, size)
        if branch_of(number, size) != branch:
            found[branch].append(number)
    return found


def _participations(size: Size, ids: list[int], members: list[int]) -> None:
    people = pools(size)

    def rows() -> Iterator[dict[str, Any]]:
        for place, pk in enumerate(ids):
            branch, turn = divmod(place, size.activities)
            pool = people[branch]
            present = min(size.present, len(pool))
            for seat in range(present):
                is_away = seat % 10 == 9
                yield {
                    "activity_id": pk,
                    "member_id": members[pool[(turn * present + seat) % len(pool)]],
                    "presence": "leave" if is_away else "present",
                    "hours": "0" if is_away else "2.0",
                    "note": "",
                }

    insert(Participation, rows())


def trail(size: Size, root: Organization, users: dict[str, User]) -> None:
    """An audit trail and jobs to page through."""
    stamp = store.moment(timezone.now())
    staff = users["staff"]
    insert(
        AuditEvent,
        (
            {
                "at": stamp,
                "actor_id": staff.pk,
                "actor_label": str(staff),
                "action": "member_viewed",
                "result": "done",
                "target_type": "members.member",
                "target_id": str(number),
                "target_label": f"党员 {number}",
                "organization_id": root.pk,
                "details": "{}",
                "address": None,
            }
            for number in range(size.audit_events)
        ),
    )
    Job.objects.bulk_create(
        Job(kind="reports.roster", title="导出花名册", requester=staff, state="failed")
        for _ in range(min(200, size.members // 10))
    )
