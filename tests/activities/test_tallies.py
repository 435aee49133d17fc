"""Many months counted at once are what each month's lists hold, however people move."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from django.db.models import Count, Sum

from activities import tallies
from activities.completion import branch_progress
from activities.indicators import activities as indicators
from activities.models import Participation, Program
from config.lib import registry
from config.lib.periods import Month
from members.models import Affiliation
from organizations.models import Organization
from reports.services import summaries
from tests.factories.activities import (
    AchievementFactory,
    ActivityFactory,
    ParticipationFactory,
)
from tests.factories.liaison import CardEntryFactory, LiaisonCardFactory
from tests.factories.members import AffiliationFactory, MemberFactory

pytestmark = pytest.mark.django_db

# In order, with a gap, over the turn of a year.
MONTHS = [Month(2025, 11), Month(2026, 1), Month(2026, 2), Month(2026, 3)]
KINDS = ("on_roll", "co_managed", "mobile_in")


def a_day(random, first=date(2025, 10, 1), span=200):
    return first + timedelta(days=random.randrange(span))


def moving_person(random, branches):
    """Somebody with one to four relations of any kind that overlap at will."""
    member = MemberFactory(
        category=random.choice(["mobile", "in_post", "retired"]),
        status=random.choice(["normal", "normal", "suspended"]),
        born_on=a_day(random, date(1955, 1, 1), 18000),
        joined_on=date(2024, 1, 1),
    )
    for branch in random.sample(branches, random.randint(1, 3)):
        for kind in random.sample(KINDS, random.randint(1, 2)):
            starts_on = a_day(random)
            ends_on = starts_on + timedelta(days=random.randrange(120))
            is_open = kind != "on_roll" and random.random() < 0.4
            AffiliationFactory(
                member=member,
                organization=branch,
                kind=kind,
                starts_on=starts_on,
                ends_on=None if is_open else ends_on,
                end_reason="" if is_open else "transferred_out",
            )
    return member


@pytest.fixture(params=[1, 2, 3])
def restless(request, branch_a1, branch_a2, branch_b1, committee_staff):
    random = Random(request.param)
    branches = [branch_a1, branch_a2, branch_b1]
    people = [moving_person(random, branches) for _ in range(25)]
    items = [item for each in Program.objects.all() for item in each.items.all()]
    program_item = items[0]
    program_item.required_count = 2
    program_item.save()
    for _ in range(24):
        activity = ActivityFactory(
            organization=random.choice(branches),
            held_on=a_day(random),
            state=random.choice(["held", "held", "held", "cancelled"]),
            items=random.sample(items, 8),
            recorded_by=committee_staff,
        )
        for member in random.sample(people, 10):
            presence = random.choice(["present", "present", "leave"])
            hours = Decimal(random.randrange(30)) / 10
            ParticipationFactory(
                activity=activity,
                member=member,
                presence=presence,
                hours=hours if presence == "present" else 0,
            )
    for _ in range(12):
        AchievementFactory(
            member=random.choice(people),
            organization=random.choice(branches),
            recorded_by=committee_staff,
            item=random.choice(items),
            achieved_on=a_day(random),
        )
    for member in people[:5]:
        card = LiaisonCardFactory(
            member=member, organization=branch_a1, starts_on=a_day(random)
        )
        CardEntryFactory(card=card, occurred_on=a_day(random))
    return branches


@pytest.fixture(params=["all", "one"])
def organizations(request, restless):
    if request.param == "all":
        return Organization.objects.all()
    return Organization.objects.filter(pk=restless[0].pk)


def test_participations_stand_where_the_list_has_them(organizations):
    expected = {}
    for place, month in enumerate(MONTHS):
        rows = indicators.participations_at(
            Participation.objects.all(), organizations, month
        )
        for pk, times, hours in (
            rows.order_by().values_list("place_id").annotate(Count("pk"), Sum("hours"))
        ):
            expected[pk, place] = (times, round(hours * 60))
    found = {
        (pk, place): (times, round(hours * 60))
        for pk, place, times, hours in tallies.participations(organizations, MONTHS)
    }
    assert found == expected
    assert found


def test_active_members_stand_where_the_list_has_them(organizations):
    expected = Counter(
        (row.organization_id, place)
        for place, month in enumerate(MONTHS)
        for row in indicators.active_members(organizations, month)
    )
    found = {
        (pk, place): number
        for pk, place, number in tallies.active_members(organizations, MONTHS)
    }
    assert found == expected
    assert found


@pytest.mark.parametrize("line", ["wu-ge-yi", "liu-dai"])
def test_progress_is_that_of_the_completion_page(organizations, line):
    program = Program.objects.of_line(line).get()
    start, months = date(2025, 10, 1), MONTHS
    expected = {}
    for place, month in enumerate(months):
        last_day = month.end - timedelta(days=1)
        for row in branch_progress(
            program, organizations, start, month.end, on=last_day
        ):
            key = (row.organization_id, place)
            expected[key] = (row.audience, row.complete, row.started)
    found = {
        (pk, place): tuple(numbers)
        for pk, place, *numbers in tallies.progress(
            program, organizations, months, start
        )
    }
    assert found == expected
    assert found


def test_months_together_are_the_months_one_by_one(organizations):
    together = summaries.compute_months(organizations, MONTHS)
    for month in MONTHS:
        alone = summaries.compute_own(organizations, month)
        assert nonzero(together[month]) == nonzero(alone), month.label


def nonzero(figures):
    return {
        (pk, key): number
        for pk, values in figures.items()
        for key, number in values.items()
        if number
    }


def test_a_program_without_items_completes_nobody(restless):
    program = Program.objects.of_line("wu-ge-yi").get()
    bare = Program.objects.create(
        key="bare", name="空", audience=program.audience, valid_from=date(2025, 1, 1)
    )
    rows = tallies.progress(
        bare, Organization.objects.all(), MONTHS[1:], date(2026, 1, 1)
    )
    assert sum(audience for _, _, audience, _, _ in rows) > 0
    assert not any(complete or started for *_, complete, started in rows)


def test_no_organizations_have_no_figures(restless):
    for group in registry.groups():
        nothing = group.compute_months(Organization.objects.none(), MONTHS)
        assert [dict(each) for each in nothing] == [{}] * len(MONTHS)


def test_the_relations_of_the_restless_do_overlap(restless):
    twice = Affiliation.objects.values("member").annotate(n=Count("pk")).filter(n__gt=1)
    assert twice.count() > 5
