"""Contacts with members: who writes them down, and what counts as one."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from config.lib.errors import RuleError
from members.contact_sources import contacted_since, last_contacts
from members.models import Contact, Member
from members.services.contacts import (
    branch_in_touch,
    record_contact,
    withdraw_contact,
)
from organizations.models import AuditEvent
from tests.factories.activities import ActivityFactory, ParticipationFactory
from tests.factories.members import AffiliationFactory, MemberFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(branch_a1):
    return MemberFactory(branch=branch_a1)


@pytest.fixture
def today():
    return timezone.localdate()


def call(member, actor, day, **changes):
    values = {"way": "phone", "content": "近况良好"}
    return record_contact(
        member_id=member.pk, contacted_on=day, actor=actor, **values | changes
    )


def test_a_contact_is_kept_for_the_branch_and_audited(
    member, branch_a1, branch_secretary, today
):
    contact = call(member, branch_secretary, today)
    assert (contact.organization, contact.content) == (branch_a1, "近况良好")
    event = AuditEvent.objects.get()
    assert event.action == "contact_recorded"
    assert "近况" not in str(event.details)


def test_what_was_said_is_not_readable_in_the_database(member, branch_secretary, today):
    call(member, branch_secretary, today)
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM members_contact")
        assert "近况" not in cursor.fetchone()[0]


def test_a_second_tap_doubles_nothing(member, branch_secretary, today):
    first = call(member, branch_secretary, today, content="")
    assert call(member, branch_secretary, today, content=" ") == first
    call(member, branch_secretary, today, content="又谈一次")
    assert Contact.objects.count() == 2


def test_the_branch_where_somebody_lives_comes_first(
    member, branch_a1, branch_b1, branch_secretary, secretary_b, committee_staff, today
):
    AffiliationFactory(member=member, organization=branch_b1, kind="co_managed")
    assert call(member, branch_secretary, today).organization == branch_a1
    assert call(member, secretary_b, today).organization == branch_b1
    assert call(member, committee_staff, today).organization == branch_b1


def test_each_branch_reads_its_own_contacts(
    member, branch_b1, branch_secretary, secretary_b, committee_staff, outsider, today
):
    AffiliationFactory(member=member, organization=branch_b1, kind="co_managed")
    own, other = call(member, branch_secretary, today), call(member, secretary_b, today)
    seen = {
        user.username: set(Contact.objects.visible_to(user))
        for user in (branch_secretary, secretary_b, committee_staff, outsider)
    }
    assert seen == {
        "branch-a1": {own},
        "branch-b1": {other},
        "staff": {own, other},
        "outsider": set(),
    }


def test_impossible_days_and_long_stories_are_refused(member, branch_secretary, today):
    for changes, sentence in (
        ({"day": today + timedelta(days=1)}, "不能晚于今天"),
        ({"day": member.joined_on - timedelta(days=1)}, "不能早于入党日期"),
        ({"day": today, "content": "长" * 501}, "500字以内"),
    ):
        with pytest.raises(RuleError, match=sentence):
            call(member, branch_secretary, **changes)
    assert not Contact.objects.exists()


def test_out_of_scope_and_without_the_right(
    member, secretary_b, auditor, branch_secretary, today
):
    for stranger in (secretary_b, auditor):
        with pytest.raises(Member.DoesNotExist):
            call(member, stranger, today)
    contact = call(member, branch_secretary, today)
    with pytest.raises(Contact.DoesNotExist):
        withdraw_contact(contact_id=contact.pk, actor=secretary_b)


def test_a_withdrawn_contact_stays_and_no_longer_counts(
    member, branch_secretary, today
):
    contact = call(member, branch_secretary, today)
    withdraw_contact(contact_id=contact.pk, actor=branch_secretary)
    withdraw_contact(contact_id=contact.pk, actor=branch_secretary)
    assert Contact.objects.count() == 1
    assert last_contacts([member.pk]) == {}
    actions = AuditEvent.objects.values_list("action", flat=True)
    assert sorted(actions) == ["contact_recorded", "contact_withdrawn"]


def test_taking_part_in_an_activity_is_a_contact(
    member, branch_a1, branch_secretary, today
):
    other = MemberFactory(branch=branch_a1)
    call(member, branch_secretary, today - timedelta(days=40))
    for held_on, presence, state in (
        (today - timedelta(days=9), "present", "held"),
        (today - timedelta(days=2), "leave", "held"),
        (today - timedelta(days=1), "present", "cancelled"),
    ):
        activity = ActivityFactory(organization=branch_a1, held_on=held_on, state=state)
        ParticipationFactory(
            activity=activity, member=member, presence=presence, hours=0
        )
    assert last_contacts([member.pk, other.pk]) == {
        member.pk: today - timedelta(days=9)
    }
    people = Member.objects.visible_to(branch_secretary)
    for days, found in ((8, []), (9, [member]), (40, [member])):
        since = contacted_since(today - timedelta(days=days))
        assert list(people.filter(since)) == found


def test_the_right_to_write_is_asked_of_the_branch(member, branch_secretary, today):
    contact = call(member, branch_secretary, today)
    branch_secretary.posts.update(role="auditor")
    actor = type(branch_secretary).objects.get(pk=branch_secretary.pk)
    with pytest.raises((PermissionDenied, Contact.DoesNotExist)):
        withdraw_contact(contact_id=contact.pk, actor=actor)


def test_who_leaves_while_the_form_waits_is_not_there(member, branch_secretary, today):
    member.affiliations.update(ends_on=today)
    with pytest.raises(Member.DoesNotExist):
        branch_in_touch(member, branch_secretary)
