"""The page of how a membership stands, and the parts that modules add to it."""

from datetime import date

import pytest
from django.urls import reverse

from members import standing
from members.standing import Action, Event, Section, register_section
from organizations.models import AuditEvent
from tests.factories.members import MemberFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(branch_a1):
    return MemberFactory(branch=branch_a1, name="雷芳")


@pytest.fixture
def sections(monkeypatch):
    monkeypatch.setattr(standing, "_sections", {})


def test_sections_stand_in_their_order_with_what_may_follow(
    client_for, branch_secretary, member, sections
):
    event = Event(date(2026, 1, 2), "支部大会", "同意", "/members/", "已批准", "ok")
    register_section(
        "b", lambda *about: Section("后", [event], [Action("办理", "/x/")]), order=2
    )
    register_section("a", lambda *about: Section("先", note="说明"), order=1)
    register_section("c", lambda *about: None, order=0)
    url = reverse("members:standing", args=[member.pk])
    page = client_for(branch_secretary).get(url).content.decode()
    assert page.index("先") < page.index("后</h2>")
    for words in ("说明", "2026年1月2日", "支部大会", "同意", "已批准", "/x/"):
        assert words in page
    viewed = AuditEvent.objects.filter(action="member_viewed").get()
    assert viewed.details == {"page": "standing"}


def test_the_page_is_a_tab_of_the_person(client_for, branch_secretary, member):
    page = client_for(branch_secretary).get(member.get_absolute_url())
    assert reverse("members:standing", args=[member.pk]) in page.content.decode()
