"""Rules of the year on probation: pure, dates and settings passed in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from config.lib.errors import RuleError
from members.choices import MembershipStatus, MemberType
from members.choices.development import StepKind
from members.rules.development import (
    REGULATION,
    RESOLUTIONS,
    Fact,
    Limits,
    latest,
    months_after,
    source_of,
)
from members.rules.people import probation_ends_on

_BY_HAND = "转正、延长预备期请在该同志的“党籍”页按程序办理"
# Every step that the year on probation knows.
PROBATION_STEPS = frozenset(
    {StepKind.OBSERVED, StepKind.REQUEST, StepKind.DECISION, *RESOLUTIONS}
)


def ends_on(joined_on: date, extended_to: date | None) -> date:
    """The day a probation is complete, whether extended or not."""
    return extended_to or probation_ends_on(joined_on)


def pending(facts: Sequence[Fact]) -> Fact | None:
    """The resolution of the branch that waits for the committee above."""
    found = None
    for fact in facts:
        if fact.kind in RESOLUTIONS and fact.is_good:
            found = fact
        elif fact.kind == StepKind.DECISION:
            found = None
    return found


def choices(facts: Sequence[Fact], *, is_over: bool, is_extended: bool) -> list[str]:
    """The steps that may be taken now, the likeliest first."""
    if pending(facts):
        return [StepKind.DECISION]
    kinds = [StepKind.OBSERVED, StepKind.REQUEST, StepKind.CONFIRM]
    if is_over:
        kinds = [StepKind.CONFIRM, StepKind.REQUEST, StepKind.OBSERVED]
        if latest(facts, StepKind.REQUEST) is None:
            kinds = [StepKind.REQUEST, StepKind.OBSERVED]
    else:
        kinds.remove(StepKind.CONFIRM)
    if not is_extended:
        kinds.append(StepKind.EXTEND)
    return [*kinds, StepKind.CANCEL]


def check_person(member_type: str, status: str) -> None:
    """Raise RuleError unless somebody is on probation."""
    if member_type != MemberType.PROBATIONARY:
        raise RuleError("该同志不是预备党员，不办理预备期的手续。", code="member_type")
    if status != MembershipStatus.NORMAL:
        raise RuleError(
            f"该同志的党籍状态为“{MembershipStatus(status).label}”，不能办理。",
            code="status",
        )


def check_type_by_hand(stored: str, wanted: str) -> None:
    """Raise RuleError where a form would end a probation without a meeting."""
    if stored == MemberType.PROBATIONARY and wanted != stored:
        raise RuleError(
            "预备党员须经支部大会讨论通过、上级党委审批才能转正，"
            f"不在这里修改人员类别；{_BY_HAND}（{source_of(StepKind.CONFIRM)}）。",
            code="type_by_hand",
        )


def check_joined_by_hand(stored: str, *, by_steps: bool) -> None:
    """Raise RuleError where moving the first day would shorten the probation.

    `by_steps`: the day is that of a recorded meeting, or the end was extended.
    """
    if stored == MemberType.PROBATIONARY and by_steps:
        raise RuleError(
            "入党日期是支部大会通过之日，已按程序登记，不能再改"
            f"（{REGULATION}第三十一条）。",
            code="joined_by_hand",
        )


def check_step(
    fact: Fact,
    before: Sequence[Fact],
    *,
    joined_on: date,
    extended_to: date | None,
    today: date,
) -> None:
    """Raise RuleError unless this step may follow those of the probation so far.

    A decision from above has `check_approval` beside.
    """
    label, source = StepKind(fact.kind).label, source_of(fact.kind)
    if fact.on > today:
        raise RuleError(f"“{label}”的日期不能晚于今天。", code="taken_on")
    if fact.on < joined_on:
        raise RuleError(
            f"“{label}”的日期不能早于入党日期（{joined_on}）。", code="taken_on"
        )
    waiting = pending(before)
    if fact.kind == StepKind.DECISION:
        if waiting is None:
            raise RuleError("没有等待审批的支部大会决议。", code="kind")
        return
    if waiting is not None:
        raise RuleError(
            f"“{StepKind(waiting.kind).label}”的决议（{waiting.on}）还在等待上级审批，"
            "不能再登记别的步骤。",
            code="kind",
        )
    if fact.kind == StepKind.CONFIRM:
        _check_confirm(fact, before, ends_on(joined_on, extended_to), source)
    if fact.kind == StepKind.EXTEND and extended_to is not None:
        raise RuleError(
            f"预备期只能延长一次，已延长至{extended_to}（{source}）。", code="kind"
        )


def _check_confirm(
    fact: Fact, before: Sequence[Fact], over_on: date, source: str
) -> None:
    if fact.on < over_on:
        raise RuleError(
            f"预备期到{over_on}才满，支部大会不能早于这一天讨论转正"
            "（《中国共产党章程》第七条）。",
            code="taken_on",
        )
    request = latest(before, StepKind.REQUEST)
    if request is None or request.on > fact.on:
        raise RuleError(
            f"支部大会讨论之前，须由本人递交书面转正申请，请先登记（{source}）。",
            code="kind",
        )


def extended_to(over_on: date, months: int | None, limits: Limits) -> date:
    """Return the new end. Raises RuleError for an extension too short or long."""
    least, most = limits.extension_least_months, limits.extension_most_months
    if months is None or not least <= months <= most:
        raise RuleError(
            f"延长预备期不能少于{least}个月，最长不超过{most}个月"
            f"（{source_of(StepKind.EXTEND)}）。",
            code="months",
        )
    return months_after(over_on, months)
