"""What a pair plans, does and brings: items of the plan, activities, outcomes.

Nothing is ticked off and no figure is typed: an activity recorded by the branch is
said to be one of the pair, and of an item of its plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Sum
from django.db.models.functions import ExtractYear
from django.utils import timezone

from activities.choices import ActivityState
from activities.models import Activity
from config.lib.errors import RuleError
from config.lib.periods import Quarter
from config.lib.versions import check_version
from liaison.models import Pair, PairActivity, PairOutcome, PairTask
from liaison.rules import pairs as rules
from liaison.services.pairs import check_stands, locked_pair, tell
from organizations.models import User


@dataclass(frozen=True)
class TaskFacts:
    """A planned item: due on a day or by the end of a quarter."""

    words: str
    due_on: date | None = None
    quarter: Quarter | None = None
    partner_id: int | None = None
    owner_name: str = ""


@transaction.atomic
def plan_task(
    *, pair_id: int, facts: TaskFacts, actor: User, request_id: UUID | None = None
) -> PairTask:
    """Add an item to the plan.

    A repeated `request_id` returns the item of the first time. Raises
    Pair.DoesNotExist, PairPartner.DoesNotExist, RuleError.
    """
    pair = locked_pair(pair_id, actor)
    if request_id is not None:
        earlier = pair.tasks.filter(request_id=request_id).first()
        if earlier is not None:
            return earlier
    check_stands(pair)
    task = PairTask(pair=pair, request_id=request_id)
    _apply(task, facts)
    task.save(force_insert=True)
    tell(pair, "task_saved", actor)
    return task


@transaction.atomic
def amend_task(
    *, task_id: int, facts: TaskFacts, version: int | None = None, actor: User
) -> PairTask:
    """Change a planned item. Raises PairTask.DoesNotExist, StaleError, RuleError."""
    task = _locked_task(task_id, actor)
    check_version(task, version)
    _apply(task, facts)
    task.version += 1
    task.save()
    tell(task.pair, "task_saved", actor)
    return task


@transaction.atomic
def waive_task(*, task_id: int, reason: str, actor: User) -> PairTask:
    """Drop an item of the plan, and say why; it stays on record."""
    task = _locked_task(task_id, actor)
    if not reason.strip():
        raise RuleError("请写明取消的原因。", code="reason")
    task.waived_at, task.waived_reason = timezone.now(), reason.strip()
    task.version += 1
    task.save()
    tell(task.pair, "task_waived", actor)
    return task


@transaction.atomic
def add_activity(
    *, pair_id: int, activity_id: int, task_id: int | None = None, actor: User
) -> PairActivity:
    """Say that an activity was one of the pair, and which planned item it did.

    Saying it twice is saying it once; the item of the second time counts. Raises
    Pair.DoesNotExist, Activity.DoesNotExist, PairTask.DoesNotExist, RuleError.
    """
    pair = locked_pair(pair_id, actor)
    # Of the place that keeps the pair: another community's is not its deed.
    own = Activity.objects.visible_to(actor).lying_below([pair.organization.path])
    activity = own.get(pk=activity_id)
    if activity.state != ActivityState.HELD:
        raise RuleError("这次活动还没有开展，不能列入。", code="activity")
    rules.check_activity_day(
        activity.held_on, starts_on=pair.starts_on, ended_on=pair.ended_on
    )
    task = None
    if task_id is not None:
        task = pair.tasks.filter(waived_at__isnull=True).get(pk=task_id)
    row, _ = PairActivity.objects.get_or_create(
        pair=pair, activity=activity, defaults={"added_by": actor}
    )
    if row.task != task:
        row.task = task
        row.save(update_fields=["task"])
    _tell_of(pair, activity, "activity_added", actor)
    return row


@transaction.atomic
def take_activity_out(*, pair_activity_id: int, actor: User) -> Pair:
    """Take out what was put in by mistake; the activity itself stays recorded."""
    seen = PairActivity.objects.visible_to(actor).select_related("activity")
    row = seen.get(pk=pair_activity_id)
    pair = locked_pair(row.pair_id, actor)
    seen.filter(pk=row.pk).delete()
    _tell_of(pair, row.activity, "activity_taken", actor)
    return pair


@transaction.atomic
def write_outcome(
    *, pair_id: int, year: int, words: str, version: int | None = None, actor: User
) -> PairOutcome:
    """Write what came of the pair in a year; it may be mended.

    Raises Pair.DoesNotExist, StaleError, RuleError.
    """
    pair = locked_pair(pair_id, actor)
    rules.check_year(year, starts_on=pair.starts_on, today=timezone.localdate())
    if not words.strip():
        raise RuleError("请写一两句成效。", code="words")
    outcome = pair.outcomes.filter(year=year).first()
    if outcome is None:
        outcome = PairOutcome(pair=pair, year=year, version=0)
    else:
        check_version(outcome, version)
    outcome.words, outcome.written_by = words.strip(), actor
    outcome.version += 1
    outcome.save()
    tell(pair, "outcome_written", actor)
    return outcome


def figures_by_year(pair: Pair, today: date) -> list[dict[str, Any]]:
    """Each year the pair stood, the latest first: activities, people, words of it."""
    last = min(today, pair.ended_on - timedelta(days=1)) if pair.ended_on else today
    counted = {
        year: (number, served)
        for year, number, served in PairActivity.objects.counted()
        .filter(pair=pair)
        .order_by()
        .values_list(ExtractYear("activity__held_on"))
        .annotate(number=Count("pk"), served=Sum("activity__people_served"))
    }
    written = {outcome.year: outcome for outcome in pair.outcomes.all()}
    return [
        {
            "year": year,
            "activities": counted.get(year, (0, 0))[0],
            "served": counted.get(year, (0, 0))[1],
            "outcome": written.get(year),
        }
        for year in range(last.year, pair.starts_on.year - 1, -1)
    ]


def _apply(task: PairTask, facts: TaskFacts) -> None:
    task.words, task.owner_name = facts.words.strip(), facts.owner_name.strip()
    task.due_on = rules.due_day(facts.due_on, facts.quarter)
    task.is_by_quarter = facts.quarter is not None
    rules.check_due(
        task.due_on, starts_on=task.pair.starts_on, today=timezone.localdate()
    )
    task.partner = (
        task.pair.partners.get(pk=facts.partner_id) if facts.partner_id else None
    )
    task.clean_fields(exclude=["pair", "partner", "waived_reason"])


def _locked_task(task_id: int, actor: User) -> PairTask:
    seen = PairTask.objects.visible_to(actor)
    pair = locked_pair(seen.get(pk=task_id).pair_id, actor)
    task = seen.get(pk=task_id)
    task.pair = pair
    check_stands(pair)
    if task.waived_at is not None:
        raise RuleError("这一项已经取消。", code="waived")
    return task


def _tell_of(pair: Pair, activity: Activity, step: str, actor: User) -> None:
    tell(pair, step, actor, since=activity.held_on, at=activity.organization_id)
