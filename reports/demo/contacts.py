"""The demo's contacts: the secretaries called some, visited others, forgot a few."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from members.choices.contacts import ContactWay
from members.models import Contact
from organizations.models import User
from reports.demo.people import Person

_SAID = (
    (ContactWay.PHONE, "近况良好，无困难"),
    (ContactWay.PHONE, "近期外出，下月返回"),
    (ContactWay.VISIT, "上门看望，身体尚好，希望多组织活动"),
    (ContactWay.MESSAGE, "转发主题党日通知，已回复"),
    (ContactWay.TALK, "谈心谈话，反映楼道照明问题，已转社区"),
)
_SPAN = 150


def make_contacts(
    people: list[Person], writer: User, random: Random, today: date
) -> None:
    """A contact or two in the last months with about two thirds of those present."""
    present = [person for person in people if person.ends_on is None]
    Contact.objects.bulk_create(
        _contact(person, writer, random, today)
        for person in present
        for _ in range(random.choice((0, 1, 1, 2)))
    )


def _contact(person: Person, writer: User, random: Random, today: date) -> Contact:
    way, content = random.choice(_SAID)
    day = today - timedelta(days=random.randrange(3, _SPAN))
    return Contact(
        member=person.member,
        organization=person.branch,
        contacted_on=max(day, person.starts_on),
        way=way,
        content=content,
        recorded_by=writer,
    )
