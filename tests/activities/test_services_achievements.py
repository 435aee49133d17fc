from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from activities.models import Achievement, Program
from activities.services.achievements import (
    record_achievement,
    recording_organization,
    withdraw_achievement,
)
from config.lib.errors import RuleError
from members.models import Member
from organizations.choices import AuditAction
from organizations.models import AuditEvent
from tests.factories.members import AffiliationFactory, MemberFactory


@pytest.fixture
def achieve(five_ones, mobile, branch_secretary):
    def call(**changes):
        values = {
            "member_id": mobile.pk,
            "item_id": five_ones.items.get(key="newspaper").pk,
            "achieved_on": timezone.localdate(),
            "content": "订阅《人民日报》一份",
            "actor": branch_secretary,
            "today": timezone.localdate(),
        } | changes
        return record_achievement(**values)

    return call


def test_an_achievement_is_written_with_one_audit_row(achieve, branch_a1):
    achievement = achieve()
    assert achievement.organization == branch_a1
    events = AuditEvent.objects.filter(action=AuditAction.ACHIEVEMENT_RECORDED)
    assert events.count() == 1


def test_the_same_form_twice_makes_one_achievement(achieve):
    request_id = uuid4()
    first, second = achieve(request_id=request_id), achieve(request_id=request_id)
    assert first.pk == second.pk
    assert Achievement.objects.count() == 1


def test_an_item_for_another_category_is_refused(achieve, in_post):
    with pytest.raises(RuleError, match="只适用于流动党员"):
        achieve(member_id=in_post.pk)


def test_an_item_that_needs_evidence_is_refused_without(achieve, five_ones):
    five_ones.items.update(needs_evidence=True)
    with pytest.raises(RuleError, match="佐证材料"):
        achieve()


def test_an_item_of_an_ended_program_is_refused(achieve):
    Program.objects.update(valid_until=timezone.localdate() - timedelta(days=1))
    with pytest.raises(RuleError, match="没有启用"):
        achieve()


def test_a_future_achievement_is_refused(achieve):
    with pytest.raises(RuleError, match="完成日期"):
        achieve(achieved_on=timezone.localdate() + timedelta(days=1))


def test_a_member_out_of_scope_does_not_exist(achieve, branch_b1):
    stranger = MemberFactory(branch=branch_b1, category="mobile")
    with pytest.raises(Member.DoesNotExist):
        achieve(member_id=stranger.pk)


def test_the_home_branch_records_for_its_member_living_elsewhere(
    achieve, mobile, branch_a1, branch_b1, marked
):
    AffiliationFactory(member=mobile, organization=branch_b1, kind="mobile_in")
    assert achieve().organization == branch_a1
    assert marked[-1][0] == {branch_a1.pk, branch_b1.pk}


def test_a_withdrawn_achievement_counts_no_more(achieve, branch_secretary):
    achievement = achieve()
    withdraw_achievement(
        achievement_id=achievement.pk, reason="录错人", actor=branch_secretary
    )
    assert not Achievement.objects.counted().exists()


def test_withdrawing_twice_is_refused(achieve, branch_secretary):
    achievement = achieve()
    call = {"achievement_id": achievement.pk, "actor": branch_secretary}
    withdraw_achievement(reason="录错人", **call)
    with pytest.raises(RuleError, match="已经撤回"):
        withdraw_achievement(reason="录错人", **call)


def test_withdrawing_needs_a_reason(achieve, branch_secretary):
    achievement = achieve()
    with pytest.raises(RuleError, match="原因"):
        withdraw_achievement(
            achievement_id=achievement.pk, reason="", actor=branch_secretary
        )


def test_who_leaves_while_the_form_waits_is_not_there(mobile, branch_secretary):
    # What the lock of the row returns was in scope when it was asked for.
    mobile.affiliations.update(ends_on=timezone.localdate())
    with pytest.raises(Member.DoesNotExist):
        recording_organization(mobile, branch_secretary)
