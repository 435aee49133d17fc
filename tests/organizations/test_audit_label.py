"""The auditor reads what was done, never to whom by name."""

import pytest

from organizations import audit
from organizations.choices import AuditAction
from tests.factories.members import MemberFactory

pytestmark = pytest.mark.django_db


def test_a_member_is_labelled_by_number(committee_staff):
    member = MemberFactory(name="欧阳测试")
    event = audit.record(
        actor=committee_staff, action=AuditAction.MEMBER_VIEWED, target=member
    )
    assert event.target_label == f"党员 {member.pk}"


def test_an_organization_is_labelled_by_name(committee_staff, branch_a1):
    event = audit.record(
        actor=committee_staff,
        action=AuditAction.ORGANIZATION_UPDATED,
        target=branch_a1,
    )
    assert event.target_label == str(branch_a1)
