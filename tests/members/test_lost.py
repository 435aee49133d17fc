"""Losing a member from sight, looking for him, and how it comes out."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.versions import StaleError
from members.models import LostCase, Member, OutOfTouch, SearchStep
from members.services.lost import amend_case, record_step, report_found
from organizations.models import AuditEvent
from reports.models import SummaryMark
from tests.factories.members import AffiliationFactory, MemberFactory
from tests.members.standing_steps import lost, months_ago, searched, suspended

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(branch_a1):
    return MemberFactory(branch=branch_a1, name="雷芳")


@pytest.fixture
def today():
    return timezone.localdate()


def found(case, actor, words="来电话了", found_on=None):
    day = found_on or timezone.localdate()
    return report_found(case_id=case.pk, found_on=day, words=words, actor=actor)


def amended(case, actor, **changes):
    values = {"since": case.since, "reason": "moved", "circumstances": "搬走"}
    values |= {"version": case.version} | changes
    return amend_case(case_id=case.pk, actor=actor, **values)


def test_a_case_marks_the_member_and_his_branch_is_counted_anew(
    member, branch_a1, branch_secretary
):
    OutOfTouch.objects.create(member=member, since=months_ago(7))
    case = lost(member, branch_secretary, circumstances="  最后一次见面在春节 ")
    member.refresh_from_db()
    assert (member.is_lost, member.lost_since) == (True, case.since)
    assert (case.organization, case.circumstances) == (branch_a1, "最后一次见面在春节")
    assert SummaryMark.objects.filter(organization=branch_a1).exists()
    assert not OutOfTouch.objects.exists()
    event = AuditEvent.objects.get(action="lost_case_opened")
    assert event.details == {"since": str(case.since)}
    with pytest.raises(RuleError, match="已有在办"):
        lost(member, branch_secretary)


def test_who_is_found_is_lost_no_more(member, branch_secretary, today):
    case = searched(lost(member, branch_secretary), branch_secretary)
    with pytest.raises(RuleError, match="写明怎样"):
        found(case, branch_secretary, words=" ")
    with pytest.raises(RuleError, match="不能早于"):
        found(case, branch_secretary, found_on=case.since - timedelta(days=1))
    with pytest.raises(RuleError, match="不能晚于"):
        found(case, branch_secretary, found_on=today + timedelta(days=1))
    assert found(case, branch_secretary).state == "found"
    assert found(case, branch_secretary).closed_on == today  # a second tap
    assert AuditEvent.objects.filter(action="lost_case_changed").count() == 1
    member.refresh_from_db()
    assert (member.is_lost, member.lost_since) == (False, None)
    with pytest.raises(RuleError, match="已经办结"):
        searched(case, branch_secretary)
    assert lost(member, branch_secretary).pk != case.pk


def test_who_is_suspended_comes_back_by_a_decision(
    member, branch_secretary, committee_staff
):
    case = suspended(member, branch_secretary, committee_staff).case
    with pytest.raises(RuleError, match="请提出恢复党籍"):
        found(case, branch_secretary)
    case.refresh_from_db()
    with pytest.raises(RuleError, match="不能再改"):
        amended(case, branch_secretary, since=months_ago(9))
    LostCase.objects.update(state="found", closed_on=case.opened_on)
    with pytest.raises(RuleError, match="不再登记失联"):
        lost(member, branch_secretary)


def test_the_same_search_twice_is_one(member, branch_secretary, today):
    case = lost(member, branch_secretary)
    for _ in range(2):
        searched(case, branch_secretary, 1)
    assert SearchStep.objects.get().result == "没有找到"
    for day, result, sentence in (
        (today + timedelta(days=1), "空号", "不能晚于今天"),
        (case.since - timedelta(days=1), "空号", "不能早于失去联系日期"),
        (today, " ", "写明查找结果"),
        (today, "字" * 1001, "1000字"),
    ):
        with pytest.raises(RuleError, match=sentence):
            record_step(
                case_id=case.pk,
                taken_on=day,
                way="phone",
                result=result,
                actor=branch_secretary,
            )


def test_two_who_mend_a_case_lose_nothing(member, branch_secretary):
    case = lost(member, branch_secretary)
    since = months_ago(8)
    amended(case, branch_secretary, since=since)
    member.refresh_from_db()
    assert member.lost_since == since
    with pytest.raises(StaleError):
        amended(case, branch_secretary)
    with pytest.raises(RuleError, match="入党日期"):
        amended(
            LostCase.objects.get(),
            branch_secretary,
            since=member.joined_on - timedelta(days=1),
        )


def test_only_the_branch_of_the_roll_loses_somebody(
    member, branch_b1, secretary_b, branch_secretary, auditor
):
    AffiliationFactory(member=member, organization=branch_b1, kind="co_managed")
    with pytest.raises(RuleError, match="组织关系所在的党支部"):
        lost(member, secretary_b)
    case = lost(member, branch_secretary)
    with pytest.raises(LostCase.DoesNotExist):
        found(case, secretary_b)
    with pytest.raises(Member.DoesNotExist):
        lost(member, auditor)
    gone = MemberFactory(status="suspended", branch=branch_b1)
    with pytest.raises(RuleError, match="停止党籍"):
        lost(gone, secretary_b)
    with pytest.raises(PermissionDenied):
        _seen_only(case, branch_secretary)


def _seen_only(case, secretary):
    """As a reader who edits nothing."""
    secretary.has_right_at = lambda right, place: str(right) == "view_members"
    found(case, secretary)
