"""Beginning, ending and moving the relation to a branch."""

import threading
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone

from config.lib.errors import RuleError
from members.models import Affiliation, Member
from members.services.affiliations import (
    branch_for_change,
    end_affiliation,
    move_affiliation,
    reopen_affiliation,
    start_affiliation,
)
from members.services.decisions import record_death
from members.signals import relation_started, relations_ended
from organizations.models import AuditEvent
from organizations.services.structure import close_organization, merge_organizations
from reports.models import SummaryMark
from tests.factories.members import AffiliationFactory, MemberFactory

DAY = date(2025, 6, 1)


@pytest.fixture
def member(branch_a1):
    return MemberFactory(branch=branch_a1, name="雷芳")


@pytest.fixture
def on_roll(member):
    return member.affiliations.get()


def start(member, organization, actor, kind="co_managed", reason="reported_in", **more):
    values = {"starts_on": DAY, "start_reason": reason} | more
    return start_affiliation(
        member_id=member.pk,
        organization_id=organization.pk,
        kind=kind,
        actor=actor,
        **values,
    )


def end(affiliation, actor, reason="transferred_out", **more):
    values = {"ends_on": DAY, "end_reason": reason} | more
    return end_affiliation(affiliation_id=affiliation.pk, actor=actor, **values)


def test_a_member_on_a_roll_is_co_managed_elsewhere(committee_staff, member, branch_b1):
    affiliation = start(member, branch_b1, committee_staff)
    assert affiliation.organization == branch_b1
    assert AuditEvent.objects.get().action == "affiliation_started"


def test_a_second_roll_is_refused_and_the_branch_named_in_scope(
    committee_staff, member, branch_b1
):
    with pytest.raises(RuleError, match="已在沿江社区第一党支部"):
        start(member, branch_b1, committee_staff, "on_roll", "transferred_in")


def test_a_second_roll_elsewhere_is_refused_without_naming_it(
    secretary_b, member, branch_b1
):
    AffiliationFactory(member=member, organization=branch_b1, kind="co_managed")
    with pytest.raises(RuleError, match="联系街道核对") as caught:
        start(member, branch_b1, secretary_b, "on_roll", "transferred_in")
    assert "沿江" not in str(caught.value)


def test_the_own_branch_does_not_co_manage_its_roll(
    branch_secretary, member, branch_a1
):
    with pytest.raises(RuleError, match="不能重复登记"):
        start(member, branch_a1, branch_secretary)


def test_starting_for_somebody_out_of_scope_finds_nobody(
    secretary_b, member, branch_b1
):
    with pytest.raises(Member.DoesNotExist):
        start(member, branch_b1, secretary_b)


def test_starting_tomorrow_is_refused(committee_staff, member, branch_b1):
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(RuleError, match="不能晚于今天"):
        start(member, branch_b1, committee_staff, starts_on=tomorrow)


def test_transferring_out_gives_the_status_and_hides_the_person(
    branch_secretary, member, on_roll
):
    end(on_roll, branch_secretary)
    member.refresh_from_db()
    assert member.status == "transferred_out"
    assert not Member.objects.visible_to(branch_secretary).exists()
    assert AuditEvent.objects.get().action == "affiliation_ended"


def test_somebody_still_co_managed_here_keeps_the_status(
    branch_secretary, member, on_roll, branch_b1
):
    AffiliationFactory(member=member, organization=branch_b1, kind="co_managed")
    end(on_roll, branch_secretary)
    member.refresh_from_db()
    assert member.status == "normal"


@pytest.mark.parametrize("reason", ["deceased", "removed"])
def test_death_and_removal_are_no_ends_by_hand(branch_secretary, on_roll, reason):
    with pytest.raises(RuleError, match="“党籍”页办理"):
        end(on_roll, branch_secretary, reason)


def test_an_end_before_the_start_is_refused(branch_secretary, on_roll):
    with pytest.raises(RuleError, match="不能早于开始日期"):
        end(on_roll, branch_secretary, ends_on=date(2019, 1, 1))


def test_a_reason_of_another_kind_is_refused(branch_secretary, on_roll):
    with pytest.raises(RuleError, match="去向不能是"):
        end(on_roll, branch_secretary, "flowed_back")


def test_ending_out_of_scope_finds_nothing(secretary_b, on_roll):
    with pytest.raises(Affiliation.DoesNotExist):
        end(on_roll, secretary_b)


def test_ending_twice_finds_nothing(branch_secretary, on_roll):
    end(on_roll, branch_secretary)
    with pytest.raises(Affiliation.DoesNotExist):
        end(on_roll, branch_secretary)


def test_moving_ends_one_relation_and_starts_the_other(
    community_secretary, member, on_roll, branch_a2
):
    move_affiliation(
        affiliation_id=on_roll.pk,
        organization_id=branch_a2.pk,
        moved_on=DAY,
        actor=community_secretary,
    )
    on_roll.refresh_from_db()
    assert (on_roll.ends_on, on_roll.end_reason) == (DAY, "moved_within")
    moved = member.affiliations.open().get()
    assert (moved.organization, moved.start_reason) == (branch_a2, "moved_within")


def test_moving_into_a_branch_out_of_scope_finds_no_branch(
    branch_secretary, on_roll, branch_b1
):
    with pytest.raises(type(branch_b1).DoesNotExist):
        move_affiliation(
            affiliation_id=on_roll.pk,
            organization_id=branch_b1.pk,
            moved_on=DAY,
            actor=branch_secretary,
        )


def test_the_dead_do_not_come_back(committee_staff, member, branch_b1):
    record_death(member_id=member.pk, died_on=DAY, actor=committee_staff)
    with pytest.raises(RuleError, match="已登记为去世"):
        start(member, branch_b1, committee_staff)


def test_the_expelled_do_not_come_back_by_hand(
    committee_staff, member, on_roll, branch_a1
):
    end(on_roll, committee_staff)
    Member.objects.filter(pk=member.pk).update(status="expelled")
    for reason in ("transferred_in", "reinstated"):
        with pytest.raises(RuleError, match="恢复党籍"):
            start(member, branch_a1, committee_staff, "on_roll", reason)
    with pytest.raises(RuleError, match="不能在这里撤销"):
        reopen_affiliation(affiliation_id=on_roll.pk, actor=committee_staff)


def test_street_staff_take_back_a_mistaken_end(committee_staff, member, on_roll):
    end(on_roll, committee_staff)
    reopen_affiliation(affiliation_id=on_roll.pk, actor=committee_staff)
    member.refresh_from_db()
    assert member.status == "normal"
    assert member.affiliations.open().get() == on_roll


def test_a_secretary_does_not_take_back_an_end(branch_secretary, on_roll):
    end(on_roll, branch_secretary)
    with pytest.raises(PermissionDenied):
        reopen_affiliation(affiliation_id=on_roll.pk, actor=branch_secretary)


def test_a_merged_branch_hands_its_members_over(
    committee_staff, member, branch_a1, branch_a2
):
    merge_organizations(
        source_id=branch_a1.pk,
        target_id=branch_a2.pk,
        on_date=DAY,
        actor=committee_staff,
    )
    assert member.affiliations.open().get().organization == branch_a2


def test_a_merger_makes_nobody_co_managed_by_the_own_branch(
    committee_staff, member, branch_a1, branch_a2
):
    AffiliationFactory(member=member, organization=branch_a2, kind="co_managed")
    merge_organizations(
        source_id=branch_a2.pk,
        target_id=branch_a1.pk,
        on_date=DAY,
        actor=committee_staff,
    )
    assert [a.kind for a in member.affiliations.open()] == ["on_roll"]


def test_residents_of_a_merged_community_live_in_the_other(
    committee_staff, member, community_a, community_b
):
    left, kept = community_a.community, community_b.community
    Member.objects.update(community=left)
    merge_organizations(
        source_id=community_a.pk,
        target_id=community_b.pk,
        on_date=DAY,
        actor=committee_staff,
    )
    member.refresh_from_db()
    assert (member.community, member.version) == (kept, 2)
    assert AuditEvent.objects.filter(details__residents=1).exists()


def test_a_branch_with_members_is_not_closed(committee_staff, member, branch_a1):
    with pytest.raises(RuleError, match="还有 1 名党员"):
        close_organization(
            organization_id=branch_a1.pk,
            on_date=DAY,
            reason="撤销",
            version=branch_a1.version,
            actor=committee_staff,
        )


@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="one writer at a time on SQLite"
)
@pytest.mark.django_db(transaction=True)
def test_people_who_change_places_do_not_wait_for_each_other(
    committee_staff, branch_a1, branch_b1
):
    """Each move holds its target; the marks of both refer to both branches."""
    pairs = [(branch_a1, branch_b1), (branch_b1, branch_a1)] * 2
    people = [MemberFactory(branch=source) for source, _target in pairs]
    relations = [person.affiliations.get().pk for person in people]
    barrier, failures = threading.Barrier(len(pairs)), []

    def move(number):
        try:
            with transaction.atomic():
                move_affiliation(
                    affiliation_id=relations[number],
                    organization_id=pairs[number][1].pk,
                    moved_on=DAY,
                    actor=committee_staff,
                )
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    def hold(number):
        barrier.wait(timeout=30)
        move(number)

    threads = [threading.Thread(target=hold, args=(n,)) for n in range(len(pairs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    for person, (_source, target) in zip(people, pairs, strict=True):
        assert person.affiliations.open().get().organization == target


def test_whoever_follows_a_relation_hears_of_its_end_before_its_new_start(
    on_roll, branch_a1, branch_b1, committee_staff
):
    heard = []

    def hear(sender, actor, signal, affiliation=None, affiliations=(), **kwargs):
        for each in affiliations or [affiliation]:
            heard.append((signal is relation_started, each.organization, actor))

    for signal in (relations_ended, relation_started):
        signal.connect(hear)
    try:
        move_affiliation(
            affiliation_id=on_roll.pk,
            organization_id=branch_b1.pk,
            moved_on=DAY,
            actor=committee_staff,
        )
    finally:
        for signal in (relations_ended, relation_started):
            signal.disconnect(hear)
    assert heard == [
        (False, branch_a1, committee_staff),
        (True, branch_b1, committee_staff),
    ]


@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="one writer at a time on SQLite"
)
@pytest.mark.django_db(transaction=True)
def test_a_branch_that_takes_somebody_in_can_be_referred_to_meanwhile(
    committee_staff, branch_a1
):
    refused = []

    def refer():
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '2s'")
                SummaryMark.objects.create(organization=branch_a1, month=DAY)
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        except Exception as error:
            refused.append(error)
        finally:
            connection.close()

    with transaction.atomic():
        branch_for_change(branch_a1.pk, committee_staff)
        thread = threading.Thread(target=refer)
        thread.start()
        thread.join()
    assert not refused
