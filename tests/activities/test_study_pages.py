from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.models import SelfStudy
from tests.factories.members import MemberFactory

pytestmark = pytest.mark.django_db

STUDY, SELF = reverse("activities:study"), reverse("activities:self-study-list")


@pytest.fixture
def secretary(client_for, branch_secretary):
    return client_for(branch_secretary)


def typed(**changes):
    return {
        "studied_on": timezone.localdate().isoformat(),
        "hours": "2",
        "material": "《党章》",
        "question": "流动党员怎样参加选举？",
        "request_id": str(uuid4()),
    } | changes


def test_self_study_is_written_down_answered_and_withdrawn(secretary, mobile):
    add = reverse("activities:self-study-add", args=[mobile.pk])
    assert secretary.get(add).status_code == 200
    secretary.post(add, typed())
    study = SelfStudy.objects.get()
    asked = secretary.get(SELF, {"show": "open"}).content.decode()
    assert "流动党员怎样参加选举？" in asked
    answer = reverse("activities:self-study-answer", args=[study.pk])
    assert "流动党员怎样参加选举？" in secretary.get(answer).content.decode()
    today = timezone.localdate().isoformat()
    reply = {"answered_by": "讲师", "answer": "回原支部参加", "answered_on": today}
    assert secretary.post(answer, reply | {"version": 9}).status_code == 409
    secretary.post(answer, reply | {"version": 1})
    page = reverse("activities:member-study", args=[mobile.pk])
    assert "回原支部参加" in secretary.get(page).content.decode()
    withdraw = reverse("activities:self-study-withdraw", args=[study.pk])
    assert secretary.post(withdraw, {"reason": ""}).status_code == 422
    secretary.post(withdraw, {"reason": "记错"})
    assert secretary.get(page).context["hours"].total == 0


def test_a_refused_self_study_keeps_what_was_typed(secretary, mobile):
    add = reverse("activities:self-study-add", args=[mobile.pk])
    page = secretary.post(add, typed(hours="9"))
    assert page.status_code == 422
    assert "自学一天最多登记 4 学时" in page.content.decode()
    assert page.context["form"]["material"].value() == "《党章》"


def test_members_are_listed_by_name_with_their_hours(
    secretary, record, mobile, branch_a1
):
    MemberFactory(branch=branch_a1, name="安心学")
    record([mobile], kind="study", hours=3)
    page = secretary.get(STUDY)
    shown = [(row.member.name, hours.total) for row, hours in page.context["rows"]]
    assert shown == [("安心学", 0), ("流水平", 3)]
    late = secretary.get(STUDY, {"show": "behind"})
    assert late.context["total"] == len(late.context["rows"])


def test_members_elsewhere_stay_out(secretary, branch_b1):
    stranger = MemberFactory(branch=branch_b1, name="远方人")
    assert "远方人" not in secretary.get(STUDY).content.decode()
    page = secretary.get(STUDY, {"organization": branch_b1.pk})
    assert page.context["rows"] == []
    url = reverse("activities:member-study", args=[stranger.pk])
    assert secretary.get(url).status_code == 404


def test_the_page_of_a_member_leads_to_the_year(secretary, record, mobile):
    record([mobile], kind="lecture", hours=4)
    url = reverse("activities:member-study", args=[mobile.pk])
    assert url in secretary.get(mobile.get_absolute_url()).content.decode()
    assert "4 / 32" in secretary.get(url).content.decode()
