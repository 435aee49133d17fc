"""Instructors whose unit moves or goes, who are no members any more, who exchange."""

from collections import Counter
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from config.lib import registry
from config.lib.errors import RuleError
from members.models import Instructor, InstructorPosting, InstructorRecord
from members.services.coverage import decide_coverage
from members.services.decisions import record_death
from members.services.instructors import (
    InstructorFacts,
    amend_instructor,
    end_instructor,
    end_posting,
)
from members.services.merging import merge_members
from organizations.coverage_rules import Decision
from organizations.models import AuditEvent
from organizations.services.structure import merge_organizations
from organizations.services.work_units import update_work_unit
from organizations.signals import facts_changed
from tests.factories.members import MemberFactory
from tests.members.coverage_steps import ago, surveyed, two_new
from tests.members.instructor_steps import guiding, recorded, selected
from tests.races import needs_server, race

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit(community_a):
    return two_new(community_a, "晨光科技有限公司")


def test_an_instructor_who_dies_is_warned_of(street, branch_a1, committee_staff):
    member = MemberFactory(branch=branch_a1)
    instructor = selected(street, committee_staff, member_id=member.pk, name="")
    alert = registry.alert("members.instructor_unfit")
    assert not alert.count(committee_staff, timezone.localdate())
    record_death(member_id=member.pk, died_on=ago(3), actor=committee_staff)
    rows = alert.rows(committee_staff, timezone.localdate())
    assert [row.label for row in rows] == [instructor.name]
    assert Instructor.objects.get().is_unfit
    end_instructor(
        instructor_id=instructor.pk,
        on_date=ago(3),
        reason="去世",
        actor=committee_staff,
    )
    assert not alert.count(committee_staff, timezone.localdate())


def test_a_unit_that_leaves_the_register_is_guided_no_more(
    unit, street, committee_staff
):
    posting = guiding(selected(street, committee_staff), unit, committee_staff)
    update_work_unit(
        work_unit_id=unit.pk, version=None, is_active=False, actor=committee_staff
    )
    posting.refresh_from_db()
    assert posting.ends_on == timezone.localdate()


@pytest.fixture
def told():
    """Where and since when figures of instructors' units were said to change."""
    found = []

    def hear(sender, organization_ids, since, **kwargs):
        found.append((set(organization_ids), since))

    facts_changed.connect(hear, sender=InstructorPosting)
    yield found
    facts_changed.disconnect(hear, sender=InstructorPosting)


def test_figures_follow_a_unit_without_a_sheet(
    unit, street, community_a, community_b, committee_staff, told
):
    guiding(selected(street, committee_staff), unit, committee_staff)
    update_work_unit(
        work_unit_id=unit.pk,
        version=None,
        community=community_b.community,
        actor=committee_staff,
    )
    both = {community_a.pk, community_b.pk}
    assert told == [(both, ago(100))]
    merge_organizations(
        source_id=community_b.pk,
        target_id=community_a.pk,
        on_date=ago(0),
        actor=committee_staff,
    )
    assert told[1:] == [(both, ago(100))]


def test_two_records_of_one_person_in_office_are_not_merged(
    street, branch_a1, committee_staff
):
    one, two = MemberFactory(branch=branch_a1), MemberFactory(branch=branch_a1)
    for member in (one, two):
        selected(street, committee_staff, member_id=member.pk, name="")
    asked = {"kept_id": one.pk, "gone_id": two.pk, "taken": ()}
    with pytest.raises(RuleError, match="都是在任的党建工作指导员"):
        merge_members(actor=committee_staff, **asked)
    end_instructor(
        instructor_id=Instructor.objects.get(member=two).pk,
        on_date=ago(0),
        reason="重复登记",
        actor=committee_staff,
    )
    merge_members(actor=committee_staff, **asked)
    assert Instructor.objects.filter(member=one).count() == 2


def test_a_term_does_not_begin_after_its_reports(unit, street, committee_staff):
    instructor = selected(street, committee_staff, day=200)
    posting = guiding(instructor, unit, committee_staff, day=50)
    recorded(posting, committee_staff, day=40)
    with pytest.raises(RuleError, match="已有联系的单位"):
        amend_instructor(
            instructor_id=instructor.pk,
            facts=InstructorFacts("retired", ago(45), "顾长河"),
            actor=committee_staff,
        )
    with pytest.raises(RuleError, match="任期截止"):
        amend_instructor(
            instructor_id=instructor.pk,
            facts=InstructorFacts("retired", ago(90), "顾长河", ends_on=ago(91)),
            actor=committee_staff,
        )


def test_a_community_sees_the_work_at_its_own_units_alone(
    unit,
    street,
    community_b,
    committee_staff,
    community_secretary,
    client_for,
):
    instructor = selected(street, committee_staff)
    here = guiding(instructor, unit, committee_staff)
    there = guiding(instructor, two_new(community_b, "湖畔商行"), committee_staff)
    recorded(here, committee_staff, day=1)
    recorded(there, committee_staff, day=0)

    def listed(user):
        rows = Instructor.objects.visible_to(user).with_units()
        row = rows.with_work(user, ago(2)).get()
        return row.units, row.visits, row.visited_on

    assert listed(committee_staff) == (2, 2, ago(0))
    assert listed(community_secretary) == (2, 1, ago(1))
    months = InstructorRecord.objects.visible_to(community_secretary).by_month()
    assert [(row["visits"], row["calls"], row["units"]) for row in months] == [
        (1, 0, 1)
    ]
    InstructorRecord.objects.filter(posting=there).update(held_on=ago(60))
    seen = Instructor.objects.visible_to(community_secretary)
    assert not seen.silent(community_secretary, ago(0), 31).exists()
    assert seen.silent(committee_staff, ago(0), 31).exists()
    page = client_for(community_secretary).get(instructor.get_absolute_url())
    assert "每月走访和电话" in page.content.decode()
    assert "湖畔商行" not in page.content.decode()


def test_what_was_done_before_a_unit_was_left_is_entered_afterwards(
    unit, street, committee_staff, client_for
):
    instructor = selected(street, committee_staff)
    posting = guiding(instructor, unit, committee_staff)
    end_posting(posting_id=posting.pk, on_date=ago(2), actor=committee_staff)
    address = reverse("members:instructor-record-add", args=[instructor.pk])
    staff = client_for(committee_staff)
    assert f"{unit.name}（联系到{ago(2)}）" in staff.get(address).content.decode()
    sent = {"kind": "visit", "postings": [posting.pk]}
    refused = staff.post(address, sent | {"held_on": ago(1).isoformat()})
    assert refused.status_code == 422
    staff.post(address, sent | {"held_on": ago(3).isoformat()})
    assert posting.records.count() == 1


def test_work_sent_twice_is_one_entry_of_the_trail(unit, street, committee_staff):
    posting = guiding(selected(street, committee_staff), unit, committee_staff)
    once = uuid4()
    for _ in range(2):
        recorded(posting, committee_staff, request_id=once)
    events = AuditEvent.objects.filter(action="instructor_saved")
    assert events.filter(details__instructor_step="visit").count() == 1


@needs_server
@pytest.mark.django_db(transaction=True)
def test_instructors_are_exchanged_and_end_at_once(
    unit, street, community_a, committee_staff
):
    """No deadlock, and one open posting a unit at most."""
    first, second = (selected(street, committee_staff, name) for name in ("甲", "乙"))
    units = [unit, two_new(community_a, "北岸商行")]
    for each, instructor in zip(units, (first, second), strict=True):
        surveyed(each, committee_staff)
        guiding(instructor, each, committee_staff)

    def send(number):
        if number == 7:
            end_instructor(
                instructor_id=first.pk,
                on_date=ago(0),
                reason="调走",
                actor=committee_staff,
            )
            return "ended"
        decide_coverage(
            unit_id=units[number % 2].pk,
            decision=Decision("instructor", ago(0)),
            instructor_id=(first, second)[(number // 2) % 2].pk,
            actor=committee_staff,
        )
        return "sent"

    counted = Counter(race(send, 8))
    assert set(counted) <= {"sent", "ended", "ended_on"}
    assert counted["ended"] == 1
    assert not InstructorPosting.objects.open().filter(instructor=first).exists()
    for each in units:
        assert each.instructor_postings.open().count() <= 1
