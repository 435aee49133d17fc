"""Projects of services say that figures changed, for every month and branch."""

import pytest

from activities.services.project_people import amend_post, end_post, withdraw_post
from activities.services.projects import withdraw_project
from organizations.services.structure import merge_organizations
from tests.activities.project_steps import (
    closed,
    left,
    mistaken,
    opened,
    placed,
    posted,
)
from tests.factories.members import MemberFactory
from tests.members.employment_steps import spell

pytestmark = pytest.mark.django_db


def test_every_step_of_a_project(tree, months, holds, committee_staff, today):
    actor, day = committee_staff, months[4].start
    founder, worker = MemberFactory.create_batch(2, branch=tree[3])
    for member in (founder, worker):
        spell(member, actor, "laid_off", months[5].start)
    holds()
    wrong = opened(founder, actor, tree[1], opened_on=day, name="早餐点")
    holds()
    withdraw_project(project_id=wrong.pk, reason="错", actor=actor)
    holds()
    project = opened(founder, actor, tree[1], opened_on=day)
    holds()
    post = posted(project, actor, 2, created_on=day)
    holds()
    other = posted(project, actor, 4, "收银", months[3].start)
    holds()
    amend_post(post_id=post.pk, name="裁缝", places=3, actor=actor)
    holds()
    withdraw_post(post_id=other.pk, reason="错", actor=actor)
    holds()
    person = placed(post, actor, worker, starts_on=months[3].start)
    holds()
    resident = placed(post, actor, name="甲", starts_on=months[2].start)
    holds()
    left(person, actor, ends_on=months[1].start)
    holds()
    mistaken(resident, actor)
    holds()
    end_post(post_id=post.pk, ended_on=months[1].start, actor=actor)
    holds()
    merge_organizations(
        source_id=tree[3].pk, target_id=tree[4].pk, on_date=today, actor=actor
    )
    holds()
    closed(project, actor, today)
    holds()
