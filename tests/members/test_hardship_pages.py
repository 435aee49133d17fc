"""Members in difficulty as a secretary and the officer work with them."""

import re
from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils import timezone

from config.lib import registry
from members.models import HardshipAid, HardshipCase
from members.parameters.hardship import AID_MONTH, KINDS, LEVELS
from organizations.models import AuditEvent, Parameter
from tests.factories.members import MemberFactory
from tests.members.hardship_steps import (
    applied,
    days_ago,
    discussed,
    helped,
    recognized,
    reviewed,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(branch_a1):
    return MemberFactory(branch=branch_a1, name="雷有难")


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def secretary(client_for, branch_secretary):
    return client_for(branch_secretary)


@pytest.fixture
def officer(client_for, hardship_officer):
    return client_for(hardship_officer)


@pytest.fixture
def case(member, branch_secretary, hardship_officer):
    return recognized(member, branch_secretary, hardship_officer)


def url(name, *arguments, **query):
    address = reverse(f"members:{name}", args=arguments)
    return f"{address}?{urlencode(query)}" if query else address


def text_of(response) -> str:
    body = response.content.decode()
    body = body.split("<main", 1)[-1].split("</main", 1)[0]
    return "".join(re.sub(r"<[^>]*>", "", body).split())


APPLICATION = {
    "applied_on": str(days_ago(30)),
    "kinds": ["因病", "因学"],
    "criteria": ["因重大疾病住院"],
    "household_size": "3",
    "income_per_head": "800",
    "words": "长期住院",
}


def meeting_data(case):
    return {
        "version": case.version,
        "met_on": str(days_ago(20)),
        "words": "同意上报",
        "public_from": str(days_ago(19)),
        "public_until": str(days_ago(12)),
        "is_eligible": "on",
    }


def test_from_the_application_to_the_first_aid(secretary, officer, member, street):
    page = secretary.get(url("member-hardship", member.pk))
    assert "没有困难帮扶记录" in text_of(page)
    answer = secretary.post(url("hardship-apply", member.pk), APPLICATION, follow=True)
    case = HardshipCase.objects.get()
    said = text_of(answer)
    assert "因病、因学" in said
    assert "每月800.00元，低于低保标准（每月1000元），为其80%" in said
    again = secretary.post(url("hardship-apply", member.pk), APPLICATION)
    assert again.url == case.get_absolute_url()
    secretary.post(url("hardship-step", case.pk, "discuss"), meeting_data(case))
    case.refresh_from_db()
    assert case.state == "discussed"
    # The branch does not recognize its own.
    said = text_of(secretary.get(case.get_absolute_url()))
    assert "更正支部讨论" in said
    assert "不予认定" not in said
    step = url("hardship-step", case.pk, "recognize")
    assert secretary.get(step).status_code == 403
    asked = officer.get(step).content.decode()
    assert str(street) in asked
    data = {
        "version": case.version,
        "recognized_on": str(days_ago(5)),
        "level": "special",
        "body": str(street),
    }
    said = text_of(officer.post(step, data, follow=True))
    assert "特别困难" in said
    aid = {
        "request_id": "6f1c1f43-6d6e-4b07-9f3c-5a2b1d8c0001",
        "kind": "慰问金",
        "amount": "2000",
        "given_on": str(days_ago(1)),
        "voucher_number": "2026-8",
        "visitors": "支一平",
    }
    for _ in range(2):
        said = text_of(secretary.post(url("aid-add", case.pk), aid, follow=True))
    assert "2000.00" in said
    assert HardshipAid.objects.count() == 1
    listed = text_of(officer.get(url("hardship-list")))
    assert "1次，2000.00元" in listed
    (given,) = HardshipAid.objects.all()
    taken = url("aid-withdraw", given.pk)
    assert "凭证号可以再用" in text_of(secretary.get(taken))
    assert secretary.post(taken, {"words": ""}).status_code == 422
    said = text_of(secretary.post(taken, {"words": "登记错人"}, follow=True))
    assert "撤回原因：登记错人" in said


def test_a_refused_form_keeps_what_was_typed_and_names_the_rule(secretary, member):
    data = APPLICATION | {"kinds": [], "income_per_head": "-1"}
    answer = secretary.post(url("hardship-apply", member.pk), data)
    assert answer.status_code == 422
    assert "长期住院" in answer.content.decode()
    case = applied_by(secretary, member)
    early = meeting_data(case) | {"public_until": str(days_ago(18))}
    answer = secretary.post(url("hardship-step", case.pk, "discuss"), early)
    assert answer.status_code == 422
    said = text_of(answer)
    assert "公示不少于5天" in said
    assert "支部大会评议" in said
    unchecked = meeting_data(case)
    del unchecked["is_eligible"]
    answer = secretary.post(url("hardship-step", case.pk, "discuss"), unchecked)
    assert "不列入帮扶对象" in text_of(answer)
    answer = secretary.post(
        url("aid-add", case.pk),
        {"kind": "慰问金", "amount": "1", "given_on": str(days_ago(1))}
        | {"request_id": "6f1c1f43-6d6e-4b07-9f3c-5a2b1d8c0003"},
    )
    assert answer.status_code == 422
    assert "请写明急难原因" in text_of(answer)


def applied_by(client, member) -> HardshipCase:
    client.post(url("hardship-apply", member.pk), APPLICATION)
    return HardshipCase.objects.get(member=member)


def test_the_second_editor_sees_both_versions(
    secretary, client_for, community_secretary, member
):
    case = applied_by(secretary, member)
    amend = url("hardship-amend", case.pk)
    mine = APPLICATION | {"version": case.version, "words": "我写的", "kinds": ["因残"]}
    theirs = APPLICATION | {"version": case.version, "words": "他先写的"}
    assert client_for(community_secretary).post(amend, theirs).status_code == 302
    answer = secretary.post(amend, mine)
    assert answer.status_code == 409
    said = text_of(answer)
    for words in ("我写的", "他先写的", "因残", "因病、因学"):
        assert words in said
    assert "家庭人均月收入（元）800.00" not in said  # the same in both
    case.refresh_from_db()
    again = secretary.post(amend, mine | {"version": case.version})
    assert again.status_code == 302
    step = url("hardship-step", case.pk, "withdraw")
    stale = secretary.post(step, {"version": 1, "words": "本人不要了"})
    assert stale.status_code == 409
    assert "本人不要了" in stale.content.decode()


def test_a_changed_list_keeps_what_was_chosen(secretary, member):
    case = applied_by(secretary, member)
    Parameter.objects.create(key=KINDS, value=["因病"])
    Parameter.objects.create(key=LEVELS, value=["一类", "二类", "三类"])
    body = secretary.get(url("hardship-amend", case.pk)).content.decode()
    assert re.search(r'value="因学"[^>]*checked', body)
    assert "一类" in secretary.get(url("hardship-list")).content.decode()


def test_the_filters_of_the_list(
    secretary, branch_a1, branch_secretary, hardship_officer
):
    waiting, unaided, aided, old = (
        MemberFactory(branch=branch_a1, name=f"雷{word}") for word in "甲乙丙丁"
    )
    applied(waiting, branch_secretary)
    recognized(unaided, branch_secretary, hardship_officer, level="special")
    case = recognized(aided, branch_secretary, hardship_officer)
    helped(case, branch_secretary, given_on=days_ago(1))
    case = recognized(old, branch_secretary, hardship_officer, ago=400)
    helped(case, branch_secretary, given_on=days_ago(1))

    def names(**query):
        said = text_of(secretary.get(url("hardship-list", **query)))
        return {word for word in "甲乙丙丁" if f"雷{word}" in said}

    assert names() == set("甲乙丙丁")
    assert names(state="applied") == {"甲"}
    assert names(level="special") == {"乙"}
    assert names(needs="waiting") == {"甲"}
    assert names(needs="unaided") == {"乙"}
    assert names(needs="review") == {"丁"}
    assert names(state="nonsense") == set()
    assert "共4件" in text_of(secretary.get(url("hardship-list")))


def test_the_list_of_a_year_adds_up(
    officer, branch_a1, branch_b1, branch_secretary, secretary_b, hardship_officer
):
    one = recognized(
        MemberFactory(branch=branch_a1), branch_secretary, hardship_officer
    )
    other = recognized(
        MemberFactory(branch=branch_b1), secretary_b, hardship_officer, level="general"
    )
    helped(one, branch_secretary, given_on=days_ago(1), amount=1500)
    helped(other, secretary_b, given_on=days_ago(1), amount=500)
    refused = applied(MemberFactory(branch=branch_a1), branch_secretary)
    year = days_ago(1).year
    said = text_of(officer.get(url("hardship-year", year=year)))
    assert "共2人" in said
    assert "比较困难1人" in said
    assert "一般困难1人" in said
    assert "帮扶2次2000.00元" in said
    assert refused.member.name not in said
    before = text_of(officer.get(url("hardship-year", year=year - 1)))
    assert "这一年没有" in before


def test_a_review_by_the_branch_and_by_the_officer(secretary, officer, case):
    step = url("hardship-step", case.pk, "review")
    data = {
        "version": case.version,
        "reviewed_on": str(days_ago(3)),
        "level": "",
        "household_size": "2",
        "income_per_head": "1500",
    }
    answer = secretary.post(step, data)
    assert answer.status_code == 422
    assert "困难帮扶专干" in text_of(answer)
    said = text_of(officer.post(step, data, follow=True))
    assert "困难已缓解" in said
    assert "不再困难" in said


# What is to do -----------------------------------------------------------------------


def due(user, key, today) -> set[str]:
    alert = registry.alert(f"members.{key}")
    return {item.label for item in alert.rows(user, today)}


def test_warnings_of_what_waits(
    branch_a1, branch_secretary, hardship_officer, committee_staff, today
):
    first, second, third = (MemberFactory(branch=branch_a1) for _ in "123")
    applied(first, branch_secretary)
    discussed(second, branch_secretary)
    discussed(third, branch_secretary, public_until=today + timedelta(days=2))
    assert due(branch_secretary, "hardship_to_discuss", today) == {first.name}
    assert due(hardship_officer, "hardship_to_recognize", today) == {second.name}
    rights = {alert.right for alert in registry.alerts() if "hardship" in alert.key}
    assert not any(committee_staff.has_right(right) for right in rights)


def test_warnings_of_aid_and_review(case, branch_secretary, hardship_officer, member):
    year = days_ago(0).year
    assert due(branch_secretary, "hardship_unaided", date(year, 9, 30)) == set()
    assert due(branch_secretary, "hardship_unaided", date(year, 10, 1)) == {member.name}
    Parameter.objects.create(key=AID_MONTH, value=1)
    helped(case, branch_secretary, given_on=days_ago(1))
    last = days_ago(1)
    assert due(branch_secretary, "hardship_unaided", last) == set()
    assert due(hardship_officer, "hardship_unaided", date(last.year + 1, 1, 2)) == {
        member.name
    }
    in_a_year = timezone.localdate() + timedelta(days=346)
    assert due(hardship_officer, "hardship_to_review", in_a_year) == {member.name}
    reviewed(case, branch_secretary)
    assert due(hardship_officer, "hardship_to_review", in_a_year) == set()


# Every look is written down ----------------------------------------------------------


def test_every_page_that_shows_a_case_is_written_down(
    secretary, case, branch_secretary, member
):
    helped(case, branch_secretary)
    aid = HardshipAid.objects.get()
    pages = {
        url("hardship-list"): "hardship-list",
        url("hardship-year"): "hardship-year",
        case.get_absolute_url(): "hardship",
        url("hardship-step", case.pk, "review"): "hardship",
        url("aid-add", case.pk): "hardship",
        url("aid-withdraw", aid.pk): "hardship",
        url("member-hardship", member.pk): "hardship-member",
    }
    for address, page in pages.items():
        seen = AuditEvent.objects.filter(action="hardship_viewed").count()
        assert secretary.get(address).status_code == 200
        (event,) = AuditEvent.objects.filter(action="hardship_viewed")[:1]
        now = AuditEvent.objects.filter(action="hardship_viewed").count()
        assert now == seen + 1, address
        assert event.actor == branch_secretary
        assert event.target_id == str(case.pk)
        assert event.details == {"page": page}


def test_a_list_of_what_is_to_do_is_written_down_too(
    officer, hardship_officer, member, branch_secretary
):
    case = discussed(member, branch_secretary)
    listed = officer.get(
        reverse("reports:alert", args=["members.hardship_to_recognize"])
    )
    assert member.name in text_of(listed)
    event = AuditEvent.objects.get(action="hardship_viewed")
    assert (event.actor, event.target_id) == (hardship_officer, str(case.pk))
    assert event.details == {"page": "hardship-alert"}


def test_an_empty_list_was_looked_at_as_well(officer):
    officer.get(url("hardship-list"))
    event = AuditEvent.objects.get(action="hardship_viewed")
    assert (event.target_id, event.details) == ("", {"page": "hardship-list"})


def test_no_page_asks_more_than_twelve_queries(
    secretary, officer, case, branch_secretary, member, django_assert_max_num_queries
):
    aid = helped(case, branch_secretary)
    pages = [
        url("hardship-list"),
        url("hardship-list", needs="unaided"),
        url("hardship-year"),
        case.get_absolute_url(),
        url("hardship-step", case.pk, "review"),
        url("aid-add", case.pk),
        url("aid-withdraw", aid.pk),
        url("member-hardship", member.pk),
        member.get_absolute_url(),
        reverse("reports:alert", args=["members.hardship_to_review"]),
        reverse("home"),
    ]
    for client in (secretary, officer):
        for address in pages:
            client.get(address)  # the first visit may bring figures up to date
            with django_assert_max_num_queries(12):
                assert client.get(address).status_code == 200
