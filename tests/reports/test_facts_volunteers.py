"""Teams and residents' requests say that figures changed, for every month.

Each test reads first, so that rows exist, writes once, and compares with a recount.
"""

from datetime import datetime, time, timedelta
from decimal import Decimal

import pytest

from activities.choices import Presence
from activities.services.activities import (
    ActivityFacts,
    Attendance,
    record_activity,
    update_activity,
)
from activities.services.claims import claim_request, finish_request
from activities.services.requests import close_request, withdraw_request
from activities.services.teams import (
    TeamFacts,
    add_to_team,
    amend_team,
    close_team,
    found_team,
    leave_team,
)
from config.lib.dates import SHANGHAI
from members.services.affiliations import end_affiliation, move_affiliation
from members.services.merging import merge_members
from organizations.services.structure import merge_organizations
from tests.activities import request_steps as steps
from tests.factories.members import MemberFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def team_of(committee_staff):
    """Return a function that founds a team with people on a day."""

    def make(place, *members, founded_on):
        team = found_team(
            organization_id=place.pk,
            facts=TeamFacts("便民服务队", founded_on),
            actor=committee_staff,
        )
        join(team, *members)
        return team

    def join(team, *members):
        if members:
            add_to_team(
                team_id=team.pk,
                member_ids=[member.pk for member in members],
                joined_on=team.founded_on,
                actor=committee_staff,
            )

    make.join = join
    return make


def test_a_team_and_its_people(tree, months, holds, team_of, committee_staff, today):
    community, branch, other = tree[1], tree[3], tree[5]
    members = MemberFactory.create_batch(4, branch=branch)
    holds()
    team = team_of(community, founded_on=months[3].start)
    holds()
    team_of.join(team, *members)
    holds()
    place = team.places.get(member=members[0])
    leave_team(place_id=place.pk, actor=committee_staff)
    holds()
    move_affiliation(
        affiliation_id=members[1].affiliations.get().pk,
        organization_id=other.pk,
        moved_on=months[1].start,
        actor=committee_staff,
    )
    holds()
    end_affiliation(
        affiliation_id=members[2].affiliations.get().pk,
        ends_on=months[2].start,
        end_reason="transferred_out",
        actor=committee_staff,
    )
    holds()
    amend_team(
        team_id=team.pk,
        facts=TeamFacts("便民队", months[5].start),
        actor=committee_staff,
    )
    holds()
    close_team(team_id=team.pk, closed_on=today, actor=committee_staff)
    holds()


def test_an_activity_that_names_a_team_later(
    tree, months, holds, team_of, committee_staff, today
):
    branch = tree[3]
    member = MemberFactory(branch=branch)
    team = team_of(tree[1], member, founded_on=months[4].start)
    facts = ActivityFacts(
        kind="volunteering",
        title="义诊",
        starts_at=datetime.combine(months[2].start, time(9), tzinfo=SHANGHAI),
        hours=Decimal("1.5"),
        place="广场",
        people_served=9,
    )
    common = {
        "attendance": {member.pk: Attendance(Presence.PRESENT)},
        "actor": committee_staff,
        "today": today,
    }
    activity = record_activity(organization_id=branch.pk, facts=facts, **common)
    holds()
    named = ActivityFacts(**(vars(facts) | {"team_id": team.pk}))
    update_activity(activity_id=activity.pk, version=1, facts=named, **common)
    holds()


def test_two_records_in_a_team_and_a_branch_with_a_team_that_merges(
    tree, months, holds, team_of, committee_staff, today
):
    branch = tree[3]
    kept, gone = MemberFactory.create_batch(2, branch=branch)
    team = team_of(branch, gone, founded_on=months[4].start)
    holds()
    add_to_team(
        team_id=team.pk, member_ids=[kept.pk], joined_on=today, actor=committee_staff
    )
    merge_members(kept_id=kept.pk, gone_id=gone.pk, taken=(), actor=committee_staff)
    holds()
    steps.received(branch, committee_staff, received_on=months[2].start)
    holds()
    merge_organizations(
        source_id=branch.pk,
        target_id=tree[4].pk,
        on_date=today - timedelta(days=1),
        actor=committee_staff,
    )
    holds()


def test_each_step_of_a_request(tree, months, holds, team_of, committee_staff, today):
    community = tree[1]
    member = MemberFactory(branch=tree[3])
    team = team_of(community, member, founded_on=months[4].start)
    holds()
    request = steps.published(
        community, committee_staff, received_on=months[3].start, wanted_by=today
    )
    holds()
    claim_request(request_id=request.pk, team_id=team.pk, actor=committee_staff)
    finish_request(
        request_id=request.pk,
        result="办了",
        deed=steps.deed(member),
        actor=committee_staff,
    )
    holds()
    close_request(
        request_id=request.pk, satisfaction="satisfied", actor=committee_staff
    )
    holds()
    other = steps.received(community, committee_staff, received_on=months[1].start)
    holds()
    withdraw_request(request_id=other.pk, words="不需要", actor=committee_staff)
    holds()
