"""Rules of the coverage of two-new units, pure; each with its source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from config.lib.errors import RuleError
from organizations.coverage_choices import (
    ORGANIZATION_FORMS,
    SHARED_FORMS,
    CoverageForm,
)

# Source: 《中国共产党支部工作条例（试行）》第四条：正式党员3人以上的，都应当成立党支部.
# Probationary members never count.
OWN_BRANCH_MEMBERS = 3


@dataclass(frozen=True)
class Counts:
    """Numbers of a census sheet."""

    staff: int | None = None
    full_members: int = 0
    probationary: int = 0
    not_moved_in: int = 0

    @property
    def members(self) -> int:
        return self.full_members + self.probationary


def check_counts(counts: Counts) -> None:
    """Raise RuleError when a part is more than its whole."""
    if counts.not_moved_in > counts.members:
        raise RuleError(
            f"未转入组织关系的党员（{counts.not_moved_in}人）不能多于党员总数"
            f"（{counts.members}人），请核对。",
            code="not_moved_in",
        )
    if counts.staff is not None and counts.members > counts.staff:
        raise RuleError(
            f"党员（{counts.members}人）不能多于从业人员（{counts.staff}人），请核对。",
            code="staff",
        )


def check_day(day: date, *, today: date, since: date | None, what: str) -> None:
    """Raise RuleError for a day to come, or before the last entry of its kind."""
    if day > today:
        raise RuleError(f"{what}不能晚于今天，请改正。", code="day")
    if since is not None and day < since:
        raise RuleError(f"{what}不能早于上一次的日期（{since}），请改正。", code="day")


def is_due_own(full_members: int) -> bool:
    return full_members >= OWN_BRANCH_MEMBERS


def propose(
    *, full_members: int, members: int, has_organization: bool, is_near: bool
) -> str:
    """Return the form that the numbers suggest; a person decides.

    `has_organization` tells that the unit is registered with one of its own,
    `is_near` that an organization stands nearby. Source: 《支部工作条例》第四条（不足
    3名的，可以联合组建）；街道经验材料：没有党员的就近挂靠或者选派党建工作指导员.
    """
    if has_organization or is_due_own(full_members):
        return CoverageForm.OWN
    if members:
        return CoverageForm.JOINT
    return CoverageForm.ATTACHED if is_near else CoverageForm.INSTRUCTOR


@dataclass(frozen=True)
class Decision:
    """What somebody decided of a unit; see `CoverageForm`."""

    form: str
    starts_on: date
    organization_id: int | None = None
    instructor_name: str = ""
    reason: str = ""
    responsible_name: str = ""
    due_on: date | None = None
    words: str = ""


def check_decision(
    decision: Decision,
    *,
    proposed: str,
    full_members: int,
    reasons: list[str],
    has_own: bool = False,
) -> None:
    """Raise RuleError unless the decision says all that its form asks for.

    `has_own` tells that the unit is registered with an organization of its own,
    which may lie outside the portal.
    """
    form = decision.form
    needs_host = form in SHARED_FORMS or (form == CoverageForm.OWN and not has_own)
    if needs_host and decision.organization_id is None:
        raise RuleError("请选择覆盖这家单位的党组织。", code="organization")
    if form == CoverageForm.INSTRUCTOR and not decision.instructor_name:
        raise RuleError("请填写选派的党建工作指导员。", code="instructor_name")
    if form == CoverageForm.NONE:
        _check_plan(decision, reasons)
    is_few = not has_own and not is_due_own(full_members)
    needs_why = form == CoverageForm.OWN and is_few
    needs_why |= form not in ORGANIZATION_FORMS and proposed == CoverageForm.OWN
    if needs_why and not decision.words:
        label = CoverageForm(proposed).label
        raise RuleError(
            f"正式党员{full_members}人，建议“{label}”；另定的请在“说明”中写明理由。",
            code="words",
        )
    if decision.due_on is not None and decision.due_on < decision.starts_on:
        raise RuleError("完成期限不能早于核定日期，请改正。", code="due_on")


def _check_plan(decision: Decision, reasons: list[str]) -> None:
    if decision.reason not in reasons:
        raise RuleError("没有覆盖的，请选择原因。", code="reason")
    if not decision.responsible_name:
        raise RuleError("没有覆盖的，请填写责任人。", code="responsible_name")
    if decision.due_on is None:
        raise RuleError("没有覆盖的，请填写完成期限。", code="due_on")
