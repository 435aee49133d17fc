"""The way into the Party as a secretary and the street's staff walk it."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from members.models import Applicant, Member
from tests.factories.members import MemberFactory, synthetic_id_number
from tests.members.development_steps import (
    ago,
    led_to,
    on_probation,
    probation,
    registered,
)

pytestmark = pytest.mark.django_db


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


def typed(**changes):
    values = {
        "id_number": synthetic_id_number(ago(30 * 365), 7),
        "name": "申志远",
        "ethnicity": "Han",
        "category": "in_post",
        "applied_on": ago(3).isoformat(),
    }
    return values | changes


def test_an_application_is_registered_and_the_talk_comes_next(secretary, branch_a1):
    answer = secretary.post(
        url("applicant-add"), typed(organization=branch_a1.pk), follow=True
    )
    page = text_of(answer)
    assert "已登记申志远的入党申请" in page
    assert "下一步：派人谈话" in page
    assert "《中国共产党发展党员工作细则》第七条" in page
    applicant = Applicant.objects.get()
    assert applicant.id_number not in answer.content.decode()
    answer = secretary.post(
        url("applicant-step", applicant.pk, "talk"),
        {"taken_on": ago(1).isoformat(), "note": "支部书记谈话", "version": 1},
        follow=True,
    )
    assert "下一步：确定为入党积极分子" in text_of(answer)


def test_what_was_refused_keeps_what_was_typed(secretary, branch_a1):
    member = MemberFactory(branch=branch_a1)
    answer = secretary.post(
        url("applicant-add"),
        typed(organization=branch_a1.pk, id_number=member.id_number),
    )
    assert answer.status_code == 422
    assert "已在党员档案中登记" in text_of(answer)
    assert 'value="申志远"' in answer.content.decode()


def test_a_step_too_early_says_why_and_keeps_what_was_typed(
    secretary, branch_a1, branch_secretary
):
    applicant = registered(branch_a1, branch_secretary)
    answer = secretary.post(
        url("applicant-step", applicant.pk, "activist"),
        {"taken_on": ago(1).isoformat(), "note": "团支部推优", "version": 1},
    )
    assert answer.status_code == 422
    page = text_of(answer)
    assert "还没有完成“派人谈话”" in page
    assert "还须先完成：派人谈话" in page
    assert "团支部推优" in page


def test_somebody_else_was_quicker(secretary, branch_a1, branch_secretary):
    applicant = registered(branch_a1, branch_secretary)
    Applicant.objects.update(version=5)
    address = url("applicant-step", applicant.pk, "talk")
    data = {"taken_on": ago(990).isoformat(), "note": "谈了", "version": 1}
    answer = secretary.post(address, data)
    assert answer.status_code == 409
    assert "谈了" in text_of(answer)
    assert 'name="version" value="5"' in answer.content.decode()
    assert secretary.post(address, data | {"version": 5}).status_code == 302


def test_the_board_says_who_is_due_for_what(secretary, branch_a1, branch_secretary):
    registered(branch_a1, branch_secretary, applied_on=ago(60), name="贺晚来")
    led_to("contacts", branch_a1, branch_secretary, serial=2)
    page = text_of(secretary.get(url("development")))
    assert "贺晚来" in page
    assert "派人谈话" in page
    assert "已超期" in page
    assert "申请人1积极分子1发展对象0待审批0预备党员0" in page
    page = text_of(secretary.get(url("development") + "?stage=activist"))
    assert "培养考察" in page
    searched = secretary.get(url("development") + "?q=hwl")
    assert "贺晚来" in text_of(searched)
    assert "这个阶段没有人" in text_of(secretary.get(url("development") + "?q=无此人"))


def test_the_committee_approves_on_the_page_and_the_member_is_there(
    staff, secretary, branch_a1, committee_staff
):
    applicant = led_to("meeting", branch_a1, committee_staff)
    waiting = text_of(secretary.get(applicant.get_absolute_url()))
    assert "由街道党工委办理" in waiting
    refused = secretary.get(url("applicant-step", applicant.pk, "approval"))
    assert refused.status_code == 403
    assert "下一步：上级党委审批接收" in text_of(
        staff.get(applicant.get_absolute_url())
    )
    answer = staff.post(
        url("applicant-step", applicant.pk, "approval"),
        {
            "taken_on": (applicant.passed_on + timedelta(days=20)).isoformat(),
            "outcome": "yes",
            "document": "江滨工委2026年8号",
            "version": applicant.version,
        },
        follow=True,
    )
    assert "为预备党员，党员档案已建立" in text_of(answer)
    member = Member.objects.get(name="申志远")
    assert answer.redirect_chain[-1][0] == url("standing", member.pk)
    assert "已接收为预备党员" in text_of(staff.get(applicant.get_absolute_url()))


def test_the_year_on_probation_stands_on_the_page_of_the_membership(
    secretary, staff, branch_a1, committee_staff
):
    member = on_probation(branch_a1, ago(380))
    page = text_of(secretary.get(url("standing", member.pk)))
    assert "已经期满：请先登记本人的书面转正申请" in page
    for kind in ("request", "confirm"):
        votes = {"eligible": 9, "present": 8, "in_favour": 8, "against": 0}
        member.refresh_from_db()
        answer = secretary.post(
            url("probation-step", member.pk, kind),
            {"taken_on": ago(2).isoformat(), "version": member.version}
            | (votes | {"abstained": 0} if kind == "confirm" else {}),
            follow=True,
        )
        assert answer.redirect_chain, text_of(answer)
    assert "等待上级党委审批" in text_of(answer)
    member.refresh_from_db()
    assert (
        secretary.get(url("probation-step", member.pk, "decision")).status_code == 403
    )
    answer = staff.post(
        url("probation-step", member.pk, "decision"),
        {"taken_on": ago(0).isoformat(), "outcome": "yes", "version": member.version},
        follow=True,
    )
    member.refresh_from_db()
    assert member.member_type == "full"
    assert "上级党委审批：支部大会讨论转正" in text_of(answer)


def test_the_edit_form_leads_to_the_membership(secretary, branch_a1):
    member = on_probation(branch_a1)
    page = secretary.get(url("edit", member.pk))
    assert "转正、延长在“党籍”页办理" in text_of(page)
    full = MemberFactory(branch=branch_a1)
    assert "转正、延长" not in text_of(secretary.get(url("edit", full.pk)))


def test_a_file_is_handed_over_closed_and_a_step_withdrawn(
    secretary, branch_a1, branch_b1, branch_secretary
):
    applicant = led_to("talk", branch_a1, branch_secretary)
    talk = applicant.steps.get(kind="talk")
    address = url("development-withdraw", talk.pk)
    assert "写错的撤回后重新登记" in text_of(secretary.get(address))
    assert secretary.post(address, {}).status_code == 422
    assert secretary.post(address, {"note": "日期写错"}).status_code == 302
    assert "已撤回" in text_of(secretary.get(applicant.get_absolute_url()))
    address = url("applicant-hand-over", applicant.pk)
    data = {"target": "无此支部", "moved_on": ago(0).isoformat(), "version": 3}
    applicant.refresh_from_db()
    data["version"] = applicant.version
    refused = secretary.post(address, data)
    assert refused.status_code == 422
    assert "没有叫“无此支部”" in text_of(refused)
    moved = secretary.post(address, data | {"target": branch_b1.name})
    assert moved.headers["Location"] == url("development")
    assert secretary.get(applicant.get_absolute_url()).status_code == 404
    other = registered(branch_a1, branch_secretary, serial=2)
    closed = secretary.post(
        url("applicant-close", other.pk),
        {
            "reason": "withdrew",
            "closed_on": ago(0).isoformat(),
            "note": "本人提出",
            "version": 1,
        },
        follow=True,
    )
    assert "本人撤回申请" in text_of(closed)


def test_the_ledgers_of_the_year(secretary, staff, branch_a1, committee_staff):
    led_to("approval", branch_a1, committee_staff)
    registered(branch_a1, committee_staff, serial=2, name="贺晚来")
    year = Member.objects.get(name="申志远").joined_on.year
    address = url("development-ledger")
    assert "贺晚来" in text_of(secretary.get(address))
    page = text_of(secretary.get(f"{address}?list=admitted&year={year}"))
    assert f"{year}年年度新发展" in page or "申志远" in page
    assert "申志远" in text_of(secretary.get(f"{address}?list=probation"))
    member = on_probation(branch_a1, ago(380), name="古转正")
    for kind in ("request", "confirm", "decision"):
        probation(member, kind, committee_staff)
    this_year = timezone.localdate().year
    page = text_of(secretary.get(f"{address}?list=confirmed&year={this_year}"))
    assert "古转正" in page


def test_an_edited_file_hides_what_it_keeps(secretary, branch_a1, branch_secretary):
    applicant = registered(branch_a1, branch_secretary)
    page = secretary.get(url("applicant-edit", applicant.pk)).content.decode()
    assert applicant.id_number not in page
    assert "13900001234" not in page
    data = {
        "name": "申志高",
        "ethnicity": "Hui",
        "category": "other",
        "version": applicant.version,
    }
    address = url("applicant-edit", applicant.pk)
    assert secretary.post(address, data).status_code == 302
    applicant.refresh_from_db()
    assert (applicant.name, applicant.phone) == ("申志高", "13900001234")
    stale = secretary.post(address, data | {"name": "申志低"})
    assert stale.status_code == 409
    assert "申志高" in text_of(stale)
