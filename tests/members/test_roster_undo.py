from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from config.lib.errors import RuleError
from members.models import Affiliation, Member, RosterBatch
from members.services.roster_undo import undo_roster
from organizations.models import AuditEvent
from tests.factories.activities import ActivityFactory
from tests.factories.members import MemberFactory
from tests.members.roster_files import person
from tests.members.roster_steps import confirm, page


@pytest.fixture
def imported(checked, branch_secretary, branch_a1):
    """Return a function that imports people into branch_a1."""

    def go(*people):
        batch, client = checked(branch_secretary, branch_a1, *people)
        confirm(client, batch)
        assert batch.state == "imported", batch.job.message
        return batch

    return go


def undo(batch, actor):
    return undo_roster(batch_id=batch.pk, actor=actor)


def test_new_members_leave_the_branch_but_are_not_deleted(
    imported, branch_secretary, branch_a1
):
    batch = undo(imported(person(1)), branch_secretary)
    assert batch.state == "undone"
    assert not branch_a1.affiliations.open().exists()
    ended = Member.objects.get().affiliations.get()
    assert (ended.end_reason, ended.ends_on) == ("mistake", timezone.localdate())
    assert [h.history_type for h in ended.history.all()] == ["~", "+"]
    assert AuditEvent.objects.filter(action="roster_undone").count() == 1


def test_the_same_roster_can_come_in_again_after_undoing(
    imported, branch_secretary, branch_a1
):
    undo(imported(person(1)), branch_secretary)
    batch = imported(person(1, 学历="大专"))
    assert batch.counts["written"] == {"created": 0, "updated": 1, "errors": 0}
    assert branch_a1.affiliations.open().count() == 1
    assert Member.objects.get().education == "college"


def test_changed_members_get_their_old_values_back(imported, branch_secretary):
    imported(person(1))
    batch = imported(person(1, 学历="大专", 手机号码="13911112222", 入党日期="2006.1"))
    undo(batch, branch_secretary)
    member = Member.objects.get()
    assert member.education == "bachelor"
    assert member.phone == "13900001234"
    assert (member.joined_on, member.joined_precision) == (date(2005, 7, 1), "day")
    assert member.version == 3
    assert member.history.first().history_change_reason == "撤销花名册导入"


def test_a_member_changed_since_stays_and_is_named(
    imported, branch_secretary, client_for
):
    batch = imported(person(1), person(2))
    Member.objects.filter(name=person(1)["姓名"]).update(version=2, degree="硕士")
    batch = undo(batch, branch_secretary)
    assert batch.counts["undone"] == {"undone": 1, "kept": 1}
    shown = page(client_for(branch_secretary), "roster-result", batch, "?verdict=new")
    assert "未撤销，保持现状" in shown


def test_a_member_who_has_left_the_branch_since_stays(imported, branch_secretary):
    batch = imported(person(1))
    Affiliation.objects.update(ends_on=timezone.localdate(), end_reason="moved_within")
    batch = undo(batch, branch_secretary)
    assert batch.counts["undone"] == {"undone": 0, "kept": 1}


def test_a_member_who_has_taken_part_since_stays(imported, branch_secretary, branch_a1):
    batch = imported(person(1), person(2))
    member = Member.objects.get(name=person(1)["姓名"])
    ActivityFactory(organization=branch_a1, present=[member])
    batch = undo(batch, branch_secretary)
    assert batch.counts["undone"] == {"undone": 1, "kept": 1}
    assert branch_a1.affiliations.open().get().member == member


def test_undoing_twice_does_nothing_more(imported, branch_secretary):
    batch = undo(imported(person(1)), branch_secretary)
    undo(batch, branch_secretary)
    assert AuditEvent.objects.filter(action="roster_undone").count() == 1


def test_after_seven_days_it_is_too_late(imported, branch_secretary):
    batch = imported(person(1))
    RosterBatch.objects.update(imported_at=timezone.now() - timedelta(days=7))
    with pytest.raises(RuleError, match="超过可撤销的天数"):
        undo(batch, branch_secretary)


def test_another_branch_cannot_undo(imported, secretary_b):
    batch = imported(person(1))
    with pytest.raises(RosterBatch.DoesNotExist):
        undo(batch, secretary_b)


def test_undoing_asks_first_and_says_what_came_of_it(
    imported, branch_secretary, client_for
):
    batch = imported(person(1))
    client = client_for(branch_secretary)
    url = reverse("members:roster-undo", args=[batch.pk])
    assert "登记有误" in client.get(url).content.decode()
    answer = client.post(url, follow=True)
    assert "已撤销 1 行" in answer.content.decode()


def test_people_who_were_there_before_are_left_alone(
    imported, branch_secretary, branch_a1
):
    other = MemberFactory(branch=branch_a1)
    undo(imported(person(1)), branch_secretary)
    assert branch_a1.affiliations.open().get().member == other
