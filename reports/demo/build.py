"""Building the demo: in one transaction, once, the same for the same day."""

from __future__ import annotations

from datetime import date
from random import Random

from django.db import transaction

from config.lib.errors import RuleError
from organizations.models import Organization, User
from organizations.signals import facts_changed
from reports.demo.people import PeopleMaker
from reports.demo.street import Account, build_accounts, build_street
from reports.demo.year import YearMaker

SEED = 20260701


@transaction.atomic
def build_demo(today: date) -> list[Account]:
    """Write the demo street and return its accounts with their passwords.

    Raises RuleError when the database already holds an organization.
    """
    if Organization.objects.exists():
        raise RuleError(
            "数据库里已有党组织，不再写入演示数据。需要演示数据请换一个空的数据目录"
            "（PORTAL_VAR）。",
            code="not_empty",
        )
    random = Random(SEED)
    street = build_street(today)
    accounts = build_accounts(street, today)
    people = PeopleMaker(street, random, today).make()
    writer = User.objects.get(username="branch")
    year = YearMaker(street, people, writer, random, today)
    year.hold_activities()
    year.achieve_singly()
    year.feed_back(year.open_cards())
    facts_changed.send(
        sender=Organization,
        organization_ids={branch.pk for branch in street.branches},
        since=date(2000, 1, 1),
    )
    return accounts
