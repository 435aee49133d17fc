"""The table of words and grades of one branch."""

import pytest
from django.urls import reverse

from liaison.models import FeedbackRemark
from liaison.services.periods import close_period
from organizations import parameters
from organizations.models import AuditEvent
from organizations.system import SYSTEM
from tests.factories.liaison import (
    CardEntryFactory,
    FeedbackRemarkFactory,
    LiaisonCardFactory,
)


@pytest.fixture
def url(period, branch_a1) -> str:
    return reverse("liaison:remarks", args=[period.pk, branch_a1.pk])


@pytest.fixture
def secretary(client_for, branch_secretary):
    return client_for(branch_secretary)


def row(card, grade="优秀", words="认真负责。", version=0) -> dict:
    return {
        f"grade-{card.pk}": grade,
        f"words-{card.pk}": words,
        f"version-{card.pk}": version,
    }


def test_the_table_shows_each_person_with_a_prepared_sentence(secretary, card, url):
    CardEntryFactory(card=card, content="修剪绿化")
    html = secretary.get(url).content.decode()
    assert "雷芳" in html
    assert "修剪绿化" in html
    assert "本季度参加社区服务和党组织活动1次2小时。" in html


def test_several_rows_are_saved_in_one_go(secretary, card, branch_a1, url):
    second = LiaisonCardFactory(organization=branch_a1)
    response = secretary.post(url, row(card) | row(second, "合格", "按时参加。"))
    assert response.status_code == 302
    saved = dict(FeedbackRemark.objects.values_list("card", "grade"))
    assert saved == {card.pk: "优秀", second.pk: "合格"}
    assert AuditEvent.objects.get(action="feedback_worded").details == {"rows": 2}


def test_rows_without_a_judgment_wait(secretary, card, branch_a1, url):
    second = LiaisonCardFactory(organization=branch_a1)
    CardEntryFactory(card=second)
    prepared = row(second, "", "本季度参加社区服务和党组织活动1次2小时。")
    response = secretary.post(url, row(card) | prepared)
    assert response.status_code == 302
    assert FeedbackRemark.objects.get().card == card


def test_a_wrong_row_is_named_and_everything_typed_is_kept(
    secretary, card, branch_a1, url
):
    second = LiaisonCardFactory(organization=branch_a1)
    response = secretary.post(
        url, row(card, "优秀", "表现突出。") | row(second, "", "只写了评语。")
    )
    html = response.content.decode()
    assert response.status_code == 422
    assert "有 1 行没有保存" in html
    assert "等次请从“优秀、合格、基本合格、不合格”中选择" in html
    assert "表现突出。" in html
    assert "只写了评语。" in html
    assert not FeedbackRemark.objects.exists()


def test_a_grade_needs_words(secretary, card, url):
    response = secretary.post(url, row(card, "优秀", " "))
    assert response.status_code == 422
    assert "请写一句评语" in response.content.decode()


def test_a_grade_off_the_list_is_refused(secretary, card, url):
    assert secretary.post(url, row(card, "特优")).status_code == 422


def test_the_committees_own_grades_are_offered(secretary, card, url):
    grades = ["好", "较好", "一般"]
    parameters.change(key="liaison.feedback_grades", value=grades, actor=SYSTEM)
    html = secretary.get(url).content.decode()
    assert ">较好</option>" in html
    assert "基本合格" not in html
    assert secretary.post(url, row(card, "优秀")).status_code == 422
    assert secretary.post(url, row(card, "较好")).status_code == 302


def test_a_row_somebody_else_wrote_is_shown_beside_mine(secretary, card, period, url):
    FeedbackRemarkFactory(period=period, card=card, grade="合格", words="先写的。")
    response = secretary.post(url, row(card, "优秀", "我写的。"))
    html = response.content.decode()
    assert response.status_code == 409
    assert "先写的。" in html
    assert "我写的。" in html
    again = secretary.post(url, row(card, "优秀", "我写的。", version=1))
    assert again.status_code == 302
    remark = FeedbackRemark.objects.get()
    assert (remark.words, remark.version) == ("我写的。", 2)


def test_saving_the_same_words_again_writes_nothing(secretary, card, url):
    secretary.post(url, row(card))
    secretary.post(url, row(card, version=1))
    assert FeedbackRemark.objects.get().version == 1
    assert FeedbackRemark.history.count() == 1


def test_a_closed_round_is_read_only(secretary, card, period, url):
    close_period(period_id=period.pk)
    assert "保存全部评语" not in secretary.get(url).content.decode()
    response = secretary.post(url, row(card))
    assert response.status_code == 422
    assert "已经截止" in response.content.decode()


def test_a_card_of_another_branch_is_not_written(secretary, card, branch_b1, url):
    other = LiaisonCardFactory(organization=branch_b1)
    secretary.post(url, row(card) | row(other))
    assert FeedbackRemark.objects.get().card == card


def test_another_branchs_table_is_not_found(client_for, secretary_b, card, url):
    assert client_for(secretary_b).get(url).status_code == 404
    assert client_for(secretary_b).post(url, row(card)).status_code == 404


def test_words_are_escaped(secretary, card, url):
    secretary.post(url, row(card, "优秀", "<script>alert(1)</script>"))
    assert "<script>alert" not in secretary.get(url).content.decode()


def test_the_table_keeps_to_twelve_queries(
    secretary, branch_a1, period, url, django_assert_max_num_queries
):
    for _ in range(40):
        CardEntryFactory(card=LiaisonCardFactory(organization=branch_a1))
    with django_assert_max_num_queries(12):
        secretary.get(url)
