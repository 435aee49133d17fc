"""What follows for a stay from contacts, relations and branches."""

from datetime import datetime, time
from decimal import Decimal

import pytest
from django.utils import timezone

from activities.services.activities import (
    ActivityFacts,
    Attendance,
    cancel_activity,
    record_activity,
)
from config.lib.dates import SHANGHAI
from config.lib.errors import RuleError
from members.choices import EndReason
from members.contact_sources import last_contacts
from members.models import Affiliation, DuplicateClaim, Member, MobileStay
from members.services.affiliations import (
    end_affiliation,
    move_affiliation,
    start_affiliation,
)
from members.services.claims import accept_claim
from members.services.contacts import record_contact, withdraw_contact
from members.services.decisions import record_death
from members.services.leaving import leave_for_good
from members.services.merging import merge_members, undo_merge
from members.services.transfers import accept_transfer
from organizations.models import AuditEvent
from organizations.services.structure import merge_organizations
from tests.factories.members import AffiliationFactory, MemberFactory
from tests.members.mobile_steps import (
    ago,
    came,
    newcomer,
    out,
    placed,
    verified,
)
from tests.members.transfer_steps import received, sent_within

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(branch_a1):
    return MemberFactory(branch=branch_a1)


def last(stay):
    stay.refresh_from_db()
    return stay.last_contact_on


def test_a_contact_of_either_branch_is_kept_on_the_stay(
    member, branch_b1, branch_secretary, secretary_b
):
    old = ago(60)
    stay = out(member, branch_secretary, host=branch_b1)
    MobileStay.objects.update(registered_on=ago(100), last_contact_on=ago(100))
    record_contact(
        member_id=member.pk, contacted_on=old, way="phone", actor=branch_secretary
    )
    assert last(stay) == old
    MobileStay.objects.update(verified_on=ago(90), proof="call", state="verified")
    placed(stay, branch_b1, secretary_b, days=80)
    contact = record_contact(
        member_id=member.pk, contacted_on=ago(10), way="visit", actor=secretary_b
    )
    assert last(stay) == ago(10)
    withdraw_contact(contact_id=contact.pk, actor=secretary_b)
    assert last(stay) == old


def test_taking_part_in_an_activity_is_a_contact_of_the_stay(
    member, branch_a1, branch_secretary
):
    other = MemberFactory(branch=branch_a1)
    stay, others = out(member, branch_secretary), out(other, branch_secretary)
    MobileStay.objects.update(registered_on=ago(100), last_contact_on=ago(100))
    record_contact(
        member_id=other.pk, contacted_on=ago(50), way="phone", actor=branch_secretary
    )
    activity = record_activity(
        organization_id=branch_a1.pk,
        facts=ActivityFacts(
            kind="volunteering",
            title="返乡座谈",
            starts_at=datetime.combine(ago(20), time(9), tzinfo=SHANGHAI),
            hours=Decimal(2),
            place="会议室",
        ),
        attendance={pk: Attendance("present") for pk in (member.pk, other.pk)},
        actor=branch_secretary,
        today=timezone.localdate(),
    )
    assert (last(stay), last(others)) == (ago(20), ago(20))
    cancel_activity(activity_id=activity.pk, reason="重复", actor=branch_secretary)
    assert (last(stay), last(others)) == (ago(100), ago(50))


def test_a_stay_begins_with_the_contacts_there_were(member, branch_secretary):
    record_contact(
        member_id=member.pk,
        contacted_on=timezone.localdate(),
        way="phone",
        actor=branch_secretary,
    )
    stay = out(member, branch_secretary)
    assert stay.last_contact_on == last_contacts([member.pk])[member.pk]


# What follows -----------------------------------------------------------------


def test_whoever_leaves_the_roll_is_away_no_more(member, branch_secretary):
    stay = out(member, branch_secretary)
    end_affiliation(
        affiliation_id=member.affiliations.get().pk,
        ends_on=ago(1),
        end_reason=EndReason.TRANSFERRED_OUT,
        actor=branch_secretary,
    )
    stay.refresh_from_db()
    member.refresh_from_db()
    assert (stay.state, stay.end_reason) == ("ended", "transferred")
    assert (member.is_mobile, member.status) == (False, "transferred_out")


@pytest.mark.parametrize("reason", ["deceased", "removed"])
def test_death_and_removal_end_both_sides(
    member, branch_b1, branch_secretary, secretary_b, reason
):
    stay = out(member, branch_secretary, host=branch_b1)
    placed(verified(stay, secretary_b), branch_b1, secretary_b)
    if reason == "deceased":
        record_death(member_id=member.pk, died_on=ago(0), actor=branch_secretary)
    else:
        member.refresh_from_db()
        leave_for_good(member, ago(0), EndReason.REMOVED, "expelled", branch_secretary)
    stay.refresh_from_db()
    assert (stay.state, stay.end_reason) == ("ended", reason)
    assert not member.affiliations.open().exists()
    assert AuditEvent.objects.filter(action="affiliation_ended").count() == 2


def test_the_host_keeps_whose_roll_went_out_of_the_street(
    member, branch_b1, branch_secretary, secretary_b
):
    stay = out(member, branch_secretary, host=branch_b1)
    placed(verified(stay, secretary_b), branch_b1, secretary_b)
    end_affiliation(
        affiliation_id=member.affiliations.get(kind="on_roll").pk,
        ends_on=ago(0),
        end_reason=EndReason.TRANSFERRED_OUT,
        actor=branch_secretary,
    )
    stay.refresh_from_db()
    assert (stay.direction, stay.state, stay.home) == ("in", "placed", None)
    assert stay.division_name == "不掌握流向"
    assert member.affiliations.open().get().kind == "mobile_in"


def test_a_relation_that_ends_at_the_host_ends_the_stay(branch_a1, branch_secretary):
    stay = placed(
        verified(came(branch_a1, branch_secretary), branch_secretary),
        branch_a1,
        branch_secretary,
    )
    relation = Affiliation.objects.get()
    end_affiliation(
        affiliation_id=relation.pk,
        ends_on=ago(0),
        end_reason=EndReason.FLOWED_BACK,
        actor=branch_secretary,
    )
    stay.refresh_from_db()
    assert (stay.state, stay.end_reason) == ("ended", "returned")
    assert not Member.objects.get().is_mobile


def test_moving_the_relation_moves_the_side(
    member, branch_a1, branch_a2, branch_b1, branch_secretary, committee_staff
):
    stay = out(member, branch_secretary, host=branch_b1)
    placed(verified(stay, committee_staff), branch_b1, committee_staff)
    for kind, target in (("on_roll", branch_a2), ("mobile_in", branch_a1)):
        move_affiliation(
            affiliation_id=member.affiliations.open().get(kind=kind).pk,
            organization_id=target.pk,
            moved_on=ago(0),
            actor=committee_staff,
        )
    stay.refresh_from_db()
    assert (stay.home, stay.host, stay.state) == (branch_a2, branch_a1, "placed")


def test_a_transfer_to_the_host_ends_the_stay(
    member, branch_b1, branch_secretary, secretary_b
):
    stay = out(member, branch_secretary, host=branch_b1)
    placed(verified(stay, secretary_b), branch_b1, secretary_b)
    transfer = sent_within(member, branch_b1, branch_secretary)
    accept_transfer(transfer_id=transfer.pk, accepted_on=ago(0), actor=secretary_b)
    stay.refresh_from_db()
    member.refresh_from_db()
    assert (stay.state, stay.end_reason) == ("ended", "transferred")
    assert not member.is_mobile
    relation = member.affiliations.open().get()
    assert (relation.kind, relation.organization) == ("on_roll", branch_b1)


def test_a_letter_from_outside_ends_the_stay_of_whom_it_brings(
    branch_a1, branch_a2, branch_secretary, committee_staff
):
    transfer = received(branch_a1, committee_staff)
    brought = transfer.member
    person = newcomer(name=brought.name, id_number=brought.id_number)
    Affiliation.objects.all().delete()
    stay = came(branch_a1, branch_secretary, person)
    assert stay.member is None
    AffiliationFactory(member=brought, organization=branch_a2, kind="co_managed")
    start_affiliation(
        member_id=brought.pk,
        organization_id=branch_a2.pk,
        kind="on_roll",
        starts_on=ago(0),
        start_reason="transferred_in",
        actor=committee_staff,
    )
    stay.refresh_from_db()
    assert (stay.state, stay.end_reason, stay.member) == (
        "ended",
        "transferred",
        brought,
    )


def test_a_claim_that_the_street_accepts_places_the_stay(
    member, branch_b1, secretary_b, committee_staff
):
    stay = verified(
        came(branch_b1, secretary_b, newcomer(id_number=member.id_number)), secretary_b
    )
    with pytest.raises(RuleError):
        placed(stay, branch_b1, secretary_b)
    accept_claim(
        claim_id=DuplicateClaim.objects.get().pk,
        starts_on=ago(0),
        actor=committee_staff,
    )
    stay.refresh_from_db()
    assert (stay.state, stay.member, stay.host) == ("placed", member, branch_b1)


def test_branches_that_merge_hand_their_stays_over(
    member, branch_a1, branch_a2, branch_b1, branch_secretary, committee_staff
):
    away = out(member, branch_secretary)
    between = out(MemberFactory(branch=branch_a1), branch_secretary, host=branch_a2)
    arrived = came(branch_a1, branch_secretary)
    merge_organizations(
        source_id=branch_a1.pk,
        target_id=branch_a2.pk,
        on_date=ago(0),
        actor=committee_staff,
    )
    for stay in (away, between, arrived):
        stay.refresh_from_db()
    assert (away.home, away.state) == (branch_a2, "away")
    assert (arrived.host, arrived.state) == (branch_a2, "registered")
    assert (between.state, between.end_reason) == ("ended", "returned")


def test_two_records_of_one_person_have_one_stay(branch_a1, branch_a2, committee_staff):
    kept, gone = MemberFactory(branch=branch_a1), MemberFactory(branch=branch_a2)
    own, other = out(kept, committee_staff), out(gone, committee_staff)
    merge_members(kept_id=kept.pk, gone_id=gone.pk, taken=(), actor=committee_staff)
    own.refresh_from_db()
    other.refresh_from_db()
    assert (own.state, other.state, other.end_reason) == ("away", "ended", "mistake")
    kept.refresh_from_db()
    assert kept.is_mobile


def test_the_stay_of_the_record_given_up_goes_on_with_the_other(
    branch_a1, branch_a2, committee_staff
):
    kept, gone = MemberFactory(branch=branch_a1), MemberFactory(branch=branch_a2)
    stay = out(gone, committee_staff)
    record_contact(
        member_id=gone.pk, contacted_on=ago(0), way="phone", actor=committee_staff
    )
    merge = merge_members(
        kept_id=kept.pk, gone_id=gone.pk, taken=(), actor=committee_staff
    )
    stay.refresh_from_db()
    kept.refresh_from_db()
    assert (stay.member, stay.state, kept.is_mobile) == (kept, "away", True)
    assert stay.home == branch_a1
    undo_merge(merge_id=merge.pk, actor=committee_staff)
    stay.refresh_from_db()
    assert (stay.member, stay.state, stay.home) == (gone, "away", branch_a2)
