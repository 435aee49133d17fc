"""Plans, settings and what was planned and is held now change the figures at once."""

from datetime import datetime, time, timedelta
from decimal import Decimal

import pytest

from activities.parameters.duties import THEME_DAYS
from activities.services.activities import ActivityFacts, Attendance, update_activity
from activities.services.plans import (
    LineFacts,
    PlanFacts,
    amend_plan,
    make_plan,
    withdraw_plan,
)
from config.lib.dates import SHANGHAI
from organizations import parameters
from tests.factories.activities import ActivityFactory
from tests.factories.members import MemberFactory

pytestmark = pytest.mark.django_db


def facts(month, kind="study") -> PlanFacts:
    line = LineFacts(
        kind=kind, starts_on=month.start, due_on=month.end - timedelta(days=1)
    )
    return PlanFacts(title="计划", year=month.year, lines=[line])


def test_a_plan_made_amended_and_withdrawn(tree, months, holds, committee_staff):
    MemberFactory(branch=tree[3])
    MemberFactory(branch=tree[5])
    month = months[3]
    holds()
    plan = make_plan(
        organization_id=tree[0].pk, facts=facts(month), actor=committee_staff
    )
    holds()
    amend_plan(
        plan_id=plan.pk, version=1, facts=facts(month, "lecture"), actor=committee_staff
    )
    holds()
    withdraw_plan(plan_id=plan.pk, reason="重复", actor=committee_staff)
    holds()


def test_how_often_something_is_owed(tree, holds, committee_staff):
    MemberFactory(branch=tree[3])
    holds()
    parameters.change(key=THEME_DAYS, value=2, actor=committee_staff)
    holds()


def test_what_was_planned_and_is_held_now(tree, holds, committee_staff, today):
    member = MemberFactory(branch=tree[3])
    activity = ActivityFactory(
        organization=tree[3], kind="theme_day", held_on=today, state="planned"
    )
    holds()
    update_activity(
        activity_id=activity.pk,
        version=1,
        facts=ActivityFacts(
            kind="theme_day",
            title="主题党日",
            starts_at=datetime.combine(today, time(0), tzinfo=SHANGHAI),
            hours=Decimal(2),
            place="社区广场",
        ),
        attendance={member.pk: Attendance("present")},
        actor=committee_staff,
        today=today,
    )
    holds()
