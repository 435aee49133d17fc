"""Figures equal a count by hand, stand where the person counted, and are listed."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from activities.indicators import activities as indicators
from config.lib import registry
from config.lib.periods import Month
from organizations.models import Organization
from tests.factories.activities import (
    AchievementFactory,
    ActivityFactory,
    ParticipationFactory,
)
from tests.factories.members import AffiliationFactory, MemberFactory

MAY = Month(2026, 5)


def figures(month=MAY):
    own = {}
    for group in registry.groups():
        if group.key.startswith("activities."):
            for pk, values in group.compute(Organization.objects.all(), month).items():
                own.setdefault(pk, {}).update(values)
    return own


def test_activities_count_at_their_organizer(branch_a1):
    ActivityFactory(organization=branch_a1, people_served=12)
    ActivityFactory(organization=branch_a1, people_served=3)
    ActivityFactory(organization=branch_a1, state="cancelled", people_served=50)
    ActivityFactory(organization=branch_a1, held_on=date(2026, 6, 1))
    own = figures()[branch_a1.pk]
    assert (own["activities.held"], own["activities.people_served"]) == (2, 15)


def test_participations_count_where_the_person_lives(branch_a1, branch_b1):
    guest = MemberFactory(branch=branch_b1)
    AffiliationFactory(member=guest, organization=branch_a1, kind="co_managed")
    ActivityFactory(organization=branch_b1, present=[guest], hours=Decimal("2.5"))
    own = figures()
    assert own[branch_a1.pk]["activities.participations"] == 1
    assert own[branch_a1.pk]["activities.attendance_minutes"] == 150
    assert own[branch_a1.pk]["activities.active_members"] == 1
    assert "activities.participations" not in own[branch_b1.pk]


def test_leave_and_absence_do_not_count(branch_a1):
    member = MemberFactory(branch=branch_a1)
    activity = ActivityFactory(organization=branch_a1)
    ParticipationFactory(activity=activity, member=member, presence="leave")
    own = figures()[branch_a1.pk]
    assert "activities.participations" not in own
    assert "activities.active_members" not in own


def test_a_member_counts_once_for_two_activities(branch_a1):
    member = MemberFactory(branch=branch_a1)
    for _ in range(2):
        ActivityFactory(organization=branch_a1, present=[member])
    own = figures()[branch_a1.pk]
    assert own["activities.participations"] == 2
    assert own["activities.active_members"] == 1


def test_figures_of_a_past_month_stay_when_the_person_moves_on(branch_a1, branch_b1):
    member = MemberFactory()
    AffiliationFactory(member=member, organization=branch_a1, ends_on=date(2026, 6, 1))
    AffiliationFactory(
        member=member, organization=branch_b1, starts_on=date(2026, 6, 1)
    )
    ActivityFactory(organization=branch_a1, present=[member])
    own = figures()
    assert own[branch_a1.pk]["activities.participations"] == 1
    assert branch_b1.pk not in own


def test_what_was_done_before_the_roster_came_in_counts_at_the_first_branch(branch_a1):
    member = MemberFactory()
    AffiliationFactory(
        member=member, organization=branch_a1, starts_on=date(2026, 9, 1)
    )
    ActivityFactory(organization=branch_a1, present=[member])
    assert figures()[branch_a1.pk]["activities.participations"] == 1


def test_five_ones_count_from_the_years_start_to_the_months_end(
    five_ones, branch_a1, mobile
):
    items = list(five_ones.items.all())
    for item, day in zip(items, (1, 2, 3, 4, 5), strict=True):
        AchievementFactory(
            member=mobile,
            item=item,
            organization=branch_a1,
            achieved_on=date(2026, day, 10),
        )
    prefix = "activities.five_ones"
    by_month = {
        number: figures(Month(2026, number))[branch_a1.pk] for number in (1, 4, 5)
    }
    assert by_month[1][f"{prefix}_started"] == 1
    assert by_month[4][f"{prefix}_complete"] == 0
    assert by_month[5][f"{prefix}_complete"] == 1
    assert by_month[5][f"{prefix}_audience"] == 1


def test_who_died_since_still_stood_among_the_audience(five_ones, branch_a1):
    member = MemberFactory(category="mobile", status="deceased")
    AffiliationFactory(member=member, organization=branch_a1, ends_on=date(2026, 6, 15))
    key = "activities.five_ones_audience"
    assert figures()[branch_a1.pk][key] == 1
    assert branch_a1.pk not in figures(Month(2026, 6))


def test_six_leads_count_in_post_members(six_leads, branch_a1, in_post):
    assert figures()[branch_a1.pk]["activities.six_leads_audience"] == 1


def test_every_rate_stands_on_known_figures():
    known = {one.key for one in registry.indicators()}
    rates = [one for one in registry.rates() if one.key.startswith("activities.")]
    programs = ("activities.five_ones_", "activities.six_leads_")
    assert len([rate for rate in rates if rate.key.startswith(programs)]) == 4
    assert all({rate.part, rate.whole} <= known for rate in rates)


@pytest.mark.parametrize(
    "key",
    [
        i.key
        for i in registry.indicators()
        if i.key.startswith("activities.") and i.list_url
    ],
)
def test_every_figure_opens_its_list(
    client_for, community_secretary, community_a, branch_a1, key
):
    url = registry.indicator(key).list_url(community_a.pk, MAY)
    assert client_for(community_secretary).get(url).status_code == 200


def test_the_list_behind_participations_has_as_many_rows(
    client_for, committee_staff, street, branch_a1, branch_b1
):
    members = [MemberFactory(branch=branch) for branch in (branch_a1, branch_b1)]
    for _ in range(2):
        ActivityFactory(organization=branch_a1, present=members)
    own = figures()
    client = client_for(committee_staff)
    url = reverse("activities:participations")
    query = {"organization": street.pk, "month": MAY.label}
    rows = client.get(url, query).context
    people = client.get(url, query | {"people": 1}).context
    for key, page in (("participations", rows), ("active_members", people)):
        total = sum(values.get(f"activities.{key}", 0) for values in own.values())
        assert page["total"] == str(total)


def test_the_figures_of_activities_and_programs_ask_nine_questions(
    branch_a1, django_assert_max_num_queries
):
    members = [MemberFactory(branch=branch_a1) for _ in range(20)]
    ActivityFactory(organization=branch_a1, present=members)
    keys = ("by_organizer", "by_member", "five_ones", "six_leads")
    groups = [g for g in registry.groups() if g.key.split(".")[-1] in keys]
    assert len(groups) == 4
    with django_assert_max_num_queries(9):
        for group in groups:
            group.compute(Organization.objects.all(), MAY)


def test_a_month_asks_no_more_for_many(branch_a1):
    asked = []
    for number in (2, 40):
        members = MemberFactory.create_batch(number, branch=branch_a1)
        ActivityFactory(organization=branch_a1, present=members)
        with CaptureQueriesContext(connection) as queries:
            figures()
        asked.append(len(queries))
    assert asked[0] == asked[1] > 0


def test_the_program_of_a_month_is_the_version_in_force(five_ones):
    assert indicators.program_in_force("wu-ge-yi", MAY) == five_ones
    assert indicators.program_in_force("nothing", MAY) is None
