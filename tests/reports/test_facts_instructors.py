"""Instructors say that figures changed, for every month and organization."""

from datetime import timedelta

import pytest

from members.services.coverage import decide_coverage
from members.services.instructor_records import (
    RecordFacts,
    record_work,
    withdraw_record,
)
from members.services.instructors import (
    InstructorFacts,
    amend_instructor,
    assign_unit,
    end_instructor,
    end_posting,
    select_instructor,
)
from organizations.coverage_rules import Decision
from organizations.services.structure import merge_organizations
from tests.members.coverage_steps import surveyed, two_new

pytestmark = pytest.mark.django_db


def test_every_step_of_an_instructor(tree, months, holds, committee_staff, today):
    actor, place = committee_staff, tree[1]
    first, second = two_new(place, "甲公司"), two_new(tree[2], "乙公司")
    facts = InstructorFacts("retired", months[4].start, "顾长河")
    sent = select_instructor(organization_id=place.pk, facts=facts, actor=actor)
    posting = assign_unit(
        instructor_id=sent.pk,
        unit_id=first.pk,
        starts_on=months[3].start + timedelta(days=3),
        actor=actor,
    )
    holds()
    work = RecordFacts("visit", months[2].start + timedelta(days=3), [posting.pk])
    record = record_work(instructor_id=sent.pk, facts=work, actor=actor)[0]
    facts = InstructorFacts("retired", months[5].start, "顾长河")
    amend_instructor(instructor_id=sent.pk, facts=facts, actor=actor)
    holds()
    withdraw_record(record_id=record.pk, reason="错", actor=actor)
    end_posting(posting_id=posting.pk, on_date=months[1].start, actor=actor)
    holds()
    surveyed(second, actor)
    decide_coverage(
        unit_id=second.pk,
        decision=Decision("instructor", today),
        instructor_id=sent.pk,
        actor=actor,
    )
    holds()
    end_instructor(instructor_id=sent.pk, on_date=today, reason="调走", actor=actor)
    holds()
    merge_organizations(
        source_id=place.pk, target_id=tree[2].pk, on_date=today, actor=actor
    )
    holds()
