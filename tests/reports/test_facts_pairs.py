"""Pairs say that figures changed, for every month and organization."""

import pytest

from activities.services.activities import cancel_activity
from config.lib.dates import months_after
from liaison.services.pair_parts import add_activity, take_activity_out
from liaison.services.pairs import PairFacts, amend_pair, end_pair
from organizations.services.structure import merge_organizations
from tests.factories.members import MemberFactory
from tests.factories.organizations import WorkUnitFactory
from tests.liaison.pair_steps import paired

pytestmark = pytest.mark.django_db


def test_every_step_of_a_pair(tree, months, holds, record, committee_staff, today):
    actor, begin, unit = committee_staff, months[4].start, WorkUnitFactory()
    member = MemberFactory(branch=tree[3])
    pair = paired(tree[3], actor, unit, begin=months[5].start)
    holds()
    amend_pair(
        pair_id=pair.pk,
        facts=PairFacts("security", begin),
        unit_ids=[unit.pk],
        actor=actor,
    )
    holds()
    activities = [record(tree[3], member, months_after(begin, n)) for n in range(3)]
    rows = [
        add_activity(pair_id=pair.pk, activity_id=activity.pk, actor=actor)
        for activity in activities
    ]
    holds()
    take_activity_out(pair_activity_id=rows[0].pk, actor=actor)
    holds()
    cancel_activity(activity_id=activities[1].pk, reason="下雨", actor=actor)
    holds()
    end_pair(
        pair_id=pair.pk, ended_on=months_after(begin, 3), reason="搬迁", actor=actor
    )
    holds()
    merge_organizations(
        source_id=tree[3].pk, target_id=tree[4].pk, on_date=today, actor=actor
    )
    holds()
