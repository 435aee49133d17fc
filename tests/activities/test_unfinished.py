"""Who lacks items of a program: the filter of the page and the list to print."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.completion import audience, member_progress
from activities.models import Activity
from activities.unfinished import lacking
from organizations.models import Organization
from tests.factories.activities import (
    AchievementFactory,
    ActivityFactory,
    ProgramFactory,
    ProgramItemFactory,
)
from tests.factories.members import MemberFactory

PAGE = reverse("activities:completion")
PAPER = reverse("activities:completion-reminder")


@pytest.fixture
def people(five_ones, branch_a1, branch_b1):
    """甲 has everything, 乙 lacks the newspaper, 丙 all but the lecture, 丁 all."""
    today = timezone.localdate()
    items = list(five_ones.items.all())
    members = {
        name: MemberFactory(branch=branch, category="mobile", name=name)
        for name, branch in (
            ("甲", branch_a1),
            ("乙", branch_a1),
            ("丙", branch_a1),
            ("丁", branch_b1),
        )
    }
    lecture = [item for item in items if item.key == "lecture"]
    ActivityFactory(
        organization=branch_a1,
        held_on=today,
        items=lecture,
        present=[members[name] for name in "甲乙丙"],
    )
    for item in items:
        if item.key == "lecture":
            continue
        for name in "甲" if item.key == "newspaper" else "甲乙":
            AchievementFactory(
                member=members[name],
                item=item,
                organization=branch_a1,
                achieved_on=today,
            )
    return members


def names(page) -> set[str]:
    return {row["member"].name for row in page.context["rows"]}


@pytest.mark.parametrize(
    ("missing", "wanted"),
    [
        ("", {"甲", "乙", "丙"}),
        ("any", {"乙", "丙"}),
        ("newspaper", {"乙", "丙"}),
        ("lecture", set()),
        ("nothing-like-it", {"甲", "乙", "丙"}),
    ],
)
def test_a_branch_finds_who_lacks_what(
    client_for, branch_secretary, people, missing, wanted
):
    page = client_for(branch_secretary).get(PAGE, {"missing": missing})
    assert names(page) == wanted


def test_the_number_found_stands_above_and_totals_stay(
    client_for, branch_secretary, people
):
    page = client_for(branch_secretary).get(PAGE, {"missing": "any"})
    text = page.content.decode()
    assert "未全部完成：2 人" in text
    assert "共 <strong>2</strong> 人" in text
    assert (page.context["total"], page.context["complete"]) == (3, 1)


def test_the_street_lists_them_by_name_across_branches(
    client_for, committee_staff, people, street
):
    page = client_for(committee_staff).get(PAGE, {"missing": "lecture"})
    assert names(page) == {"丁"}


def test_nobody_missing_says_so(client_for, branch_secretary, people):
    page = client_for(branch_secretary).get(PAGE, {"missing": "lecture"})
    assert "没有未完成的党员" in page.content.decode()


def test_a_withdrawn_deed_and_a_cancelled_activity_leave_a_gap(
    client_for, branch_secretary, people
):
    deed = people["甲"].achievements.get(item__key="newspaper")
    deed.withdrawn_at = timezone.now()
    deed.save()
    Activity.objects.update(state="cancelled")
    client = client_for(branch_secretary)
    assert names(client.get(PAGE, {"missing": "newspaper"})) == {"甲", "乙", "丙"}
    assert names(client.get(PAGE, {"missing": "lecture"})) == {"甲", "乙", "丙"}


@pytest.mark.parametrize("times", range(4))
def test_an_item_to_be_done_several_times_counts_both_ways(branch_a1, times):
    """Two times are asked for; activities and single deeds add up."""
    today = timezone.localdate()
    program = ProgramFactory(audience="mobile")
    item = ProgramItemFactory(program=program, required_count=2)
    member = MemberFactory(branch=branch_a1, category="mobile")
    for number in range(times):
        if number % 2:
            AchievementFactory(
                member=member, item=item, organization=branch_a1, achieved_on=today
            )
        else:
            ActivityFactory(
                organization=branch_a1, held_on=today, items=[item], present=[member]
            )
    people = audience(program, Organization.objects.all())
    span = (today, today + timedelta(days=1))

    found = lacking(people, [item], *span)

    [progress] = member_progress(program, people, *span)
    assert bool(found) == (not progress.is_complete) == (times < 2)


@pytest.mark.parametrize("who", ["branch_secretary", "committee_staff"])
def test_the_filtered_page_costs_the_same_for_many(
    client_for, request, who, branch_a1, branch_b1, django_assert_max_num_queries
):
    client = client_for(request.getfixturevalue(who))
    for branch in (branch_a1, branch_b1):
        for _ in range(60):
            MemberFactory(branch=branch, category="mobile")
    with django_assert_max_num_queries(12):
        client.get(PAGE, {"missing": "any"})


# The list to print ------------------------------------------------------------------


def test_the_list_to_print_names_who_lacks_what(client_for, branch_secretary, people):
    page = client_for(branch_secretary).get(PAPER, {"missing": "any"})
    lines = {
        line["member"].name: {item.name for item in line["missing"]}
        for line in page.context["lines"]
    }
    assert set(lines) == {"乙", "丙"}
    assert len(lines["乙"]) == 1
    assert len(lines["丙"]) == 4
    text = page.content.decode()
    assert "催办名单" in text
    assert "沿江社区第一党支部" in text


def test_the_list_of_one_item_names_that_item_alone(
    client_for, branch_secretary, people
):
    page = client_for(branch_secretary).get(PAPER, {"missing": "newspaper"})
    assert [len(line["missing"]) for line in page.context["lines"]] == [1, 1]


def test_the_street_prints_branch_by_branch(client_for, committee_staff, people):
    page = client_for(committee_staff).get(PAPER)
    branches = [line["branch"].path for line in page.context["lines"]]
    assert branches == sorted(branches)
    assert {line["member"].name for line in page.context["lines"]} == {"乙", "丙", "丁"}


def test_too_many_names_are_cut_and_said_so(
    client_for, committee_staff, people, monkeypatch
):
    monkeypatch.setattr("activities.views.completion.MOST_REMINDED", 2)
    page = client_for(committee_staff).get(PAPER)
    assert len(page.context["lines"]) == 2
    assert "请选下级党组织分别打印" in page.content.decode()


def test_a_place_out_of_scope_has_no_list(client_for, branch_secretary, branch_b1):
    page = client_for(branch_secretary).get(PAPER, {"organization": branch_b1.pk})
    assert page.status_code == 404
