"""Pure rules of the Party school."""

from __future__ import annotations

from datetime import date

from activities.choices import ActivityKind
from config.lib.errors import RuleError
from organizations.choices import OrganizationKind

# Local rule: sessions may be written down this long after the term. Set by the portal.
LATE_DAYS = 31
# Local rule: a term is a school year at most. Set by the portal.
LONGEST_TERM_DAYS = 366
# What a session of a course may be.
SESSION_KINDS = (
    ActivityKind.STUDY,
    ActivityKind.LECTURE,
    ActivityKind.SEMINAR,
    ActivityKind.EXCHANGE,
)
# Who runs a school. Source: 街道经验材料，街道、社区开办业余党校.
SCHOOL_KINDS = (
    OrganizationKind.WORK_COMMITTEE,
    OrganizationKind.COMMITTEE,
    OrganizationKind.GENERAL_BRANCH,
)


def check_term(organization_kind: str, starts_on: date, ends_on: date) -> None:
    """Raise RuleError unless the place may run a school and the dates make a term."""
    if organization_kind not in SCHOOL_KINDS:
        raise RuleError(
            "业余党校由街道、社区党组织开办，党支部请参加上级党校的课程。",
            code="organization",
        )
    if ends_on < starts_on:
        raise RuleError("结业日期不能早于开学日期，请核对。", code="ends_on")
    if (ends_on - starts_on).days > LONGEST_TERM_DAYS:
        raise RuleError("一个学期不超过一年，请核对开学和结业日期。", code="ends_on")


def check_sessions_inside(starts_on: date, ends_on: date, held: list[date]) -> None:
    """Raise RuleError when a session that was held would lie outside the term."""
    outside = [day for day in held if not starts_on <= day <= ends_on]
    if outside:
        raise RuleError(
            f"{min(outside):%Y-%m-%d} 已经记录了本学期的课，起止日期须包括这一天。",
            code="ends_on" if min(outside) > ends_on else "starts_on",
        )


def check_session(kind: str, held_on: date, starts_on: date, ends_on: date) -> None:
    """Raise RuleError unless a session of this kind and day belongs to the term."""
    if kind not in SESSION_KINDS:
        *first, last = (each.label for each in SESSION_KINDS)
        raise RuleError(
            f"党校课程的活动类型应是{'、'.join(first)}或{last}，请改类型，或不选课程。",
            code="kind",
        )
    if not starts_on <= held_on <= ends_on:
        raise RuleError(
            f"这门课所在的学期是 {starts_on:%Y-%m-%d} 至 {ends_on:%Y-%m-%d}，"
            f"{held_on:%Y-%m-%d} 不在学期内，请核对开始时间或课程。",
            code="starts_at",
        )
