"""The steps of stays as tests take them."""

from datetime import date, timedelta

from django.utils import timezone

from members.models import MobileStay
from members.services.mobile import (
    Course,
    Person,
    end_stay,
    register_in,
    register_out,
    verify_stay,
)
from members.services.mobile_placing import place_stay
from tests.factories.members import synthetic_id_number

HANGZHOU = "330100"


def ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


def course(**changes) -> Course:
    values = {
        "reason": "work",
        "started_on": ago(200),
        "division": HANGZHOU,
        "place": "滨江区某厂",
        "home_name": "中共某县某村支部委员会",
        "home_contact": "王干事",
        "home_phone": "13900001111",
        "host_contact": "李书记",
        "host_phone": "13900002222",
    }
    return Course(**values | changes)


def out(member, actor, host=None, **changes) -> MobileStay:
    roll = member.affiliations.open().get(kind="on_roll")
    return register_out(
        affiliation_id=roll.pk,
        course=course(**changes),
        host_id=host.pk if host else None,
        actor=actor,
    )


def newcomer(serial: int = 7, **changes) -> Person:
    values = {
        "name": "顾远来",
        "id_number": synthetic_id_number(date(1988, 3, 5), serial, "male"),
        "member_type": "full",
        "joined_on": date(2012, 7, 1),
        "phone": "13700001234",
        "education": "college",
    }
    return Person(**values | changes)


def came(host, actor, person=None, **changes) -> MobileStay:
    return register_in(
        organization_id=host.pk,
        person=person or newcomer(),
        course=course(**changes),
        actor=actor,
    )


def verified(stay, actor, days: int = 0) -> MobileStay:
    return verify_stay(
        stay_id=stay.pk, proof="call", verified_on=ago(days), words="核对", actor=actor
    )


def placed(stay, branch, actor, days: int = 0, **more) -> MobileStay:
    return place_stay(
        stay_id=stay.pk,
        organization_id=branch.pk,
        placed_on=ago(days),
        actor=actor,
        **more,
    )


def ended(stay, actor, reason: str = "returned", days: int = 0) -> MobileStay:
    return end_stay(
        stay_id=stay.pk, end_reason=reason, ended_on=ago(days), words="", actor=actor
    )
