"""Adding and changing a person."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from config.lib.errors import RuleError
from members.models import Affiliation, DuplicateClaim, Member
from members.services.members import add_member, set_talents, update_member
from organizations.models import AuditEvent
from organizations.signals import facts_changed
from tests.factories.members import (
    AffiliationFactory,
    MemberFactory,
    TalentFactory,
    synthetic_id_number,
)

BORN = date(1980, 5, 12)
ID_NUMBER = synthetic_id_number(BORN, 7, "female")


def new(branch, actor, **changes):
    values = {
        "organization_id": branch.pk,
        "kind": "on_roll",
        "starts_on": date(2024, 3, 1),
        "start_reason": "transferred_in",
        "name": "曾  敏",
        "id_number": ID_NUMBER.lower(),
        "ethnicity": "Han",
        "category": "in_post",
        "member_type": "full",
        "joined_on": date(2005, 7, 1),
        "confirmed_on": date(2006, 7, 1),
        "phone": "139-0000-1234",
        "actor": actor,
    }
    return add_member(**(values | changes))


@pytest.fixture
def facts():
    seen = []

    def listen(sender, organization_ids, since, **kwargs):
        seen.append((set(organization_ids), since))

    facts_changed.connect(listen)
    yield seen
    facts_changed.disconnect(listen)


def test_adding_fills_name_search_sex_and_birth(branch_secretary, branch_a1):
    member = new(branch_a1, branch_secretary)
    member.refresh_from_db()
    assert (member.name, member.name_pinyin, member.name_initials) == (
        "曾敏",
        "zengmin",
        "zm",
    )
    assert (member.sex, member.born_on, member.phone) == ("female", BORN, "13900001234")
    assert member.id_last4 == ID_NUMBER[-4:]


def test_adding_starts_the_affiliation_and_is_audited(
    branch_secretary, branch_a1, facts
):
    member = new(branch_a1, branch_secretary)
    (affiliation,) = member.affiliations.all()
    assert (affiliation.organization, affiliation.kind) == (branch_a1, "on_roll")
    actions = set(AuditEvent.objects.values_list("action", flat=True))
    assert actions == {"member_created", "affiliation_started"}
    assert facts == [({branch_a1.pk}, date(2024, 3, 1))]


def test_adding_outside_the_scope_finds_no_branch(secretary_b, branch_a1):
    with pytest.raises(type(branch_a1).DoesNotExist):
        new(branch_a1, secretary_b)


def test_adding_without_an_editing_post_is_forbidden(sysadmin, branch_a1):
    with pytest.raises(PermissionDenied):
        new(branch_a1, sysadmin)


def test_adding_to_a_community_committee_is_refused(committee_staff, community_a):
    with pytest.raises(RuleError, match="须编入党支部"):
        new(community_a, committee_staff)


def test_a_birth_date_against_the_id_number_is_refused(branch_secretary, branch_a1):
    with pytest.raises(RuleError, match="出生日期与身份证号不一致"):
        new(branch_a1, branch_secretary, born_on=date(1981, 5, 12))


def test_a_probationary_member_has_no_confirmation(branch_secretary, branch_a1):
    with pytest.raises(RuleError, match="预备党员没有转正日期"):
        new(branch_a1, branch_secretary, member_type="probationary")


def test_a_person_of_the_own_branch_is_named_with_the_branch(
    branch_secretary, branch_a1
):
    new(branch_a1, branch_secretary)
    with pytest.raises(RuleError, match="曾敏已在沿江社区第一党支部") as caught:
        new(branch_a1, branch_secretary)
    assert caught.value.code == "known_here"
    assert not DuplicateClaim.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_person_known_elsewhere_is_not_revealed_but_queued(
    branch_secretary, secretary_b, branch_a1, branch_b1
):
    new(branch_a1, branch_secretary)
    with pytest.raises(RuleError, match="联系街道核对") as caught:
        new(branch_b1, secretary_b, name="曾小敏", kind="on_roll")
    assert caught.value.code == "needs_street"
    assert "沿江" not in str(caught.value)
    claim = DuplicateClaim.objects.get()
    assert (claim.organization, claim.claimed_by) == (branch_b1, secretary_b)


def test_the_same_claim_is_queued_once(
    branch_secretary, secretary_b, branch_a1, branch_b1
):
    new(branch_a1, branch_secretary)
    for _ in range(2):
        with pytest.raises(RuleError, match="联系街道核对"):
            new(branch_b1, secretary_b)
    assert DuplicateClaim.objects.count() == 1


def test_somebody_who_left_comes_back_by_a_claim(branch_secretary, branch_a1):
    member = new(branch_a1, branch_secretary)
    Affiliation.objects.update(ends_on=date(2025, 1, 1), end_reason="transferred_out")
    with pytest.raises(RuleError) as caught:
        new(branch_a1, branch_secretary)
    assert caught.value.code == "needs_street"
    assert DuplicateClaim.objects.get().member == member


def test_updating_writes_history_and_counts_the_version_up(branch_secretary, branch_a1):
    member = MemberFactory(branch=branch_a1, name="雷芳")
    update_member(
        member_id=member.pk, version=1, job_title="教师", actor=branch_secretary
    )
    member.refresh_from_db()
    assert (member.job_title, member.version) == ("教师", 2)
    assert member.history.first().history_change_reason is None
    assert AuditEvent.objects.get().details == {"fields": ["job_title"]}


def test_an_old_version_is_refused(branch_secretary, branch_a1):
    member = MemberFactory(branch=branch_a1)
    update_member(
        member_id=member.pk, version=1, job_title="教师", actor=branch_secretary
    )
    with pytest.raises(RuleError, match="刚刚被别人修改过"):
        update_member(
            member_id=member.pk, version=1, job_title="医生", actor=branch_secretary
        )


def test_an_update_without_a_change_writes_nothing(branch_secretary, branch_a1):
    member = MemberFactory(branch=branch_a1)
    update_member(
        member_id=member.pk, version=1, phone=member.phone, actor=branch_secretary
    )
    member.refresh_from_db()
    assert member.version == 1
    assert not AuditEvent.objects.exists()


def test_updating_outside_the_scope_finds_nobody(secretary_b, branch_a1):
    member = MemberFactory(branch=branch_a1)
    with pytest.raises(Member.DoesNotExist):
        update_member(member_id=member.pk, version=1, job_title="x", actor=secretary_b)


def test_a_co_managing_branch_does_not_change_formal_fields(
    branch_secretary, branch_a1, branch_b1
):
    member = MemberFactory(branch=branch_b1)
    AffiliationFactory(member=member, organization=branch_a1, kind="co_managed")
    with pytest.raises(RuleError, match="组织关系所在的党支部维护"):
        update_member(
            member_id=member.pk, version=1, name="别名", actor=branch_secretary
        )
    update_member(
        member_id=member.pk, version=1, job_title="教师", actor=branch_secretary
    )


def test_a_new_name_is_found_by_its_pinyin(branch_secretary, branch_a1):
    member = MemberFactory(branch=branch_a1, name="雷芳")
    update_member(member_id=member.pk, version=1, name="单敏", actor=branch_secretary)
    assert Member.objects.get(name_pinyin="shanmin") == member


@pytest.mark.parametrize(
    "changes",
    [{"status": "deceased"}, {"status": "suspended"}, {"is_lost": True}],
)
def test_what_is_decided_is_not_a_field_to_edit(changes, branch_secretary, branch_a1):
    member = MemberFactory(branch=branch_a1)
    with pytest.raises(RuleError, match="“党籍”页"):
        update_member(member_id=member.pk, version=1, actor=branch_secretary, **changes)


def test_an_id_number_of_another_person_is_refused_without_a_name(
    branch_secretary, branch_a1, branch_b1
):
    other = MemberFactory(branch=branch_b1, name="贺兰")
    member = MemberFactory(branch=branch_a1)
    with pytest.raises(RuleError, match="已登记在另一位党员名下") as caught:
        update_member(
            member_id=member.pk,
            version=1,
            id_number=other.id_number,
            actor=branch_secretary,
        )
    assert "贺兰" not in str(caught.value)


def test_changing_a_fact_marks_the_figures_since_it_began(
    branch_secretary, branch_a1, facts
):
    member = MemberFactory(branch=branch_a1)
    update_member(
        member_id=member.pk, version=1, category="retired", actor=branch_secretary
    )
    assert facts == [({branch_a1.pk}, date(2020, 1, 1))]


def test_talents_are_replaced_and_audited(branch_secretary, branch_a1):
    doctor, lawyer = TalentFactory(name="义诊"), TalentFactory(name="法律")
    member = MemberFactory(branch=branch_a1, talents=[doctor])
    set_talents(member_id=member.pk, talent_ids=[lawyer.pk], actor=branch_secretary)
    assert list(member.talents.all()) == [lawyer]
    assert AuditEvent.objects.get().action == "member_updated"
