"""Pure rules of plans: what a line may ask for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import combinations
from typing import Protocol

from activities.rules.duties import occurrences
from config.lib.errors import RuleError
from config.lib.periods import Period


class Line(Protocol):
    """A line of a plan, stored or just written down."""

    @property
    def kind(self) -> str: ...
    @property
    def starts_on(self) -> date: ...
    @property
    def due_on(self) -> date: ...
    @property
    def repeat(self) -> str: ...
    @property
    def field(self) -> str: ...


def check_lines(lines: Sequence[Line], period: Period) -> None:
    """Raise RuleError unless the lines fit the plan's period and one another.

    Two lines of one kind for the same branches must not overlap: one activity would
    fulfil both.
    """
    if not lines:
        raise RuleError("请至少填写一项计划事项。", code="no_lines")
    for place, line in enumerate(lines, start=1):
        if line.due_on < line.starts_on:
            raise RuleError(
                f"第{place}项的截止日期早于最早开展日期，请核对。", code="due_before"
            )
        if line.starts_on not in period or line.due_on not in period:
            raise RuleError(
                f"第{place}项的日期不在{period.title}以内，请核对。", code="outside"
            )
        if line.repeat != "once" and period.kind != "year":
            raise RuleError(
                f"第{place}项：月度计划的事项只能是“一次”，重复的请写在年度计划里。",
                code="repeat_in_month",
            )
    for (n, one), (m, other) in combinations(enumerate(lines, start=1), 2):
        if one.kind == other.kind and _same_branches(one, other):
            _check_apart(n, one, m, other)


def _same_branches(one: Line, other: Line) -> bool:
    return not one.field or not other.field or one.field == other.field


def _check_apart(n: int, one: Line, m: int, other: Line) -> None:
    windows = [
        list(occurrences(line.starts_on, line.due_on, line.repeat, line.due_on.year))
        for line in (one, other)
    ]
    for first, last in windows[0]:
        for start, due in windows[1]:
            if first <= due and start <= last:
                raise RuleError(
                    f"第{n}项和第{m}项类型相同、时间重叠，一次活动会被算作两项；"
                    "请错开日期，或合并成一项写明次数。",
                    code="overlap",
                )
