from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from activities.choices import ActivityKind
from activities.models import Course, SchoolTerm
from activities.school import course_rows, invited, people_taught
from activities.services.activities import cancel_activity
from activities.services.school import amend_term, open_term, save_course
from config.lib.dates import SHANGHAI
from config.lib.errors import RuleError
from config.lib.versions import StaleError
from organizations.choices import AuditAction
from organizations.models import AuditEvent, Organization
from tests.factories.activities import (
    ActivityFactory,
    CourseFactory,
    ParticipationFactory,
    SchoolTermFactory,
)
from tests.factories.members import MemberFactory

pytestmark = pytest.mark.django_db

AUTUMN = {
    "name": "秋季业余党校",
    "starts_on": date(2026, 9, 1),
    "ends_on": date(2026, 12, 20),
}


@pytest.fixture
def term(community_a):
    today = timezone.localdate()
    return SchoolTermFactory(
        organization=community_a,
        starts_on=today - timedelta(days=60),
        ends_on=today + timedelta(days=60),
    )


@pytest.fixture
def course(term):
    return CourseFactory(term=term, title="党的创新理论")


def test_opening_a_term_twice_is_one_term(community_a, community_secretary, work_unit):
    facts = AUTUMN | {"partner": work_unit, "plan": "每月两次"}
    first, second = (
        open_term(organization_id=community_a.pk, actor=community_secretary, **facts)
        for _ in range(2)
    )
    assert first == second
    assert SchoolTerm.objects.get().partner == work_unit
    event = AuditEvent.objects.get(action=AuditAction.SCHOOL_SAVED)
    assert event.organization == community_a


def test_another_term_of_the_same_name_is_refused(community_a, community_secretary):
    open_term(organization_id=community_a.pk, actor=community_secretary, **AUTUMN)
    with pytest.raises(ValidationError, match="同名的学期"):
        open_term(
            organization_id=community_a.pk,
            actor=community_secretary,
            **AUTUMN | {"plan": "另一个"},
        )


def test_a_branch_runs_no_school(branch_a1, branch_secretary):
    with pytest.raises(RuleError, match="由街道、社区党组织开办"):
        open_term(organization_id=branch_a1.pk, actor=branch_secretary, **AUTUMN)


@pytest.mark.parametrize(
    ("ends_on", "words"),
    [(date(2026, 8, 31), "不能早于开学日期"), (date(2027, 10, 1), "不超过一年")],
)
def test_impossible_dates_are_refused(community_a, community_secretary, ends_on, words):
    with pytest.raises(RuleError, match=words):
        open_term(
            organization_id=community_a.pk,
            actor=community_secretary,
            **AUTUMN | {"ends_on": ends_on},
        )


def test_a_school_elsewhere_is_missing_and_one_above_is_closed_to_changes(
    community_b, term, community_secretary, branch_secretary
):
    with pytest.raises(Organization.DoesNotExist):
        open_term(organization_id=community_b.pk, actor=community_secretary, **AUTUMN)
    assert list(SchoolTerm.objects.visible_to(branch_secretary)) == [term]
    with pytest.raises(PermissionDenied):
        amend_term(term_id=term.pk, version=1, actor=branch_secretary, **AUTUMN)


def test_terms_are_seen_up_and_down_the_line_only(
    term, secretary_b, committee_staff, auditor
):
    assert list(SchoolTerm.objects.visible_to(committee_staff)) == [term]
    assert not SchoolTerm.objects.visible_to(secretary_b).exists()
    assert not SchoolTerm.objects.visible_to(auditor).exists()


def test_a_term_keeps_its_sessions_inside(term, course, community_secretary):
    held_on = term.starts_on + timedelta(days=2)
    session = ActivityFactory(
        organization=term.organization, kind="lecture", course=course, held_on=held_on
    )
    facts = {"name": term.name, "ends_on": term.ends_on}
    later = {"starts_on": held_on + timedelta(days=1)}
    change = {"term_id": term.pk, "version": 1, "actor": community_secretary}
    with pytest.raises(RuleError, match="已经记录了本学期的课"):
        amend_term(**change, **facts, **later)
    cancel_activity(activity_id=session.pk, reason="记错", actor=community_secretary)
    assert amend_term(**change, **facts, **later).version == 2


def test_a_stale_change_is_refused(term, course, community_secretary):
    facts = {"title": "新题目", "lecturer": "讲得清", "hours": Decimal(2)}
    who = {"term_id": term.pk, "course_id": course.pk, "actor": community_secretary}
    save_course(version=1, **who, **facts)
    with pytest.raises(StaleError):
        save_course(version=1, **who, **facts)


def test_a_course_added_twice_is_one_course(term, community_secretary):
    facts = {"title": "党章", "lecturer": "讲得清", "hours": Decimal(4)}
    for _ in range(2):
        save_course(term_id=term.pk, actor=community_secretary, **facts)
    assert Course.objects.get().title == "党章"
    with pytest.raises(ValidationError, match="同名的课程"):
        save_course(
            term_id=term.pk,
            actor=community_secretary,
            **facts | {"hours": Decimal(8)},
        )


def test_a_branch_holds_a_session_of_the_school_above(record, mobile, course):
    session = record([mobile], kind=ActivityKind.LECTURE, course_id=course.pk)
    assert session.course == course
    row = course_rows([course])[0]
    assert (row.sessions, row.hours, row.present) == (1, 3, 1)
    assert people_taught(course.term) == 1


@pytest.mark.parametrize("kind", ["theme_day", "volunteering"])
def test_a_session_is_of_a_kind_that_teaches(record, mobile, course, kind):
    with pytest.raises(RuleError, match="应是集中学习、党课、研讨会或经验交流会"):
        record([mobile], kind=kind, course_id=course.pk)


def test_a_session_lies_within_its_term(record, mobile, course):
    day = course.term.starts_on - timedelta(days=1)
    with pytest.raises(RuleError, match="不在学期内"):
        record(
            [mobile],
            kind="study",
            course_id=course.pk,
            starts_at=datetime.combine(day, datetime.min.time(), tzinfo=SHANGHAI),
        )


def test_a_course_of_another_school_is_refused(record, mobile, community_b):
    term = SchoolTermFactory(organization=community_b)
    with pytest.raises(RuleError, match="不是本党组织所在党校的"):
        record([mobile], kind="study", course_id=CourseFactory(term=term).pk)


def test_attendance_is_measured_by_the_list_or_by_those_expected(
    term, branch_a1, branch_a2
):
    listed = CourseFactory(term=term)
    expected = CourseFactory(term=term, expected_people=10)
    there, away = MemberFactory(branch=branch_a1), MemberFactory(branch=branch_a2)
    for course in (listed, expected):
        for _ in range(2):
            session = ActivityFactory(
                organization=term.organization,
                kind="lecture",
                course=course,
                present=[there],
            )
            ParticipationFactory(activity=session, member=away, presence="absent")
    rows = course_rows([listed, expected])
    assert [(row.present, row.expected, row.people) for row in rows] == [
        (2, 4, 1),
        (2, 20, 1),
    ]


def test_a_cancelled_session_counts_nowhere(term, course, branch_a1):
    ActivityFactory(
        organization=branch_a1,
        course=course,
        state="cancelled",
        present=[MemberFactory(branch=branch_a1)],
    )
    row = course_rows([course])[0]
    assert (row.sessions, row.present, people_taught(term)) == (0, 0, 0)


def test_only_own_places_are_called_to_a_session(
    branch_a1, branch_b1, community_secretary
):
    assert invited(community_secretary, [str(branch_a1.pk)]) == [branch_a1]
    assert invited(community_secretary, [str(branch_b1.pk)]) is None
    assert invited(community_secretary, ["x"]) is None


def test_what_is_offered_is_of_running_terms_on_the_line(
    term, course, street, community_b, branch_a1
):
    today = timezone.localdate()
    of_street = CourseFactory(
        term=SchoolTermFactory(organization=street, starts_on=today, ends_on=today)
    )
    CourseFactory(term=SchoolTermFactory(organization=community_b))
    long_over = SchoolTermFactory(
        organization=street,
        starts_on=today - timedelta(days=200),
        ends_on=today - timedelta(days=40),
    )
    CourseFactory(term=long_over)
    offered = Course.objects.offered_at(branch_a1, today)
    assert set(offered) == {course, of_street}
