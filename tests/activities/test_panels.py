"""What a member's page shows of activities and programs."""

from django.utils import timezone

from activities.panels import activities_panel, programs_panel
from tests.factories.activities import AchievementFactory, ActivityFactory
from tests.factories.members import MemberFactory


def test_an_activity_of_another_branch_is_named_but_not_linked(
    branch_secretary, branch_b1, mobile
):
    ActivityFactory(organization=branch_b1, present=[mobile])
    [part] = activities_panel(branch_secretary, mobile)["participations"]
    assert not part.is_linked


def test_a_cancelled_activity_is_shown_as_such(branch_secretary, branch_a1, mobile):
    ActivityFactory(organization=branch_a1, present=[mobile], state="cancelled")
    panel = activities_panel(branch_secretary, mobile)
    assert panel["participations"][0].shown == "活动已取消"
    assert panel["times"] == 0


def test_a_member_without_program_has_no_panel(branch_secretary, branch_a1):
    retired = MemberFactory(branch=branch_a1, category="retired")
    assert programs_panel(branch_secretary, retired) is None


def test_the_members_page_stays_within_its_queries(
    client_for, branch_secretary, branch_a1, mobile, django_assert_max_num_queries
):
    for _ in range(15):
        ActivityFactory(organization=branch_a1, present=[mobile])
    client = client_for(branch_secretary)
    with django_assert_max_num_queries(12):
        client.get(mobile.get_absolute_url())


def test_an_item_is_earned_once_by_an_activity_and_once_singly(
    branch_secretary, branch_a1, mobile, five_ones
):
    item, other = five_ones.items.all()[:2]
    today = timezone.localdate()
    ActivityFactory(
        organization=branch_a1, held_on=today, items=[item, other], present=[mobile]
    )
    achievement = AchievementFactory(
        member=mobile, item=item, organization=branch_a1, achieved_on=today
    )
    [program] = programs_panel(branch_secretary, mobile)["programs"]
    events = {row["item"]: row["events"] for row in program["items"]}
    assert [event["withdraw_id"] for event in events[item]] in (
        [achievement.pk, None],
        [None, achievement.pk],
    )
    assert len(events[other]) == 1
    assert program["done"] == 2


def test_times_and_hours_are_those_of_this_year(branch_secretary, branch_a1, mobile):
    today = timezone.localdate()
    last_year = today.replace(year=today.year - 1, day=1)
    for held_on in (today, today, last_year):
        ActivityFactory(organization=branch_a1, held_on=held_on, present=[mobile])
    panel = activities_panel(branch_secretary, mobile)
    assert (panel["times"], panel["hours"]) == (2, 4)
