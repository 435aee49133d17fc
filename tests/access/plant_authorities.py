"""An authority of each street, with a contact and what went to and fro."""

from __future__ import annotations

from datetime import date

from liaison.models import Authority, AuthorityContact, Exchange
from tests.access.canaries import CONTACT, MEMBER
from tests.access.cast import BRANCHES
from tests.access.world import World

BEGIN = date(2026, 1, 5)
_STREETS = {
    "s": ("鸥街南", "committee_staff", "13900007701"),
    "x": ("鸥街北", "staff_x", "13900007702"),
}


def plant_authorities(world: World) -> None:
    for street, (word, keeper, phone) in _STREETS.items():
        bird = world.canaries.plant(word, MEMBER, street)
        authority = Authority.objects.create(
            organization=world.orgs[street],
            name=f"{bird}某局",
            kind="market",
            duty=f"{bird}名单",
            since=BEGIN,
        )
        contact = AuthorityContact.objects.create(
            authority=authority,
            name=f"{bird}科长",
            job=f"{bird}登记科",
            phone=world.canaries.plant(phone, CONTACT, street),
        )
        exchange = Exchange.objects.create(
            authority=authority,
            held_on=date(2026, 3, 3),
            direction="sent",
            matter=f"{bird}往来",
            words=f"{bird}内容",
            due_on=date(2026, 4, 3),
            recorded_by=world.users[keeper],
        )
        Exchange.objects.create(
            authority=authority,
            held_on=date(2026, 3, 5),
            direction="received",
            matter=f"{bird}收到",
            answered_on=date(2026, 3, 6),
            answer_words=f"{bird}答复",
            left_open=f"{bird}未了",
            recorded_by=world.users[keeper],
        )
        # The street's own rows, met from every branch below it.
        for place in BRANCHES:
            if (place == "x1") == (street == "x"):
                world.put("authority", place, authority.pk, org=street)
                world.put("authority-contact", place, contact.pk, org=street)
                world.put("exchange", place, exchange.pk, org=street)
