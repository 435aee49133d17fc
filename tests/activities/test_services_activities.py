from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from activities.choices import Presence
from activities.models import Activity, Participation
from activities.services.activities import (
    Attendance,
    cancel_activity,
    update_activity,
)
from config.lib.errors import RuleError
from config.lib.versions import StaleError
from members.models import Member
from organizations.choices import AuditAction
from organizations.models import AuditEvent, Organization
from tests.factories.members import AffiliationFactory, MemberFactory


def update(activity, facts, actor, present, **changes):
    return update_activity(
        activity_id=activity.pk,
        version=changes.pop("version", activity.version),
        facts=facts(**changes),
        attendance={m.pk: Attendance(Presence.PRESENT) for m in present},
        actor=actor,
        today=timezone.localdate(),
    )


def test_recording_writes_the_attendance_and_one_audit_row(record, mobile, in_post):
    activity = record(present=[mobile], leave=[in_post])
    parts = dict(activity.participations.values_list("member_id", "hours"))
    assert parts == {mobile.pk: Decimal("3.0"), in_post.pk: Decimal(0)}
    assert AuditEvent.objects.filter(action=AuditAction.ACTIVITY_RECORDED).count() == 1


def test_the_same_form_twice_makes_one_activity(record, mobile):
    request_id = uuid4()
    first = record(present=[mobile], request_id=request_id)
    second = record(present=[mobile], request_id=request_id)
    assert first.pk == second.pk
    assert Activity.objects.count() == 1


def test_an_activity_of_tomorrow_is_refused(record, mobile):
    with pytest.raises(RuleError, match="还没有到"):
        record(present=[mobile], starts_at=timezone.now() + timedelta(days=1))


def test_an_activity_of_two_years_ago_is_refused(record, mobile):
    with pytest.raises(RuleError, match="核对年份"):
        record(present=[mobile], starts_at=timezone.now() - timedelta(days=700))


def test_an_activity_that_nobody_attended_is_refused(record, mobile):
    with pytest.raises(RuleError, match="至少勾选一名"):
        record(leave=[mobile])
    assert not Activity.objects.exists()


def test_more_hours_than_the_activity_took_are_refused(
    record, facts, mobile, branch_secretary
):
    activity = record(present=[mobile])
    with pytest.raises(RuleError, match="不能超过"):
        update_activity(
            activity_id=activity.pk,
            version=1,
            facts=facts(),
            attendance={mobile.pk: Attendance(Presence.PRESENT, Decimal(9))},
            actor=branch_secretary,
            today=timezone.localdate(),
        )


def test_a_branch_out_of_scope_does_not_exist(record, mobile, branch_b1):
    with pytest.raises(Organization.DoesNotExist):
        record(present=[mobile], organization_id=branch_b1.pk)


def test_a_member_out_of_scope_does_not_exist(record, mobile, branch_b1):
    stranger = MemberFactory(branch=branch_b1)
    with pytest.raises(Member.DoesNotExist):
        record(present=[mobile, stranger])


def test_a_former_secretary_finds_nothing(record, mobile, expired):
    with pytest.raises(Organization.DoesNotExist):
        record(present=[mobile], actor=expired)


def test_updating_replaces_the_attendance(
    record, facts, mobile, in_post, branch_secretary
):
    activity = record(present=[mobile])
    update(activity, facts, branch_secretary, [in_post], title="改过的主题")
    activity.refresh_from_db()
    assert list(activity.participations.values_list("member", flat=True)) == [
        in_post.pk
    ]
    assert (activity.title, activity.version) == ("改过的主题", 2)


def test_updating_an_older_version_is_refused(record, facts, mobile, branch_secretary):
    activity = record(present=[mobile])
    with pytest.raises(StaleError):
        update(activity, facts, branch_secretary, [mobile], version=7)


def test_updating_keeps_people_the_actor_cannot_see(
    record, facts, mobile, branch_b1, branch_secretary, committee_staff
):
    guest = MemberFactory(branch=branch_b1)
    activity = record(present=[mobile, guest], actor=committee_staff)
    update(activity, facts, branch_secretary, [mobile])
    assert activity.participations.filter(member=guest).exists()


def test_updating_tells_the_branch_of_a_person_taken_off_the_list(
    record, facts, mobile, branch_b1, committee_staff, marked
):
    guest = MemberFactory(branch=branch_b1)
    activity = record(present=[mobile, guest], actor=committee_staff)
    marked.clear()
    update(activity, facts, committee_staff, [mobile])
    assert branch_b1.pk in marked[-1][0]


def test_an_old_record_may_be_mended_while_its_day_stays(
    record, facts, mobile, branch_secretary
):
    activity = record(present=[mobile])
    long_ago = timezone.now() - timedelta(days=500)
    Activity.objects.filter(pk=activity.pk).update(
        starts_at=long_ago, held_on=timezone.localdate(long_ago)
    )
    update(activity, facts, branch_secretary, [mobile], starts_at=long_ago)


def test_a_cancelled_activity_counts_no_more_and_cannot_change(
    record, facts, mobile, branch_secretary
):
    activity = record(present=[mobile])
    cancelled = cancel_activity(
        activity_id=activity.pk, reason="重复登记", actor=branch_secretary
    )
    assert not Participation.objects.counted().exists()
    with pytest.raises(RuleError, match="已经取消"):
        update(cancelled, facts, branch_secretary, [mobile])


def test_cancelling_needs_a_reason(record, mobile, branch_secretary):
    activity = record(present=[mobile])
    with pytest.raises(RuleError, match="原因"):
        cancel_activity(activity_id=activity.pk, reason=" ", actor=branch_secretary)


def test_the_branch_of_a_co_managed_person_is_told(
    record, branch_a1, branch_b1, marked
):
    guest = MemberFactory(branch=branch_b1)
    AffiliationFactory(member=guest, organization=branch_a1, kind="co_managed")
    record(present=[guest])
    assert marked[-1] == ({branch_a1.pk, branch_b1.pk}, timezone.localdate())


def test_an_auditor_may_not_record(record, mobile, auditor):
    with pytest.raises((PermissionDenied, Organization.DoesNotExist)):
        record(present=[mobile], actor=auditor)
