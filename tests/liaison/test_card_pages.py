"""The pages of liaison cards."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from liaison.models import CardEntry, LiaisonCard
from tests.factories.activities import ActivityFactory
from tests.factories.liaison import (
    CardEntryFactory,
    LiaisonCardFactory,
    reported_member,
)
from tests.factories.members import MemberFactory

TODAY = timezone.localdate()


def page(client, name, *args, **query) -> str:
    response = client.get(reverse(f"liaison:{name}", args=args), query)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def secretary(client_for, branch_secretary):
    return client_for(branch_secretary)


def entry_data(**changes) -> dict:
    return {
        "request_id": "7f9c24e8-3b12-4f6e-9d4a-0e1f2a3b4c5d",
        "kind": "service",
        "occurred_on": TODAY.isoformat(),
        "hours": "1.5",
        "content": "义务巡逻",
    } | changes


def test_the_list_shows_the_cards_in_scope(secretary, card, branch_b1):
    other = LiaisonCardFactory(organization=branch_b1)
    html = page(secretary, "card-list")
    assert card.number in html
    assert other.number not in html


@pytest.mark.parametrize("text", ["雷芳", "雷", "T-2026"])
def test_the_list_finds_by_name_and_number(secretary, card, branch_a1, text):
    assert card.number in page(secretary, "card-list", q=text)


def test_the_list_filters_by_unit_and_state(secretary, card, branch_a1):
    closed = LiaisonCardFactory(organization=branch_a1, ends_on=TODAY)
    assert closed.number not in page(secretary, "card-list")
    html = page(secretary, "card-list", state="closed")
    assert closed.number in html
    assert card.number not in html
    assert card.number in page(secretary, "card-list", unit="江滨中学")
    assert card.number not in page(secretary, "card-list", unit="别的单位")


def test_the_list_refuses_whole_numbers(secretary, card):
    html = page(secretary, "card-list", q="33010019800101001X")
    assert "不查完整的身份证号" in html


def test_the_list_turns_pages_by_number(secretary, branch_a1):
    cards = [LiaisonCardFactory(organization=branch_a1) for _ in range(60)]
    first = page(secretary, "card-list")
    second = page(secretary, "card-list", after=cards[49].pk)
    assert cards[49].number in first
    assert cards[50].number not in first
    assert cards[50].number in second
    back = page(secretary, "card-list", before=cards[50].pk)
    assert cards[49].number in back
    assert "共 <strong>60</strong> 张" in first


def test_the_list_keeps_to_twelve_queries(
    secretary, branch_a1, django_assert_max_num_queries
):
    for _ in range(30):
        CardEntryFactory(card=LiaisonCardFactory(organization=branch_a1))
    with django_assert_max_num_queries(12):
        page(secretary, "card-list")


def test_the_card_shows_entries_and_activities(secretary, card, branch_a1):
    CardEntryFactory(card=card, occurred_on=TODAY, content="修剪绿化")
    ActivityFactory(
        organization=branch_a1, held_on=TODAY, title="主题党日", present=[card.member]
    )
    html = page(secretary, "card-detail", card.pk)
    assert "修剪绿化" in html
    assert "主题党日" in html
    assert "共 <strong>2</strong> 次，<strong>4</strong> 小时" in html


def test_the_card_keeps_to_twelve_queries(
    secretary, card, django_assert_max_num_queries
):
    CardEntryFactory.create_batch(20, card=card, occurred_on=TODAY)
    with django_assert_max_num_queries(12):
        page(secretary, "card-detail", card.pk)


def test_a_card_out_of_scope_is_not_found(client_for, secretary_b, card):
    client = client_for(secretary_b)
    for name in ("card-detail", "card-edit", "card-close", "card-print"):
        url = reverse(f"liaison:{name}", args=[card.pk])
        assert client.get(url).status_code == 404


def test_an_entry_is_written_on_the_cards_page(secretary, card):
    url = reverse("liaison:entry-add", args=[card.pk])
    response = secretary.post(url, entry_data())
    assert response.status_code == 302
    assert card.entries.get().content == "义务巡逻"
    secretary.post(url, entry_data())  # sent twice
    assert card.entries.count() == 1


def test_a_refused_entry_keeps_what_was_typed(secretary, card):
    url = reverse("liaison:entry-add", args=[card.pk])
    tomorrow = TODAY + timedelta(days=1)
    response = secretary.post(url, entry_data(occurred_on=tomorrow.isoformat()))
    html = response.content.decode()
    assert response.status_code == 422
    assert "还没有到" in html
    assert "义务巡逻" in html


def test_an_entry_is_withdrawn_with_a_reason(secretary, card):
    entry = CardEntryFactory(card=card)
    url = reverse("liaison:entry-withdraw", args=[entry.pk])
    assert secretary.post(url, {"reason": ""}).status_code == 422
    assert secretary.post(url, {"reason": "重复登记"}).status_code == 302
    assert not CardEntry.objects.counted().exists()


def test_a_card_is_opened_from_the_member(secretary, branch_a1):
    member = reported_member(branch_a1)
    url = reverse("liaison:card-add", args=[member.pk])
    response = secretary.post(url, {"starts_on": TODAY.isoformat(), "wishes": "助老"})
    card = LiaisonCard.objects.get(member=member)
    assert response.url == card.get_absolute_url()
    assert card.wishes == "助老"


def test_a_card_does_not_begin_tomorrow(secretary, branch_a1):
    member = reported_member(branch_a1)
    url = reverse("liaison:card-add", args=[member.pk])
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    response = secretary.post(url, {"starts_on": tomorrow})
    assert response.status_code == 422
    assert "不能晚于今天" in response.content.decode()


def test_a_refused_card_says_why(secretary, branch_a1):
    member = reported_member(branch_a1, home_unit=None)
    url = reverse("liaison:card-add", args=[member.pk])
    response = secretary.post(url, {"starts_on": TODAY.isoformat()})
    assert response.status_code == 422
    assert "请先在党员信息中填写工作单位" in response.content.decode()


def test_a_stale_edit_shows_both_values(secretary, card):
    url = reverse("liaison:card-edit", args=[card.pk])
    LiaisonCard.objects.filter(pk=card.pk).update(profession="教师", version=2)
    response = secretary.post(url, {"profession": "医生", "version": "1"})
    html = response.content.decode()
    assert response.status_code == 409
    assert "教师" in html
    assert "医生" in html
    again = secretary.post(url, {"profession": "医生", "version": "2"})
    assert again.status_code == 302


def test_a_card_is_closed_with_its_reason(secretary, card):
    url = reverse("liaison:card-close", args=[card.pk])
    data = {"ends_on": TODAY.isoformat(), "reason": ""}
    assert secretary.post(url, data).status_code == 422
    assert secretary.post(url, data | {"reason": "retired"}).status_code == 302
    card.refresh_from_db()
    assert card.end_reason == "retired"


def test_the_printed_card_has_two_sides(secretary, card):
    CardEntryFactory(card=card, occurred_on=TODAY, content="修剪绿化")
    html = page(secretary, "card-print", card.pk)
    assert html.count("党员联系卡") >= 1
    assert "paper__break" in html
    assert "修剪绿化" in html


def test_cards_are_opened_for_those_ticked(secretary, branch_a1):
    first, second = reported_member(branch_a1), reported_member(branch_a1)
    homeless = reported_member(branch_a1, home_unit=None)
    url = reverse("liaison:card-missing")
    html = page(secretary, "card-missing")
    assert first.name in html
    assert f'value="{homeless.pk}"' not in html
    data = {"starts_on": TODAY.isoformat(), "members": [first.pk]}
    assert secretary.post(url, data).status_code == 302
    assert LiaisonCard.objects.get().member == first
    assert f'value="{second.pk}"' in page(secretary, "card-missing")


def test_nobody_ticked_is_an_error(secretary, branch_a1):
    reported_member(branch_a1)
    response = secretary.post(
        reverse("liaison:card-missing"), {"starts_on": TODAY.isoformat()}
    )
    assert response.status_code == 422
    assert "请至少勾选一名党员" in response.content.decode()


def test_a_forged_tick_opens_nothing(secretary, branch_b1):
    stranger = reported_member(branch_b1)
    data = {"starts_on": TODAY.isoformat(), "members": [stranger.pk]}
    response = secretary.post(reverse("liaison:card-missing"), data)
    assert response.status_code == 422
    assert not LiaisonCard.objects.exists()


def test_the_members_page_shows_the_card(secretary, card):
    CardEntryFactory(card=card, occurred_on=TODAY)
    html = secretary.get(card.member.get_absolute_url()).content.decode()
    assert card.number in html
    assert "1 次，2 小时" in html


def test_the_members_page_offers_a_card(secretary, branch_a1):
    member = reported_member(branch_a1)
    html = secretary.get(member.get_absolute_url()).content.decode()
    assert reverse("liaison:card-add", args=[member.pk]) in html


def test_a_retired_members_page_offers_none(secretary, branch_a1):
    member = MemberFactory(branch=branch_a1, category="retired")
    html = secretary.get(member.get_absolute_url()).content.decode()
    assert "联系卡</h2>" not in html


def test_who_sees_no_members_sees_no_cards(client_for, auditor, sysadmin, unit_contact):
    for user in (auditor, sysadmin, unit_contact):
        url = reverse("liaison:card-list")
        assert client_for(user).get(url).status_code == 403


def test_the_admin_lists_cards_and_changes_none(client_for, committee_staff, card):
    client = client_for(committee_staff)
    assert card.number in client.get("/admin/liaison/liaisoncard/").content.decode()
    one = f"/admin/liaison/liaisoncard/{card.pk}/change/"
    assert client.get(one).status_code == 200
    assert client.post(one, {}).status_code == 403


def test_the_api_gives_the_cards_in_scope(
    client_for, branch_secretary, card, branch_b1
):
    LiaisonCardFactory(organization=branch_b1)
    data = client_for(branch_secretary).get("/api/v1/liaison-cards/").json()
    assert [row["number"] for row in data["results"]] == [card.number]


def test_an_old_year_is_shown_on_demand(secretary, card):
    CardEntryFactory(card=card, occurred_on=date(2025, 5, 5), content="去年的事")
    assert "去年的事" not in page(secretary, "card-detail", card.pk)
    assert "去年的事" in page(secretary, "card-detail", card.pk, year="2025")
