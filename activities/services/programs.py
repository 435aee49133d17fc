"""The committee's lists of items to fulfil.

What has been earned stays as it was asked for: such an item is not removed, and
neither it nor its program changes what it counts. Whoever wants other demands starts
a new version from the first day of a period.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from activities.models import (
    Achievement,
    Activity,
    Earned,
    Pledge,
    Program,
    ProgramItem,
)
from activities.models.program import VERSION_MARK
from activities.rules import activities as rules
from config.lib.errors import RuleError
from config.lib.periods import period_containing
from organizations import audit
from organizations.access import Right
from organizations.choices import AuditAction
from organizations.models import Organization, User
from organizations.signals import facts_changed


@dataclass(frozen=True)
class ItemFacts:
    """One item as asked for; `item_id` None adds it."""

    name: str
    required_count: int = 1
    unit: str = "次"
    needs_evidence: bool = False
    item_id: int | None = None
    earned_by: str = ""


@dataclass(frozen=True)
class ProgramFacts:
    """`valid_until` is exclusive; `items` stand in the order shown."""

    name: str
    audience: str
    period: str
    valid_from: date
    items: Sequence[ItemFacts]
    valid_until: date | None = None
    source: str = ""


@transaction.atomic
def save_program(
    *, facts: ProgramFacts, actor: User, program_id: int | None = None
) -> Program:
    """Create a program, or change one as far as nothing earned is touched.

    Raises PermissionDenied without MANAGE_PROGRAMS, RuleError "earned" when what was
    earned would be counted otherwise.
    """
    _require_manager(actor)
    if program_id is None:
        program = Program(key=f"p-{uuid4().hex[:12]}", sort_order=100)
    else:
        program = Program.objects.select_for_update().get(pk=program_id)
    rules.check_item_names([item.name for item in facts.items])
    stored: dict[int, Any] = {item.pk: item for item in _items_with_use(program)}
    is_earned = any(item.is_earned for item in stored.values())
    if is_earned and (facts.audience, facts.period) != (
        program.audience,
        program.period,
    ):
        raise RuleError(
            f"“{program.name}”已有完成记录，不能更改对象或周期；请另建新版。",
            code="earned",
        )
    since = min(facts.valid_from, program.valid_from or facts.valid_from)
    program.name = facts.name.strip()
    program.audience = facts.audience
    program.period = facts.period
    program.valid_from = facts.valid_from
    program.valid_until = facts.valid_until
    program.source = facts.source.strip()
    program.full_clean()
    program.save()
    _write_items(program, facts.items, stored)
    _finish(program, actor, since)
    return program


@transaction.atomic
def start_new_version(*, program_id: int, valid_from: date, actor: User) -> Program:
    """End a program on `valid_from` and start a copy of it whose items may change.

    `valid_from` must be the first day of a period, so that no period has two lists.
    """
    _require_manager(actor)
    old = Program.objects.select_for_update().get(pk=program_id)
    period = period_containing(old.period, valid_from)
    if period.start != valid_from:
        raise RuleError(
            f"新版应从一个{old.get_period_display()}的第一天起启用，"
            f"例如 {period.next().start:%Y-%m-%d}。",
            code="not_first_day",
        )
    if old.valid_until is not None or valid_from <= old.valid_from:
        raise RuleError(
            f"“{old.name}”已经停用或尚未启用，请从最新的一版另建。", code="not_newest"
        )
    old.valid_until = valid_from
    old.save(update_fields=["valid_until"])
    new = Program.objects.create(
        key=_next_key(old),
        name=old.name,
        audience=old.audience,
        period=old.period,
        valid_from=valid_from,
        source=old.source,
        sort_order=old.sort_order,
    )
    items = list(old.items.all())
    for item in items:
        item.pk, item._state.adding, item.program = None, True, new
    ProgramItem.objects.bulk_create(items)
    _finish(new, actor, valid_from)
    return new


def _require_manager(actor: User) -> None:
    if not actor.has_right(Right.MANAGE_PROGRAMS):
        raise PermissionDenied("项目清单由街道工作人员维护，请联系街道。")


def _items_with_use(program: Program) -> QuerySet[ProgramItem]:
    """Items of `program`, each with `is_earned`: some record counts on it."""
    if program.pk is None:
        return ProgramItem.objects.none()
    carried = Activity.items.through.objects.filter(programitem_id=OuterRef("pk"))
    achieved = Achievement.objects.filter(item_id=OuterRef("pk"))
    pledged = Pledge.objects.filter(item_id=OuterRef("pk"))
    by_itself = Earned.objects.filter(item_id=OuterRef("pk"))
    return program.items.annotate(
        is_earned=Exists(carried)
        | Exists(achieved)
        | Exists(pledged)
        | Exists(by_itself)
    )


def _write_items(
    program: Program, wanted: Sequence[ItemFacts], stored: dict[int, Any]
) -> None:
    kept = {item.item_id for item in wanted}
    for pk, item in stored.items():
        if pk in kept:
            continue
        if item.is_earned:
            raise RuleError(
                f"“{item.name}”已有完成记录，不能删除；请停用本清单，另建新版。",
                code="earned",
            )
        item.delete()
    for place, facts in enumerate(wanted, start=1):
        item = stored.get(facts.item_id) if facts.item_id is not None else None
        if item is None:
            item = ProgramItem(program=program, key=f"i-{uuid4().hex[:12]}")
        elif item.is_earned and (facts.required_count, facts.earned_by) != (
            item.required_count,
            item.earned_by,
        ):
            raise RuleError(
                f"“{item.name}”已有完成记录，不能更改应完成次数和自动取自；请另建新版。",
                code="earned",
            )
        item.name = facts.name.strip()
        item.required_count = facts.required_count
        item.unit = facts.unit.strip()
        item.needs_evidence = facts.needs_evidence
        item.earned_by = facts.earned_by
        item.sort_order = place
        item.full_clean()
        item.save()


def _next_key(program: Program) -> str:
    pattern = re.compile(rf"{re.escape(program.line + VERSION_MARK)}(\d+)")
    keys = Program.objects.of_line(program.line).values_list("key", flat=True)
    numbers = [int(found[1]) for key in keys if (found := pattern.fullmatch(key))]
    return f"{program.line}{VERSION_MARK}{max(numbers, default=1) + 1}"


def _finish(program: Program, actor: User, since: date) -> None:
    audit.record(
        actor=actor,
        action=AuditAction.PROGRAM_SAVED,
        target=program,
        details={"key": program.key, "items": program.items.count()},
    )
    # What a member has fulfilled may read otherwise everywhere from then on, and at
    # branches closed since.
    branches = Organization.objects.branches()
    facts_changed.send(
        sender=Program,
        organization_ids=set(branches.values_list("pk", flat=True)),
        since=since,
    )
