"""Warnings of Party life that is owed: to the secretary first, then to those above."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, CharField, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils.http import urlencode

from activities.duties import due_within, with_duties
from activities.parameters.duties import ESCALATE_DAYS, REMIND_DAYS, SHOWN_DAYS
from config.lib.paths import is_within, merge_roots
from config.lib.periods import Month
from config.lib.registry import Alert, AlertFamily, AlertItem, register_alert
from organizations import parameters
from organizations.access import Right
from organizations.choices import Role
from organizations.models import Organization

# Who sees to it while there is time, who is told at once, and who when nothing comes.
_NEAR = {Role.BRANCH_SECRETARY, Role.COMMUNITY_SECRETARY}
_OWN = {Role.BRANCH_SECRETARY}
_ABOVE = {Role.COMMUNITY_SECRETARY, Role.COMMITTEE_STAFF}
DUE, OVERDUE, ESCALATED = "due", "overdue", "escalated"


def _charged(user: Any, roles: set[str]) -> list[str]:
    """Roots of the subtrees that a current post of one of `roles` puts in charge."""
    return merge_roots(
        post.organization.path
        for post in user.current_posts
        if post.organization and post.role in roles
    )


def _missing(user: Any, today: date) -> dict[str, dict[int, str]]:
    """For each warning the branches it names, and which duties they miss; two queries.

    The SQL that says the same grows by every duty with every warning, and takes
    longer to plan than these few numbers to read.
    """
    found: dict[str, dict[int, str]] = {DUE: {}, OVERDUE: {}, ESCALATED: {}}
    roots = user.rights_paths(Right.RECORD_ACTIVITIES)
    if not roots:
        return found
    first = today - timedelta(days=parameters.get(SHOWN_DAYS))
    last = today + timedelta(days=parameters.get(REMIND_DAYS) - 1)
    since = today - timedelta(days=parameters.get(ESCALATE_DAYS))
    duties = due_within(first, last, roots)
    wanted = (
        (DUE, _charged(user, _NEAR), lambda duty: duty.due_on >= today),
        (OVERDUE, _charged(user, _OWN), lambda duty: duty.due_on < today),
        (ESCALATED, _charged(user, _ABOVE), lambda duty: duty.due_on < since),
    )
    branches = Organization.objects.within(roots).open().branches()
    numbers = range(len(duties))
    columns = ["pk", "path", *(f"{w}_{n}" for n in numbers for w in ("owes", "held"))]
    for branch in with_duties(branches, duties).values(*columns):
        lacking = [
            duty
            for number, duty in enumerate(duties)
            if branch[f"owes_{number}"] and branch[f"held_{number}"] < duty.times
        ]
        for key, paths, fits in wanted:
            names = [duty.label for duty in lacking if fits(duty)]
            if names and any(is_within(branch["path"], path) for path in paths):
                found[key][branch["pk"]] = "；".join(names)
    return found


def _rows(user: Any, today: date) -> QuerySet[Organization]:
    """Branches that any of the warnings names, with what each says of them."""
    missing = _missing(user, today)
    named = {pk for of_key in missing.values() for pk in of_key}
    texts = {f"{key}_names": _text_of(of_key) for key, of_key in missing.items()}
    return (
        Organization.objects.within(user.rights_paths(Right.RECORD_ACTIVITIES))
        .filter(pk__in=named)
        .annotate(**texts)
        .order_by("path")
    )


def _text_of(names: dict[int, str]) -> Any:
    """The text of each branch; most branches lack the same, so texts are few."""
    ids: dict[str, list[int]] = defaultdict(list)
    for pk, text in names.items():
        ids[text].append(pk)
    return Case(
        *(When(pk__in=of_text, then=Value(text)) for text, of_text in ids.items()),
        default=Value(""),
        output_field=CharField(),
    )


def _register(
    key: str, name: str, level: str, definition: str, settings: tuple[str, ...]
) -> None:
    def condition(today: date) -> Q:
        return Q(**{f"{key}_names__gt": ""})

    def item(branch: Organization, today: date) -> AlertItem:
        query = urlencode(
            {"organization": branch.pk, "month": Month.containing(today).label}
        )
        return AlertItem(
            branch.pk,
            str(branch),
            f"{reverse('activities:duties')}?{query}",
            None,
            getattr(branch, f"{key}_names"),
        )

    register_alert(
        Alert(
            key=f"activities.duties_{key}",
            name=name,
            level=level,
            definition=definition,
            source="《中国共产党支部工作条例（试行）》第十一条、第十六条；各级工作计划",
            right=Right.RECORD_ACTIVITIES,
            queryset=lambda user, today: _rows(user, today).filter(condition(today)),
            reads_first=True,
            item=item,
            parameters=settings,
            family=_FAMILY,
            condition=condition,
        )
    )


_FAMILY = AlertFamily("activities.duties", _rows)
_register(
    DUE,
    "三会一课即将到期",
    "warning",
    "三会一课、主题党日或计划事项快到期还没有开展够次数的党支部，"
    "到期前几天起提醒支部和社区。",
    (REMIND_DAYS,),
)
_register(
    OVERDUE,
    "三会一课逾期未开展",
    "danger",
    "三会一课、主题党日或计划事项到期仍没有开展够次数的党支部；到期次日起提醒支部书记，"
    "开展过的请补记。",
    (SHOWN_DAYS,),
)
_register(
    ESCALATED,
    "支部三会一课逾期，须督促",
    "danger",
    "逾期满规定天数仍没有开展记录的党支部，提醒社区和街道督促。",
    (ESCALATE_DAYS, SHOWN_DAYS),
)
