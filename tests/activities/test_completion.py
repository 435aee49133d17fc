"""Completion equals a naive recount on random histories."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activities.completion import (
    audience,
    branch_progress,
    member_progress,
    progress_of_member,
)
from activities.models import Achievement, Activity, Participation
from organizations.models import Organization
from tests.factories.activities import (
    AchievementFactory,
    ActivityFactory,
    ParticipationFactory,
    ProgramFactory,
    ProgramItemFactory,
)
from tests.factories.members import AffiliationFactory, MemberFactory

START, END = date(2026, 1, 1), date(2027, 1, 1)


@pytest.fixture
def world(branch_a1, branch_a2, branch_b1):
    """Six members of three branches, a program of three items."""
    program = ProgramFactory(audience="mobile")
    items = [
        ProgramItemFactory(program=program, required_count=count) for count in (1, 1, 2)
    ]
    members = [
        MemberFactory(branch=branch, category="mobile")
        for branch in (branch_a1, branch_a1, branch_a2, branch_b1)
    ]
    members.append(MemberFactory(branch=branch_a1, category="in_post"))
    members.append(
        MemberFactory(branch=branch_a1, category="mobile", status="deceased")
    )
    AffiliationFactory(member=members[0], organization=branch_b1, kind="mobile_in")
    return program, items, members, branch_a1


days = st.integers(-40, 400).map(lambda n: START + timedelta(days=n))
activities = st.tuples(
    days,
    st.sampled_from(["held", "held", "held", "cancelled", "planned"]),
    st.sets(st.integers(0, 2)),
    st.dictionaries(
        st.integers(0, 5), st.sampled_from(["present", "present", "leave", "absent"])
    ),
)
achievements = st.tuples(days, st.integers(0, 5), st.integers(0, 2), st.booleans())


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(activities, max_size=8), st.lists(achievements, max_size=8))
def test_completion_equals_a_naive_recount(world, held, single):
    program, items, members, branch = world
    Participation.objects.all().delete()
    Activity.objects.all().delete()
    Achievement.objects.all().delete()
    events = Counter()
    for day, state, carried, people in held:
        activity = ActivityFactory(
            organization=branch,
            held_on=day,
            state=state,
            items=[items[i] for i in carried],
        )
        for who, presence in people.items():
            ParticipationFactory(
                activity=activity, member=members[who], presence=presence
            )
            if state == "held" and presence == "present" and START <= day < END:
                events.update((who, item) for item in carried)
    for day, who, item, withdrawn in single:
        AchievementFactory(
            member=members[who],
            item=items[item],
            organization=branch,
            achieved_on=day,
            withdrawn_at="2026-06-01T00:00:00+08:00" if withdrawn else None,
        )
        if not withdrawn and START <= day < END:
            events[who, item] += 1

    everywhere = Organization.objects.all()
    progress = {
        p.member_id: p
        for p in member_progress(program, audience(program, everywhere), START, END)
    }
    assert set(progress) == {members[who].pk for who in range(4)}
    for who in range(4):
        done = sum(
            events[who, i] >= item.required_count for i, item in enumerate(items)
        )
        assert progress[members[who].pk].done == done
        alone = progress_of_member(program, members[who], START, END)
        assert alone.items == progress[members[who].pk].items

    by_branch = {}
    for p in progress.values():
        row = by_branch.setdefault(p.organization_id, [0, 0, 0])
        row[0] += 1
        row[1] += p.is_complete
        row[2] += any(item.earned for item in p.items)
    counted = {
        b.organization_id: [b.audience, b.complete, b.started]
        for b in branch_progress(program, everywhere, START, END)
    }
    assert counted == by_branch


def test_a_person_counts_where_he_lives(world, branch_b1):
    program, _, members, _ = world
    here = audience(program, Organization.objects.filter(pk=branch_b1.pk))
    assert set(here.values_list("member", flat=True)) == {
        members[0].pk,
        members[3].pk,
    }


def test_a_program_without_items_completes_nobody(branch_a1):
    program = ProgramFactory(audience="mobile")
    MemberFactory(branch=branch_a1, category="mobile")
    [row] = branch_progress(program, Organization.objects.all(), START, END)
    assert (row.audience, row.complete, row.started) == (1, 0, 0)


def test_no_organizations_give_no_rows(world):
    program = world[0]
    assert branch_progress(program, Organization.objects.none(), START, END) == []


def test_progress_of_a_page_takes_three_queries(world, django_assert_num_queries):
    program = world[0]
    people = audience(program, Organization.objects.all()).order_by("member_id")
    with django_assert_num_queries(3):
        member_progress(program, people[:50], START, END)
