"""Elections: a new team and term at once, approved from above, taken back whole."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from config.lib.errors import RuleError
from config.lib.registry import alerts
from members.models import Candidate, Member, Officer
from members.services import team_endings
from members.services.affiliations import end_affiliation
from members.services.elections import (
    Vote,
    approve_election,
    record_election,
    withdraw_election,
)
from members.services.teams import end_office, record_officer
from organizations.models import AuditEvent, Election, Organization, Term
from organizations.services.structure import merge_organizations, update_organization
from organizations.services.terms import change_term
from organizations.term_rules import Ballot
from tests.factories.members import MemberFactory
from tests.races import needs_server, race

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 30)
BALLOT = Ballot(
    kind="general",
    held_on=date(2026, 11, 20),
    seats=1,
    eligible=4,
    present=4,
    issued=4,
    returned=4,
    valid=4,
)


@pytest.fixture
def people(branch_a1):
    return [MemberFactory(branch=branch_a1, name=name) for name in ("甲一", "乙二")]


@pytest.fixture
def elect(branch_a1, people, branch_secretary):
    def run(winner=0, actor=branch_secretary, ballot=BALLOT, **more):
        votes = [
            Vote(person.pk, "secretary", 4 if place == winner else 0, place == winner)
            for place, person in enumerate(people)
        ]
        return record_election(
            organization_id=branch_a1.pk,
            ballot=ballot,
            forum="meeting",
            votes=more.pop("votes", votes),
            actor=actor,
            today=TODAY,
            **more,
        )

    return run


def heads(place):
    return list(
        Officer.objects.current()
        .filter(organization=place)
        .values_list("member__name", "starts_on")
    )


def test_an_election_makes_the_team_the_term_and_its_end(elect, branch_a1):
    request_id = uuid4()
    election = elect(request_id=request_id)
    assert elect(request_id=request_id) == election
    assert heads(branch_a1) == [("甲一", date(2026, 11, 20))]
    branch_a1.refresh_from_db()
    term = Term.objects.get()
    years = 5 if branch_a1.field == "community" else 3
    assert branch_a1.term_ends_on == term.due_on == date(2026 + years, 11, 20)
    assert term.number == 1
    assert Candidate.objects.count() == 2
    assert AuditEvent.objects.filter(action="election_recorded").count() == 1


def test_the_next_one_ends_the_team_and_the_term_before(elect, branch_a1):
    elect(ballot=replace(BALLOT, held_on=date(2023, 11, 20)), term_number=7)
    elect(winner=1)
    assert heads(branch_a1) == [("乙二", date(2026, 11, 20))]
    first, second = Term.objects.order_by("number")
    assert (first.number, first.ended_on) == (7, date(2026, 11, 20))
    assert second.number == 8
    with pytest.raises(RuleError, match="应在这一天之后"):
        elect(ballot=replace(BALLOT, held_on=date(2026, 11, 20)))


def test_a_vacancy_is_filled_within_the_term(elect, branch_a1, people):
    elect()
    branch_a1.refresh_from_db()
    due_on = branch_a1.term_ends_on
    ballot = replace(BALLOT, kind="vacancy", held_on=date(2026, 11, 25))
    elect(ballot=ballot, votes=[Vote(people[1].pk, "deputy", 3, True)])
    assert len(heads(branch_a1)) == 2
    branch_a1.refresh_from_db()
    assert branch_a1.term_ends_on == due_on
    assert Term.objects.count() == 1


def test_what_the_rules_refuse_writes_nothing(elect, people):
    with pytest.raises(RuleError, match="选举无效"):
        elect(ballot=replace(BALLOT, present=3, issued=3, returned=3, valid=3))
    with pytest.raises(RuleError, match="写了两行"):
        elect(votes=[Vote(people[0].pk, "secretary", 4, True)] * 2)
    assert not Election.objects.exists()
    assert not Officer.objects.exists()


def test_only_full_members_of_the_place_are_elected(elect, branch_b1, branch_a1):
    stranger = MemberFactory(branch=branch_b1)
    young = MemberFactory(
        branch=branch_a1, member_type="probationary", confirmed_on=None
    )
    for person in (stranger, young):
        with pytest.raises(Member.DoesNotExist):
            elect(votes=[Vote(person.pk, "secretary", 4, True)])


def test_nobody_elects_elsewhere(elect, secretary_b, hardship_officer, auditor):
    for stranger in (secretary_b, hardship_officer, auditor):
        with pytest.raises((PermissionDenied, Organization.DoesNotExist)):
            elect(actor=stranger)


def test_the_higher_organization_approves(elect, branch_secretary, community_secretary):
    election = elect()
    facts = {
        "election_id": election.pk,
        "approval": "江工委2026年9号",
        "today": TODAY,
    }
    with pytest.raises(PermissionDenied):
        approve_election(approved_on=TODAY, actor=branch_secretary, **facts)
    with pytest.raises(RuleError, match="批复日期"):
        approve_election(
            approved_on=date(2026, 11, 1), actor=community_secretary, **facts
        )
    approve_election(approved_on=TODAY, actor=community_secretary, **facts)
    with pytest.raises(RuleError, match="已经批复"):
        withdraw_election(
            election_id=election.pk, reason="填错", actor=branch_secretary
        )


def test_an_election_taken_back_leaves_all_as_it_was(
    elect, branch_a1, branch_secretary
):
    elect(ballot=replace(BALLOT, held_on=date(2023, 11, 20)))
    branch_a1.refresh_from_db()
    before = (heads(branch_a1), branch_a1.term_ends_on)
    mistaken = elect(winner=1)
    first = Election.objects.earliest("held_on")
    with pytest.raises(RuleError, match="又有变动"):
        withdraw_election(election_id=first.pk, reason="填错", actor=branch_secretary)
    withdraw_election(election_id=mistaken.pk, reason="填错", actor=branch_secretary)
    branch_a1.refresh_from_db()
    assert (heads(branch_a1), branch_a1.term_ends_on) == before
    assert Term.objects.get().ended_on is None
    assert not Election.objects.counted().filter(pk=mistaken.pk).exists()


def test_a_term_ends_later_by_approval_alone(
    elect, branch_a1, branch_secretary, community_secretary, committee_staff
):
    elect()
    branch_a1.refresh_from_db()
    facts = {
        "organization_id": branch_a1.pk,
        "kind": "delay",
        "after": branch_a1.term_ends_on + timedelta(days=90),
        "approved_on": TODAY,
        "approval": "",
        "reason": "社区换届统一安排",
        "today": TODAY,
    }
    with pytest.raises(PermissionDenied):
        change_term(actor=branch_secretary, **facts)
    change = change_term(actor=community_secretary, **facts)
    assert change_term(actor=community_secretary, **facts) == change
    branch_a1.refresh_from_db()
    assert branch_a1.term_ends_on == facts["after"]
    with pytest.raises(RuleError, match="班子与换届"):
        update_organization(
            organization_id=branch_a1.pk,
            version=None,
            term_ends_on=date(2030, 1, 1),
            actor=committee_staff,
        )


def test_sizes_and_posts_that_do_not_fit_are_told(
    branch_a1, branch_secretary, elect, people
):
    def told(key):
        alert = next(each for each in alerts() if each.key == f"members.{key}")
        rows = alert.queryset(branch_secretary, TODAY)
        return [alert.item(row, TODAY).organization_id for row in rows]

    here = [branch_a1.pk]
    assert told("no_secretary") == told("branch_too_small") == here
    for _ in range(5):
        MemberFactory(branch=branch_a1)
    record_officer(
        member_id=people[0].pk,
        organization_id=branch_a1.pk,
        role="secretary",
        starts_on=date(2026, 1, 1),
        actor=branch_secretary,
        today=TODAY,
    )
    assert told("no_secretary") == told("branch_too_small") == []
    assert told("no_committee") == here
    elect(ballot=replace(BALLOT, held_on=date(2026, 10, 20)))
    assert told("election_waiting") == here


@needs_server
@pytest.mark.django_db(transaction=True)
def test_two_elections_at_once_leave_one_team(elect, branch_a1):
    results = race(lambda number: elect(winner=number % 2).pk, count=4)
    assert results.count("held_on") == 3
    assert len(heads(branch_a1)) == 1
    assert Term.objects.current().count() == 1


def appointed(people, place, actor, member=0, starts_on=date(2026, 1, 1)):
    return record_officer(
        member_id=people[member].pk,
        organization_id=place.pk,
        role="secretary",
        starts_on=starts_on,
        actor=actor,
        today=TODAY,
    )


def test_an_organization_that_ends_leaves_no_team(
    elect, branch_a1, branch_a2, community_a, people, committee_staff
):
    elect()
    appointed(people, community_a, committee_staff)
    merge_organizations(
        source_id=branch_a1.pk,
        target_id=branch_a2.pk,
        on_date=TODAY,
        actor=committee_staff,
    )
    assert heads(branch_a1) == []
    assert Term.objects.get().ended_on == TODAY
    # A post above the branch stays with whoever holds it.
    assert len(heads(community_a)) == 1


def test_a_post_ends_with_the_roll_and_for_one_who_left(
    elect, branch_a1, people, branch_secretary, committee_staff
):
    office = appointed(people, branch_a1, branch_secretary)
    end_affiliation(
        affiliation_id=people[0].affiliations.get().pk,
        end_reason="transferred_out",
        ends_on=TODAY,
        actor=committee_staff,
    )
    office.refresh_from_db()
    assert office.ends_on == TODAY
    # One who left before such posts ended by themselves.
    Officer.objects.filter(pk=office.pk).update(ends_on=None)
    end_office(office_id=office.pk, ends_on=TODAY, actor=branch_secretary, today=TODAY)
    assert heads(branch_a1) == []


def test_who_was_appointed_since_keeps_an_election_from_being_taken_back(
    elect, branch_a1, people, branch_secretary
):
    appointed(people, branch_a1, branch_secretary)
    mistaken = elect(winner=1)
    appointed(people, branch_a1, branch_secretary, starts_on=TODAY)
    with pytest.raises(RuleError, match="又有变动"):
        withdraw_election(
            election_id=mistaken.pk, reason="填错", actor=branch_secretary
        )


def test_an_election_before_the_post_known_says_whose(
    elect, branch_a1, people, branch_secretary
):
    appointed(people, branch_a1, branch_secretary, starts_on=TODAY)
    with pytest.raises(RuleError, match="甲一登记的任职日期 2026-11-30 晚于"):
        elect()


def test_two_records_of_an_officer_become_one(
    branch_a1, people, branch_secretary, committee_staff
):
    for number in (0, 1):
        appointed(people, branch_a1, branch_secretary, member=number)
    team_endings.end_double_posts(*people, committee_staff)
    assert [name for name, _ in heads(branch_a1)] == ["甲一"]
