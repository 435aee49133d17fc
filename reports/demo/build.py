"""Building the demo: in one transaction, once, the same for the same day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random

from django.db import transaction

from config.lib.dates import SHANGHAI
from config.lib.errors import RuleError
from config.lib.periods import Month
from config.lib.tables import count_rows
from organizations.models import Organization, User
from organizations.signals import facts_changed
from reports.demo.agreements import make_agreements
from reports.demo.authorities import make_authorities
from reports.demo.committees import make_committees
from reports.demo.conferences import make_conferences
from reports.demo.contacts import make_contacts
from reports.demo.coverage import make_coverage
from reports.demo.development import make_development
from reports.demo.dues import make_commendations, make_dues
from reports.demo.employment import make_employment
from reports.demo.feedback import make_feedback
from reports.demo.funds import make_funds
from reports.demo.hardship import make_hardship
from reports.demo.households import make_households
from reports.demo.instructors import make_instructors
from reports.demo.maps import make_map
from reports.demo.matters import make_matters
from reports.demo.mobile import make_stays
from reports.demo.mutual import make_mutual
from reports.demo.pairs import make_pairs
from reports.demo.papers import make_papers
from reports.demo.people import PeopleMaker, Person
from reports.demo.plans import make_plans
from reports.demo.pledges import make_pledges
from reports.demo.posts import make_posts
from reports.demo.projects import make_projects
from reports.demo.reporting import make_reporting
from reports.demo.reviews import make_reviews
from reports.demo.rooms import make_rooms
from reports.demo.school import make_school
from reports.demo.standing import make_standing
from reports.demo.street import Account, Street, build_accounts, build_street
from reports.demo.transfers import make_transfers
from reports.demo.twins import make_twins
from reports.demo.volunteers import make_volunteers
from reports.demo.year import YearMaker
from reports.models import MonthClosing
from reports.services.closing import close_month

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
    make_pledges(people, writer, Random(SEED + 11), today)
    cards = year.open_cards()
    year.feed_back(cards)
    make_feedback()
    make_transfers(street, people, writer, today)
    make_hardship(street, people, writer, today)
    make_twins(people, today)
    make_contacts(people, writer, Random(SEED + 1), today)
    make_development(street, people, writer, Random(SEED + 7), today)
    make_dues(people, writer, Random(SEED + 4), today)
    make_commendations(people, writer, today)
    make_standing(street, people, writer, today)
    make_employment(people, writer, Random(SEED + 3), today)
    make_projects(street, people, today)
    make_reporting(street, people, writer, Random(SEED + 5), today)
    make_stays(street, people, writer, Random(SEED + 9), today)
    make_committees(street, people, today)
    _fill_activities(street, people, writer, today)
    _fill_offices(street, today)
    make_posts(street, cards, Random(SEED + 31), today)
    make_reviews(street, people, writer, Random(SEED + 27), today)
    facts_changed.send(
        sender=Organization,
        organization_ids={branch.pk for branch in street.branches},
        since=date(2000, 1, 1),
    )
    # Until the server finds the time, it plans by tables that were empty; the months
    # are counted from them next.
    count_rows()
    close_months(street, today)
    return accounts


def _fill_activities(
    street: Street, people: list[Person], writer: User, today: date
) -> None:
    make_school(street, people, writer, Random(SEED + 11), today)
    make_papers(writer, Random(SEED + 23))
    make_households(street, people, writer, Random(SEED + 17), today)
    make_volunteers(street, people, writer, Random(SEED + 21), today)


def _fill_offices(street: Street, today: date) -> None:
    make_agreements(street, today)
    make_pairs(street, today)
    make_conferences(street, today)
    make_authorities(street, today)
    make_funds(street, today)
    make_mutual(street, today)
    make_rooms(street, today, Random(SEED + 41))
    make_matters(street, today)
    make_coverage(street, today)
    make_instructors(street, today)
    make_map(street)
    make_plans(street, today)


def close_months(street: Street, today: date) -> None:
    """Close the year's months but the last, which waits for whoever tries it."""
    staff = User.objects.get(username="street")
    last = Month.containing(today).previous()
    month = Month.containing(today - timedelta(days=364)).next()
    while month < last:
        rows = close_month(
            organization_id=street.root.pk, month=month, actor=staff, today=today
        )
        # As an office does it, on the third of the month after.
        closed_at = datetime.combine(
            month.end + timedelta(days=2), time(9), tzinfo=SHANGHAI
        )
        MonthClosing.objects.filter(pk__in=[row.pk for row in rows]).update(
            closed_at=closed_at
        )
        month = month.next()
