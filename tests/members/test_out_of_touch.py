"""Whom nobody met for months: found by the job, warned about, gone once called."""

from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from config.lib import registry
from config.lib.dates import SHANGHAI, months_after
from members.alerts.standing import _removable
from members.models import Member, OutOfTouch
from members.services.contacts import record_contact
from members.services.out_of_touch import note_out_of_touch
from members.tasks import note_out_of_touch_task
from organizations.models import Parameter
from tests.factories.activities import ActivityFactory, ParticipationFactory
from tests.factories.members import AffiliationFactory, MemberFactory
from tests.members.standing_steps import (
    age,
    lost,
    months_ago,
    proposed,
    searched,
    suspended,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


def known_since(months, **fields):
    """Somebody of whom the portal has known for so long."""
    member = MemberFactory(**fields)
    day = datetime.combine(months_ago(months), time(9), tzinfo=SHANGHAI)
    Member.objects.filter(pk=member.pk).update(created_at=day)
    return member


def silent():
    return dict(OutOfTouch.objects.values_list("member_id", "since"))


def counts(user, today):
    return {
        key: registry.alert(f"members.{key}").count(user, today)
        for key in ("out_of_touch", "lost_due")
    }


def test_the_last_contact_of_any_kind_counts(branch_a1, branch_secretary, today):
    never = known_since(8, branch=branch_a1)
    called = known_since(20, branch=branch_a1)
    record_contact(
        member_id=called.pk,
        contacted_on=months_ago(5),
        way="phone",
        actor=branch_secretary,
    )
    active = known_since(20, branch=branch_a1)
    activity = ActivityFactory(organization=branch_a1, held_on=months_ago(3))
    ParticipationFactory(activity=activity, member=active, presence="present")
    known_since(3, branch=branch_a1)
    known_since(9, branch=branch_a1, status="suspended")
    known_since(9, branch=branch_a1, is_lost=True)
    guest = known_since(9)
    AffiliationFactory(member=guest, organization=branch_a1, kind="co_managed")
    came = known_since(9, branch=branch_a1)
    came.affiliations.update(starts_on=months_ago(2))
    assert note_out_of_touch(today) == 2
    assert silent() == {never.pk: months_ago(8), called.pk: months_ago(5)}
    assert counts(branch_secretary, today) == {"out_of_touch": 1, "lost_due": 1}
    assert note_out_of_touch(today - timedelta(days=100)) == 1
    assert silent() == {never.pk: months_ago(8)}


def test_a_call_takes_the_warning_away_at_once(
    branch_a1, branch_secretary, secretary_b, today
):
    member = known_since(7, branch=branch_a1)
    assert note_out_of_touch_task() == 1
    assert counts(secretary_b, today) == {"out_of_touch": 0, "lost_due": 0}
    [item] = registry.alert("members.lost_due").rows(branch_secretary, today)
    assert item.url.endswith(f"/{member.pk}/lost/")
    record_contact(
        member_id=member.pk,
        contacted_on=today,
        way="phone",
        actor=branch_secretary,
    )
    assert not silent()


def test_the_months_are_the_committees(branch_a1, branch_secretary, today):
    known_since(3, branch=branch_a1)
    assert note_out_of_touch(today) == 0
    Parameter.objects.create(key="members.lost_warning_months", value=2)
    assert note_out_of_touch(today) == 1
    assert counts(branch_secretary, today)["out_of_touch"] == 1


def test_who_was_suspended_for_two_years_is_due(
    branch_a1, branch_secretary, committee_staff, today
):
    member = MemberFactory(branch=branch_a1)
    decision = suspended(member, branch_secretary, committee_staff)
    alert = registry.alert("members.removal_due")
    assert alert.count(branch_secretary, today) == 0
    age(decision, 2)
    [item] = alert.rows(branch_secretary, today)
    assert (item.label, item.due_on) == (member.name, months_after(today, -24))
    assert _removable(committee_staff, today).count() == 1


def test_a_search_that_stands_still_is_warned_about(branch_a1, branch_secretary, today):
    case = lost(MemberFactory(branch=branch_a1), branch_secretary)
    alert = registry.alert("members.search_paused")
    assert alert.count(branch_secretary, today) == 0
    case.opened_on = today - timedelta(days=40)
    case.save(update_fields=["opened_on"])
    [item] = alert.rows(branch_secretary, today)
    assert item.url == case.get_absolute_url()
    searched(case, branch_secretary, 1)
    assert alert.count(branch_secretary, today) == 0


def test_what_waits_is_told_to_those_who_approve(
    branch_a1, branch_secretary, committee_staff, today
):
    decision = proposed(MemberFactory(branch=branch_a1), branch_secretary, "expelled")
    alert = registry.alert("members.decisions_waiting")
    assert alert.count(branch_secretary, today) == 0
    [item] = alert.rows(committee_staff, today)
    assert (item.url, item.detail) == (decision.get_absolute_url(), "开除党籍")
