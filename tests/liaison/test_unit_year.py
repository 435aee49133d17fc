"""One page with everything of a work unit in a year."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from config.lib.periods import Year
from liaison import unit_year
from liaison.services.agenda import Mark, mark_attendance
from liaison.services.decisions import DecisionFacts, decide
from liaison.services.obligations import give_evidence
from liaison.services.pair_parts import add_activity
from tests.factories.liaison import (
    CardEntryFactory,
    LiaisonCardFactory,
    reported_member,
)
from tests.factories.organizations import WorkUnitFactory
from tests.liaison.agreement_steps import drafted, held, listed, promised, signed, used
from tests.liaison.conference_steps import called, founded
from tests.liaison.pair_steps import paired

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def this_year(today):
    return Year.containing(today)


@pytest.fixture
def begun(community_a, community_secretary, work_unit, this_year):
    """An agreement of this year with one clause a year, and a room lent."""
    agreement = drafted(
        community_a, community_secretary, work_unit, begin=this_year.start
    )
    party = agreement.parties.get()
    promised(agreement, community_secretary, rhythm="year", party=party)
    room = listed(agreement, community_secretary, party_id=party.pk)
    signed(agreement, community_secretary)
    return agreement, room


def read(user, unit, year):
    """Both halves of the page, as one."""
    people = unit_year.unit_people(user, unit, year)
    joint = unit_year.unit_joint(user, unit, year)
    both = vars(people) | vars(joint) | {"facts": dict(people.facts + joint.facts)}
    return SimpleNamespace(**both)


def test_people_cards_and_those_without_one(
    card, branch_a1, branch_b1, work_unit, committee_staff, branch_secretary, this_year
):
    CardEntryFactory(card=card, occurred_on=this_year.start, hours=Decimal("1.5"))
    reported_member(branch_b1, home_unit=work_unit)
    LiaisonCardFactory(organization=branch_a1)  # of another unit
    found = read(committee_staff, work_unit, this_year)
    assert (found.reported, found.without_card) == (2, 1)
    assert [person.card for person in found.people] == [card]
    assert found.facts["参加活动和服务"] == "1 次，1.5 小时"
    # The neighbour community's member is not in this one's figures.
    assert read(branch_secretary, work_unit, this_year).reported == 1
    last = read(committee_staff, work_unit, this_year.previous())
    assert last.people == []


def test_what_the_unit_gave_and_did_counts_in_its_year(
    begun, branch_a1, community_secretary, work_unit, this_year, today
):
    agreement, room = begun
    used(room, community_secretary, today, money=Decimal("200.50"), people=12)
    activity = held(branch_a1, today - timedelta(days=1))
    give_evidence(
        obligation_id=agreement.obligations.earliest("due_on").pk,
        activity_id=activity.pk,
        actor=community_secretary,
    )
    found = read(community_secretary, work_unit, this_year)
    [row] = found.agreements
    assert (row.owed, row.met) == (1, 1)
    assert found.activities == [activity]
    assert not read(community_secretary, WorkUnitFactory(), this_year).agreements
    assert not read(community_secretary, work_unit, this_year.previous()).uses
    told = found.facts
    assert told["共建协议"] == "1 份，应办 1 项，已办 1 项"
    assert told["其中资金"] == "200.50 元"
    assert told["受益群众"] == "12 人次"


def test_packets_are_for_those_who_issue_them(
    packet, work_unit, committee_staff, community_secretary
):
    year = Year(2026)
    assert read(committee_staff, work_unit, year).packets == [packet]
    assert read(community_secretary, work_unit, year).packets == []


def test_the_page_is_reached_from_the_unit_and_stays_within_its_queries(
    packet,
    begun,
    client_for,
    committee_staff,
    work_unit,
    today,
    django_assert_max_num_queries,
):
    client = client_for(committee_staff)
    address = reverse("liaison:unit-year", args=[work_unit.pk, today.year])
    assert address in client.get(work_unit.get_absolute_url()).content.decode()
    client.get(address)
    with django_assert_max_num_queries(12):
        html = client.get(address).content.decode()
    assert "雷芳" in html
    assert "江滨中学" in html
    with django_assert_max_num_queries(12):
        html = client.get(f"{address}joint/").content.decode()
    assert "沿江社区与江滨中学共建协议" in html
    part = client.get(f"{address}joint/", headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert client.get(address.replace(str(today.year), "1")).status_code == 404


def test_a_branch_and_a_contact_are_refused(
    client_for, branch_secretary, unit_contact, work_unit
):
    address = reverse("liaison:unit-year", args=[work_unit.pk, 2026])
    assert client_for(branch_secretary).get(address).status_code == 403
    assert client_for(unit_contact).get(address).status_code == 403


def test_pairs_and_their_activities_are_the_units_too(
    branch_a1, community_a, community_secretary, work_unit, this_year, today
):
    pair = paired(community_a, community_secretary, work_unit, begin=this_year.start)
    activity = held(branch_a1, today - timedelta(days=1))
    add_activity(pair_id=pair.pk, activity_id=activity.pk, actor=community_secretary)
    found = read(community_secretary, work_unit, this_year)
    assert (found.pairs, found.activities) == ([pair], [activity])
    assert found.facts["结对共建"] == "文化共建"
    assert read(community_secretary, work_unit, this_year.previous()).pairs == []


def test_meetings_and_what_was_decided_there_are_the_units_too(
    community_a, community_secretary, work_unit
):
    conference = founded(community_a, community_secretary, work_unit)
    seat = conference.seats.get()
    meeting = called(conference, community_secretary, ahead=-10)
    mark_attendance(
        meeting_id=meeting.pk,
        marks=[Mark(seat.pk, "other", "周主任")],
        actor=community_secretary,
    )
    decision = decide(
        meeting_id=meeting.pk,
        facts=DecisionFacts(words="开放操场", due_on=meeting.meets_on, seat_id=seat.pk),
        actor=community_secretary,
    )
    found = read(community_secretary, work_unit, Year.containing(meeting.meets_on))
    assert [row.meeting for row in found.meetings] == [meeting]
    assert found.decisions == [decision]
    told = found.facts
    assert told["党建联席会"] == "1 次，到会 1 次"
    assert told["承办的议定事项"] == "1 项，已办结 0 项"
