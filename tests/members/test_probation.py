"""The year on probation: confirmed, extended once, cancelled, never by hand."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from config.lib.errors import RuleError
from members.checks import CHECKS
from members.models import Member
from members.rules.development import months_after
from members.services.members import update_member
from members.services.probation import withdraw_probation_step
from organizations.models import AuditEvent
from tests.members.development_steps import (
    FAILED,
    ago,
    led_to,
    on_probation,
    probation,
)

pytestmark = pytest.mark.django_db


def confirmed(member, actor, meeting, approved=None):
    probation(member, "request", actor, meeting)
    probation(member, "confirm", actor, meeting)
    probation(member, "decision", actor, approved or meeting, document="2号")
    member.refresh_from_db()
    return member


def test_after_the_year_the_meeting_and_the_committee_make_a_full_member(
    branch_a1, committee_staff
):
    member = on_probation(branch_a1, date(2024, 2, 29))
    confirmed(member, committee_staff, date(2025, 3, 20), date(2025, 4, 1))
    # Seniority counts from the day the year was over, not from the meeting.
    assert (member.member_type, member.confirmed_on) == ("full", date(2025, 2, 28))
    assert member.history.first().member_type == "full"
    assert AuditEvent.objects.filter(action="development_recorded").count() == 3


def test_a_meeting_before_the_year_is_over_confirms_nobody(branch_a1, committee_staff):
    member = on_probation(branch_a1, ago(200))
    probation(member, "request", committee_staff)
    with pytest.raises(RuleError, match=r"预备期到.*才满.*《中国共产党章程》第七条"):
        probation(member, "confirm", committee_staff)
    member.refresh_from_db()
    assert member.member_type == "probationary"


def test_without_a_request_there_is_no_meeting(branch_a1, committee_staff):
    member = on_probation(branch_a1)
    with pytest.raises(RuleError, match=r"书面转正申请.*第三十二条"):
        probation(member, "confirm", committee_staff)


def test_the_branch_does_not_decide_itself(branch_a1, branch_secretary):
    member = on_probation(branch_a1)
    probation(member, "request", branch_secretary)
    probation(member, "confirm", branch_secretary)
    with pytest.raises(PermissionDenied):
        probation(member, "decision", branch_secretary)


def test_a_failed_vote_leaves_everything_as_it_was(branch_a1, committee_staff):
    member = on_probation(branch_a1)
    probation(member, "request", committee_staff)
    probation(member, "confirm", committee_staff, votes=FAILED)
    with pytest.raises(RuleError, match="没有等待审批的支部大会决议"):
        probation(member, "decision", committee_staff)


def test_a_late_decision_says_why(branch_a1, committee_staff):
    member = on_probation(branch_a1, ago(600))
    probation(member, "request", committee_staff, ago(200))
    probation(member, "confirm", committee_staff, ago(200))
    with pytest.raises(RuleError, match=r"超过了3个月.*第三十三条"):
        probation(member, "decision", committee_staff)
    probation(member, "decision", committee_staff, note="街道换届")
    member.refresh_from_db()
    assert member.member_type == "full"


def test_an_extension_counts_once_and_moves_the_end(branch_a1, committee_staff):
    today = timezone.localdate()
    member = on_probation(branch_a1, ago(380))
    over_on = member.probation_ends_on
    with pytest.raises(RuleError, match="不能少于6个月，最长不超过12个月"):
        probation(member, "extend", committee_staff, months=5)
    probation(member, "extend", committee_staff, months=6, note="继续考察")
    probation(member, "decision", committee_staff)
    member.refresh_from_db()
    extended = months_after(over_on, 6)
    assert (member.probation_ends_on, member.member_type) == (extended, "probationary")
    with pytest.raises(RuleError, match=r"只能延长一次.*第三十一条"):
        probation(member, "extend", committee_staff, months=6)
    probation(member, "request", committee_staff)
    with pytest.raises(RuleError, match="才满"):
        probation(member, "confirm", committee_staff)
    found = Member.objects.filter(pk=member.pk)
    assert not found.filter(CHECKS["probation_past"][1](today))
    assert found.filter(CHECKS["probation_due"][1](extended - timedelta(days=3)))
    assert found.filter(CHECKS["probation_past"][1](extended))


def test_a_refused_resolution_may_be_followed_by_another(branch_a1, committee_staff):
    member = on_probation(branch_a1)
    probation(member, "extend", committee_staff, months=12)
    with pytest.raises(RuleError, match="还在等待上级审批"):
        probation(member, "request", committee_staff)
    probation(member, "decision", committee_staff, outcome="no", note="应按期转正")
    member.refresh_from_db()
    assert member.probation_extended_to is None
    confirmed(member, committee_staff, timezone.localdate())
    assert member.member_type == "full"


def test_a_cancelled_probation_ends_the_relation(branch_a1, committee_staff):
    member = on_probation(branch_a1, ago(100))
    probation(member, "cancel", committee_staff, note="不履行党员义务")
    probation(member, "decision", committee_staff)
    member.refresh_from_db()
    roll = member.affiliations.get()
    assert member.status == "probation_cancelled"
    assert (roll.end_reason, roll.ends_on) == ("removed", timezone.localdate())


def test_a_probation_is_not_ended_by_hand(branch_a1, committee_staff):
    member = on_probation(branch_a1)
    with pytest.raises(RuleError, match=r"不在这里修改人员类别.*“党籍”页"):
        update_member(
            member_id=member.pk,
            version=None,
            member_type="full",
            confirmed_on=timezone.localdate(),
            actor=committee_staff,
        )
    admitted = led_to("approval", branch_a1, committee_staff).member
    with pytest.raises(RuleError, match=r"入党日期是支部大会通过之日.*第三十一条"):
        update_member(
            member_id=admitted.pk,
            version=None,
            joined_on=date(2015, 1, 1),
            actor=committee_staff,
        )


def test_a_step_is_withdrawn_while_nothing_stands_on_it(
    branch_a1, committee_staff, branch_secretary
):
    member = on_probation(branch_a1)
    request = probation(member, "request", branch_secretary)
    meeting = probation(member, "confirm", branch_secretary)
    with pytest.raises(RuleError, match="已经讨论过这份申请"):
        withdraw_probation_step(step_id=request.pk, note="错", actor=branch_secretary)
    withdraw_probation_step(step_id=meeting.pk, note="错", actor=branch_secretary)
    withdraw_probation_step(step_id=request.pk, note="错", actor=branch_secretary)
    with pytest.raises(RuleError, match="没有等待审批"):
        probation(member, "decision", committee_staff)
    confirmed(member, committee_staff, timezone.localdate())
    with pytest.raises(RuleError, match="已经审批，不能再撤回"):
        withdraw_probation_step(
            step_id=member.development_steps.latest("pk").pk,
            note="错",
            actor=committee_staff,
        )


def test_only_the_branch_of_the_roll_takes_the_steps(branch_a1, branch_b1, secretary_b):
    member = on_probation(branch_a1)
    member.affiliations.create(
        organization=branch_b1,
        kind="co_managed",
        starts_on=ago(90),
        start_reason="reported_in",
    )
    with pytest.raises(PermissionDenied, match="组织关系所在的党支部"):
        probation(member, "request", secretary_b)
