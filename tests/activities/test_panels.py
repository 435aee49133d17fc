"""What a member's page shows of activities and programs."""

from activities.panels import activities_panel, programs_panel
from tests.factories.activities import ActivityFactory
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
