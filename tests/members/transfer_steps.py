"""Beginning transfers in tests."""

from datetime import date, timedelta

from django.utils import timezone

from members.rules.transfers import letter_number
from members.services.transfers import Course, draft_transfer
from members.services.transfers_in import Incoming, receive_transfer
from tests.factories.members import synthetic_id_number

PAID = date(2026, 10, 1)
OUT = Course(
    direction="out",
    destination="workplace",
    addressee="中共江城市高新区工委组织部",
    target_name="中共江城市某公司支部委员会",
    valid_days=30,
)


def within(target) -> Course:
    return Course(direction="within", destination="residence", target_id=target.pk)


def _draft(member, actor, course, dues_paid_to=PAID):
    relation = member.affiliations.open().get(kind="on_roll")
    return draft_transfer(
        affiliation_id=relation.pk,
        course=course,
        dues_paid_to=dues_paid_to,
        actor=actor,
    )


def drafted_letter(member, actor, dues_paid_to=PAID, **changes):
    course = Course(**(vars(OUT) | changes))
    return _draft(member, actor, course, dues_paid_to)


def sent_within(member, target, actor):
    return _draft(member, actor, within(target))


def incoming(**changes) -> Incoming:
    values = {
        "foreign_number": letter_number(2026, 321),
        "source_name": "中共江城市高新区工委",
        "issued_on": timezone.localdate() - timedelta(days=3),
        "valid_days": 30,
        "dues_paid_to": PAID,
        "destination": "residence",
    }
    return Incoming(**values | changes)


def person(serial=1, **changes):
    """Fields of somebody whom nobody in the street knows."""
    values = {
        "name": "雷新来",
        "id_number": synthetic_id_number(date(1985, 3, 4), serial),
        "sex": "",
        "ethnicity": "Han",
        "category": "other",
        "member_type": "full",
        "joined_on": date(2010, 7, 1),
        "confirmed_on": date(2011, 7, 1),
    }
    return values | changes


def received(branch, actor, letter=None, accepted_on=None, serial=1, **changes):
    return receive_transfer(
        organization_id=branch.pk,
        letter=letter or incoming(),
        accepted_on=accepted_on or timezone.localdate(),
        actor=actor,
        **person(serial, **changes),
    )
