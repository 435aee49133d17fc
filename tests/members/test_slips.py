"""Reporting to a community: who answers a slip, and what follows."""

from collections import Counter
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from config.lib.errors import RuleError
from members.models import (
    Affiliation,
    DuplicateClaim,
    Member,
    ReportSlip,
)
from members.services.claims import accept_claim
from members.services.reporting import amend_slip, give_up_slip
from organizations.choices import Role
from organizations.models import AuditEvent, Organization
from tests.factories.members import AffiliationFactory, MemberFactory, TalentFactory
from tests.factories.organizations import (
    CommunityFactory,
    OrganizationFactory,
    PostFactory,
    UserFactory,
    WorkUnitFactory,
)
from tests.members.slip_steps import accepted, facts, filed
from tests.races import needs_server, race

pytestmark = pytest.mark.django_db


def test_a_slip_is_kept_and_begins_nothing(community_a, community_secretary):
    slip = filed(community_a, community_secretary)
    assert (slip.state, slip.community.organization) == ("received", community_a)
    assert not Member.objects.exists()
    event = AuditEvent.objects.get()
    assert event.action == "slip_recorded"
    assert "雷报到" not in f"{event.target_label}{event.details}"


def test_what_is_secret_is_not_readable_in_the_database(
    community_a, community_secretary
):
    slip = filed(community_a, community_secretary, wishes="义诊")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id_number, phone, address, skills, wishes FROM members_reportslip"
        )
        stored = " ".join(cursor.fetchone())
    for plain in (slip.id_number, slip.phone, "滨江路", "医疗", "义诊"):
        assert plain not in stored


def test_accepting_begins_the_file_and_the_relation(
    community_a, branch_a1, community_secretary
):
    doctor = TalentFactory(name="医疗")
    unit = WorkUnitFactory(name="江滨医院")
    slip = filed(community_a, community_secretary, work_unit=unit)
    slip = accepted(slip, branch_a1, community_secretary)
    assert (slip.state, slip.branch, slip.settled_by) == (
        "accepted",
        branch_a1,
        community_secretary,
    )
    member = slip.member
    relation = member.affiliations.get()
    assert (relation.kind, relation.start_reason) == ("co_managed", "reported_in")
    assert (member.category, member.home_unit) == ("in_post", unit)
    assert (member.community, list(member.talents.all())) == (slip.community, [doctor])
    assert member.phone == "13900007001"


def test_accepting_finds_the_file_and_leaves_it_as_it_is(
    community_a, branch_a1, branch_b1, committee_staff
):
    member = MemberFactory(branch=branch_b1, phone="13911112222")
    slip = filed(
        community_a,
        committee_staff,
        name=member.name,
        id_number=member.id_number,
    )
    slip = accepted(slip, branch_a1, committee_staff)
    assert slip.member == member
    member.refresh_from_db()
    assert member.phone == "13911112222"
    kinds = set(member.affiliations.open().values_list("organization", "kind"))
    assert kinds == {(branch_b1.pk, "on_roll"), (branch_a1.pk, "co_managed")}


def test_somebody_kept_elsewhere_goes_to_the_street_and_is_told_nothing_of(
    community_a, branch_a1, branch_b1, community_secretary, committee_staff
):
    member = MemberFactory(branch=branch_b1)
    slip = filed(
        community_a,
        community_secretary,
        name=member.name,
        id_number=member.id_number,
    )
    with pytest.raises(RuleError, match="联系街道核对") as refused:
        accepted(slip, branch_a1, community_secretary)
    assert branch_b1.short_name not in refused.value.text
    slip.refresh_from_db()
    assert slip.state == "received"
    claim = DuplicateClaim.objects.get()
    accept_claim(
        claim_id=claim.pk, starts_on=timezone.localdate(), actor=committee_staff
    )
    slip.refresh_from_db()
    assert (slip.state, slip.member, slip.branch) == ("accepted", member, branch_a1)


def test_another_name_under_the_number_is_refused(
    community_a, branch_a1, community_secretary
):
    member = MemberFactory(branch=branch_a1)
    slip = filed(community_a, community_secretary, id_number=member.id_number)
    with pytest.raises(RuleError, match="与报到单不同"):
        accepted(slip, branch_a1, community_secretary)


def test_whom_a_roster_brought_meanwhile_is_accepted_without_a_second_relation(
    community_a, branch_a1, community_secretary
):
    slip = filed(community_a, community_secretary)
    member = MemberFactory(
        name=slip.name, id_number=slip.id_number, id_index=slip.id_index
    )
    AffiliationFactory(member=member, organization=branch_a1, kind="co_managed")
    assert accepted(slip, branch_a1, community_secretary).member == member
    assert Affiliation.objects.count() == 1


def test_reporting_twice_to_one_community_is_refused(
    community_a, branch_a1, branch_a2, community_secretary
):
    slip = filed(community_a, community_secretary)
    with pytest.raises(RuleError, match="已有一张待受理"):
        filed(branch_a2, community_secretary)
    accepted(slip, branch_a1, community_secretary)
    with pytest.raises(RuleError, match="不需要重复报到"):
        filed(community_a, community_secretary)


def test_a_second_submit_records_once(community_a, community_secretary):
    request_id = uuid4()
    first = filed(community_a, community_secretary, request_id=request_id)
    assert filed(community_a, community_secretary, request_id=request_id) == first
    assert ReportSlip.objects.count() == 1


def test_a_refused_slip_keeps_its_reason_and_he_may_report_anew(
    community_a, community_secretary
):
    slip = filed(community_a, community_secretary)
    with pytest.raises(RuleError, match="写明原因"):
        give_up_slip(
            slip_id=slip.pk, state="refused", words=" ", actor=community_secretary
        )
    refused = give_up_slip(
        slip_id=slip.pk, state="refused", words="不住在这里", actor=community_secretary
    )
    assert (refused.reason, refused.settled_on) == ("不住在这里", timezone.localdate())
    assert filed(community_a, community_secretary).pk != slip.pk


def test_a_waiting_slip_may_be_mended_and_an_answered_one_not(
    community_a, community_secretary
):
    slip = filed(community_a, community_secretary)
    amend_slip(
        slip_id=slip.pk,
        facts=facts(job_title="主任"),
        version=slip.version,
        actor=community_secretary,
    )
    slip.refresh_from_db()
    assert slip.job_title == "主任"
    with pytest.raises(RuleError, match="别人修改过"):
        amend_slip(slip_id=slip.pk, facts=facts(), version=1, actor=community_secretary)
    give_up_slip(
        slip_id=slip.pk, state="withdrawn", words="重来", actor=community_secretary
    )
    with pytest.raises(RuleError, match="不能再修改"):
        amend_slip(slip_id=slip.pk, facts=facts(), actor=community_secretary)


def test_impossible_slips_are_refused(community_a, branch_a1, community_secretary):
    today = timezone.localdate()
    for changes, sentence in (
        ({"reported_on": today + timedelta(days=1)}, "不能晚于今天"),
        ({"joined_on": date(1980, 1, 1)}, "晚于出生日期"),
        ({"id_number": "123"}, "身份"),
        ({"unit_name": " "}, "工作单位"),
    ):
        with pytest.raises(RuleError, match=sentence):
            filed(community_a, community_secretary, **changes)
    slip = filed(community_a, community_secretary, joined_on=None)
    with pytest.raises(RuleError, match="补填入党日期"):
        accepted(slip, branch_a1, community_secretary)
    with pytest.raises(RuleError, match="协管开始日期"):
        accepted(
            slip, branch_a1, community_secretary, starts_on=today - timedelta(days=1)
        )


def test_a_branch_of_another_community_takes_nobody(
    community_a, branch_b1, committee_staff
):
    slip = filed(community_a, committee_staff)
    with pytest.raises(RuleError, match="请选择本社区的党支部"):
        accepted(slip, branch_b1, committee_staff)


def test_the_streets_own_organization_answers_no_slips(street, committee_staff):
    with pytest.raises(RuleError, match="不属于任何社区"):
        filed(street, committee_staff)


def test_who_sees_and_answers_a_slip(
    community_a,
    branch_a1,
    community_secretary,
    branch_secretary,
    secretary_b,
    committee_staff,
    auditor,
):
    slip = filed(community_a, community_secretary)

    def seen():
        return {
            user.username
            for user in (
                community_secretary,
                branch_secretary,
                secretary_b,
                committee_staff,
                auditor,
            )
            if ReportSlip.objects.visible_to(user).exists()
        }

    assert seen() == {"secretary-a", "staff"}
    with pytest.raises(ReportSlip.DoesNotExist):
        accepted(slip, branch_a1, branch_secretary)
    for user in (secretary_b, branch_secretary, auditor):
        with pytest.raises(Organization.DoesNotExist):
            filed(community_a, user, serial=2)
    accepted(slip, branch_a1, community_secretary)
    assert seen() == {"secretary-a", "staff", "branch-a1"}


STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["file", "file", "accept", "accept", "refuse", "withdraw", "amend"]
        ),
        st.integers(0, 5),
    ),
    max_size=12,
)


class SlipProperties(TestCase):
    @settings(
        max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    @given(STEPS)
    def test_no_order_of_steps_doubles_a_person(self, steps):
        street = OrganizationFactory(kind="work_committee")
        branches = []
        for _ in "12":
            place = OrganizationFactory(kind="committee", parent=street)
            CommunityFactory(organization=place)
            branches.append(OrganizationFactory(parent=place))
        staff = UserFactory()
        PostFactory(user=staff, role=Role.COMMITTEE_STAFF, organization=street)
        for step, pick in steps:
            _attempt(step, pick, branches, staff)
        _assert_slips_and_relations_agree()


def _attempt(step, pick, branches, actor):
    """Try one step on what is there; a refusal is fine."""
    slips = list(ReportSlip.objects.order_by("pk"))
    slip = slips[pick % len(slips)] if slips else ReportSlip(pk=0)
    try:
        if step == "file":
            filed(branches[pick % 2], actor, serial=pick // 2)
        elif step == "accept":
            accepted(slip, slip.organization if slips else branches[0], actor)
        elif step == "amend":
            amend_slip(slip_id=slip.pk, facts=facts(pick % 3), actor=actor)
        else:
            state = "refused" if step == "refuse" else "withdrawn"
            give_up_slip(slip_id=slip.pk, state=state, words="原因", actor=actor)
    except (RuleError, ReportSlip.DoesNotExist):
        pass


def _assert_slips_and_relations_agree():
    """Each accepted slip has its relation; nobody waits or is co-managed twice."""
    for slip in ReportSlip.objects.filter(state="accepted"):
        assert slip.member.affiliations.open().get().organization == slip.branch
        assert slip.member.id_index == slip.id_index
    waiting = Counter(
        ReportSlip.objects.received().values_list("community", "id_index")
    )
    assert max(waiting.values(), default=0) <= 1
    assert Affiliation.objects.count() == Member.objects.count()
    for slip in ReportSlip.objects.exclude(state="received"):
        assert slip.settled_on is not None


@needs_server
@pytest.mark.django_db(transaction=True)
def test_twenty_acceptances_at_once_make_one_file(
    community_a, branch_a1, community_secretary
):
    slip = filed(community_a, community_secretary)
    found = race(lambda n: accepted(slip, branch_a1, community_secretary).state)
    assert Counter(found) == {"accepted": 1, "slip_state": 19}
    assert Member.objects.count() == Affiliation.objects.count() == 1
