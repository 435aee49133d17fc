"""The pages of committees: the list, an election entered whole, posts one by one."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from config.lib.periods import Month
from members.indicators.teams import ELECTED
from members.models import Officer
from organizations.models import Election, Organization
from tests.factories.members import MemberFactory
from tests.members.test_contact_pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretary(client_for, branch_secretary):
    return client_for(branch_secretary)


@pytest.fixture
def people(branch_a1):
    names = ("流水平", "高山远", "高山远", "白云飞")
    return [MemberFactory(branch=branch_a1, name=name) for name in names]


def page(name, *arguments):
    return reverse(f"members:{name}", args=arguments)


def typed(rows, **changes):
    today = timezone.localdate().isoformat()
    data = {
        "kind": "general",
        "forum": "meeting",
        "held_on": today,
        **dict.fromkeys(("eligible", "present", "issued", "returned", "valid"), "4"),
        "seats": "1",
        "rows-TOTAL_FORMS": str(len(rows)),
        "rows-INITIAL_FORMS": "0",
        **changes,
    }
    for place, row in enumerate(rows):
        data |= {f"rows-{place}-{key}": value for key, value in row.items()}
    return data


def row(name, votes="4", role="secretary", **more):
    return {"name": name, "votes": votes, "role": role, **more}


def test_a_post_is_taken_up_and_given_up(secretary, people, branch_a1):
    add, today = page("officer-add", branch_a1.pk), timezone.localdate().isoformat()
    assert 'value="流水平"' in secretary.get(add).content.decode()
    post = {"name": "高山远", "role": "deputy", "starts_on": today}
    assert "有2位党员叫“高山远”" in text_of(secretary.post(add, post))
    assert "没有找到“无此人”" in text_of(secretary.post(add, post | {"name": "无此人"}))
    secretary.post(add, post | {"name": "流水平"})
    office = Officer.objects.get()
    team = page("team", branch_a1.pk)
    assert "流水平" in text_of(secretary.get(team))
    end = page("officer-end", office.pk)
    assert secretary.post(end, {"ends_on": "2000-01-01"}).status_code == 422
    assert secretary.post(end, {"ends_on": today}).url == team
    assert secretary.get(end).status_code == 404


def test_an_election_is_entered_on_one_page(secretary, people, branch_a1):
    add = page("election-add", branch_a1.pk)
    rows = [row("流水平", is_elected="on"), row("白云飞", "0"), {"name": ""}]
    answer = secretary.post(add, typed(rows, valid="5"))
    assert answer.status_code == 422
    assert "多于收回的" in text_of(answer)
    assert 'value="流水平"' in answer.content.decode()
    answer = secretary.post(add, typed([*rows, row("高山远")]))
    assert "从弹出的名单里选" in text_of(answer)
    assert not Election.objects.exists()
    answer = secretary.post(add, typed(rows))
    election = Election.objects.get()
    assert answer.url == page("election", election.pk)
    text = text_of(secretary.get(answer.url))
    assert "待批复" in text
    assert "登记批复" not in text
    assert "第1届" in text_of(secretary.get(page("team", branch_a1.pk)))


def test_a_figure_opens_the_elections_of_its_month(
    secretary, people, branch_a1, client_for, committee_staff
):
    secretary.post(
        page("election-add", branch_a1.pk), typed([row("流水平", is_elected="on")])
    )
    month = Month.containing(timezone.localdate())
    staff = client_for(committee_staff)
    for held_in, shown in ((month, [branch_a1.pk]), (month.previous(), [])):
        answer = staff.get(ELECTED.list_url(branch_a1.pk, held_in))
        assert [each.organization.pk for each in answer.context["rows"]] == shown
    assert "请写到月份" in text_of(staff.get(page("teams"), {"held_in": "2026"}))


def test_half_a_row_is_said_at_the_row(secretary, people, branch_a1):
    rows = [row("流水平", "", is_elected="on"), row("", "3"), row("白云飞", role="")]
    text = text_of(secretary.post(page("election-add", branch_a1.pk), typed(rows)))
    for words in ("没有得票填0", "不要这一行时", "请选择职务"):
        assert words in text


def test_the_list_says_whose_term_ends(
    client_for, committee_staff, branch_a1, branch_b1
):
    today = timezone.localdate()
    for place, days in ((branch_a1, 30), (branch_b1, -1)):
        Organization.objects.filter(pk=place.pk).update(
            term_ends_on=today + timedelta(days=days)
        )
    staff = client_for(committee_staff)
    for group, here, away in (
        ("ending", branch_a1, branch_b1),
        ("overdue", branch_b1, branch_a1),
    ):
        answer = staff.get(page("teams"), {"group": group})
        shown = [each.organization.pk for each in answer.context["rows"]]
        assert shown == [here.pk]
        assert away.pk not in shown
    headless = staff.get(page("teams"), {"group": "headless"}).context["rows"]
    assert {branch_a1.pk, branch_b1.pk} <= {each.organization.pk for each in headless}


def test_committees_elsewhere_stay_out(secretary, branch_b1, street):
    for place in (branch_b1, street):
        for name in ("team", "officer-add", "election-add", "term-change"):
            assert secretary.get(page(name, place.pk)).status_code == 404
