"""Pages of the list, of visits and of what is followed up."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.models import Household, Visit, VisitMatter
from tests.activities.household_steps import (
    asked,
    community_of,
    listed,
    stepped,
    visited,
)
from tests.factories.members import MemberFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(community_a, branch_a1, community_secretary):
    return listed(community_a, community_secretary, organization=branch_a1)


def visit_data(home, **changes):
    return {
        "household": home.pk,
        "visited_on": timezone.localdate().isoformat(),
        "visitors": "支一平",
        "situation": "一切正常",
        "wishes": "",
        "promises": "",
        "request_id": "8b1a1f6e-6d0d-4d64-9f39-3b8e0f2a7f11",
        "matters-TOTAL_FORMS": "3",
        "matters-INITIAL_FORMS": "0",
        "matters-0-kind": "housing",
        "matters-0-content": "楼道灯不亮",
        "matters-0-handler": "物业",
        "matters-0-due_on": "",
    } | changes


def test_a_household_is_added_by_hand(client_for, community_a, community_secretary):
    client = client_for(community_secretary)
    url = reverse("activities:household-add")
    data = {
        "community": community_of(community_a).pk,
        "building": "3号楼",
        "room": "2单元501室",
        "organization": "",
        "householder": "欧阳春花",
        "phone": "138 0000 2222",
        "people_count": "2",
        "circumstances": ["lives_alone", "disabled"],
        "note": "",
    }
    assert client.get(url).status_code == 200
    assert client.post(url, data).status_code == 302
    home = Household.objects.get()
    assert home.phone == "13800002222"
    assert home.circumstance_names == ["独居老人", "残疾"]
    assert home.organization == community_a
    again = client.post(url, data | {"householder": "别人", "room": "2-501"})
    assert again.status_code == 422
    assert "已在本社区的台账里" in again.content.decode()
    assert "别人" in again.content.decode()


def test_a_household_is_mended_and_ended(client_for, home, community_secretary):
    client = client_for(community_secretary)
    url = reverse("activities:household-amend", args=[home.pk])
    page = client.get(url).content.decode()
    assert "欧阳春花" not in page
    data = {
        "community": home.community_id,
        "building": "1号楼",
        "room": "102",
        "organization": home.organization_id,
        "version": 1,
    }
    assert client.post(url, data).status_code == 302
    stale = client.post(url, data)
    assert stale.status_code == 409
    home.refresh_from_db()
    assert (home.room, home.householder) == ("102", "欧阳春花")
    end = reverse("activities:household-end", args=[home.pk])
    day = timezone.localdate().isoformat()
    assert client.post(end, {"day": day, "version": 1, "reason": "moved"}).status_code
    assert client.post(end, {"day": "", "version": 2, "reason": ""}).status_code == 422
    data = {"day": day, "version": 2, "reason": "moved"}
    assert client.post(end, data).status_code == 302
    assert client.get(url).status_code == 404
    assert "已销户" in client.get(home.get_absolute_url()).content.decode()


def test_the_list_narrows(client_for, home, community_a, community_secretary):
    other = listed(community_a, community_secretary, room="9", building="2号楼")
    visited(other, community_secretary)
    client = client_for(community_secretary)

    def shown(**query):
        page = client.get(reverse("activities:household-list"), query)
        return {row.pk for row in page.context["page"].rows}

    assert shown() == {home.pk, other.pk}
    assert shown(building="2号楼") == {other.pk}
    assert shown(visited="no") == {home.pk}
    assert shown(visited="yes") == {other.pk}
    assert shown(circumstance="lives_alone") == {home.pk, other.pk}
    assert shown(circumstance="disabled") == set()
    assert shown(group="ended") == set()
    assert shown(community=987654) == set()


def test_a_visit_on_one_screen(client_for, home, branch_a1, branch_secretary):
    member = MemberFactory(branch=branch_a1, name="同行人")
    client = client_for(branch_secretary)
    url = reverse("activities:visit-record")
    chooser = client.get(url)
    assert "还有1户未走访" in chooser.content.decode()
    chosen = chooser.context["rows"][0].record_url
    page = client.get(chosen)
    assert "101　欧***　今年未走访" in page.content.decode()
    assert client.get(f"{url}?household={home.pk}").status_code == 200
    for _ in range(2):
        answer = client.post(chosen, visit_data(home, members=[member.pk]))
        assert answer.status_code == 302
    visit = Visit.objects.get()
    assert list(visit.members.all()) == [member]
    matter = visit.matters.get()
    assert (matter.kind, matter.content) == ("housing", "楼道灯不亮")
    shown = client.get(visit.get_absolute_url()).content.decode()
    assert "同行人" in shown
    assert "楼道灯不亮" in shown


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"matters-0-kind": ""}, "请选择类别"),
        ({"matters-0-content": ""}, "请写明是什么事项"),
        ({"visitors": ""}, "visitors"),
        ({"matters-0-due_on": "2020-01-01"}, "不能早于走访日期"),
        ({"household": "987654"}, "重新选择"),
        ({"visited_on": "2099-01-01"}, "不能晚于今天"),
    ],
)
def test_a_refused_visit_keeps_what_was_typed(
    client_for, home, branch_secretary, changes, said
):
    client = client_for(branch_secretary)
    url = f"{reverse('activities:visit-record')}?household={home.pk}"
    answer = client.post(url, visit_data(home, **changes))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "一切正常" in answer.content.decode()
    assert not Visit.objects.exists()


@pytest.mark.parametrize(
    "query",
    [
        *("household=99999999", "household=x", "community=99999999", "community=x"),
        *("community={}&building=无此楼", "community=" + "9" * 30),
    ],
)
def test_what_is_not_there_is_not_found(client_for, home, branch_secretary, query):
    url = reverse("activities:visit-record")
    query = query.format(home.community_id)
    assert client_for(branch_secretary).get(f"{url}?{query}").status_code == 404


def test_a_matter_is_followed_up_to_the_answer(client_for, home, branch_secretary):
    matter = asked(home, branch_secretary)
    client = client_for(branch_secretary)
    listing = reverse("activities:visit-matters")
    assert [m.pk for m in client.get(listing).context["page"].rows] == [matter.pk]

    def take(act, **data):
        url = reverse("activities:visit-matter-step", args=[matter.pk, act])
        assert client.get(url).status_code == 200
        matter.refresh_from_db()
        today = timezone.localdate().isoformat()
        sent = {"day": today, "words": "已办", "version": matter.version} | data
        return client.post(url, sent)

    assert take("answer").status_code == 422
    assert take("solve", words="").status_code == 422
    assert take("solve", version=99).status_code == 409
    assert take("solve").status_code == 302
    rows = client.get(listing, {"group": "to-answer"}).context["page"].rows
    assert [m.pk for m in rows] == [matter.pk]
    assert take("answer", words="住户满意").status_code == 302
    page = client.get(matter.get_absolute_url()).content.decode()
    assert "住户满意" in page
    assert "已答复住户" in page
    assert client.get(listing, {"group": "closed"}).context["total"] == "1"
    unknown = reverse("activities:visit-matter-step", args=[matter.pk, "burn"])
    assert client.get(unknown).status_code == 404


def test_an_overdue_matter_says_so(client_for, home, branch_secretary):
    matter = asked(home, branch_secretary, days_ago=40)
    client = client_for(branch_secretary)
    assert "已过期" in client.get(reverse("activities:visit-matters")).content.decode()
    VisitMatter.objects.filter(pk=matter.pk).update(
        due_on=timezone.localdate() + timedelta(days=1)
    )
    assert (
        "已过期" not in client.get(reverse("activities:visit-matters")).content.decode()
    )


def test_visits_are_listed_and_withdrawn(client_for, home, branch_secretary):
    visit = visited(home, branch_secretary)
    matter = asked(home, branch_secretary)
    stepped(matter, "progress", branch_secretary)
    client = client_for(branch_secretary)
    url = reverse("activities:visit-list")
    assert client.get(url).context["total"] == "2"
    month = f"{timezone.localdate():%Y-%m}"
    query = {"organization": home.organization_id, "month": month}
    assert client.get(url, query).context["total"] == "2"
    assert client.get(url, {"month": "2020-01"}).context["total"] == "0"
    withdraw = reverse("activities:visit-withdraw", args=[visit.pk])
    assert client.get(withdraw).status_code == 200
    assert client.post(withdraw, {"words": ""}).status_code == 422
    assert client.post(withdraw, {"words": "记错了"}).status_code == 302
    assert client.get(url).context["total"] == "1"
    assert "已撤回" in client.get(visit.get_absolute_url()).content.decode()
    other = reverse("activities:visit-withdraw", args=[matter.visit_id])
    assert client.post(other, {"words": "记错了"}).status_code == 422


def test_the_board_leads_to_who_has_not_been_visited(
    client_for, home, committee_staff, secretary_b
):
    client = client_for(committee_staff)
    page = client.get(reverse("activities:visit-board"))
    row = page.context["rows"][0]
    assert (row.name, row.unvisited) == ("1号楼", 1)
    rows = client.get(row.unvisited_url).context["page"].rows
    assert [each.pk for each in rows] == [home.pk]
    empty = client_for(secretary_b).get(reverse("activities:visit-board"))
    assert "还没有交给您走访的住户" in empty.content.decode()
