from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories.activities import AchievementFactory, ActivityFactory
from tests.factories.members import MemberFactory

PAGE = reverse("activities:completion")


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def lecture(five_ones, branch_a1, mobile, today):
    """The mobile member of branch_a1 has heard a lecture."""
    item = five_ones.items.get(key="lecture")
    return ActivityFactory(
        organization=branch_a1, held_on=today, items=[item], present=[mobile]
    )


def test_a_branch_shows_its_members_by_item(client_for, branch_secretary, lecture):
    page = client_for(branch_secretary).get(PAGE)
    [row] = page.context["rows"]
    assert (row["progress"].done, row["progress"].total) == (1, 5)
    text = page.content.decode()
    assert "✓ 1/1" in text
    assert "缺 0/1" in text


def test_six_leads_are_for_in_post_members(client_for, branch_secretary, in_post):
    page = client_for(branch_secretary).get(PAGE, {"program": "liu-dai"})
    assert [row["member"] for row in page.context["rows"]] == [in_post]


def test_the_street_shows_its_communities_and_all_below(
    client_for, committee_staff, lecture, community_a, community_b, branch_b1
):
    MemberFactory(branch=branch_b1, category="mobile")
    page = client_for(committee_staff).get(PAGE)
    rows = {
        row["place"]: (row["audience"], row["started"])
        for row in page.context["places"]
    }
    assert rows == {community_a: (1, 1), community_b: (1, 0)}
    assert (page.context["total"], page.context["started"]) == (2, 1)


def test_a_community_opens_its_branches(
    client_for, committee_staff, lecture, community_a, branch_a1
):
    page = client_for(committee_staff).get(PAGE, {"organization": community_a.pk})
    assert [row["place"] for row in page.context["places"]] == [branch_a1]


def test_a_place_out_of_scope_is_missing(client_for, branch_secretary, branch_b1):
    page = client_for(branch_secretary).get(PAGE, {"organization": branch_b1.pk})
    assert page.status_code == 404


def test_last_year_stands_by_itself(client_for, branch_secretary, lecture, today):
    page = client_for(branch_secretary).get(PAGE, {"period": str(today.year - 1)})
    [row] = page.context["rows"]
    assert row["progress"].done == 0


def test_a_nonsense_period_is_missing(client_for, branch_secretary):
    assert client_for(branch_secretary).get(PAGE, {"period": "x"}).status_code == 404


@pytest.mark.parametrize("who", ["branch_secretary", "committee_staff"])
def test_the_page_costs_the_same_for_many(
    client_for, request, who, branch_a1, branch_b1, django_assert_max_num_queries
):
    client = client_for(request.getfixturevalue(who))
    for branch in (branch_a1, branch_b1):
        for _ in range(60):
            MemberFactory(branch=branch, category="mobile")
    with django_assert_max_num_queries(12):
        client.get(PAGE)


def test_an_achievement_is_added_from_its_gap(
    client_for, branch_secretary, mobile, five_ones, today
):
    client = client_for(branch_secretary)
    item = five_ones.items.get(key="newspaper")
    url = reverse("activities:achievement-add", args=[mobile.pk])
    page = client.get(url, {"item": item.pk})
    assert page.context["form"]["item"].value() == str(item.pk)
    data = {"item": item.pk, "achieved_on": today, "content": "订《人民日报》"}
    assert client.post(url, data).status_code == 302
    assert mobile.achievements.count() == 1


def test_an_achievement_without_content_is_asked_again(
    client_for, branch_secretary, mobile, five_ones, today
):
    url = reverse("activities:achievement-add", args=[mobile.pk])
    data = {"item": five_ones.items.first().pk, "achieved_on": today, "content": ""}
    assert client_for(branch_secretary).post(url, data).status_code == 422


def test_an_achievement_is_withdrawn_with_a_reason(
    client_for, branch_secretary, mobile, five_ones, branch_a1
):
    achievement = AchievementFactory(
        member=mobile, item=five_ones.items.first(), organization=branch_a1
    )
    url = reverse("activities:achievement-withdraw", args=[achievement.pk])
    client = client_for(branch_secretary)
    assert client.get(url).status_code == 200
    assert client.post(url, {"reason": "录错"}).status_code == 302
    achievement.refresh_from_db()
    assert achievement.withdrawn_reason == "录错"


def test_a_member_out_of_scope_is_missing(client_for, branch_secretary, branch_b1):
    member = MemberFactory(branch=branch_b1)
    url = reverse("activities:achievement-add", args=[member.pk])
    assert client_for(branch_secretary).get(url).status_code == 404


def test_a_members_page_shows_programs_and_activities(
    client_for, branch_secretary, mobile, lecture
):
    text = client_for(branch_secretary).get(mobile.get_absolute_url()).content.decode()
    assert "项目完成情况" in text
    assert "参加的活动" in text
    assert lecture.title in text
