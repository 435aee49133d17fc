"""What changed about a person, when and by whom, in the words of the pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django.apps import apps
from django.db import models

from members.models import Member, Talent
from organizations.models import Community, WorkUnit

LIMIT = 50
_HIDDEN_CHANGE = "身份证号、电话、住址等加密保存的信息有更新"
_SKIPPED = {"id", "version", "created_at", "updated_at", "id_last4"}


@dataclass(frozen=True)
class Change:
    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Entry:
    """One saved state: who, when, and how it differs from the one before."""

    at: datetime
    who: str
    title: str
    changes: list[Change]
    remark: str = ""


def entries(member: Member) -> list[Entry]:
    """Return the newest changes of `member` first, at most LIMIT."""
    records = list(member.history.select_related("history_user")[: LIMIT + 1])
    talents = _talents_by_record(records)
    names = _names(records)
    found = []
    for new, old in pairwise(records):
        changes = _changes(new, old, names)
        before, after = talents[old.pk], talents[new.pk]
        if before != after:
            changes.append(Change("特长", _join(before), _join(after)))
        if changes or new.version != old.version:
            remark = "" if changes else _HIDDEN_CHANGE
            found.append(_entry(new, "修改", changes, remark))
    if records and len(records) <= LIMIT:
        found.append(_entry(records[-1], "建档", [], ""))
    return found


def _entry(record: Any, title: str, changes: list[Change], remark: str) -> Entry:
    who = str(record.history_user) if record.history_user else "系统"
    return Entry(record.history_date, who, title, changes, remark)


def _tracked(record: Any) -> list[models.Field]:
    return [
        field for field in type(record).tracked_fields if field.name not in _SKIPPED
    ]


def _changes(new: Any, old: Any, names: dict[str, dict[int, str]]) -> list[Change]:
    return [
        Change(
            _label(field),
            _text(field, getattr(old, field.attname), names),
            _text(field, getattr(new, field.attname), names),
        )
        for field in _tracked(new)
        if getattr(new, field.attname) != getattr(old, field.attname)
    ]


def _label(field: models.Field) -> str:
    labels = {
        "joined_precision": "入党日期精度",
        "confirmed_precision": "转正日期精度",
    }
    return labels.get(field.name, str(field.verbose_name))


def _text(field: models.Field, value: Any, names: dict[str, dict[int, str]]) -> str:
    if value is None or value == "":
        return "—"
    if field.name in names:
        return names[field.name].get(value, "—")
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return value.isoformat()
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return str(value)


def _names(records: Iterable[Any]) -> dict[str, dict[int, str]]:
    """Names of the units and communities that the records point at."""
    return {
        name: dict(
            model.objects.filter(
                pk__in={getattr(record, f"{name}_id") for record in records} - {None}
            ).values_list("pk", "name")
        )
        for name, model in (("home_unit", WorkUnit), ("community", Community))
    }


def _talents_by_record(records: Iterable[Any]) -> dict[int, frozenset[str]]:
    kept = apps.get_model("members", "HistoricalMember_talents")
    pairs = kept.objects.filter(
        history_id__in=[record.pk for record in records]
    ).values_list("history_id", "talent_id")
    names = dict(Talent.objects.values_list("pk", "name"))
    found: dict[int, set[str]] = defaultdict(set)
    for record_id, talent_id in pairs:
        found[record_id].add(names.get(talent_id, "—"))
    frozen = {record_id: frozenset(held) for record_id, held in found.items()}
    return defaultdict(frozenset, frozen)


def _join(talents: frozenset[str]) -> str:
    return "、".join(sorted(talents)) or "—"
