from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.models import Activity, Course, Participation, SchoolTerm
from tests.factories.activities import CourseFactory, SchoolTermFactory
from tests.factories.members import MemberFactory

pytestmark = pytest.mark.django_db

RECORD, LIST = reverse("activities:record"), reverse("activities:term-list")


@pytest.fixture
def keeper(client_for, community_secretary):
    return client_for(community_secretary)


@pytest.fixture
def course(street):
    today = timezone.localdate()
    term = SchoolTermFactory(
        organization=street,
        starts_on=today - timedelta(days=30),
        ends_on=today + timedelta(days=30),
    )
    return CourseFactory(term=term, title="社区治理实务")


def typed(of, organization, **changes):
    return {
        "branch": organization.pk,
        "kind": "lecture",
        "prefilled": "lecture",
        "title": of.title,
        "starts_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        "hours": "4",
        "place": "江滨物业公司会议室",
        "course_id": of.pk,
        "request_id": str(uuid4()),
    } | changes


def test_a_term_is_opened_and_filled_with_courses(keeper, community_a, work_unit):
    page = keeper.get(reverse("activities:term-add"))
    assert page.context["form"].initial == {"organization": community_a.pk}
    facts = {
        "organization": community_a.pk,
        "name": "秋季班",
        "starts_on": "2026-09-01",
        "ends_on": "2026-12-20",
        "partner": work_unit.pk,
        "plan": "每月两次",
    }
    answer = keeper.post(reverse("activities:term-add"), facts)
    term = SchoolTerm.objects.get()
    assert answer.url == term.get_absolute_url()
    course = {"title": "党章", "lecturer": "讲得清", "hours": "4"}
    add = reverse("activities:course-add", args=[term.pk])
    assert keeper.post(add, course).status_code == 302
    body = keeper.get(term.get_absolute_url()).content.decode()
    assert "江滨中学" in body
    assert "讲得清" in body
    edit = reverse("activities:course-edit", args=[Course.objects.get().pk])
    keeper.post(edit, course | {"version": 1, "title": "学党章"})
    assert Course.objects.get().title == "学党章"
    listed = keeper.get(LIST, {"state": "running"}).content.decode()
    assert ("秋季班" in listed) == (term.ends_on >= timezone.localdate())


def test_a_refused_term_keeps_what_was_typed(keeper, community_a):
    facts = {
        "organization": community_a.pk,
        "name": "秋季班",
        "starts_on": "2026-09-01",
        "ends_on": "2026-08-20",
    }
    page = keeper.post(reverse("activities:term-add"), facts)
    assert page.status_code == 422
    assert "ends_on" in page.context["form"].errors
    assert page.context["form"]["name"].value() == "秋季班"
    assert not SchoolTerm.objects.exists()


def test_a_stale_term_shows_both_texts(keeper, community_a):
    term = SchoolTermFactory(organization=community_a, version=3)
    facts = {"name": "新名", "starts_on": "2026-09-01", "ends_on": "2026-12-20"}
    url = reverse("activities:term-edit", args=[term.pk])
    page = keeper.post(url, facts | {"version": 2})
    assert page.status_code == 409
    assert "新名" in page.content.decode()


def test_a_branch_secretary_opens_no_term(client_for, branch_secretary):
    client = client_for(branch_secretary)
    assert client.get(reverse("activities:term-add")).status_code == 403
    assert client.get(LIST).context["may_open"] is False


def test_a_branch_records_a_session_with_the_roll_called(
    client_for, branch_secretary, branch_a1, course
):
    there, away = (MemberFactory(branch=branch_a1) for _ in range(2))
    client = client_for(branch_secretary)
    choose = reverse("activities:course-session", args=[course.pk])
    page = client.get(choose, follow=True)
    form = page.context["form"]
    assert form["course_id"].value() == course.pk
    assert form["title"].value() == "社区治理实务"
    client.post(RECORD, typed(course, branch_a1, present=[there.pk]))
    session = Activity.objects.get()
    assert session.course == course
    parts = dict(Participation.objects.values_list("member_id", "presence"))
    assert parts == {there.pk: "present", away.pk: "absent"}


def test_a_street_calls_branches_together_and_calls_no_roll(
    client_for, committee_staff, street, branch_a1, branch_a2, branch_b1, course
):
    there, away = (MemberFactory(branch=branch_a1) for _ in range(2))
    guest, uninvited = MemberFactory(branch=branch_b1), MemberFactory(branch=branch_a2)
    client = client_for(committee_staff)
    choose = reverse("activities:course-session", args=[course.pk])
    groups = client.get(choose).context["groups"]
    assert [len(group["places"]) for group in groups] == [2, 1]
    among = {"among": [branch_a1.pk, branch_b1.pk]}
    asked = {"branch": street.pk, "course": course.pk} | among
    people = client.get(RECORD, asked).context["people"]
    assert {p["id"] for p in people} == {str(m.pk) for m in (there, away, guest)}
    sent = typed(course, street, present=[there.pk, guest.pk], **among)
    assert client.post(RECORD, sent).status_code == 302
    session = Activity.objects.get()
    assert session.organization == street
    assert set(session.participations.values_list("member_id", flat=True)) == {
        there.pk,
        guest.pk,
    }
    wrong = typed(course, street, present=[uninvited.pk], **among)
    assert client.post(RECORD, wrong).status_code == 422
    shown = client.get(course.term.get_absolute_url())
    assert shown.context["people"] == 2


def test_a_street_records_nothing_but_its_school(
    client_for, committee_staff, street, branch_a1, course
):
    member = MemberFactory(branch=branch_a1)
    client = client_for(committee_staff)
    assert client.get(RECORD, {"branch": street.pk}).status_code == 404
    sent = typed(
        course, street, course_id="", present=[member.pk], among=[branch_a1.pk]
    )
    page = client.post(RECORD, sent)
    assert page.status_code == 422
    assert "course_id" in page.context["form"].errors


def test_too_many_invited_are_sent_back(
    client_for, committee_staff, street, branch_a1, course, monkeypatch
):
    monkeypatch.setattr("activities.views.record.MOST_PEOPLE", 1)
    MemberFactory.create_batch(2, branch=branch_a1)
    asked = {"branch": street.pk, "course": course.pk, "among": branch_a1.pk}
    answer = client_for(committee_staff).get(RECORD, asked)
    assert answer.url == reverse("activities:course-session", args=[course.pk])


def test_places_of_another_community_are_missing(
    keeper, community_a, branch_a1, branch_b1, course
):
    asked = {"branch": community_a.pk, "course": course.pk, "among": branch_b1.pk}
    assert keeper.get(RECORD, asked).status_code == 404


def test_the_activity_names_its_course(keeper, record, mobile, course):
    session = record([mobile], kind="study", course_id=course.pk)
    body = keeper.get(session.get_absolute_url()).content.decode()
    assert course.term.get_absolute_url() in body
    form = keeper.get(reverse("activities:edit", args=[session.pk])).context["form"]
    assert form["course_id"].value() == course.pk


def test_a_school_elsewhere_is_missing(client_for, secretary_b, community_a):
    term = SchoolTermFactory(organization=community_a)
    client = client_for(secretary_b)
    assert client.get(term.get_absolute_url()).status_code == 404
    assert term.name not in client.get(LIST).content.decode()
