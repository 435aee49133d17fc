"""A transfer from one secretary to another, and a letter on paper, by the pages."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from config.lib import registry
from members.models import Transfer
from members.services.letters import expire_letters, issue_letter
from members.services.transfers import accept_transfer
from organizations.audit_text import details_text
from organizations.models import AuditEvent
from tests.factories.members import MemberFactory
from tests.members.transfer_steps import drafted_letter, sent_within

LIST = "/members/transfers/"


@pytest.fixture
def member(branch_a1):
    return MemberFactory(branch=branch_a1, name="雷芳", phone="13900001234")


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def clients(client_for, branch_secretary, secretary_b, committee_staff):
    return {
        "a": client_for(branch_secretary),
        "b": client_for(secretary_b),
        "street": client_for(committee_staff),
    }


@pytest.fixture
def letter(member, branch_secretary, committee_staff):
    draft = drafted_letter(member, branch_secretary)
    return issue_letter(transfer_id=draft.pk, actor=committee_staff)


def text_of(response) -> str:
    """What a page says, without markup and blanks."""
    body = response.content.decode().split("<main", 1)[1]
    return "".join(re.sub(r"<[^>]*>", "", body).split())


def step(client, transfer, name, **data):
    url = reverse("members:transfer-step", args=[transfer.pk, name])
    transfer.refresh_from_db()
    return client.post(url, {"version": transfer.version} | data)


def test_a_relation_moves_from_one_secretary_to_another(
    clients, member, branch_b1, today
):
    page = clients["a"].get(member.get_absolute_url()).content.decode()
    (add,) = re.findall(r'href="(/members/affiliations/\d+/transfer/)"', page)
    form = {
        "destination": "residence",
        "target": "中共" + branch_b1.short_name,
        "dues_paid_to": "2026年10月",
    }
    answer = clients["a"].post(add, form, follow=True)
    assert f"已送{branch_b1.short_name}，等待对方接收。" in text_of(answer)
    transfer = Transfer.objects.get()
    assert "登记接收" not in text_of(answer)
    assert member.name in text_of(clients["b"].get(LIST))
    assert "登记接收" in text_of(clients["b"].get(transfer.get_absolute_url()))
    # Only what stands on the transfer, before the relation is their own.
    assert clients["b"].get(member.get_absolute_url()).status_code == 404
    answer = step(clients["b"], transfer, "accept", day=today.isoformat())
    assert answer.status_code == 302
    assert clients["b"].get(member.get_absolute_url()).status_code == 200
    assert clients["a"].get(member.get_absolute_url()).status_code == 404


def test_a_form_that_failed_keeps_what_was_typed(clients, member):
    url = reverse("members:transfer-add", args=[member.affiliations.get().pk])
    form = {
        "destination": "residence",
        "target": "没有这个支部",
        "dues_paid_to": "2026",
        "reason": "搬家",
    }
    answer = clients["a"].post(url, form)
    assert answer.status_code == 422
    said = text_of(answer)
    assert "本街道没有叫“没有这个支部”的党支部" in said
    assert "请写到月份" in said
    assert 'value="搬家"' in answer.content.decode()
    form |= {"dues_paid_to": "2026-10", "addressee": " ", "valid_days": "91"}
    answer = clients["a"].post(f"{url}?way=out", form | {"target_name": "某支部"})
    assert "介绍信抬头" in text_of(answer)
    form |= {"target_name": "某支部", "addressee": "某党工委"}
    answer = clients["a"].post(f"{url}?way=out", form)
    assert "介绍信有效期应为1至90天" in text_of(answer)
    assert not Transfer.objects.exists()


def test_the_street_issues_and_prints_the_letter(clients, member, today):
    url = reverse("members:transfer-add", args=[member.affiliations.get().pk])
    form = {
        "destination": "workplace",
        "addressee": "中共江城市高新区工委",
        "target_name": "中共江城市某公司支部委员会",
        "dues_paid_to": "2026.10",
        "valid_days": "30",
    }
    clients["a"].post(f"{url}?way=out", form)
    transfer = Transfer.objects.get()
    assert step(clients["a"], transfer, "issue").status_code == 403
    assert step(clients["street"], transfer, "issue").status_code == 302
    letter_url = reverse("members:transfer-letter", args=[transfer.pk])
    assert clients["a"].get(letter_url).status_code == 403
    said = text_of(clients["street"].get(letter_url))
    number = f"\u3014{today.year}\u3015第0001号"
    assert said.count(number) == 3
    for words in (
        f"公民身份号码{member.id_number}",
        "该同志党费已交到2026年10月。",
        "（有效期叁拾天）",
        "中共江城市高新区工委：",
        "党员联系电话：13900001234",
        "雷芳同志的党员组织关系已转达我处",
    ):
        assert words in said, words
    viewed = AuditEvent.objects.get(action="member_viewed")
    assert viewed.details["page"] == "letter"


def test_the_way_of_a_letter_by_the_pages(clients, letter, member, today):
    day = today.isoformat()
    answer = step(clients["street"], letter, "lost", words="")
    assert answer.status_code == 422
    assert step(clients["street"], letter, "lost", words="邮寄丢失").status_code == 302
    step(clients["street"], letter, "reissue", valid_days="10")
    new = Transfer.objects.get(replaces=letter)
    said = text_of(clients["a"].get(letter.get_absolute_url()))
    assert f"这封介绍信已作废，由{new.number}代替" in said
    assert "补开介绍信" not in said
    assert step(clients["a"], new, "accept", day=day).status_code == 302
    assert step(clients["street"], new, "receipt", day=day).status_code == 302
    assert "回执已收" in text_of(clients["street"].get(f"{LIST}?group=all"))
    for group in ("", "stuck", "receipt"):
        said = text_of(clients["street"].get(f"{LIST}?group={group}"))
        assert "没有这类转接" in said, group


def test_somebody_elses_step_in_between_is_told(clients, letter, today):
    url = reverse("members:transfer-step", args=[letter.pk, "accept"])
    old = letter.version - 1
    answer = clients["a"].post(url, {"version": old, "day": today.isoformat()})
    assert answer.status_code == 409
    assert "刚刚被别人修改过" in text_of(answer)
    # The form that came back is at the newest version, with what was typed.
    page = answer.content.decode()
    (version,) = re.findall(r'name="version" value="(\d+)"', page)
    assert f'value="{today.isoformat()}"' in page
    again = clients["a"].post(url, {"version": version, "day": today.isoformat()})
    assert again.status_code == 302


def test_who_asks_for_a_second_transfer_is_led_to_the_first(clients, letter, member):
    url = reverse("members:transfer-add", args=[member.affiliations.get().pk])
    answer = clients["a"].get(url, follow=True)
    assert answer.redirect_chain == [(letter.get_absolute_url(), 302)]
    assert "已有一件转接正在办理" in text_of(answer)


def test_the_register_asks_the_same_for_one_and_for_many(
    clients, letter, branch_a1, branch_secretary, django_assert_max_num_queries
):
    with django_assert_max_num_queries(12) as one:
        clients["street"].get(LIST)
    for _ in range(20):
        drafted_letter(MemberFactory(branch=branch_a1), branch_secretary)
    with django_assert_max_num_queries(len(one)):
        clients["street"].get(LIST)


def test_the_audit_says_in_chinese_what_was_done(letter, branch_secretary, today):
    accept_transfer(transfer_id=letter.pk, accepted_on=today, actor=branch_secretary)
    told = {
        (event.get_action_display(), details_text(event))
        for event in AuditEvent.objects.filter(target_type="members.transfer")
    }
    assert told == {
        ("登记转接", "转接方式：转出街道"),
        ("开具介绍信", f"编号：{letter.number}"),
        ("办理转接", "转接状态：已接收"),
    }


def test_addresses_that_lead_nowhere(clients, letter, member, branch_b1):
    pk = letter.pk
    assert clients["a"].get(f"{LIST}{pk}/nothing/").status_code == 404
    assert clients["b"].get(letter.get_absolute_url()).status_code == 404
    assert clients["street"].get(f"{LIST}?group=nothing").status_code == 200


# Warnings -------------------------------------------------------------------------


def count(key, user, today):
    alert = registry.alert(f"members.{key}")
    rows = list(alert.rows(user, today)[:5])
    assert len(rows) == alert.count(user, today)
    return len(rows)


def test_the_target_branch_is_told_and_nobody_else(
    member, branch_b1, branch_secretary, secretary_b, today
):
    sent_within(member, branch_b1, branch_secretary)
    assert count("transfer_to_accept", secretary_b, today) == 1
    assert count("transfer_to_accept", branch_secretary, today) == 0
    assert count("letter_to_issue", secretary_b, today) == 0


def test_a_letter_is_warned_of_from_its_draft_to_its_receipt(
    member, branch_secretary, committee_staff, today
):
    draft = drafted_letter(member, branch_secretary)
    assert count("letter_to_issue", committee_staff, today) == 1
    assert count("letter_to_issue", branch_secretary, today) == 0
    letter = issue_letter(transfer_id=draft.pk, actor=committee_staff)
    last_day = letter.last_day
    for day, expiring in (
        (last_day - timedelta(days=8), 0),
        (last_day - timedelta(days=7), 1),
        (last_day, 1),
        (last_day + timedelta(days=1), 0),
    ):
        assert count("letter_expiring", branch_secretary, day) == expiring, day
    assert count("transfer_limbo", branch_secretary, today + timedelta(days=90)) == 0
    assert count("transfer_limbo", branch_secretary, today + timedelta(days=91)) == 1
    accept_transfer(transfer_id=letter.pk, accepted_on=today, actor=branch_secretary)
    assert count("receipt_late", branch_secretary, today + timedelta(days=30)) == 0
    assert count("receipt_late", branch_secretary, today + timedelta(days=31)) == 1


def test_a_letter_past_its_days_is_warned_of_until_another_is_issued(
    letter, branch_secretary, today
):
    day = letter.last_day + timedelta(days=1)
    assert count("letter_expired", branch_secretary, day) == 0
    expire_letters(day)
    assert count("letter_expired", branch_secretary, day) == 1
    Transfer.objects.filter(pk=letter.pk).update(state="withdrawn")
    assert count("letter_expired", branch_secretary, day) == 0
