"""What the pages about the way into the Party say, as plain values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import reverse

from members.choices.development import Outcome, Stage, StepKind
from members.models import Applicant, DevelopmentStep, Member
from members.parameters.development import development_limits
from members.rules import development as rules
from members.services.development import facts_of
from organizations.access import Right
from organizations.models import User

TONES = {
    Stage.APPLICANT: "mute",
    Stage.ACTIVIST: "info",
    Stage.CANDIDATE: "gold",
    Stage.PASSED: "warn",
    Stage.ADMITTED: "ok",
    Stage.CLOSED: "mute",
}


_VOTES = (
    "应到{eligible}人，实到{present}人，"
    "赞成{in_favour}票，反对{against}票，弃权{abstained}票"
)


@dataclass(frozen=True)
class TimelineEntry:
    """One step as a page shows it."""

    on: date
    title: str
    words: list[str] = field(default_factory=list)
    state: str = ""
    tone: str = "mute"
    withdraw_url: str = ""


@dataclass(frozen=True)
class NextStep:
    """What comes next for somebody, in plain words."""

    kind: str
    label: str
    when: str
    tone: str
    is_above: bool
    source: str


def next_step(
    facts: Sequence[rules.Fact], limits: rules.Limits, today: date
) -> NextStep:
    due = rules.next_due(facts, limits)
    when, tone = "", "info"
    if due.latest is not None:
        when = f"{due.latest}前"
        if due.is_late(today):
            when, tone = f"应在{due.latest}前，已超期", "bad"
    elif due.earliest is not None and due.earliest > today:
        when, tone = f"{due.earliest}起可以办", "mute"
    return NextStep(
        due.kind,
        StepKind(due.kind).label,
        when,
        tone,
        due.kind in rules.COMMITTEE_STEPS,
        rules.source_of(due.kind),
    )


def with_next(applicants: list[Applicant], today: date) -> list[Applicant]:
    """The rows of the board, each with its next step; they come with their steps."""
    limits = development_limits()
    for applicant in applicants:
        facts = [
            step.fact
            for step in sorted(applicant.steps.all(), key=lambda step: step.pk)
            if step.withdrawn_at is None
        ]
        applicant.coming = next_step(facts, limits, today)
    return applicants


def timeline(
    applicant: Applicant, user: User, limits: rules.Limits
) -> list[TimelineEntry]:
    """Every step of an applicant, the newest first."""
    steps = list(
        applicant.steps.select_related("organization", "recorded_by").order_by("pk")
    )
    names = names_of(steps, user)
    facts = facts_of(applicant)
    is_open = applicant.stage not in {Stage.ADMITTED, Stage.CLOSED}
    entries = [
        entry_of(
            step,
            names,
            user,
            late=_is_late(step, facts, limits),
            may_withdraw=is_open and step.kind in rules.WAY,
        )
        for step in steps
    ]
    order = sorted(zip(steps, entries, strict=True), key=lambda pair: _key(pair[0]))
    return [entry for _, entry in reversed(order)]


def _key(step: DevelopmentStep) -> tuple[date, int]:
    return step.taken_on, step.pk


def _is_late(
    step: DevelopmentStep, facts: Sequence[rules.Fact], limits: rules.Limits
) -> bool:
    if step.withdrawn_at is not None:
        return False
    day = rules.deadline(facts, step.kind, limits)
    return day is not None and step.taken_on > day


def entry_of(
    step: DevelopmentStep,
    names: dict[int, str],
    user: User,
    *,
    late: bool = False,
    may_withdraw: bool = False,
) -> TimelineEntry:
    """One step in words, as `user` may read it."""
    state, tone = "", "mute"
    if step.withdrawn_at is not None:
        state = "已撤回"
    elif step.outcome:
        is_good = step.outcome == Outcome.YES
        state, tone = ("通过", "ok") if is_good else ("未通过", "bad")
    elif late:
        state, tone = "超过规定期限", "warn"
    is_above = step.kind in rules.COMMITTEE_STEPS
    right = Right.APPROVE_STANDING if is_above else Right.EDIT_MEMBERS
    may_withdraw = (
        may_withdraw
        and step.withdrawn_at is None
        and user.has_right_at(right, step.organization)
    )
    url = reverse("members:development-withdraw", args=[step.pk])
    return TimelineEntry(
        step.taken_on,
        _title(step),
        list(_words(step, names, user, late)),
        state,
        tone,
        url if may_withdraw else "",
    )


def _title(step: DevelopmentStep) -> str:
    if step.kind == StepKind.DECISION and step.decides:
        return f"上级党委审批：{StepKind(step.decides).label}"
    return step.get_kind_display()


def _words(
    step: DevelopmentStep, names: dict[int, str], user: User, late: bool
) -> Iterable[str]:
    if late and step.outcome:
        yield "超过规定期限"
    # Of another branch, before the file came here, nobody is named.
    is_seen = user.has_right_at(Right.VIEW_MEMBERS, step.organization)
    if step.kind == StepKind.MOVED:
        yield f"由{step.organization if is_seen else '其他党支部'}移交"
    if step.until:
        yield f"至{step.until}"
    people = [pk for pk in (step.first_id, step.second_id) if pk]
    if people:
        yield "、".join(names.get(pk, "其他党支部党员") for pk in people)
    if step.votes:
        yield _VOTES.format(**vars(step.votes))
    if step.hours:
        yield f"{step.hours}学时"
    if step.filed_on:
        yield f"上级党委备案（同意）{step.filed_on}"
    yield from filter(None, (step.document, step.note))
    if step.withdrawn_at is not None:
        yield f"撤回原因：{step.withdrawn_note}"
    if is_seen:
        yield f"{step.recorded_by}记录"


def names_of(steps: Iterable[DevelopmentStep], user: User) -> dict[int, str]:
    """Names of the contacts and sponsors whom `user` may see."""
    ids = {pk for step in steps for pk in (step.first_id, step.second_id) if pk}
    if not ids:
        return {}
    found = Member.objects.visible_to(user).filter(pk__in=ids)
    return dict(found.values_list("pk", "name"))


def applicant_facts(applicant: Applicant, age: int) -> list[tuple[str, Any]]:
    """Label and value pairs of an applicant."""
    facts: list[tuple[str, Any]] = [
        ("性别", applicant.get_sex_display()),
        ("民族", applicant.get_ethnicity_display()),
        ("出生日期", f"{applicant.born_on}（{age}岁）"),
        ("公民身份号码", applicant.masked_id_number),
        ("手机号码", applicant.masked_phone),
        ("学历", applicant.get_education_display()),
        ("类别", applicant.get_category_display()),
        ("单位和职务", applicant.job_title),
        ("培养的党支部", applicant.organization),
        ("申请日期", applicant.applied_on),
    ]
    if applicant.stage == Stage.CLOSED:
        facts += [
            ("终止日期", applicant.closed_on),
            ("终止原因", applicant.get_close_reason_display()),
            ("终止说明", applicant.close_note),
        ]
    return facts
