"""Rounds of feedback: opened, reminded and closed by the clock."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.periods import Period, parse_period
from liaison import rules
from liaison.choices import FeedbackState, PeriodKind
from liaison.models import FeedbackPeriod, UnitSchedule
from liaison.services.cards import follow_home_units
from organizations import audit, parameters
from organizations.access import Right, require
from organizations.choices import AuditAction, OrganizationKind
from organizations.models import Organization, User
from organizations.signals import facts_changed


def streets() -> list[Organization]:
    """The street work committees whose communities write feedback."""
    return list(
        Organization.objects.open().filter(
            kind=OrganizationKind.WORK_COMMITTEE, parent__isnull=True
        )
    )


def streets_of(actor: User) -> list[Organization]:
    """Those whose feedback `actor` issues."""
    return [s for s in streets() if actor.has_right_at(Right.ISSUE_FEEDBACK, s)]


@transaction.atomic
def open_period(
    *, street: Organization, period: Period, actor=None, is_general: bool = True
) -> FeedbackPeriod:
    """Open the street's round for `period`; the open one is returned when it exists.

    `is_general` is the round of every unit without a rhythm of its own.
    """
    due_on = rules.due_on(
        period, due_days_after_end=parameters.get("liaison.feedback_due_days_after_end")
    )
    found, created = FeedbackPeriod.objects.get_or_create(
        organization=street,
        label=period.label,
        defaults={
            "kind": period.kind,
            "is_general": is_general,
            "starts_on": period.start,
            "ends_on": period.end,
            "due_on": due_on,
        },
    )
    is_streets_own = period.kind == parameters.get("liaison.feedback_period")
    if is_streets_own and not found.is_general and found.state == FeedbackState.OPEN:
        # The street has taken up the rhythm that only some units had.
        found.is_general = True
        found.save(update_fields=["is_general"])
    if created:
        audit.record(
            actor=actor,
            action=AuditAction.FEEDBACK_OPENED,
            target=found,
            organization=street,
        )
        branches = Organization.objects.subtree(street).values_list("pk", flat=True)
        facts_changed.send(
            sender=FeedbackPeriod,
            organization_ids=set(branches),
            since=period.start,
        )
    return found


def open_due_periods(today: date) -> list[FeedbackPeriod]:
    """Open the round in hand of every street; run daily, harmless when run twice."""
    return [
        opened for street in streets() for opened in _open_in_hand(street, today, None)
    ]


def _open_in_hand(
    street: Organization, today: date, actor: User | None
) -> list[FeedbackPeriod]:
    """Open the street's own round, and those of units with a rhythm of their own."""
    general = parameters.get("liaison.feedback_period")
    opened = [
        open_period(street=street, period=_round_in_hand(general, today), actor=actor)
    ]
    for kind in PeriodKind.values:
        period = _round_in_hand(kind, today)
        units = UnitSchedule.objects.filter(organization=street, kind=kind)
        if kind != general and units.in_force_on(period.start).exists():
            opened.append(
                open_period(street=street, period=period, actor=actor, is_general=False)
            )
    return opened


def _round_in_hand(kind: str, today: date) -> Period:
    return rules.feedback_round(
        kind,
        today,
        opens_days_before_end=parameters.get("liaison.feedback_opens_days_before_end"),
    )


def open_period_in_hand(*, actor: User, today: date) -> FeedbackPeriod:
    """Open the rounds in hand of the actor's street, and return the street's own.

    Raises RuleError without a street.
    """
    mine = streets_of(actor)
    if not mine:
        raise RuleError("没有找到您负责的街道党工委。", code="no_street")
    opened = [_open_in_hand(street, today, actor) for street in mine]
    return opened[0][0]


@transaction.atomic
def close_period(*, period_id: int, actor=None) -> FeedbackPeriod:
    """End the writing of a round. Closing twice changes nothing."""
    period = (
        FeedbackPeriod.objects.select_for_update(of=("self",))
        .select_related("organization")
        .get(pk=period_id)
    )
    if actor is not None:
        require(actor, Right.ISSUE_FEEDBACK, period.organization)
    if period.state == FeedbackState.OPEN:
        follow_home_units(period.organization, actor)
        period.state = FeedbackState.CLOSED
        period.closed_at = timezone.now()
        period.save(update_fields=["state", "closed_at"])
        audit.record(
            actor=actor,
            action=AuditAction.FEEDBACK_CLOSED,
            target=period,
            organization=period.organization,
        )
    return period


def due_for_closing(today: date) -> list[FeedbackPeriod]:
    """Open rounds whose last day for writing has passed."""
    return list(
        FeedbackPeriod.objects.filter(state=FeedbackState.OPEN, due_on__lt=today)
    )


def due_for_building() -> list[FeedbackPeriod]:
    """Closed rounds whose packets are not all built: new ones and interrupted ones."""
    closed = FeedbackPeriod.objects.filter(state=FeedbackState.CLOSED)
    return list(closed.select_related("organization"))


def due_for_reminder(today: date) -> list[FeedbackPeriod]:
    """Open rounds that end soon and were not reminded today."""
    days = parameters.get("liaison.feedback_remind_days_before_due")
    return list(
        FeedbackPeriod.objects.filter(
            state=FeedbackState.OPEN, due_on__lte=today + timedelta(days=days)
        ).exclude(reminded_on=today)
    )


def period_of(feedback_period: FeedbackPeriod) -> Period:
    return parse_period(feedback_period.label)


def parse_feedback_label(label: str) -> Period:
    """Read a label such as 2026Q3. Raises RuleError for a month or anything else."""
    period = parse_period(label)
    if period.kind == "month":
        raise RuleError(
            f"“{label}”不是反馈期，请写成 2026Q3、2026H1 或 2026。", code="period"
        )
    return period
