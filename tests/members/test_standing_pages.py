"""The pages of lost contact and decisions, as secretaries and street staff use them."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from members.models import LostCase, Member, MembershipDecision, OutOfTouch
from members.services.contacts import record_contact
from tests.factories.members import MemberFactory
from tests.members.standing_steps import (
    age,
    approved,
    lost,
    months_ago,
    proposed,
    searched,
    suspended,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(branch_a1):
    return MemberFactory(branch=branch_a1, name="雷芳")


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def secretary(client_for, branch_secretary):
    return client_for(branch_secretary)


@pytest.fixture
def staff(client_for, committee_staff):
    return client_for(committee_staff)


def url(name, *arguments):
    return reverse(f"members:{name}", args=arguments)


def text_of(response) -> str:
    body = response.content.decode()
    body = body.split("<main", 1)[-1].split("</main", 1)[0]
    return "".join(re.sub(r"<[^>]*>", "", body).split())


def test_a_member_is_lost_searched_for_and_suspended(
    secretary, staff, member, branch_secretary, today
):
    last = months_ago(7)
    record_contact(
        member_id=member.pk, contacted_on=last, way="phone", actor=branch_secretary
    )
    assert url("lost-add", member.pk) in (
        secretary.get(url("standing", member.pk)).content.decode()
    )
    form = secretary.get(url("lost-add", member.pk))
    assert form.context["form"]["since"].value() == last
    asked = {"since": str(last), "reason": "work_away", "circumstances": "去外地"}
    case_page = secretary.post(url("lost-add", member.pk), asked, follow=True)
    case = LostCase.objects.get()
    assert "已用过0种查找方式" in text_of(case_page)
    again = secretary.get(url("lost-add", member.pk), follow=True)
    assert "已有在办" in again.content.decode()
    for way in ("phone", "family", "police"):
        step = {"way": way, "taken_on": str(today), "result": "没有消息"}
        case_page = secretary.post(url("lost", case.pk), step, follow=True)
    assert "已用过3种查找方式" in text_of(case_page)
    ask = url("decision-add", member.pk) + "?kind=suspended"
    assert ask in case_page.content.decode()
    data = {"ground": "lost", "meeting_on": str(today), "facts": "查找无果"}
    page = secretary.post(ask, data, follow=True)
    assert "待批准" in text_of(page)
    decision = MembershipDecision.objects.get()
    assert url("decision-step", decision.pk, "approve") not in page.content.decode()
    listed = text_of(staff.get(url("standing-list") + "?group=waiting"))
    assert "雷芳" in listed
    approve = url("decision-step", decision.pk, "approve")
    assert "停止党籍" in text_of(staff.get(approve))
    done = staff.post(
        approve, {"decided_on": str(today), "document_number": "1号"}, follow=True
    )
    assert "已批准" in text_of(done)
    member.refresh_from_db()
    assert member.status == "suspended"
    story = text_of(secretary.get(url("standing", member.pk)))
    assert "停止党籍" in story
    assert "登记失联" in story


def test_a_refused_form_keeps_what_was_typed(secretary, member, today):
    refused = secretary.post(
        url("decision-add", member.pk) + "?kind=suspended",
        {"ground": "lost", "meeting_on": str(today), "facts": "写了很多"},
    )
    assert refused.status_code == 422
    assert "请先登记失联" in text_of(refused)
    assert "写了很多" in refused.content.decode()
    refused = secretary.post(
        url("lost-add", member.pk), {"since": "2999-01-01", "reason": "moved"}
    )
    assert refused.status_code == 422
    assert refused.context["form"].errors["since"]


def test_an_unknown_kind_or_step_is_not_there(secretary, member, branch_secretary):
    page = secretary.get(url("decision-add", member.pk) + "?kind=deceased")
    assert page.context["tabs"][0]["is_current"]
    decision = proposed(member, branch_secretary, "withdrew")
    assert secretary.get(url("decision-step", decision.pk, "x")).status_code == 404
    page = secretary.get(url("decision-add", member.pk), follow=True)
    assert "等待批准" in page.content.decode()
    approve = url("decision-step", decision.pk, "approve")
    assert secretary.get(approve).status_code == 403
    withdraw = url("decision-step", decision.pk, "withdraw")
    done = secretary.post(withdraw, {"words": "本人收回"}, follow=True)
    assert "本人收回" in text_of(done)


def test_two_who_mend_a_case_see_both_versions(secretary, member, branch_secretary):
    case = lost(member, branch_secretary)
    address = url("lost-amend", case.pk)
    version = secretary.get(address).context["form"]["version"].value()
    data = {"since": str(case.since), "reason": "moved", "version": version}
    assert secretary.post(address, data).status_code == 302
    late = secretary.post(address, data | {"circumstances": "又打听到", "version": 1})
    assert late.status_code == 409
    assert "又打听到" in text_of(late)
    data["version"] = late.context["form"].data["version"]
    assert secretary.post(address, data).status_code == 302


def test_found_by_the_page(secretary, member, branch_secretary, today):
    case = lost(member, branch_secretary)
    address = url("lost-found", case.pk)
    assert "取得联系" in text_of(secretary.get(address))
    assert secretary.post(address, {"found_on": str(today)}).status_code == 422
    done = {"found_on": str(today), "words": "回乡了"}
    assert "回乡了" in text_of(secretary.post(address, done, follow=True))
    assert not Member.objects.get(pk=member.pk).is_lost
    closed = text_of(secretary.get(url("standing-list") + "?group=closed"))
    assert "雷芳" in closed
    assert "已取得联系" in closed


def test_death_is_asked_about_first(secretary, staff, member, today):
    address = url("death-add", member.pk)
    assert "不会删除" in text_of(secretary.get(address))
    assert secretary.post(address, {"facts": ""}).status_code == 422
    done = secretary.post(address, {"died_on": str(today)}, follow=True)
    assert "已登记雷芳去世" in done.content.decode()
    assert secretary.get(url("standing", member.pk)).status_code == 404
    story = text_of(staff.get(url("standing", member.pk)))
    assert "去世" in story
    assert "已登记" in story
    assert staff.get(url("decision-add", member.pk)).status_code == 404


def test_street_staff_ask_for_somebody_removed(
    staff, secretary, member, branch_secretary, committee_staff, branch_a1, today
):
    approved(proposed(member, branch_secretary, "withdrew"), committee_staff)
    decided = text_of(secretary.get(url("standing-list") + "?group=decided"))
    assert "退党除名" in decided
    page = staff.get(url("standing", member.pk)).content.decode()
    assert url("decision-add", member.pk) in page
    asked = {
        "ground": "corrected",
        "meeting_on": str(today),
        "facts": "复查撤销",
        "organization": branch_a1.pk,
    }
    done = staff.post(url("decision-add", member.pk), asked, follow=True)
    assert "恢复党籍" in text_of(done)
    assert MembershipDecision.objects.waiting().get().organization == branch_a1


def test_whom_nobody_met_for_long_is_listed(secretary, member):
    OutOfTouch.objects.create(member=member, since=months_ago(5))
    page = secretary.get(url("standing-list") + "?group=silent")
    assert str(months_ago(5)) in text_of(page)
    assert url("lost-add", member.pk) in page.content.decode()
    other = secretary.get(url("standing-list") + "?group=nonsense")
    assert "没有在办的失联处置" in text_of(other)


def test_a_suspended_case_offers_what_may_follow(
    secretary, member, branch_secretary, committee_staff
):
    decision = suspended(member, branch_secretary, committee_staff)
    age(decision, 3)
    page = secretary.get(url("lost", decision.case_id))
    assert set(page.context["next"]) == {"提出恢复党籍", "提出除名"}
    searched(LostCase.objects.get(), branch_secretary, 4)  # the search goes on
    assert LostCase.objects.get().steps.count() == 4
