"""Instructors: selection, units, visits and calls, appraisal, warnings, coverage."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from config.lib import registry
from config.lib.dates import months_after
from config.lib.errors import RuleError
from config.lib.versions import StaleError
from members.models import Instructor, InstructorPosting, InstructorRecord
from members.rules import instructors as rules
from members.services.coverage import decide_coverage
from members.services.instructor_records import (
    RecordFacts,
    appraise,
    record_work,
    withdraw_record,
)
from members.services.instructors import end_instructor, end_posting
from organizations.coverage_rules import Decision
from organizations.models import Coverage, WorkUnit
from organizations.services.structure import close_organization
from tests.factories.members import MemberFactory
from tests.members.coverage_steps import ago, decided, surveyed, two_new
from tests.members.instructor_steps import guiding, recorded, selected

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit(community_a):
    return two_new(community_a, "晨光科技有限公司")


def warned(key, user):
    rows = registry.alert(f"members.instructor_{key}").rows(user, timezone.localdate())
    return [row.label for row in rows]


@pytest.mark.parametrize("ends_on", [date(2026, 1, 1), date(2037, 1, 1)])
def test_a_term_begins_before_it_ends(ends_on):
    with pytest.raises(RuleError, match="任期截止"):
        rules.check_term(date(2026, 1, 1), ends_on, date(2026, 6, 1))


def test_a_full_member_is_selected_once(
    street, branch_a1, committee_staff, community_secretary
):
    member = MemberFactory(branch=branch_a1)
    instructor = selected(street, committee_staff, member_id=member.pk, name="")
    assert instructor.name == member.name
    assert instructor.ends_on == months_after(instructor.starts_on, 24)
    with pytest.raises(RuleError, match="已经是在任"):
        selected(street, committee_staff, member_id=member.pk)
    other = MemberFactory(branch=branch_a1, member_type="probationary")
    with pytest.raises(RuleError, match="正式党员"):
        selected(street, committee_staff, member_id=other.pk)
    assert not Instructor.objects.visible_to(community_secretary).exists()


def test_whoever_keeps_a_guided_unit_sees_the_instructor_and_that_unit_alone(
    unit, street, community_b, committee_staff, community_secretary, branch_secretary
):
    instructor = selected(street, committee_staff)
    guiding(instructor, unit, committee_staff)
    other = guiding(instructor, two_new(community_b, "湖畔商行"), committee_staff)
    recorded(other, committee_staff)
    seen = InstructorPosting.objects.visible_to(community_secretary)
    assert [row.unit for row in seen] == [unit]
    assert Instructor.objects.visible_to(community_secretary).get() == instructor
    assert not InstructorRecord.objects.visible_to(community_secretary).exists()
    assert not Instructor.objects.visible_to(branch_secretary).exists()
    recorded(seen.get(), community_secretary)
    with pytest.raises(InstructorPosting.DoesNotExist):
        recorded(other, community_secretary)
    with pytest.raises(PermissionDenied):
        end_instructor(
            instructor_id=instructor.pk,
            on_date=ago(0),
            reason="调走",
            actor=community_secretary,
        )


def test_a_unit_has_one_instructor(unit, street, committee_staff):
    first, second = (selected(street, committee_staff, name) for name in ("甲", "乙"))
    posting = guiding(first, unit, committee_staff)
    assert guiding(first, unit, committee_staff) == posting
    with pytest.raises(RuleError, match="已由指导员甲联系"):
        guiding(second, unit, committee_staff)
    recorded(posting, committee_staff, day=5)
    with pytest.raises(RuleError, match="还有走访或电话记录"):
        end_posting(posting_id=posting.pk, on_date=ago(6), actor=committee_staff)
    end_posting(posting_id=posting.pk, on_date=ago(5), actor=committee_staff)
    with pytest.raises(RuleError, match="起始日期不能更早"):
        guiding(second, unit, committee_staff, day=6)
    assert guiding(second, unit, committee_staff, day=5).ends_on is None


def test_work_is_recorded_once_and_taken_back(unit, street, committee_staff):
    instructor = selected(street, committee_staff)
    posting = guiding(instructor, unit, committee_staff)
    once = uuid4()
    record = recorded(posting, committee_staff, request_id=once)[0]
    assert recorded(posting, committee_staff, request_id=once) == [record]
    with pytest.raises(RuleError, match="不能早于"):
        recorded(posting, committee_staff, day=101)
    with pytest.raises(RuleError, match="请勾选"):
        record_work(
            instructor_id=instructor.pk,
            facts=RecordFacts("call", ago(1)),
            actor=committee_staff,
        )
    withdraw_record(record_id=record.pk, reason="记错", actor=committee_staff)
    assert warned("unvisited", committee_staff) == [unit.name]


def test_silence_load_and_terms_are_warned_of(
    unit, street, community_a, committee_staff, community_secretary
):
    instructor = selected(street, committee_staff, day=800)
    posting = guiding(instructor, unit, committee_staff)
    assert warned("unvisited", community_secretary) == [unit.name]
    assert warned("uncalled", community_secretary) == [unit.name]
    recorded(posting, committee_staff, day=31)
    assert not warned("unvisited", community_secretary)
    assert warned("uncalled", community_secretary) == [unit.name]
    recorded(posting, committee_staff, "call", day=7)
    assert not warned("uncalled", community_secretary)
    assert warned("expired", committee_staff) == ["顾长河"]
    assert not warned("loaded", committee_staff)
    for number in range(5):
        guiding(instructor, two_new(community_a, f"单位{number}"), committee_staff)
    assert warned("loaded", committee_staff) == ["顾长河"]
    WorkUnit.objects.filter(name="单位0").update(is_active=False)
    assert not warned("loaded", committee_staff)
    end_instructor(
        instructor_id=instructor.pk,
        on_date=ago(1),
        reason="期满",
        actor=committee_staff,
    )
    assert not InstructorPosting.objects.open().exists()
    assert not warned("expired", committee_staff)


def test_a_year_is_graded_once_and_put_right(street, committee_staff):
    instructor = selected(street, committee_staff, day=800)
    asked = {
        "instructor_id": instructor.pk,
        "year": ago(400).year,
        "decided_on": ago(1),
        "actor": committee_staff,
    }
    with pytest.raises(RuleError, match="整改或者召回"):
        appraise(grade="incompetent", **asked)
    appraise(grade="basic", **asked)
    appraise(grade="competent", **asked)
    assert [each.grade for each in instructor.appraisals.all()] == ["competent"]
    with pytest.raises(RuleError, match="考核年度"):
        appraise(grade="basic", **asked | {"year": ago(0).year + 1})


def test_deciding_the_form_of_coverage_sends_and_recalls(
    unit, street, branch_a1, committee_staff
):
    surveyed(unit, committee_staff)
    first, second = (selected(street, committee_staff, name) for name in ("甲", "乙"))
    decided(unit, committee_staff, "instructor", instructor_name="顾干事")
    assert warned("unregistered", committee_staff) == [unit.name]

    def send(instructor, day):
        decide_coverage(
            unit_id=unit.pk,
            decision=Decision(form="instructor", starts_on=ago(day)),
            instructor_id=instructor.pk,
            actor=committee_staff,
        )

    send(first, 20)
    assert not warned("unregistered", committee_staff)
    assert Coverage.objects.open().get().by_whom == "甲"
    send(second, 10)
    rows = unit.instructor_postings.order_by("starts_on")
    assert [(row.instructor.name, row.ends_on) for row in rows] == [
        ("甲", ago(10)),
        ("乙", None),
    ]
    decided(unit, committee_staff, "attached", day=5, organization_id=branch_a1.pk)
    assert not unit.instructor_postings.open().exists()


def test_an_organization_with_instructors_is_not_closed(community_a, committee_staff):
    selected(community_a, committee_staff)
    with pytest.raises(RuleError, match="指导员还有 1 名在任"):
        close_organization(
            organization_id=community_a.pk,
            on_date=timezone.localdate(),
            reason="撤销",
            actor=committee_staff,
        )


def test_pages(unit, street, branch_a1, committee_staff, client_for):
    staff = client_for(committee_staff)
    surveyed(unit, committee_staff)
    member = MemberFactory(branch=branch_a1, name="雷芳")
    sent = {
        "organization": street.pk,
        "known": "known",
        "name": "雷方",
        "source": "agency",
        "starts_on": ago(60).isoformat(),
    }
    address = reverse("members:instructor-add")
    refused = staff.post(address, sent)
    assert refused.status_code == 422
    assert "没有叫“雷方”的正式党员" in refused.content.decode()
    staff.post(address, sent | {"name": "雷芳", "phone": "13800000001"})
    instructor = Instructor.objects.get()
    assert instructor.member == member
    page = staff.get(instructor.get_absolute_url()).content.decode()
    assert reverse("members:detail", args=[member.pk]) in page
    assert "13800000001" not in page
    decide = reverse("members:coverage-decide", args=[unit.pk])
    assert "雷芳" in staff.get(decide).content.decode()
    staff.post(
        decide,
        {
            "form": "instructor",
            "starts_on": ago(40).isoformat(),
            "instructor": instructor.pk,
            "version": 0,
        },
    )
    posting = instructor.postings.get()
    staff.post(
        reverse("members:instructor-record-add", args=[instructor.pk]),
        {"kind": "visit", "held_on": ago(35).isoformat(), "postings": [posting.pk]},
    )
    page = staff.get(instructor.get_absolute_url()).content.decode()
    assert "久未走访" in page
    listed = staff.get(reverse("members:instructor-list"), {"group": "silent"})
    assert "雷芳" in listed.content.decode()
    unit_page = staff.get(reverse("members:coverage-unit", args=[unit.pk]))
    assert instructor.get_absolute_url() in unit_page.content.decode()
    stale = staff.post(
        reverse("members:instructor-edit", args=[instructor.pk]),
        sent | {"version": 0},
    )
    assert stale.status_code == 409


def test_a_stale_amendment_is_refused(street, committee_staff):
    instructor = selected(street, committee_staff)
    with pytest.raises(StaleError):
        end_instructor(
            instructor_id=instructor.pk,
            on_date=ago(0),
            reason="调走",
            version=9,
            actor=committee_staff,
        )
