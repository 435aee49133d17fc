"""What a roster does not say but follows from what it says: pure functions."""

from __future__ import annotations

from datetime import date

from members.choices import AffiliationKind, Category, MemberType, Sex
from members.rules import age_on, probation_ends_on

# 工作岗位 by class. Local rule: grouped to the classes of 党内统计公报.
RETIRED_POSTS = frozenset(
    {"retired_cadre", "retired", "resigned_with_pension", "internally_retired"}
)
LAID_OFF_POSTS = frozenset(
    {"bankrupt_not_reemployed", "other_unemployed", "off_post_kept_relation"}
)
# Working for an employer, who can be told how they do in the community.
EMPLOYED_POSTS = frozenset(
    {
        "institution_manager",
        "public_enterprise_manager",
        "private_enterprise_manager",
        "private_nonenterprise_manager",
        "institution_technical",
        "public_enterprise_technical",
        "private_enterprise_technical",
        "private_nonenterprise_technical",
        "public_enterprise_worker",
        "private_enterprise_worker",
        "private_nonenterprise_worker",
        "agency_worker",
        "institution_worker",
        "civil_servant",
        "civil_servant_equivalent",
        "armed_forces",
        "village_official",
        "community_worker",
    }
)
# Local rule: only where a roster names no post; a person can correct the category.
RETIREMENT_AGE = {Sex.MALE: 60, Sex.FEMALE: 55}


def derive_category(
    *,
    kind: str,
    is_mobile: bool,
    job_post: str,
    on_post: bool | None,
    has_unit: bool,
    sex: str,
    born_on: date,
    today: date,
) -> Category:
    """Return the category for education management that a roster row speaks for.

    What is said outright comes first: 流动, then the post, then 在岗情况. Off post
    before the age of retirement is 其他, since the roster does not say why. Without
    a word on work, age and an employer decide.
    """
    if is_mobile or kind == AffiliationKind.MOBILE_IN:
        return Category.MOBILE
    if job_post in RETIRED_POSTS:
        return Category.RETIRED
    if job_post in LAID_OFF_POSTS:
        return Category.LAID_OFF
    if kind == AffiliationKind.CO_MANAGED:
        return Category.IN_POST  # only people in post report to a community
    if on_post or job_post in EMPLOYED_POSTS:
        return Category.IN_POST
    if job_post:
        return Category.OTHER
    if age_on(born_on, today) >= RETIREMENT_AGE[Sex(sex)]:
        return Category.RETIRED
    return Category.IN_POST if has_unit and on_post is None else Category.OTHER


def derive_member_type(
    *, joined_on: date, confirmed_on: date | None, today: date
) -> MemberType:
    """Return 人员类别 for a roster that has no such column: a year makes full.

    Source of the year: 《中国共产党章程》第七条.
    """
    if confirmed_on or probation_ends_on(joined_on) <= today:
        return MemberType.FULL
    return MemberType.PROBATIONARY
