"""No order of steps, and no number of hands at once, breaks a case."""

from collections import Counter
from decimal import Decimal
from itertools import pairwise

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from config.lib.errors import RuleError
from members.models import HardshipAid, HardshipCase
from members.rules.hardship import OPEN_STATES
from members.services.aids import record_aid
from members.services.hardship import (
    discuss_case,
    recognize_case,
    refuse_case,
    withdraw_case,
)
from members.services.hardship_reviews import end_case
from organizations.choices import Role
from tests.factories.members import MemberFactory
from tests.factories.organizations import (
    OrganizationFactory,
    PostFactory,
    UserFactory,
)
from tests.members.hardship_steps import (
    applied,
    days_ago,
    gift,
    helped,
    meeting,
    recognized,
    reviewed,
)
from tests.races import needs_server, race

STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                *("apply", "apply", "discuss", "discuss", "recognize", "recognize"),
                *("review", "relieve", "refuse", "withdraw", "end", "aid", "urgent"),
            ]
        ),
        st.integers(0, 12),
        st.booleans(),
    ),
    max_size=14,
)


def attempt(step, pick, member, actor):
    """Try one step on the case there is; a refusal is fine."""
    case = HardshipCase.objects.order_by("-pk").first()
    given = {"case_id": case.pk if case else 0, "version": None, "actor": actor}
    try:
        if step == "apply":
            applied(member, actor)
        elif step == "discuss":
            discuss_case(meeting=meeting(), **given)
        elif step == "recognize":
            day = days_ago(30 - pick)
            recognize_case(recognized_on=day, level="serious", body="党工委", **given)
        elif step in {"review", "relieve"} and case:
            level = "" if step == "relieve" else "general"
            reviewed(case, actor, ago=12 - pick, level=level)
        elif step == "refuse":
            refuse_case(words="不符合", **given)
        elif step == "withdraw":
            withdraw_case(words="不要了", **given)
        elif step == "end":
            end_case(ended_on=days_ago(12 - pick), reason="other", words="完", **given)
        elif case:
            why = {"urgent_reason": "急"} if step == "urgent" else {}
            helped(case, actor, given_on=days_ago(12 - pick), **why)
    except (RuleError, PermissionDenied, HardshipCase.DoesNotExist):
        pass


def assert_whole(member):
    """At most one open case; findings that follow one another without a gap."""
    cases = list(HardshipCase.objects.filter(member=member))
    assert sum(case.state in OPEN_STATES for case in cases) <= 1
    for case in cases:
        findings = list(case.findings.order_by("starts_on"))
        was_recognized = case.state in {"recognized", "ended"}
        assert bool(findings) == was_recognized
        assert len([f for f in findings if f.ends_on is None]) == (
            case.state == "recognized"
        )
        for one, after in pairwise(findings):
            assert one.ends_on == after.starts_on
        if case.state == "recognized":
            assert findings[-1].level == case.level
            assert case.recognized_on > case.public_until
        if case.state == "ended":
            assert case.ended_on == findings[-1].ends_on
        for aid in case.aids.all():
            is_early = not case.recognized_on or aid.given_on < case.recognized_on
            assert aid.urgent_reason or not is_early


class CaseProperties(TestCase):
    @settings(
        max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    @given(STEPS)
    def test_no_order_of_steps_breaks_a_case(self, steps):
        street = OrganizationFactory(kind="work_committee")
        branch = OrganizationFactory(kind="branch", parent=street)
        actors = []
        for role, place in (
            (Role.BRANCH_SECRETARY, branch),
            (Role.HARDSHIP_OFFICER, street),
        ):
            actors.append(UserFactory())
            PostFactory(user=actors[-1], role=role, organization=place)
        member = MemberFactory(branch=branch)
        for step, pick, is_officer in steps:
            attempt(step, pick, member, actors[is_officer])
        assert_whole(member)


@needs_server
@pytest.mark.django_db(transaction=True)
def test_twelve_applications_at_once_make_one_case(branch_a1, branch_secretary):
    member = MemberFactory(branch=branch_a1)
    found = race(lambda n: applied(member, branch_secretary).state, count=12)
    assert Counter(found) == {"applied": 1, "case_open": 11}


@needs_server
@pytest.mark.django_db(transaction=True)
def test_aid_sent_twelve_times_is_written_once_and_its_voucher_used_once(
    branch_a1, branch_b1, branch_secretary, secretary_b, hardship_officer
):
    case = recognized(
        MemberFactory(branch=branch_a1), branch_secretary, hardship_officer
    )
    other = recognized(MemberFactory(branch=branch_b1), secretary_b, hardship_officer)
    request = {"request_id": "6f1c1f43-6d6e-4b07-9f3c-5a2b1d8c0007"}
    found = race(
        lambda n: (
            record_aid(
                case_id=case.pk, gift=gift(), actor=branch_secretary, **request
            ).amount
        ),
        count=12,
    )
    assert found == [Decimal(1000)] * 12
    assert HardshipAid.objects.count() == 1
    actors = [(case, branch_secretary), (other, secretary_b)]
    found = race(
        lambda n: helped(*actors[n % 2], voucher_number="2026-9").voucher_number,
        count=12,
    )
    assert Counter(found) == {"2026-9": 1, "voucher_number": 11}
