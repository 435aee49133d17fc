"""Rules about a person and the relation to a branch: pure, dates passed in."""

from __future__ import annotations

from datetime import date
from typing import Any

from config.lib.crypto import blind_index
from config.lib.errors import RuleError
from config.lib.identity import IdNumber
from config.lib.names import initials, normalize_name, pinyin
from members.choices import (
    AffiliationKind,
    EndReason,
    MembershipStatus,
    MemberType,
    Sex,
    StartReason,
)

INITIALS_LENGTH = 20
ADULT_AGE = 18

START_REASONS: dict[str, tuple[StartReason, ...]] = {
    AffiliationKind.ON_ROLL: (
        StartReason.REGISTERED,
        StartReason.NEW_MEMBER,
        StartReason.TRANSFERRED_IN,
        StartReason.MOVED_WITHIN,
        StartReason.REINSTATED,
    ),
    AffiliationKind.CO_MANAGED: (StartReason.REPORTED_IN, StartReason.REGISTERED),
    AffiliationKind.MOBILE_IN: (StartReason.FLOWED_IN, StartReason.REGISTERED),
}

# Moving within the street is one step of its own (`move_affiliation`); death and
# leaving the Party are decisions (`services.decisions`).
END_REASONS: dict[str, tuple[EndReason, ...]] = {
    AffiliationKind.ON_ROLL: (EndReason.TRANSFERRED_OUT, EndReason.MISTAKE),
    AffiliationKind.CO_MANAGED: (EndReason.LEFT_UNIT, EndReason.MISTAKE),
    AffiliationKind.MOBILE_IN: (
        EndReason.FLOWED_BACK,
        EndReason.LEFT_UNIT,
        EndReason.MISTAKE,
    ),
}
# Whose relation goes elsewhere has a letter that says where.
HAND_END_REASONS: dict[str, tuple[EndReason, ...]] = END_REASONS | {
    AffiliationKind.ON_ROLL: (EndReason.MISTAKE,)
}

# Ways of leaving the Party that an ended on-roll relation may record.
# Source: 《中国共产党党员教育管理工作条例》第二十四条, 《中国共产党章程》第九条.
REMOVAL_STATUSES: tuple[MembershipStatus, ...] = (
    MembershipStatus.SELF_QUIT,
    MembershipStatus.PERSUADED_OUT,
    MembershipStatus.REFUSED_OUT,
    MembershipStatus.WITHDREW,
    MembershipStatus.EXPELLED,
    MembershipStatus.PROBATION_CANCELLED,
)

# Kept by the branch that holds the formal relation; a co-managing branch reads them.
FORMAL_FIELDS: frozenset[str] = frozenset(
    {
        "name",
        "sex",
        "ethnicity",
        "born_on",
        "id_number",
        "member_type",
        "status",
        "joined_on",
        "joined_precision",
        "confirmed_on",
        "confirmed_precision",
        "is_lost",
        "lost_since",
    }
)

# Set when somebody is first registered; afterwards by a case or a decision alone.
DECIDED_FIELDS: frozenset[str] = frozenset({"status", "is_lost", "lost_since"})

# Fields that figures are computed from.
FACT_FIELDS: frozenset[str] = frozenset(
    {
        "sex",
        "ethnicity",
        "born_on",
        "education",
        "category",
        "member_type",
        "status",
        "is_mobile",
        "is_lost",
    }
)

NEEDS_STREET = (
    "这份登记须由街道核对后办理，已转交街道工作人员。"
    "请联系街道核对，不要改动身份证号重复录入。"
)


def name_fields(name: str) -> dict[str, str]:
    """Return the stored spelling of a name and what search and sort need of it."""
    stored = normalize_name(name)
    return {
        "name": stored,
        "name_pinyin": pinyin(stored)[:120],
        "name_initials": initials(stored)[:INITIALS_LENGTH],
    }


def identity_index(id_number: str) -> str:
    """Return the blind index under which a person is found by the ID number."""
    return blind_index(id_number, purpose="members.id_number")


def identity_fields(id_number: Any, *, today: date) -> dict[str, Any]:
    """Return the ID number, its index and what it says of birth and sex.

    Raises RuleError when the number is not one.
    """
    number = IdNumber.parse(id_number, today=today)
    return {
        "id_number": number.digits,
        "id_index": identity_index(number.digits),
        "id_last4": number.last4,
        "born_on": number.born_on,
        "sex": number.sex,
    }


def check_identity(fields: dict[str, Any], *, sex: str, born_on: date | None) -> None:
    """Raise RuleError where what was typed contradicts the ID number."""
    if born_on and born_on != fields["born_on"]:
        raise RuleError(
            f"出生日期与身份证号不一致：身份证号中是{fields['born_on']}，"
            f"填写的是{born_on}，请核对。",
            code="birth_mismatch",
        )
    if sex and sex != fields["sex"]:
        raise RuleError(
            f"性别与身份证号不一致：身份证号中是{Sex(fields['sex']).label}，请核对。",
            code="sex_mismatch",
        )


def check_membership(
    *,
    member_type: str,
    born_on: date,
    joined_on: date,
    confirmed_on: date | None,
    today: date,
) -> None:
    """Raise RuleError where the dates of joining and confirmation cannot be."""
    if joined_on > today:
        raise RuleError("入党日期晚于今天，请核对。", code="joined_future")
    if joined_on <= born_on:
        raise RuleError("入党日期应晚于出生日期，请核对。", code="joined_before_birth")
    if confirmed_on and confirmed_on > today:
        raise RuleError("转正日期晚于今天，请核对。", code="confirmed_future")
    if confirmed_on and confirmed_on < joined_on:
        raise RuleError(
            "转正日期不能早于入党日期，请核对。", code="confirmed_before_joined"
        )
    if member_type == MemberType.PROBATIONARY and confirmed_on:
        raise RuleError(
            "预备党员没有转正日期：请清空转正日期，或把人员类别改为正式党员。",
            code="probationary_confirmed",
        )


def probation_ends_on(joined_on: date) -> date:
    """Return the day a one-year probation is complete; 29 Feb ends on 28 Feb.

    Counted from the branch meeting. Source: 《中国共产党章程》第七条.
    """
    is_leap_day = (joined_on.month, joined_on.day) == (2, 29)
    return joined_on.replace(
        year=joined_on.year + 1, day=28 if is_leap_day else joined_on.day
    )


def age_on(born_on: date, day: date) -> int:
    """Return the full years of age on `day`."""
    before_birthday = (day.month, day.day) < (born_on.month, born_on.day)
    return day.year - born_on.year - before_birthday


def check_start(*, kind: str, start_reason: str, starts_on: date, today: date) -> None:
    """Raise RuleError where a relation cannot begin so."""
    if start_reason not in START_REASONS[kind]:
        raise RuleError(
            f"{AffiliationKind(kind).label}关系的来源不能是"
            f"“{StartReason(start_reason).label}”，请另选来源。",
            code="start_reason",
        )
    if starts_on > today:
        raise RuleError("开始日期不能晚于今天。", code="starts_future")


def check_end(
    *,
    kind: str,
    end_reason: str,
    starts_on: date,
    ends_on: date,
    today: date,
) -> None:
    """Raise RuleError where a relation cannot end so by hand."""
    if end_reason in {EndReason.DECEASED, EndReason.REMOVED}:
        raise RuleError(
            "去世、出党请在档案的“党籍”页办理，不在这里结束"
            "（《中国共产党党员教育管理工作条例》第二十四条）。",
            code="end_reason",
        )
    if end_reason not in END_REASONS[kind]:
        raise RuleError(
            f"{AffiliationKind(kind).label}关系的去向不能是"
            f"“{EndReason(end_reason).label}”，请另选去向。",
            code="end_reason",
        )
    if ends_on > today:
        raise RuleError("结束日期不能晚于今天。", code="ends_future")
    if ends_on < starts_on:
        raise RuleError(
            f"结束日期不能早于开始日期（{starts_on}）。", code="ends_before_start"
        )


def check_reopen(*, end_reason: str, status: str) -> None:
    """Raise RuleError where an end cannot be taken back as a mistake."""
    if end_reason == EndReason.REMOVED or status in REMOVAL_STATUSES:
        raise RuleError(
            "出党的决定不能在这里撤销：原处理经复查撤销的，请在“党籍”页提出恢复党籍"
            "（《中国共产党党员教育管理工作条例》第二十四条）。",
            code="removed",
        )


def check_return(status: str) -> None:
    """Raise RuleError where a person of this status cannot come (back) to a roll."""
    if status == MembershipStatus.DECEASED:
        raise RuleError(
            "该同志已登记为去世，不能再建立隶属关系。如属误登记，请由街道工作人员撤销结束登记。",
            code="deceased",
        )
    if status in REMOVAL_STATUSES:
        raise RuleError(
            f"该同志的党籍状态为“{MembershipStatus(status).label}”，"
            "须先在“党籍”页提出恢复党籍，街道批准后编入支部"
            "（《中国共产党党员教育管理工作条例》第二十四条）。",
            code="removed",
        )
