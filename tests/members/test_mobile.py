"""Members away: one record for both sides, and what follows from what happens."""

from datetime import datetime, time, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from activities.services.activities import (
    ActivityFacts,
    Attendance,
    cancel_activity,
    record_activity,
)
from config.lib.dates import SHANGHAI
from config.lib.errors import RuleError
from config.lib.versions import StaleError
from members.choices import EndReason
from members.contact_sources import last_contacts
from members.divisions import place_name, places, provinces
from members.models import Affiliation, DuplicateClaim, Member, MobileStay
from members.rules import mobile as rules
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
from members.services.mobile import amend_stay
from members.services.transfers import accept_transfer
from organizations.choices import Role
from organizations.models import AuditEvent
from organizations.services.structure import merge_organizations
from tests.factories.members import AffiliationFactory, MemberFactory
from tests.factories.organizations import OrganizationFactory, PostFactory, UserFactory
from tests.members.mobile_steps import (
    ago,
    came,
    course,
    ended,
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


def test_the_divisions_are_those_of_the_standard():
    assert len(provinces()) == 34
    assert (place_name("330100"), place_name("110108")) == (
        "浙江省杭州市",
        "北京市海淀区",
    )
    assert place_name("429004") == "湖北省仙桃市"
    assert place_name("371200") == ""  # 莱芜市 is a part of 济南市 since 2019
    assert all(len(code) == 6 and code.isdigit() for code in places())


def test_who_is_out_stays_on_the_roll_and_is_marked(
    member, branch_a1, branch_secretary
):
    stay = out(member, branch_secretary)
    member.refresh_from_db()
    assert (stay.state, stay.direction, stay.home) == ("away", "out", branch_a1)
    assert member.is_mobile
    assert member.affiliations.open().get().kind == "on_roll"
    assert member in Member.objects.visible_to(branch_secretary)
    event = AuditEvent.objects.get(action="mobile_registered")
    assert event.details == {"mobile_way": "out"}
    assert member.name not in event.target_label


def test_where_somebody_lives_is_not_readable_in_the_database(member, branch_secretary):
    out(member, branch_secretary)
    with connection.cursor() as cursor:
        cursor.execute("SELECT place, home_phone FROM members_mobilestay")
        assert "滨江" not in str(cursor.fetchone())


def test_a_second_open_stay_is_refused(member, branch_secretary):
    first = out(member, branch_secretary)
    with pytest.raises(RuleError, match="已有一条没有结束的流动登记"):
        out(member, branch_secretary)
    ended(first, branch_secretary)
    assert out(member, branch_secretary).pk != first.pk


def test_out_of_scope_and_without_the_right(
    member, branch_secretary, secretary_b, auditor
):
    stay = out(member, branch_secretary)
    for stranger in (secretary_b, auditor):
        with pytest.raises(Affiliation.DoesNotExist):
            out(member, stranger)
        with pytest.raises(MobileStay.DoesNotExist):
            ended(stay, stranger)


def test_somebody_from_outside_is_held_by_nobody_until_placed(
    community_a, branch_a1, community_secretary, branch_secretary
):
    stay = came(community_a, community_secretary)
    assert not Member.objects.exists()
    assert stay not in MobileStay.objects.visible_to(branch_secretary)
    with pytest.raises(RuleError, match="还没有核实党员身份"):
        placed(stay, branch_a1, community_secretary)
    stay = verified(stay, community_secretary)
    assert (stay.verified_by, stay.proof) == (community_secretary, "call")
    stay = placed(stay, branch_a1, community_secretary, group_name="第一党小组")
    member = Member.objects.get()
    relation = member.affiliations.get()
    assert (relation.kind, relation.organization) == ("mobile_in", branch_a1)
    assert (member.name, member.category, member.is_mobile) == (
        "顾远来",
        "mobile",
        True,
    )
    assert (stay.state, stay.host, stay.group_name) == (
        "placed",
        branch_a1,
        "第一党小组",
    )
    # The file holds the numbers now, once.
    assert (stay.id_number, stay.id_index, stay.phone) == ("", "", "")
    assert stay in MobileStay.objects.visible_to(branch_secretary)


def test_the_days_of_verifying_and_placing_are_looked_at(branch_a1, branch_secretary):
    stay = came(branch_a1, branch_secretary)
    with pytest.raises(RuleError, match="核实日期不能晚于今天"):
        verified(stay, branch_secretary, days=-1)
    stay = verified(stay, branch_secretary)
    with pytest.raises(RuleError, match="编入日期不能早于核实日期"):
        placed(stay, branch_a1, branch_secretary, days=1)
    with pytest.raises(RuleError, match="已有人办过"):
        verified(stay, branch_secretary)


def test_the_same_person_twice_at_one_host_is_once(branch_a1, branch_secretary):
    came(branch_a1, branch_secretary)
    with pytest.raises(RuleError, match="不能重复登记"):
        came(branch_a1, branch_secretary)
    assert MobileStay.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"started_on": ago(-1)}, "不能晚于今天"),
        ({"expected_end_on": ago(300)}, "应晚于流动开始日期"),
        ({"division": "123456"}, "GB/T 2260"),
        ({"card_number": "A1"}, "编号和发证日期两项"),
        ({"card_number": "A1", "card_issued_on": ago(-2)}, "发证日期不能晚于今天"),
    ],
)
def test_what_cannot_be_is_refused(member, branch_secretary, changes, sentence):
    with pytest.raises(RuleError, match=sentence):
        out(member, branch_secretary, **changes)
    assert not MobileStay.objects.exists()


def test_only_the_branch_of_the_roll_writes_down_who_is_out(
    branch_a1, branch_b1, branch_secretary
):
    member = MemberFactory(branch=branch_b1)
    taken = AffiliationFactory(member=member, organization=branch_a1, kind="co_managed")
    with pytest.raises(RuleError, match="组织关系所在的党支部登记"):
        rules.check_roll(taken.kind)


def test_within_the_street_both_branches_share_one_record(
    member, branch_a1, branch_b1, branch_secretary, secretary_b
):
    stay = out(member, branch_secretary, host=branch_b1)
    assert (stay.direction, stay.state) == ("within", "registered")
    assert stay in MobileStay.objects.visible_to(secretary_b)
    verified(stay, secretary_b)
    placed(stay, branch_b1, secretary_b)
    kinds = set(member.affiliations.open().values_list("kind", "organization"))
    assert kinds == {("on_roll", branch_a1.pk), ("mobile_in", branch_b1.pk)}
    with pytest.raises(PermissionDenied):
        verified(stay, branch_secretary)
    # Either side may say that he came back.
    ended(stay, branch_secretary)
    assert member.affiliations.open().get().kind == "on_roll"
    assert member.affiliations.get(kind="mobile_in").end_reason == "flowed_back"


def test_who_was_written_down_as_out_is_met_by_his_host(
    member, branch_b1, branch_secretary, secretary_b
):
    stay = out(member, branch_secretary, host_name="不清楚")
    person = newcomer(name=member.name, id_number=member.id_number)
    met = came(branch_b1, secretary_b, person, host_contact="毕书记")
    assert met.pk == stay.pk
    assert (met.direction, met.state, met.host) == ("within", "registered", branch_b1)
    assert (met.host_name, met.host_contact) == ("", "毕书记")
    assert MobileStay.objects.count() == 1


def test_a_member_nobody_wrote_down_is_found_by_number_and_name(
    member, branch_a1, branch_b1, secretary_b
):
    person = newcomer(name=member.name, id_number=member.id_number)
    stay = came(branch_b1, secretary_b, person)
    assert (stay.home, stay.member, stay.id_number) == (branch_a1, member, "")
    member.refresh_from_db()
    assert member.is_mobile


def test_a_number_with_another_name_tells_nothing_and_is_the_streets_to_settle(
    member, branch_b1, secretary_b
):
    stay = came(branch_b1, secretary_b, newcomer(id_number=member.id_number))
    assert (stay.direction, stay.member) == ("in", None)
    verified(stay, secretary_b)
    with pytest.raises(RuleError, match="须由街道核对"):
        placed(stay, branch_b1, secretary_b)
    claim = DuplicateClaim.objects.get()
    assert (claim.member, claim.kind) == (member, "mobile_in")
    stay.refresh_from_db()
    assert stay.state == "verified"


def test_nobody_is_placed_in_the_branch_of_his_own_roll(
    member, branch_a1, branch_secretary
):
    person = newcomer(name=member.name, id_number=member.id_number)
    with pytest.raises(RuleError, match="组织关系就在"):
        came(branch_a1, branch_secretary, person)


def test_another_street_learns_nothing_of_a_roll(member, other_street):
    branch = OrganizationFactory(kind="branch", parent=other_street)
    user = UserFactory()
    PostFactory(user=user, role=Role.BRANCH_SECRETARY, organization=branch)
    person = newcomer(name=member.name, id_number=member.id_number)
    assert came(branch, user, person).member is None


def test_mending_counts_the_version(member, branch_secretary):
    stay = out(member, branch_secretary)
    amend_stay(
        stay_id=stay.pk,
        course=course(card_number="鄂0001", card_issued_on=ago(150)),
        version=1,
        actor=branch_secretary,
    )
    with pytest.raises(StaleError):
        amend_stay(stay_id=stay.pk, course=course(), version=1, actor=branch_secretary)
    stay.refresh_from_db()
    assert (stay.card_number, stay.version, stay.home_name) == ("鄂0001", 2, "")
    ended(stay, branch_secretary)
    with pytest.raises(RuleError, match="已经结束"):
        amend_stay(stay_id=stay.pk, course=course(), actor=branch_secretary)


def test_the_end_clears_the_mark_and_needs_a_reason(member, branch_secretary):
    stay = out(member, branch_secretary)
    for reason in ("", "transferred"):
        with pytest.raises(RuleError, match="请选择结束原因"):
            ended(stay, branch_secretary, reason)
    with pytest.raises(RuleError, match="不能早于流动开始日期"):
        ended(stay, branch_secretary, days=900)
    ended(stay, branch_secretary, "left")
    member.refresh_from_db()
    assert not member.is_mobile
    with pytest.raises(RuleError, match="已结束"):
        ended(stay, branch_secretary)


# Contacts ---------------------------------------------------------------------


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
    stay = out(member, branch_secretary)
    MobileStay.objects.update(registered_on=ago(100), last_contact_on=ago(100))
    activity = record_activity(
        organization_id=branch_a1.pk,
        facts=ActivityFacts(
            kind="volunteering",
            title="返乡座谈",
            starts_at=datetime.combine(ago(20), time(9), tzinfo=SHANGHAI),
            hours=Decimal(2),
            place="会议室",
        ),
        attendance={member.pk: Attendance("present")},
        actor=branch_secretary,
        today=timezone.localdate(),
    )
    assert last(stay) == ago(20)
    cancel_activity(activity_id=activity.pk, reason="重复", actor=branch_secretary)
    assert last(stay) == ago(100)


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


def test_hints_follow_the_rules_of_the_card():
    def hint(days, reason="work", card=False):
        end = ago(0) + timedelta(days=days) if days else None
        found = rules.hints(
            reason=reason, started_on=ago(0), expected_end_on=end, has_card=card
        )
        return found[0] if found else ""

    assert "不到6个月" in hint(90)
    assert "应当转接组织关系" in hint(400, "residence")
    assert "可由基层党委发" in hint(None)
    assert hint(400, card=True) == ""
