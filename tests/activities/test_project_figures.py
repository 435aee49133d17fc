"""What projects add to the ledger, the month's figures and the list of things to do."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from activities.models import Placement, ServicePost, ServiceProject
from config.lib import registry
from config.lib.errors import RuleError
from config.lib.periods import Month
from members.models import EmploymentSpell, Lead
from members.rules.employment import timeline
from organizations.choices import Role
from organizations.models import Organization, Parameter
from tests.activities.project_steps import (
    closed,
    laid_off,
    left,
    mistaken,
    opened,
    placed,
    posted,
)
from tests.factories.members import MemberFactory
from tests.factories.organizations import (
    CommunityFactory,
    OrganizationFactory,
    PostFactory,
    UserFactory,
)

MONTHS = [Month(2026, number) for number in range(1, 11)]
FIRST = date(2026, 1, 5)


def figures(group, key):
    """The figure of all branches in each of MONTHS."""
    [found] = [g for g in registry.groups() if g.key == group]
    months = found.compute_months(Organization.objects.all(), MONTHS)
    return [sum(own.get(key, 0) for own in month.values()) for month in months]


@pytest.fixture
def founder(branch_a1, branch_secretary):
    return laid_off(MemberFactory(branch=branch_a1), branch_secretary)


@pytest.mark.django_db
def test_a_month_counts_what_stands_at_its_end_and_what_was_done_in_it(
    founder, branch_secretary, community_a
):
    project = opened(founder, branch_secretary, community_a)  # 2 March
    post = posted(project, branch_secretary, 2)
    more = posted(project, branch_secretary, 3, "收银", date(2026, 5, 4))
    first = placed(post, branch_secretary, name="甲")  # 1 April
    placed(post, branch_secretary, name="乙", starts_on=date(2026, 5, 31))
    left(first, branch_secretary, ends_on=date(2026, 6, 30))
    mistaken(
        placed(more, branch_secretary, name="丙", starts_on=date(2026, 7, 1)),
        branch_secretary,
    )
    closed(project, branch_secretary, date(2026, 9, 1))
    at_ends = {
        "activities.projects": [0, 0, 1, 1, 1, 1, 1, 1, 0, 0],
        "activities.project_places": [0, 0, 2, 2, 5, 5, 5, 5, 0, 0],
        "activities.project_filled": [0, 0, 0, 1, 2, 1, 1, 1, 0, 0],
    }
    for key, wanted in at_ends.items():
        assert figures("activities.projects", key) == wanted, key
    done = {
        "members.services_opened": [0, 0, 1, *[0] * 7],
        "members.posts_opened": [0, 0, 2, 0, 3, *[0] * 5],
        "members.people_led": [0, 0, 0, 1, 1, *[0] * 5],
    }
    for key, wanted in done.items():
        assert figures("employment", key) == wanted, key


def told(user, today):
    [alert] = [a for a in registry.alerts() if a.key == "activities.post_free"]
    rows = list(alert.rows(user, today))
    assert alert.count(user, today) == len(rows)
    return [row.label for row in rows]


@pytest.mark.django_db
def test_a_post_free_too_long_is_told_until_somebody_takes_it(
    founder, branch_secretary, secretary_b, community_secretary, community_a
):
    project = opened(founder, branch_secretary, community_a)
    post = posted(project, branch_secretary, 1)
    day = post.created_on + timedelta(days=31)
    words = ["便民缝补店：缝纫工"]
    assert told(branch_secretary, day - timedelta(days=1)) == []
    assert told(branch_secretary, day) == told(community_secretary, day) == words
    assert told(secretary_b, day) == []
    person = placed(post, branch_secretary, name="甲")
    assert told(branch_secretary, day) == []
    left(person, branch_secretary)  # 1 June
    assert told(branch_secretary, date(2026, 7, 1)) == []
    assert told(branch_secretary, date(2026, 7, 2)) == words
    Parameter.objects.create(key="activities.post_free_days", value=40)
    assert told(branch_secretary, date(2026, 7, 2)) == []
    closed(project, branch_secretary)
    assert told(branch_secretary, date(2026, 12, 1)) == []


STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["place", "place", "place", "leave", "mistake", "post", "close"]
        ),
        st.integers(0, 5),
        st.integers(0, 90),
    ),
    max_size=16,
)


def attempt(step, pick, days, world):
    """Try one step on what is there; a refusal is fine."""
    day, actor = FIRST + timedelta(days=days), world["actor"]
    rows = list(Placement.objects.order_by("pk"))
    row = rows[pick % len(rows)] if rows else None
    posts = list(ServicePost.objects.order_by("pk"))
    try:
        if step == "post":
            posted(world["project"], actor, 1 + pick % 3, f"岗位{pick}", day)
        elif step == "close" and pick == 0:
            closed(world["project"], actor, day)
        elif step == "place":
            person = world["people"][pick] if pick % 2 else None
            post = posts[days % len(posts)]
            name = "" if person else f"居民{pick}"
            placed(post, actor, person, name, starts_on=day)
        elif step == "leave" and row is not None:
            left(row, actor, ends_on=day)
        elif step == "mistake" and row is not None:
            mistaken(row, actor)
    except RuleError:
        pass


class ProjectProperties(TestCase):
    @settings(
        max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    @given(STEPS)
    def test_the_ledger_counts_what_the_project_holds(self, steps):
        street = OrganizationFactory(kind="work_committee")
        home = OrganizationFactory(kind="committee", parent=street)
        CommunityFactory(organization=home)
        branch = OrganizationFactory(kind="branch", parent=home)
        actor = UserFactory()
        PostFactory(user=actor, role=Role.COMMITTEE_STAFF, organization=street)
        founder = laid_off(MemberFactory(branch=branch), actor)
        people = [laid_off(MemberFactory(branch=branch), actor) for _ in range(6)]
        project = opened(founder, actor, home, opened_on=FIRST)
        posted(project, actor, 2, created_on=FIRST)
        world = {"actor": actor, "project": project, "people": people}
        for step, pick, days in steps:
            attempt(step, pick, days, world)
        placements = list(Placement.objects.counted().select_related("lead", "post"))
        led = figures("employment", "members.people_led")
        assert sum(led) == len(placements)
        for month, number in zip(MONTHS, led, strict=True):
            assert number == sum(row.starts_on in month for row in placements)
        posts = list(ServicePost.objects.counted())
        created = sum(figures("employment", "members.posts_opened"))
        assert created == sum(post.places for post in posts)
        kept = {row.lead_id for row in (*placements, *posts)} | {project.lead_id}
        assert kept <= set(Lead.objects.counted().values_list("pk", flat=True))
        assert Lead.objects.counted().count() == len(placements) + len(posts) + 1
        self.check_places(posts, placements)
        self.check_lines(placements)

    def check_places(self, posts, placements):
        """No post ever had more people than places."""
        for post in posts:
            spans = [row for row in placements if row.post_id == post.pk]
            for day in {row.starts_on for row in spans}:
                there = [
                    row
                    for row in spans
                    if row.starts_on <= day and (not row.ends_on or day < row.ends_on)
                ]
                assert len(there) <= post.places

    def check_lines(self, placements):
        """Who works is at work in his record, from the same day."""
        for row in placements:
            if row.member_id is None or row.spell_id is None:
                continue
            mine = EmploymentSpell.objects.counted().filter(member=row.member_id)
            ends = {spell.pk: end for spell, end in timeline(mine)}
            assert row.spell.starts_on == row.starts_on
            assert row.spell_id in ends
            assert (ends[row.spell_id] is None) == (row.ends_on is None)


@pytest.mark.django_db
def test_a_figure_leads_to_its_list(
    client_for, founder, branch_a1, branch_secretary, community_a
):
    post = posted(opened(founder, branch_secretary, community_a), branch_secretary)
    month = Month.containing(timezone.localdate())
    client = client_for(branch_secretary)
    url = registry.indicator("activities.projects").list_url(branch_a1.pk, month)
    assert "便民缝补店" in client.get(url).content.decode()
    march = Month.containing(post.created_on)
    url = registry.indicator("members.posts_opened").list_url(branch_a1.pk, march)
    page = client.get(url).content.decode()
    assert "新增服务岗位" in page
    assert "便民缝补店：缝纫工" in page
    assert ServiceProject.objects.get().lead.title in page
