"""What branches owe of Party life, and what of it they hold: one statement for all.

Nothing owed is stored. It follows from the committee's settings and the plans in
force, for every branch as it stands: one founded later owes from its first full month
on, one closed owes no more, and a changed setting or plan holds for all at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    FilteredRelation,
    Min,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from activities.choices import ActivityKind, ActivityState
from activities.models import Activity, Plan, PlanLine
from activities.parameters import duties as settings
from activities.places import in_force_on
from activities.rules.duties import Duty, occurrences, periods_touching
from config.lib.paths import successor
from members.choices import AffiliationKind, MemberType
from members.models import Affiliation
from organizations import parameters
from organizations.choices import OrganizationKind
from organizations.querysets import OrganizationQuerySet

_RULES = "《中国共产党支部工作条例（试行）》"


@dataclass(frozen=True)
class Standing:
    """A duty of every year: so many times in each period, by the committee's word."""

    kind: ActivityKind
    parameter: str
    period: str
    from_parameter: str = ""


STANDING = (
    Standing(ActivityKind.MEMBERS_MEETING, settings.MEMBERS_MEETINGS, "quarter"),
    Standing(
        ActivityKind.COMMITTEE_MEETING,
        settings.COMMITTEE_MEETINGS,
        "month",
        settings.COMMITTEE_FROM,
    ),
    Standing(
        ActivityKind.GROUP_MEETING,
        settings.GROUP_MEETINGS,
        "month",
        settings.GROUPS_FROM,
    ),
    Standing(ActivityKind.LECTURE, settings.LECTURES, "half_year"),
    Standing(ActivityKind.THEME_DAY, settings.THEME_DAYS, "month"),
    Standing(ActivityKind.LIFE_MEETING, settings.LIFE_MEETINGS, "year"),
    Standing(ActivityKind.DEMOCRATIC_REVIEW, settings.REVIEWS, "year"),
)


def standing_touching(first: date, last: date) -> list[Duty]:
    """Duties of the committee's settings with a day from `first` to `last`."""
    found = []
    for each in STANDING:
        times = parameters.get(each.parameter)
        if not times:
            continue
        least = parameters.get(each.from_parameter) if each.from_parameter else 1
        for period in periods_touching(each.period, first, last):
            found.append(
                Duty(
                    each.kind,
                    times,
                    period.start,
                    period.end,
                    f"{period.title}{each.kind.label}",
                    _RULES,
                    from_members=least,
                )
            )
    return found


def planned_touching(
    first: date, last: date, roots: Iterable[str] | None = None
) -> list[Duty]:
    """Duties of plans in force with a day from `first` to `last`; one query.

    Of plans that concern branches below `roots`; None means everywhere.
    """
    plans = Plan.objects.in_force().filter(year__range=(first.year, last.year))
    if roots is not None:
        plans = plans.binding(roots)
    lines = (
        PlanLine.objects.filter(plan__in=plans)
        .select_related("plan__organization")
        .order_by("due_on", "pk")
    )
    return [
        duty
        for line in lines
        for duty in duties_of(line)
        if duty.start <= last and duty.due_on >= first
    ]


def duties_of(line: PlanLine) -> list[Duty]:
    """Every time a line of a plan is owed."""
    plan = line.plan
    name = line.subject or line.get_kind_display()
    return [
        Duty(
            line.kind,
            line.times,
            start,
            due + timedelta(days=1),
            f"{name}（{due.month}月{due.day}日前）",
            plan.title,
            root=plan.organization.path,
            field=line.field,
            line_id=line.pk,
            subject=line.subject,
        )
        for start, due in occurrences(
            line.starts_on, line.due_on, line.repeat, plan.year
        )
    ]


def touching(first: date, last: date, roots: Iterable[str] | None = None) -> list[Duty]:
    return standing_touching(first, last) + planned_touching(first, last, roots)


def due_within(
    first: date, last: date, roots: Iterable[str] | None = None
) -> list[Duty]:
    """Duties whose last day lies from `first` to `last`, both included."""
    found = touching(first, last, roots)
    return [duty for duty in found if first <= duty.due_on <= last]


def owed_by(duty: Duty) -> Q:
    """Branches that owe `duty`: there long enough, big enough, and meant by it."""
    wanted = Q(founded_on__isnull=True) | Q(founded_on__lte=duty.founded_by)
    wanted &= Q(closed_on__isnull=True) | Q(closed_on__gte=duty.end)
    if duty.root:
        wanted &= Q(path__gte=duty.root, path__lt=successor(duty.root))
    if duty.field:
        wanted &= Q(field=duty.field)
    return wanted & Q(has_members(duty.from_members, duty.due_on))


def has_members(least: int, day: date) -> Exists:
    """Whether a branch has `least` full members on its roll on `day`.

    Looks for the last of them alone: nobody is counted.
    """
    roll = Affiliation.objects.filter(
        in_force_on(day),
        organization=OuterRef("pk"),
        kind=AffiliationKind.ON_ROLL,
        member__member_type=MemberType.FULL,
    )
    return Exists(roll.order_by()[least - 1 : least])


def with_duties(
    branches: OrganizationQuerySet, duties: Sequence[Duty], *, planned: bool = False
) -> OrganizationQuerySet:
    """Annotate `owes_N`, `held_N` of the Nth duty; with `planned` also `next_N`.

    `next_N` is the day of the first activity arranged for it.
    """
    if not duties:
        return branches
    states = [ActivityState.HELD, *([ActivityState.PLANNED] if planned else [])]
    branches = branches.annotate(
        shown=FilteredRelation(
            "activities",
            condition=Q(
                activities__held_on__gte=min(duty.start for duty in duties),
                activities__held_on__lt=max(duty.end for duty in duties),
                activities__state__in=states,
                activities__kind__in=sorted({str(duty.kind) for duty in duties}),
            ),
        )
    )
    annotations: dict[str, Any] = {}
    for place, duty in enumerate(duties):
        fits = Q(
            shown__kind=str(duty.kind),
            shown__held_on__gte=duty.start,
            shown__held_on__lt=duty.end,
        )
        held = Count("shown", filter=fits & Q(shown__state=ActivityState.HELD))
        annotations[f"held_{place}"] = held + _by_groups(duty)
        annotations[f"owes_{place}"] = Case(
            When(owed_by(duty), then=Value(True)),
            default=Value(False),
            output_field=BooleanField(),
        )
        if planned:
            arranged = fits & Q(shown__state=ActivityState.PLANNED)
            annotations[f"next_{place}"] = Min("shown__held_on", filter=arranged)
    return branches.annotate(**annotations)


def _by_groups(duty: Duty) -> Any:
    """Meetings that the branch's Party groups wrote down for themselves."""
    if duty.kind != ActivityKind.GROUP_MEETING:
        return Value(0)
    of_groups = (
        Activity.objects.held()
        .filter(
            organization__parent=OuterRef("pk"),
            organization__kind=OrganizationKind.GROUP,
            kind=duty.kind,
            held_on__gte=duty.start,
            held_on__lt=duty.end,
        )
        .order_by()
        .values("organization__parent")
        .annotate(times=Count("pk"))
    )
    return Coalesce(Subquery(of_groups.values("times")), 0)
