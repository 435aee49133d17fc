"""Commendations: written down once, listed by year, taken back and kept."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from config.lib.errors import RuleError
from members.models import Commendation, Member
from members.services.commendations import commend, withdraw_commendation
from organizations import parameters
from organizations.models import AuditEvent
from tests.factories.members import AffiliationFactory, MemberFactory
from tests.members.test_contact_pages import text_of

pytestmark = pytest.mark.django_db
FACTS = {
    "title": "优秀共产党员",
    "level": "street",
    "deed": "连续十年照顾独居老人",
    "awarded_on": date(2026, 7, 1),
    "approver": "中共江滨街道工作委员会",
    "document_number": "江工委9号",
}


def give(member, actor, **changes):
    return commend(member_id=member.pk, actor=actor, **(FACTS | changes))


@pytest.fixture
def member(branch_a1):
    return MemberFactory(branch=branch_a1, name="雷芳")


@pytest.fixture
def secretary(client_for, branch_secretary):
    return client_for(branch_secretary)


def url(name, *arguments):
    return reverse(f"members:{name}", args=arguments)


def test_a_commendation_is_written_down_once(member, branch_a1, branch_secretary):
    row = give(member, branch_secretary)
    assert give(member, branch_secretary).pk == row.pk
    with pytest.raises(RuleError, match="已经登记"):
        give(member, branch_secretary, deed="别的事迹")
    give(member, branch_secretary, awarded_on=date(2025, 7, 1))
    assert Commendation.objects.count() == 2
    assert row.organization == branch_a1
    event = AuditEvent.objects.filter(action="commended").first()
    assert event.target_label == f"表彰 {row.pk + 1}"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": "没有的称号"}, "从列表中选择"),
        ({"awarded_on": date(1970, 1, 1)}, "入党日期"),
        ({"deed": " "}, "主要事迹"),
        ({"deed": "长" * 501}, "500字"),
    ],
)
def test_what_cannot_be_is_refused(changes, words, member, branch_secretary):
    with pytest.raises(RuleError, match=words):
        give(member, branch_secretary, **changes)
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(RuleError, match="晚于今天"):
        give(member, branch_secretary, awarded_on=tomorrow)


def test_titles_are_the_committees(member, branch_secretary, committee_staff):
    parameters.change(
        key="members.commendation_titles", value=["社区好人"], actor=committee_staff
    )
    give(member, branch_secretary, title="社区好人")
    with pytest.raises(RuleError, match="从列表中选择"):
        give(member, branch_secretary)


def test_a_mistake_is_taken_back_and_kept(
    member, branch_b1, branch_secretary, secretary_b
):
    row = give(member, branch_secretary)
    with pytest.raises(Commendation.DoesNotExist):
        withdraw_commendation(row_id=row.pk, actor=secretary_b)
    with pytest.raises(Member.DoesNotExist):
        give(member, secretary_b)
    AffiliationFactory(member=member, organization=branch_b1, kind="co_managed")
    with pytest.raises(PermissionDenied):
        withdraw_commendation(row_id=row.pk, actor=secretary_b)
    withdraw_commendation(row_id=row.pk, actor=branch_secretary)
    withdraw_commendation(row_id=row.pk, actor=branch_secretary)
    assert not Commendation.objects.counted().exists()
    assert Commendation.objects.count() == 1
    actions = AuditEvent.objects.filter(action="commendation_withdrawn")
    assert actions.count() == 1
    give(member, branch_secretary)


def test_the_list_of_a_year_is_filtered_and_stays_in_scope(
    secretary, client_for, secretary_b, member, branch_a1, branch_secretary
):
    give(member, branch_secretary)
    give(member, branch_secretary, awarded_on=date(2025, 7, 1), title="劳动模范")
    page = url("commendation-list")
    assert "连续十年" in text_of(secretary.get(page, {"year": "2026"}))
    last = text_of(secretary.get(page, {"year": "2025"}))
    assert "劳动模范街道2025-07-01" in last
    assert "2026-07-01" not in last
    for query in ({"title": "劳动模范"}, {"level": "nation"}):
        found = text_of(secretary.get(page, {"year": "2026"} | query))
        assert "还没有登记表彰" in found
    here = {"year": "2026", "organization": branch_a1.pk}
    assert "连续十年" in text_of(secretary.get(page, here))
    assert "查询条件有误" in text_of(secretary.get(page, {"year": "1890"}))
    other = client_for(secretary_b)
    assert "还没有登记表彰" in text_of(other.get(page, {"year": "2026"}))


def test_a_refused_form_keeps_its_words(secretary, member):
    form = FACTS | {"awarded_on": "1970-01-01"}
    refused = secretary.post(url("commendation-add", member.pk), form)
    assert refused.status_code == 422
    assert "不能早于入党日期" in text_of(refused)
    assert "连续十年照顾独居老人</textarea>" in refused.content.decode()
    form |= {"awarded_on": "2026-07-01"}
    answer = secretary.post(url("commendation-add", member.pk), form, follow=True)
    assert "已登记雷芳的表彰" in text_of(answer)
    row = Commendation.objects.get()
    done = secretary.post(url("commendation-withdraw", row.pk), follow=True)
    assert "不再列入年度名单" in text_of(done)
    assert "已撤回" in text_of(secretary.get(url("dues", member.pk)))
    assert secretary.get(url("commendation-withdraw", row.pk)).status_code == 404


def test_whoever_co_manages_somebody_reads_of_his_commendations(
    client_for, member, branch_b1, branch_secretary, secretary_b
):
    give(member, branch_secretary)
    AffiliationFactory(member=member, organization=branch_b1, kind="co_managed")
    assert "连续十年" in text_of(client_for(secretary_b).get(url("dues", member.pk)))
