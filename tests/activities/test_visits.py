"""Visits: written down once, their matters followed up until the household knows."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from activities.choices.households import MatterAct, MatterState
from activities.models import Household, Visit, VisitMatter
from activities.querysets.households import year_start
from activities.rules.households import STATE_AFTER, acts_of, check_act
from activities.services.visits import withdraw_visit
from activities.visit_rates import board
from config.lib.errors import RuleError
from config.lib.versions import StaleError
from members.models import Member
from organizations.models import AuditEvent
from tests.activities.household_steps import (
    asked,
    community_of,
    listed,
    stepped,
    visited,
)
from tests.factories.members import MemberFactory
from tests.races import needs_server, race

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def home(community_a, branch_a1, community_secretary):
    return listed(community_a, community_secretary, organization=branch_a1)


def test_a_visit_is_written_down_once(home, branch_secretary):
    key = uuid4()
    first = visited(home, branch_secretary, request_id=key, matters=["灯不亮"])
    again = visited(home, branch_secretary, request_id=key, matters=["灯不亮"])
    assert first == again
    assert VisitMatter.objects.count() == 1
    event = AuditEvent.objects.get(action="visit_recorded")
    assert event.details == {"matters": 1}


def test_a_matter_without_a_day_is_due_as_the_committee_says(home, branch_secretary):
    matter = asked(home, branch_secretary, days_ago=3)
    assert matter.due_on == matter.visit.visited_on + timedelta(days=30)


@pytest.mark.parametrize(
    ("days_ago", "words"),
    [(-1, "不能晚于今天"), (400, "一年以前")],
)
def test_an_impossible_day_is_refused(home, branch_secretary, days_ago, words):
    with pytest.raises(RuleError, match=words):
        visited(home, branch_secretary, days_ago=days_ago)


def test_a_visit_says_something(home, branch_secretary):
    with pytest.raises(RuleError, match="哪怕一句话"):
        visited(home, branch_secretary, situation=" ")
    with pytest.raises(RuleError, match="走访人"):
        visited(home, branch_secretary, visitors="")
    assert not Visit.objects.exists()


def test_members_of_others_are_not_named(home, branch_a1, branch_b1, branch_secretary):
    mine = MemberFactory(branch=branch_a1)
    visit = visited(home, branch_secretary, member_ids=[mine.pk, mine.pk])
    assert list(visit.members.all()) == [mine]
    stranger = MemberFactory(branch=branch_b1)
    with pytest.raises(Member.DoesNotExist):
        visited(home, branch_secretary, member_ids=[stranger.pk])
    assert Visit.objects.count() == 1


def test_nobody_visits_elsewhere(home, secretary_b, hardship_officer, auditor):
    for user in (secretary_b, hardship_officer, auditor):
        with pytest.raises(Household.DoesNotExist):
            visited(home, user)


def test_a_matter_goes_its_way(home, branch_secretary):
    matter = asked(home, branch_secretary)
    assert stepped(matter, "progress", branch_secretary).state == "in_progress"
    with pytest.raises(RuleError, match="先办结、再答复"):
        stepped(matter, "answer", branch_secretary)
    referred = stepped(matter, "refer", branch_secretary)
    assert referred.settled_on == timezone.localdate()
    again = stepped(matter, "reopen", branch_secretary, words="住户不满意")
    assert (again.state, again.settled_on) == ("in_progress", None)
    stepped(matter, "solve", branch_secretary)
    closed = stepped(matter, "answer", branch_secretary)
    assert closed.is_closed
    with pytest.raises(RuleError, match="已答复"):
        stepped(matter, "reopen", branch_secretary)
    assert [step.act for step in closed.steps.all()] == [
        *("progress", "refer", "reopen", "solve", "answer")
    ]


def test_a_step_needs_words_a_day_and_the_newest_form(home, branch_secretary):
    matter = asked(home, branch_secretary, days_ago=5)
    before = timezone.localdate() - timedelta(days=6)
    with pytest.raises(RuleError, match="日期应在"):
        stepped(matter, "progress", branch_secretary, taken_on=before)
    with pytest.raises(RuleError, match="请填写办理情况"):
        stepped(matter, "decline", branch_secretary, words="  ")
    stepped(matter, "progress", branch_secretary, version=1)
    with pytest.raises(StaleError):
        stepped(matter, "progress", branch_secretary, version=1)


@given(st.lists(st.sampled_from(MatterAct.values), max_size=12))
def test_whatever_is_tried_a_matter_is_answered_only_once_settled(acts):
    state, is_answered = MatterState.OPEN.value, False
    for act in acts:
        try:
            check_act(act, state, is_answered)
        except RuleError:
            assert act not in acts_of(state, is_answered)
            continue
        assert not is_answered
        if act == MatterAct.ANSWER:
            assert state not in {MatterState.OPEN, MatterState.IN_PROGRESS}
            is_answered = True
        else:
            state = STATE_AFTER[act]


def test_a_visit_is_withdrawn_while_nothing_was_done(home, branch_secretary):
    visit = visited(home, branch_secretary, matters=["灯不亮"])
    other = asked(home, branch_secretary, words="堆物")
    stepped(other, "progress", branch_secretary)
    with pytest.raises(RuleError, match="做过的事要留痕"):
        withdraw_visit(visit_id=other.visit_id, words="记错", actor=branch_secretary)
    for _ in range(2):
        withdraw_visit(visit_id=visit.pk, words="记错了住户", actor=branch_secretary)
    assert AuditEvent.objects.filter(action="visit_changed").count() == 2
    assert list(VisitMatter.objects.counted()) == [other]
    with pytest.raises(VisitMatter.DoesNotExist):
        stepped(visit.matters.get(), "solve", branch_secretary)


def test_the_board_counts_this_years_visits_by_building(
    community_a, community_b, community_secretary, committee_staff, today
):
    year_ago = (today - year_start(today)).days + 1
    homes = [
        listed(community_a, community_secretary, room=str(number), building=building)
        for building, count in (("1号楼", 3), ("2号楼", 2))
        for number in range(count)
    ]
    visited(homes[0], community_secretary)
    visited(homes[0], community_secretary, matters=["一"])
    visited(homes[1], community_secretary, days_ago=year_ago)
    wrong = visited(homes[3], community_secretary)
    withdraw_visit(visit_id=wrong.pk, words="记错", actor=community_secretary)
    listed(community_b, committee_staff)

    rows, total, community = board(community_secretary, None, today)
    assert community == community_of(community_a)
    assert [(r.name, r.total, r.visited) for r in rows] == [
        ("1号楼", 3, 1),
        ("2号楼", 2, 0),
    ]
    assert (total.total, total.unvisited) == (5, 4)
    rows, total, community = board(committee_staff, None, today)
    assert community is None
    assert [(r.name, r.total, r.visited) for r in rows] == [
        ("沿江社区", 5, 1),
        ("临湖社区", 1, 0),
    ]


@needs_server
@pytest.mark.django_db(transaction=True)
def test_the_same_form_at_once_is_one_visit(home, branch_secretary):
    key = uuid4()
    found = race(lambda n: visited(home, branch_secretary, request_id=key).pk, count=6)
    assert len(set(found)) == 1
    assert Visit.objects.count() == 1
