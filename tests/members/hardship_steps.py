"""Taking cases of members in difficulty from step to step in tests."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from members.models import HardshipCase
from members.services.aids import Gift, record_aid
from members.services.hardship import (
    Circumstances,
    Meeting,
    apply_for_care,
    discuss_case,
    recognize_case,
)
from members.services.hardship_reviews import Review, review_case

ILL = Circumstances(
    kinds=("因病",),
    criteria=("因重大疾病住院",),
    household_size=3,
    income_per_head=Decimal("800.00"),
    words="长期住院，子女在读",
)


def days_ago(days):
    return timezone.localdate() - timedelta(days=days)


def applied(member, actor, *, ago=60, circumstances=ILL) -> HardshipCase:
    return apply_for_care(
        member_id=member.pk,
        circumstances=circumstances,
        applied_on=days_ago(ago),
        actor=actor,
    )


def meeting(ago=40, **changes) -> Meeting:
    values = {
        "met_on": days_ago(ago),
        "words": "同意",
        "public_from": days_ago(ago - 1),
        "public_until": days_ago(ago - 7),
        "is_eligible": True,
    }
    return Meeting(**values | changes)


def discussed(member, actor, **changes) -> HardshipCase:
    case = applied(member, actor, ago=changes.pop("applied_ago", 60))
    return discuss_case(
        case_id=case.pk, meeting=meeting(**changes), version=None, actor=actor
    )


def recognized(member, secretary, officer, *, ago=20, level="serious") -> HardshipCase:
    case = discussed(member, secretary, applied_ago=ago + 40, ago=ago + 20)
    return recognize_case(
        case_id=case.pk,
        recognized_on=days_ago(ago),
        level=level,
        body="江滨街道党工委",
        version=None,
        actor=officer,
    )


def gift(**changes) -> Gift:
    values = {"kind": "慰问金", "amount": Decimal(1000), "given_on": days_ago(5)}
    return Gift(**values | changes)


def helped(case, actor, **changes):
    return record_aid(case_id=case.pk, gift=gift(**changes), actor=actor)


def reviewed(case, actor, *, ago=1, level="serious", **changes) -> HardshipCase:
    review = Review(
        reviewed_on=days_ago(ago),
        level=level,
        household_size=3,
        income_per_head=Decimal(900),
        **changes,
    )
    return review_case(case_id=case.pk, review=review, version=None, actor=actor)
