"""No order of steps, no number of hands at once, makes a member too soon or twice."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from config.lib.errors import RuleError
from members.models import Applicant, Member
from members.rules.people import probation_ends_on
from members.services.development import Deed, record_step
from members.services.development_closing import (
    close_applicant,
    hand_over_applicant,
    withdraw_step,
)
from members.services.members import update_member
from members.services.probation import (
    record_probation_step,
    withdraw_probation_step,
)
from organizations.choices import Role
from tests.factories.members import MemberFactory
from tests.factories.organizations import (
    OrganizationFactory,
    PostFactory,
    UserFactory,
)
from tests.members.development_steps import (
    FAILED,
    PASSED,
    ago,
    led_to,
    on_probation,
    registered,
    way_of,
)
from tests.races import needs_server, race

KINDS = [
    *("next", "next", "next", "next", "next", "skip", "refuse", "fail"),
    *("withdraw", "close", "move", "register"),
    *("request", "confirm", "extend", "cancel", "decide", "decide", "decide no"),
    *("take back", "by hand", "joined by hand"),
]
STEPS = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, 5), st.integers(0, 900)),
    max_size=40,
)


def advance(applicant, kind, pick, sponsors, actor):
    """Take the step that comes next for an applicant, or a wrong one."""
    deeds = way_of(applicant.applied_on, sponsors)
    taken = set(applicant.steps.counted().values_list("kind", flat=True))
    ahead = [deed for deed in deeds if deed.kind not in taken] or deeds[-1:]
    deed = ahead[pick % len(ahead)] if kind == "skip" else ahead[0]
    values = vars(deed).copy()
    if kind == "refuse" and deed.outcome:
        values["outcome"] = "no"
    if kind == "fail" and deed.votes:
        values["votes"] = FAILED
    record_step(applicant_id=applicant.pk, deed=Deed(**values), actor=actor)


def attempt(step, pick, days, world):
    """Try one step on what is there; a refusal is fine."""
    actor, branches = world["actor"], world["branches"]
    applicants = list(Applicant.objects.order_by("pk"))
    applicant = applicants[pick % len(applicants)]
    young = list(Member.objects.filter(joined_on__gte=ago(1500)).order_by("pk"))
    member = young[pick % len(young)]
    mine = list(applicant.steps.order_by("-pk"))
    own = list(member.development_steps.order_by("-pk"))
    day = ago(days)
    if step in {"next", "skip", "refuse", "fail"}:
        advance(applicant, step, pick, world["sponsors"], actor)
    elif step == "withdraw":
        withdraw_step(step_id=mine[pick % len(mine)].pk, note="错", actor=actor)
    elif step == "close":
        close_applicant(
            applicant_id=applicant.pk,
            closed_on=day,
            reason="withdrew",
            note="本人提出",
            actor=actor,
        )
    elif step == "move":
        hand_over_applicant(
            applicant_id=applicant.pk,
            target_id=branches[pick % 2].pk,
            moved_on=day,
            actor=actor,
        )
    elif step == "register":
        registered(branches[0], actor, serial=pick, applied_on=day)
    elif step == "take back" and own:
        withdraw_probation_step(step_id=own[pick % len(own)].pk, note="错", actor=actor)
    elif step == "by hand":
        update_member(
            member_id=member.pk,
            version=None,
            member_type="full",
            confirmed_on=day,
            actor=actor,
        )
    elif step == "joined by hand":
        update_member(
            member_id=member.pk, version=None, joined_on=ago(1400), actor=actor
        )
    elif step in {"request", "confirm", "extend", "cancel", "decide", "decide no"}:
        is_vote = step in {"confirm", "extend", "cancel"}
        deed = Deed(
            "decision" if step.startswith("decide") else step,
            day,
            votes=PASSED if is_vote else None,
            months=6 + pick,
            outcome="no" if step == "decide no" else "yes",
            note="原因",
        )
        record_probation_step(member_id=member.pk, deed=deed, actor=actor)


def assert_nobody_came_too_soon():
    for member in Member.objects.filter(joined_on__gte=ago(1500)):
        steps = list(member.development_steps.counted())
        decided = [
            s.decides for s in steps if s.kind == "decision" and s.outcome == "yes"
        ]
        assert decided.count("extend") <= 1
        assert (member.probation_extended_to is not None) == ("extend" in decided)
        if member.member_type == "full":
            # A year, or longer where extended, a meeting, and the committee.
            assert member.confirmed_on >= probation_ends_on(member.joined_on)
            meeting = [s for s in steps if s.kind == "confirm" and s.outcome == "yes"][
                -1
            ]
            assert meeting.taken_on >= member.confirmed_on
            assert "confirm" in decided
            if member.probation_extended_to:
                assert member.confirmed_on == member.probation_extended_to
        rolls = member.affiliations.open().filter(kind="on_roll").count()
        assert rolls == (member.status == "normal")
    for applicant in Applicant.objects.all():
        assert (applicant.stage == "admitted") == (applicant.member_id is not None)
        if applicant.member:
            kinds = applicant.steps.counted().values_list("kind", flat=True)
            assert {"meeting", "approval", "review", "training"} <= set(kinds)
    indexes = list(Applicant.objects.open().values_list("id_index", flat=True))
    assert len(indexes) == len(set(indexes))


class DevelopmentProperties(TestCase):
    @settings(
        max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    @given(STEPS)
    def test_no_order_of_steps_makes_a_member_too_soon(self, steps):
        street = OrganizationFactory(kind="work_committee")
        branches = [OrganizationFactory(kind="branch", parent=street) for _ in "12"]
        actor = UserFactory()
        PostFactory(user=actor, role=Role.COMMITTEE_STAFF, organization=street)
        sponsors = MemberFactory.create_batch(2, branch=branches[0])
        for days in (300, 420, 800):
            on_probation(branches[0], ago(days))
        world = {"actor": actor, "branches": branches, "sponsors": sponsors}
        # One stands before the vote already, so that the end of the way is reached.
        led_to("pre-review", branches[0], actor, serial=9)
        registered(branches[0], actor)
        for step, pick, days in steps:
            with suppress(RuleError, ObjectDoesNotExist):
                attempt(step, pick, days, world)
        assert_nobody_came_too_soon()


@needs_server
@pytest.mark.django_db(transaction=True)
def test_twenty_approvals_at_once_make_one_member(branch_a1, committee_staff):
    applicant = led_to("meeting", branch_a1, committee_staff)
    deed = Deed("approval", applicant.passed_on + timedelta(days=20), outcome="yes")

    def approve(number):
        return record_step(
            applicant_id=applicant.pk, deed=deed, actor=committee_staff
        ).pk

    results = race(approve)
    assert len(set(results)) == 1
    member = Member.objects.get(name="申志远")
    assert member.affiliations.count() == 1
    assert applicant.steps.filter(kind="approval").count() == 1


@needs_server
@pytest.mark.django_db(transaction=True)
def test_twenty_registrations_at_once_make_one_applicant(branch_a1, branch_secretary):
    results = race(lambda n: registered(branch_a1, branch_secretary).pk)
    assert Applicant.objects.count() == 1
    assert set(results) <= {Applicant.objects.get().pk, "known_here"}


@needs_server
@pytest.mark.django_db(transaction=True)
def test_two_decisions_at_once_confirm_once(branch_a1, committee_staff):
    today = timezone.localdate()
    member = on_probation(branch_a1)
    for kind, votes in (("request", None), ("confirm", PASSED)):
        record_probation_step(
            member_id=member.pk,
            deed=Deed(kind, today, votes=votes),
            actor=committee_staff,
        )
    other = UserFactory()
    PostFactory(
        user=other, role=Role.COMMITTEE_STAFF, organization=branch_a1.parent.parent
    )

    def decide(number):
        return record_probation_step(
            member_id=member.pk,
            deed=Deed("decision", today, outcome="yes"),
            actor=(committee_staff, other)[number % 2],
        ).pk

    results = race(decide, 6)
    decided = member.development_steps.filter(kind="decision")
    assert decided.count() == 1
    assert set(results) <= {decided.get().pk, "kind", "member_type"}
