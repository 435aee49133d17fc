"""Study and the Party school say that figures changed, for every month."""

from datetime import datetime, time, timedelta
from decimal import Decimal

import pytest

from activities.services.activities import (
    ActivityFacts,
    Attendance,
    cancel_activity,
    record_activity,
)
from activities.services.study import record_self_study, withdraw_self_study
from config.lib.dates import SHANGHAI
from members.services.affiliations import move_affiliation
from members.services.teams import end_office, record_officer
from organizations import parameters
from tests.factories.activities import CourseFactory, SchoolTermFactory
from tests.factories.members import MemberFactory

pytestmark = pytest.mark.django_db


def test_hours_of_somebody_who_moves_on(tree, months, holds, committee_staff, today):
    member = MemberFactory(branch=tree[3])
    term = SchoolTermFactory(
        organization=tree[1], starts_on=months[-1].start, ends_on=months[0].end
    )
    who = {"actor": committee_staff, "today": today}
    holds()
    session = record_activity(
        organization_id=tree[3].pk,
        facts=ActivityFacts(
            kind="lecture",
            title="党章",
            starts_at=datetime.combine(months[3].start, time(9), tzinfo=SHANGHAI),
            hours=Decimal(8),
            place="党校",
            course_id=CourseFactory(term=term).pk,
        ),
        attendance={member.pk: Attendance("present")},
        **who,
    )
    holds()
    alone = [
        record_self_study(
            member_id=member.pk,
            studied_on=months[3].start + timedelta(days=day),
            hours=Decimal(4),
            material="党章",
            **who,
        )
        for day in range(1, 7)
    ]
    holds()
    move_affiliation(
        affiliation_id=member.affiliations.get().pk,
        organization_id=tree[5].pk,
        moved_on=months[1].start,
        actor=committee_staff,
    )
    office = record_officer(
        member_id=member.pk,
        organization_id=tree[5].pk,
        role="secretary",
        starts_on=months[1].start,
        **who,
    )
    holds()
    end_office(office_id=office.pk, ends_on=months[0].start, **who)
    holds()
    parameters.change(key="study.member_hours", value=20, actor=committee_staff)
    holds()
    withdraw_self_study(study_id=alone[0].pk, reason="记错", actor=committee_staff)
    holds()
    cancel_activity(activity_id=session.pk, reason="记错", actor=committee_staff)
    holds()
