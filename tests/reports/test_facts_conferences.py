"""Conferences say that figures changed, for every month and organization."""

import pytest

from liaison.services.agenda import Mark, mark_attendance
from liaison.services.conferences import ConferenceFacts, add_seats, found_conference
from liaison.services.decisions import (
    DecisionFacts,
    amend_decision,
    close_decision,
    decide,
)
from liaison.services.meetings import call_meeting
from organizations.services.structure import merge_organizations
from tests.factories.organizations import WorkUnitFactory
from tests.liaison.conference_steps import notice

pytestmark = pytest.mark.django_db


def test_every_step_of_a_conference(tree, months, holds, committee_staff, today):
    actor, begin = committee_staff, months[5].start
    conference = found_conference(
        organization_id=tree[1].pk, facts=ConferenceFacts(begin), actor=actor
    )
    (seat,) = add_seats(
        conference_id=conference.pk,
        unit_ids=[WorkUnitFactory().pk],
        organization_ids=[],
        joined_on=begin,
        actor=actor,
    )
    meeting = call_meeting(
        conference_id=conference.pk, facts=notice(meets_on=begin), actor=actor
    )
    holds()
    mark_attendance(
        meeting_id=meeting.pk, marks=[Mark(seat.pk, "other", "某人")], actor=actor
    )
    holds()
    decision = decide(
        meeting_id=meeting.pk,
        facts=DecisionFacts("开放操场", months[4].start),
        actor=actor,
    )
    holds()
    amend_decision(
        decision_id=decision.pk,
        facts=DecisionFacts("开放操场", months[3].start),
        actor=actor,
    )
    holds()
    close_decision(
        decision_id=decision.pk, closed_on=months[2].start, outcome="好", actor=actor
    )
    holds()
    merge_organizations(
        source_id=tree[1].pk, target_id=tree[2].pk, on_date=today, actor=actor
    )
    holds()
