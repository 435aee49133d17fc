from datetime import date

import pytest
from django.urls import reverse

from activities.models import Activity
from tests.factories.activities import ActivityFactory
from tests.factories.members import MemberFactory

LIST = reverse("activities:list")


@pytest.fixture
def secretary(client_for, branch_secretary):
    return client_for(branch_secretary)


def titles(page) -> list[str]:
    return [activity["title"] for activity in page.context["rows"]]


def test_the_list_holds_only_activities_in_scope(secretary, branch_a1, branch_b1):
    ActivityFactory(organization=branch_a1, title="自己的")
    ActivityFactory(organization=branch_b1, title="别人的")
    page = secretary.get(LIST)
    assert titles(page) == ["自己的"]
    assert page.context["total"] == "1"


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ({"kind": "lecture"}, ["五月党课"]),
        ({"month": "2026-04"}, ["四月义务劳动"]),
        ({"state": "cancelled"}, ["取消的"]),
        ({"q": "劳动"}, ["四月义务劳动"]),
        ({"month": "2026-13"}, []),
    ],
)
def test_the_list_is_filtered(secretary, branch_a1, query, wanted):
    ActivityFactory(organization=branch_a1, title="五月党课", kind="lecture")
    ActivityFactory(
        organization=branch_a1, title="四月义务劳动", held_on=date(2026, 4, 8)
    )
    ActivityFactory(organization=branch_a1, title="取消的", state="cancelled")
    assert titles(secretary.get(LIST, query)) == wanted


def test_the_list_is_filtered_by_a_place_with_all_below(
    client_for, committee_staff, community_a, branch_a1, branch_b1
):
    ActivityFactory(organization=branch_a1, title="沿江的")
    ActivityFactory(organization=branch_b1, title="临湖的")
    page = client_for(committee_staff).get(LIST, {"organization": community_a.pk})
    assert titles(page) == ["沿江的"]


def test_pages_go_forward_and_back(secretary, branch_a1):
    for number in range(60):
        ActivityFactory(organization=branch_a1, title=f"第{number}次")
    first = secretary.get(LIST)
    second = secretary.get(LIST + first.context["next_url"])
    back = secretary.get(LIST + second.context["previous_url"])
    assert len(titles(second)) == 10
    assert titles(back) == titles(first)
    assert not set(titles(first)) & set(titles(second))


def test_the_list_costs_the_same_for_many(
    secretary, branch_a1, django_assert_max_num_queries
):
    members = [MemberFactory(branch=branch_a1) for _ in range(3)]
    for _ in range(30):
        ActivityFactory(organization=branch_a1, present=members)
    with django_assert_max_num_queries(12):
        secretary.get(LIST)


def test_the_page_of_an_activity_names_who_came(secretary, record, mobile, in_post):
    activity = record(present=[mobile], leave=[in_post])
    page = secretary.get(activity.get_absolute_url()).content.decode()
    assert "到会 1 人" in page
    assert "请假 1 人" in page


def test_people_out_of_scope_are_counted_but_not_named(
    secretary, record, mobile, branch_b1, committee_staff
):
    guest = MemberFactory(branch=branch_b1, name="外支部人")
    activity = record(present=[mobile, guest], actor=committee_staff)
    page = secretary.get(activity.get_absolute_url()).content.decode()
    assert "外支部人" not in page
    assert "另有 1 人" in page


@pytest.mark.parametrize("name", ["detail", "edit", "cancel", "attendance-sheet"])
def test_an_activity_out_of_scope_is_missing(secretary, branch_b1, name):
    activity = ActivityFactory(organization=branch_b1)
    url = reverse(f"activities:{name}", args=[activity.pk])
    assert secretary.get(url).status_code == 404


def test_one_save_is_one_line_of_history(secretary, record, mobile, five_ones):
    activity = record(present=[mobile], item_ids=[five_ones.items.first().pk])
    page = secretary.get(activity.get_absolute_url())
    assert [row["what"] for row in page.context["history"]] == ["记录"]


def test_cancelling_asks_for_a_reason(secretary, record, mobile):
    activity = record(present=[mobile])
    url = reverse("activities:cancel", args=[activity.pk])
    assert secretary.post(url, {"reason": ""}).status_code == 422
    assert secretary.post(url, {"reason": "重复登记"}).status_code == 302
    activity.refresh_from_db()
    assert activity.state == Activity.State.CANCELLED


def test_a_cancelled_activity_offers_no_change(secretary, branch_a1):
    activity = ActivityFactory(organization=branch_a1, state="cancelled")
    page = secretary.get(activity.get_absolute_url())
    assert not page.context["may_edit"]


def test_the_blank_sheet_numbers_its_lines(secretary, branch_a1, mobile, in_post):
    page = secretary.get(reverse("activities:sheet"), {"branch": branch_a1.pk})
    assert [line["number"] for line in page.context["lines"]] == [1, 2]
    assert list(page.context["spare"]) == [3, 4, 5]


def test_the_sheet_of_an_activity_shows_what_was_recorded(secretary, record, mobile):
    activity = record(present=[mobile])
    page = secretary.get(reverse("activities:attendance-sheet", args=[activity.pk]))
    assert [line["mark"] for line in page.context["lines"]] == ["到会"]


def test_the_page_costs_the_same_for_many(
    secretary, branch_a1, django_assert_max_num_queries
):
    members = [MemberFactory(branch=branch_a1) for _ in range(40)]
    activity = ActivityFactory(organization=branch_a1, present=members)
    with django_assert_max_num_queries(12):
        secretary.get(activity.get_absolute_url())
