"""What others wrote down of a member counts when his branch has confirmed it."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from activities.completion import progress_of_member
from activities.models import Achievement
from activities.services.achievements import (
    confirm_achievements,
    record_achievement,
    withdraw_achievement,
)
from config.lib.errors import RuleError
from config.lib.periods import Year
from organizations.models import AuditEvent
from reports import todo

TODAY = timezone.localdate


@pytest.fixture
def achieve(five_ones, mobile):
    def call(actor, key="newspaper"):
        return record_achievement(
            member_id=mobile.pk,
            item_id=five_ones.items.get(key=key).pk,
            achieved_on=TODAY(),
            content="订阅《人民日报》一份",
            actor=actor,
            today=TODAY(),
        )

    return call


def done(program, member):
    year = Year.containing(TODAY())
    return progress_of_member(program, member, year.start, year.end).done


def test_the_branchs_own_word_counts_at_once(
    achieve, five_ones, mobile, branch_secretary
):
    achievement = achieve(branch_secretary)
    assert achievement.confirmed_by == branch_secretary
    assert done(five_ones, mobile) == 1


def test_the_streets_word_waits_for_the_branch(
    achieve, five_ones, mobile, branch_secretary, committee_staff, marked
):
    achievement = achieve(committee_staff)
    assert achievement.confirmed_at is None
    assert done(five_ones, mobile) == 0
    key = "activities.achievement_waiting"
    waiting = {each.alert.key for each in todo.todos(branch_secretary, TODAY())}
    assert key in waiting
    assert key not in {e.alert.key for e in todo.todos(committee_staff, TODAY())}
    with pytest.raises(PermissionDenied):
        confirm_achievements(achievement_ids=[achievement.pk], actor=committee_staff)
    marked.clear()
    confirm_achievements(achievement_ids=[achievement.pk], actor=branch_secretary)
    confirm_achievements(achievement_ids=[achievement.pk], actor=branch_secretary)
    assert done(five_ones, mobile) == 1
    assert AuditEvent.objects.filter(action="achievement_confirmed").count() == 1
    assert marked


def test_a_branch_without_a_secretary_keeps_nobody_waiting(
    achieve, five_ones, mobile, committee_staff
):
    assert achieve(committee_staff).confirmed_by == committee_staff
    assert done(five_ones, mobile) == 1


def test_what_was_withdrawn_or_lies_elsewhere_is_not_confirmed(
    achieve, branch_secretary, committee_staff, secretary_b
):
    achievement = achieve(committee_staff)
    with pytest.raises(Achievement.DoesNotExist):
        confirm_achievements(achievement_ids=[achievement.pk], actor=secretary_b)
    withdraw_achievement(
        achievement_id=achievement.pk, reason="没有这回事", actor=branch_secretary
    )
    with pytest.raises(RuleError, match="已经撤回"):
        confirm_achievements(achievement_ids=[achievement.pk], actor=branch_secretary)


def test_the_secretary_ticks_and_confirms(
    achieve, five_ones, mobile, client_for, branch_secretary, committee_staff
):
    achievement = achieve(committee_staff)
    url = reverse("activities:achievement-waiting")
    page = client_for(branch_secretary).get(url).content.decode()
    assert mobile.name in page
    assert "确认勾选的记录" in page
    seen = client_for(committee_staff).get(url).content.decode()
    assert mobile.name in seen
    assert "确认勾选的记录" not in seen
    client = client_for(branch_secretary)
    assert "没有勾选" in client.post(url, follow=True).content.decode()
    assert client.post(url, {"achievement": "x"}).status_code == 404
    done_page = client.post(url, {"achievement": achievement.pk}, follow=True)
    assert "已确认 1 条" in done_page.content.decode()
    panel = client.get(mobile.get_absolute_url()).content.decode()
    assert "待支部确认" not in panel


def test_the_members_page_says_what_waits(
    achieve, mobile, client_for, branch_secretary, committee_staff
):
    achieve(committee_staff)
    panel = client_for(branch_secretary).get(mobile.get_absolute_url())
    assert "待支部确认" in panel.content.decode()
