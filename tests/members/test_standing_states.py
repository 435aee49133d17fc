"""No order of steps, and no number of hands at once, leaves a status unexplained."""

from collections import Counter

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from config.lib.dates import months_after
from config.lib.errors import RuleError
from members.choices import MembershipStatus
from members.models import Affiliation, LostCase, Member, MembershipDecision
from members.rules.standing import GROUNDS, status_of
from members.services.affiliations import (
    end_affiliation,
    move_affiliation,
    reopen_affiliation,
    start_affiliation,
)
from members.services.decisions import answer_decision, record_death
from members.services.lost import report_found
from organizations.choices import Role
from tests.factories.members import MemberFactory
from tests.factories.organizations import (
    OrganizationFactory,
    PostFactory,
    UserFactory,
)
from tests.members.standing_steps import approved, lost, proposed, searched
from tests.races import needs_server, race

KINDS = [kind for kind in MembershipDecision.Kind.values if kind != "deceased"]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                *("lose", "search", "search", "find", "ask", "ask", "ask"),
                *("approve", "approve", "approve", "refuse", "withdraw", "years"),
                *("die", "reopen", "move", "end", "start"),
            ]
        ),
        st.integers(0, 60),
    ),
    max_size=18,
)


class Street:
    """Two branches, three people, and street staff who do everything."""

    def __init__(self):
        root = OrganizationFactory(kind="work_committee")
        self.branches = [OrganizationFactory(kind="branch", parent=root) for _ in "12"]
        self.staff = UserFactory()
        PostFactory(user=self.staff, role=Role.COMMITTEE_STAFF, organization=root)
        types = ("full", "full", "probationary")
        self.members = [
            MemberFactory(branch=self.branches[0], member_type=each) for each in types
        ]

    def attempt(self, step, pick):
        """Try one step on what is there; a refusal is fine."""
        missing = (
            Member.DoesNotExist,
            Affiliation.DoesNotExist,
            LostCase.DoesNotExist,
            MembershipDecision.DoesNotExist,
        )
        try:
            self.take(step, pick, self.members[pick % 3], timezone.localdate())
        except (RuleError, *missing):
            pass

    def take(self, step, pick, member, today):
        staff = self.staff
        case = LostCase.objects.filter(member=member).order_by("-pk").first()
        asked = MembershipDecision.objects.waiting().order_by("pk")
        relation = member.affiliations.order_by("-pk").first()
        branch = self.branches[pick % 2]
        if step == "lose":
            lost(member, staff)
        elif step == "search" and case:
            searched(case, staff)
        elif step == "find" and case:
            report_found(case_id=case.pk, found_on=today, words="回来", actor=staff)
        elif step == "ask":
            kind = KINDS[pick % len(KINDS)]
            grounds = GROUNDS.get(kind, ("",))
            proposed(
                *(member, staff, kind, grounds[pick % len(grounds)], branch),
                meeting_on=today,
                since=months_after(today, -70),
            )
        elif step == "approve":
            approved(asked[0] if asked else MembershipDecision(pk=0), staff)
        elif step in {"refuse", "withdraw"}:
            state = "refused" if step == "refuse" else "withdrawn"
            answer_decision(
                decision_id=asked[0].pk if asked else 0,
                state=state,
                words="再议",
                actor=staff,
            )
        elif step == "years":
            for each in MembershipDecision.objects.approved().filter(kind="suspended"):
                day = months_after(each.decided_on, -36)
                each.meeting_on = each.decided_on = day
                each.save()
        elif step == "die":
            record_death(member_id=member.pk, died_on=today, actor=staff)
        elif step == "reopen":
            reopen_affiliation(affiliation_id=relation.pk, actor=staff)
        elif step == "move":
            move_affiliation(
                affiliation_id=relation.pk,
                organization_id=branch.pk,
                moved_on=today,
                actor=staff,
            )
        elif step == "end":
            reason = ("mistake", "transferred_out", "deceased", "removed")[pick % 4]
            end_affiliation(
                affiliation_id=relation.pk,
                ends_on=today,
                end_reason=reason,
                actor=staff,
            )
        elif step == "start":
            start_affiliation(
                member_id=member.pk,
                organization_id=branch.pk,
                kind="on_roll",
                starts_on=today,
                start_reason=("reinstated", "transferred_in")[pick % 2],
                actor=staff,
            )


def assert_every_status_is_explained():
    healthy = {MembershipStatus.NORMAL, MembershipStatus.SUSPENDED}
    for member in Member.objects.all():
        open_rolls = member.affiliations.open().filter(kind="on_roll").count()
        decisions = MembershipDecision.objects.filter(member=member)
        cases = LostCase.objects.filter(member=member)
        assert open_rolls <= 1
        assert decisions.waiting().count() <= 1
        assert cases.open().count() <= 1
        assert member.is_lost == cases.open().exists()
        if not open_rolls:
            last = member.affiliations.order_by("-ends_on", "-pk").first()
            assert last.end_reason
            assert not cases.open().exists()
            assert not decisions.waiting().exists()
        else:
            assert member.status in healthy
        if member.status in {MembershipStatus.NORMAL, MembershipStatus.TRANSFERRED_OUT}:
            continue
        gives = decisions.approved().exclude(kind="reinstated").order_by("settled_at")
        assert status_of(gives.last().kind) == member.status
        if member.status == MembershipStatus.SUSPENDED:
            in_force = gives.filter(kind="suspended", ended_on__isnull=True)
            assert in_force.count() == 1
        else:
            assert not member.affiliations.open().exists()


class StandingProperties(TestCase):
    @settings(
        max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    @given(STEPS)
    def test_no_order_of_steps_leaves_a_status_without_a_decision(self, steps):
        street = Street()
        for step, pick in steps:
            street.attempt(step, pick)
        assert_every_status_is_explained()


@needs_server
@pytest.mark.django_db(transaction=True)
def test_twenty_approvals_at_once_remove_once(
    branch_a1, branch_secretary, committee_staff
):
    member = MemberFactory(branch=branch_a1)
    decision = proposed(member, branch_secretary, "withdrew")
    found = race(lambda n: approved(decision, committee_staff).state)
    assert Counter(found) == {"approved": 1, "decision_state": 19}
    assert member.affiliations.get().end_reason == "removed"
    member.refresh_from_db()
    assert (member.status, member.version) == ("withdrew", 2)


@needs_server
@pytest.mark.django_db(transaction=True)
def test_twenty_proposals_and_cases_at_once_are_one_each(branch_a1, branch_secretary):
    member = MemberFactory(branch=branch_a1)
    found = race(lambda n: lost(member, branch_secretary).state)
    assert Counter(found) == {"searching": 1, "lost_open": 19}
    found = race(lambda n: proposed(member, branch_secretary, "expelled").state)
    assert Counter(found) == {"proposed": 1, "decision_waiting": 19}
