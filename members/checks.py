"""What is wrong or due with a record: conditions that alerts and lists share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, Q

from members.choices import Category, MembershipStatus, MemberType
from members.models import PlaqueMember
from organizations import parameters

PROBATION_NOTICE = "members.probation_notice_days"

# Key -> (label, condition); alerts and figures lead to the list narrowed by one.
CHECKS: dict[str, tuple[str, Callable[[date], Q]]] = {}


def check(key: str, label: str) -> Callable[[Callable[[date], Q]], Callable]:
    """Keep a condition on a member under `key`; the list filters by it."""

    def keep(condition: Callable[[date], Q]) -> Callable[[date], Q]:
        CHECKS[key] = (label, condition)
        return condition

    return keep


@check("probation_due", "预备期即将届满")
def probation_due(today: date) -> Q:
    last = _year_before(today)
    notice = timedelta(days=parameters.get(PROBATION_NOTICE))
    plain = Q(
        probation_extended_to=None, joined_on__gt=last, joined_on__lte=last + notice
    )
    extended = Q(
        probation_extended_to__gt=today, probation_extended_to__lte=today + notice
    )
    return _probationary() & (plain | extended)


@check("probation_past", "预备期已满未转正")
def probation_past(today: date) -> Q:
    plain = Q(probation_extended_to=None, joined_on__lte=_year_before(today))
    return _probationary() & (plain | Q(probation_extended_to__lte=today))


@check("lost", "失联党员")
def lost(today: date) -> Q:
    return Q(is_lost=True)


@check("early_confirmation", "预备期不足一年即转正")
def early_confirmation(today: date) -> Q:
    # 364 days are less than any year; "less or equal" reads the same on SQLite.
    return Q(
        confirmed_on__lte=F("joined_on") + timedelta(days=364),
        joined_precision="day",
        confirmed_precision="day",
    )


@check("underage", "入党时不满18岁")
def underage(today: date) -> Q:
    # Eighteen years have 6574 days or more.
    return Q(joined_on__lte=F("born_on") + timedelta(days=6573))


@check("no_phone", "缺手机号码")
def no_phone(today: date) -> Q:
    return Q(phone="")


@check("full_unconfirmed", "正式党员缺转正日期")
def full_unconfirmed(today: date) -> Q:
    return Q(member_type=MemberType.FULL, confirmed_on__isnull=True)


@check("no_education", "缺学历")
def no_education(today: date) -> Q:
    return Q(education="")


@check("no_job_post", "缺工作岗位")
def no_job_post(today: date) -> Q:
    return Q(job_post="")


@check("no_address", "缺现居住地")
def no_address(today: date) -> Q:
    return Q(address="")


@check("no_community", "缺居住社区")
def no_community(today: date) -> Q:
    return Q(community__isnull=True)


@check("joined_unsure", "入党日期没有写到日")
def joined_unsure(today: date) -> Q:
    return ~Q(joined_precision="day")


@check("no_unit", "在职党员缺工作单位")
def no_unit(today: date) -> Q:
    return Q(category=Category.IN_POST, home_unit__isnull=True)


@check("no_plaque", "没有挂牌")
def no_plaque(today: date) -> Q:
    return Q(~Exists(PlaqueMember.objects.current().filter(member=OuterRef("pk"))))


def _probationary() -> Q:
    return Q(member_type=MemberType.PROBATIONARY, status=MembershipStatus.NORMAL)


def _year_before(today: date) -> date:
    """The last day of joining whose year of probation is over on `today`."""
    is_leap_day = (today.month, today.day) == (2, 29)
    day = 28 if is_leap_day else today.day
    if (today.month, today.day) == (2, 28) and _is_leap(today.year - 1):
        day = 29
    return today.replace(year=today.year - 1, day=day)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
