"""Agreements say that figures changed, for every month and organization."""

import pytest

from activities.services.activities import cancel_activity
from config.lib.dates import months_after
from liaison.services.agreements import end_agreement
from liaison.services.obligations import (
    give_evidence,
    take_evidence_back,
    waive_obligation,
    withdraw_use,
)
from organizations.services.structure import merge_organizations
from tests.factories.members import MemberFactory
from tests.factories.organizations import WorkUnitFactory
from tests.liaison.agreement_steps import drafted, listed, promised, signed, used

pytestmark = pytest.mark.django_db


def test_every_step_of_an_agreement(
    tree, months, holds, record, committee_staff, today
):
    actor, begin = committee_staff, months[5].start
    agreement = drafted(tree[3], actor, WorkUnitFactory(), begin=begin)
    promised(agreement, actor, "month")
    room = listed(agreement, actor)
    holds()
    signed(agreement, actor)
    holds()
    owed = list(agreement.obligations.all())
    activity = record(tree[3], MemberFactory(branch=tree[3]), begin)
    give_evidence(obligation_id=owed[0].pk, activity_id=activity.pk, actor=actor)
    holds()
    use = used(room, actor, months_after(begin, 1))
    holds()
    given = give_evidence(obligation_id=owed[1].pk, use_id=use.pk, actor=actor)
    holds()
    take_evidence_back(evidence_id=given.pk, actor=actor)
    holds()
    give_evidence(obligation_id=owed[1].pk, use_id=use.pk, actor=actor)
    withdraw_use(use_id=use.pk, reason="错", actor=actor)
    holds()
    waive_obligation(obligation_id=owed[2].pk, reason="大修", actor=actor)
    holds()
    cancel_activity(activity_id=activity.pk, reason="下雨", actor=actor)
    holds()
    listed(agreement, actor, "project", due_on=months_after(begin, 2))
    holds()
    end_agreement(
        agreement_id=agreement.pk,
        ended_on=months_after(begin, 3),
        reason="搬迁",
        actor=actor,
    )
    holds()
    merge_organizations(
        source_id=tree[3].pk, target_id=tree[4].pk, on_date=today, actor=actor
    )
    holds()
