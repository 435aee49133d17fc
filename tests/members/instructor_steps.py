"""Steps of instructors that several tests take."""

from members.services.instructor_records import RecordFacts, record_work
from members.services.instructors import (
    InstructorFacts,
    assign_unit,
    select_instructor,
)
from tests.members.coverage_steps import ago


def selected(place, actor, name="顾长河", day=200, **more):
    facts = {"source": "retired", "starts_on": ago(day), "name": name}
    return select_instructor(
        organization_id=place.pk,
        facts=InstructorFacts(**facts | more),
        actor=actor,
    )


def guiding(instructor, unit, actor, day=100):
    return assign_unit(
        instructor_id=instructor.pk, unit_id=unit.pk, starts_on=ago(day), actor=actor
    )


def recorded(posting, actor, kind="visit", day=5, **more):
    facts = RecordFacts(kind, ago(day), [posting.pk], "看望职工")
    return record_work(
        instructor_id=posting.instructor_id, facts=facts, actor=actor, **more
    )
