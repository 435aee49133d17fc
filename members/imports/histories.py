"""Histories of many rows at once, written inside the database as saves would."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.apps import apps

from members.imports import store
from members.models import Affiliation, Member


def event(
    sign: str, *, reason: str, actor_id: int | None, now: datetime
) -> dict[str, Any]:
    """What simple-history stamps a row with; `sign` is + or ~."""
    return {
        "history_date": store.moment(now),
        "history_change_reason": reason,
        "history_type": sign,
        "history_user_id": actor_id,
    }


def remember_affiliations(ids: Iterable[int], stamp: dict[str, Any]) -> None:
    store.copy_history(Affiliation, ids, stamp)


def remember_members(ids: Iterable[int], stamp: dict[str, Any]) -> None:
    """Give each person a history row, with the talents as they stand."""
    keys = store.copy_history(Member, ids, stamp, with_keys=True)
    through = Member.talents.through
    copies = apps.get_model("members", "HistoricalMember_talents")
    rows = [
        (pk, member_id, talent_id, keys[member_id])
        for part in store.chunks(keys)
        for pk, member_id, talent_id in through.objects.filter(
            member_id__in=part
        ).values_list("id", "member_id", "talent_id")
    ]
    store.insert_rows(copies, ["id", "member_id", "talent_id", "history_id"], rows)
