"""Coverage of two-new units: census, proposals and decisions, visits, warnings."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from config.lib import registry
from config.lib.errors import RuleError
from config.lib.versions import StaleError
from members.coverage import proposal_for
from members.services.coverage import follow_proposals
from organizations.coverage_reads import kept_units
from organizations.models import CensusSheet, Coverage, Organization, WorkUnit
from organizations.services.census import (
    VisitFacts,
    record_door_visit,
    withdraw_door_visit,
)
from organizations.services.structure import close_organization
from organizations.services.work_units import update_work_unit
from tests.factories.members import MemberFactory
from tests.factories.organizations import OrganizationFactory
from tests.members.coverage_steps import ago, decided, surveyed, two_new, uncovered

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit(community_a):
    return two_new(community_a, "晨光科技有限公司")


def warned(key, user):
    rows = registry.alert(f"members.coverage_{key}").rows(user, timezone.localdate())
    return [row.label for row in rows]


def works_in(unit, number, member_type="full"):
    return [
        MemberFactory(home_unit=unit, member_type=member_type) for _ in range(number)
    ]


def test_a_community_keeps_its_own_units(
    unit, community_b, community_secretary, committee_staff, branch_secretary
):
    other = two_new(community_b, "湖畔商行")
    two_new(community_b, "省外公司", is_resident=False)
    assert list(kept_units(community_secretary)) == [unit]
    assert set(kept_units(committee_staff)) == {unit, other}
    assert not kept_units(branch_secretary)
    with pytest.raises(WorkUnit.DoesNotExist):
        surveyed(other, community_secretary)


def test_three_full_members_without_an_organization_are_warned_of(
    unit, committee_staff, branch_a1
):
    works_in(unit, 3)
    assert warned("unbuilt", committee_staff) == [unit.name]  # without a sheet too
    unit.members.all().delete()
    surveyed(unit, committee_staff, full=2, probationary=3)
    assert warned("unbuilt", committee_staff) == []
    assert warned("uncovered", committee_staff) == [unit.name]
    # Probationary members never count to the three.
    works_in(unit, 2)
    works_in(unit, 4, "probationary")
    assert warned("unbuilt", committee_staff) == []
    works_in(unit, 1)
    assert warned("unbuilt", committee_staff) == [unit.name]
    assert warned("uncovered", committee_staff) == []
    decided(unit, committee_staff, "own", organization_id=branch_a1.pk)
    assert warned("unbuilt", committee_staff) == []


def test_a_shell_owes_nothing(unit, committee_staff):
    surveyed(unit, committee_staff, full=5, state="shell")
    assert warned("unbuilt", committee_staff) == []
    with pytest.raises(RuleError, match="空壳停产，不用核定"):
        decided(unit, committee_staff, "instructor", instructor_name="周干事")


def test_a_sheet_keeps_the_one_before(unit, committee_staff):
    surveyed(unit, committee_staff, full=1, owner_phone="13900001234")
    second = surveyed(unit, committee_staff, full=2, day=10)
    first = CensusSheet.objects.exclude(pk=second.pk).get()
    assert (first.full_members, first.ends_on) == (1, ago(10))
    assert second.masked_phone == "139****1234"
    again = surveyed(unit, committee_staff, full=3, day=10)
    assert (again.pk, again.full_members) == (second.pk, 3)
    with pytest.raises(RuleError, match="不能早于上一次"):
        surveyed(unit, committee_staff, day=11)
    with pytest.raises(RuleError, match="不能晚于今天"):
        surveyed(unit, committee_staff, day=-1)


def test_the_rule_proposes_and_a_person_decides(
    unit, committee_staff, branch_a1, branch_a2
):
    with pytest.raises(RuleError, match="还没有一企一表"):
        decided(unit, committee_staff, "own", organization_id=branch_a1.pk)
    sheet = surveyed(unit, committee_staff, full=1)
    assert proposal_for(unit, sheet).form == "joint"
    with pytest.raises(RuleError, match="请在“说明”中写明理由"):
        decided(unit, committee_staff, "own", organization_id=branch_a1.pk)
    with pytest.raises(RuleError, match="请选择覆盖这家单位的党组织"):
        decided(unit, committee_staff, "joint")
    first = decided(unit, committee_staff, "joint", organization_id=branch_a1.pk)
    assert (first.proposed, first.organization) == ("joint", branch_a1)
    second = uncovered(unit, committee_staff, day=5)
    first.refresh_from_db()
    assert (first.ends_on, second.organization) == (ago(5), None)
    assert Coverage.objects.open().get() == second


def test_without_coverage_reason_person_and_day_are_asked(unit, committee_staff):
    surveyed(unit, committee_staff)
    for missing, words in (
        ({"reason": "随便"}, "请选择原因"),
        ({"responsible_name": " "}, "请填写责任人"),
        ({"due_on": None}, "请填写完成期限"),
        ({"due_on": ago(99)}, "不能早于核定日期"),
    ):
        with pytest.raises(RuleError, match=words):
            uncovered(unit, committee_staff, **missing)
    uncovered(unit, committee_staff, due=-1)
    assert warned("overdue", committee_staff) == [unit.name]


def test_one_organization_is_one_units_own(
    unit, community_a, committee_staff, branch_a1, other_street
):
    second = two_new(community_a, "第二公司")
    for each in (unit, second):
        surveyed(each, committee_staff, full=3)
    decided(unit, committee_staff, "own", organization_id=branch_a1.pk)
    with pytest.raises(RuleError, match="两家以上合建的请选“联合组建”"):
        decided(second, committee_staff, "own", organization_id=branch_a1.pk)
    with pytest.raises(RuleError, match="单独组建的"):
        decided(second, committee_staff, "joint", organization_id=branch_a1.pk)
    with pytest.raises(Organization.DoesNotExist):
        decided(second, committee_staff, "own", organization_id=other_street.pk)
    with pytest.raises(RuleError, match="还有1家两新单位"):
        close_organization(
            organization_id=branch_a1.pk,
            on_date=ago(0),
            reason="撤",
            actor=committee_staff,
        )


def test_units_registered_with_an_organization_are_decided_together(
    community_a, committee_staff, branch_a1, branch_a2
):
    alone = two_new(community_a, "独立公司", organization=branch_a1)
    pair = [
        two_new(community_a, f"合建{n}公司", organization=branch_a2) for n in "甲乙"
    ]
    bare = two_new(community_a, "没有党组织公司")
    for each in (alone, *pair, bare):
        surveyed(each, committee_staff, full=3)
    assert warned("unbuilt", committee_staff) == [bare.name]
    with pytest.raises(RuleError, match="没有登记本单位的党组织"):
        follow_proposals(unit_ids=[alone.pk, bare.pk], actor=committee_staff)
    assert not Coverage.objects.exists()
    ids = [alone.pk, *(each.pk for each in pair)]
    assert follow_proposals(unit_ids=ids, actor=committee_staff) == 3
    forms = dict(Coverage.objects.values_list("unit__name", "form"))
    assert forms == {"独立公司": "own", "合建甲公司": "joint", "合建乙公司": "joint"}


def test_an_organization_outside_the_portal_is_a_units_own(
    community_a, committee_staff
):
    unit = two_new(community_a, "外管公司", party_organization_name="外管公司支部")
    works_in(unit, 3)
    assert warned("unbuilt", committee_staff) == []
    surveyed(unit, committee_staff)
    assert decided(unit, committee_staff, "own").by_whom == "外管公司支部"


def test_somebody_quicker_is_not_overwritten(unit, committee_staff, branch_a1):
    surveyed(unit, committee_staff, full=3)
    facts = {"organization_id": branch_a1.pk}
    decided(unit, committee_staff, "own", version=0, **facts)
    with pytest.raises(StaleError):
        decided(unit, committee_staff, "own", version=0, day=1, **facts)


def test_a_unit_that_leaves_the_register_ends_its_entries(unit, committee_staff):
    surveyed(unit, committee_staff)
    uncovered(unit, committee_staff)
    update_work_unit(
        work_unit_id=unit.pk, version=None, actor=committee_staff, is_active=False
    )
    assert not CensusSheet.objects.open().exists()
    assert not Coverage.objects.open().exists()
    with pytest.raises(RuleError, match="已移出两新名册"):
        surveyed(unit, committee_staff, day=0)


def test_a_unit_that_comes_back_begins_after_its_ended_entries(
    unit, committee_staff, branch_a1
):
    surveyed(unit, committee_staff, full=1)
    decided(unit, committee_staff, "joint", organization_id=branch_a1.pk)
    for is_active in (False, True):
        update_work_unit(
            work_unit_id=unit.pk,
            version=None,
            actor=committee_staff,
            is_active=is_active,
        )
    with pytest.raises(RuleError, match="不能早于上一次"):
        surveyed(unit, committee_staff, day=5)
    surveyed(unit, committee_staff, full=1, day=0)
    host = {"organization_id": branch_a1.pk}
    with pytest.raises(RuleError, match="不能早于上一次"):
        decided(unit, committee_staff, "joint", day=5, **host)
    decided(unit, committee_staff, "joint", day=0, **host)


def test_a_host_of_shells_alone_may_be_closed(unit, committee_staff, branch_a1):
    surveyed(unit, committee_staff)
    row = decided(unit, committee_staff, "attached", organization_id=branch_a1.pk)
    closing = {"organization_id": branch_a1.pk, "on_date": ago(0), "reason": "撤"}
    with pytest.raises(RuleError, match="还有1家两新单位"):
        close_organization(**closing, actor=committee_staff)
    surveyed(unit, committee_staff, day=5, state="shell")
    close_organization(**closing, actor=committee_staff)
    row.refresh_from_db()
    assert row.ends_on == ago(0)


def test_a_closed_organization_is_no_units_own(
    community_a, committee_staff, client_for, branch_a1
):
    unit = two_new(community_a, "原有支部公司", organization=branch_a1)
    surveyed(unit, committee_staff, full=3)
    url = reverse("members:coverage-units")
    page = client_for(committee_staff)
    assert 'name="units"' in page.get(url + "?group=undecided").text
    assert warned("unbuilt", committee_staff) == []
    close_organization(
        organization_id=branch_a1.pk, on_date=ago(0), reason="撤", actor=committee_staff
    )
    assert warned("unbuilt", committee_staff) == [unit.name]
    assert 'name="units"' not in page.get(url + "?group=undecided").text
    with pytest.raises(RuleError, match="没有登记本单位的党组织"):
        follow_proposals(unit_ids=[unit.pk], actor=committee_staff)


def test_an_organization_out_of_sight_is_not_followed(
    street, community_a, committee_staff, community_secretary, client_for
):
    above = OrganizationFactory(parent=street)
    unit = two_new(community_a, "机关代管公司", organization=above)
    surveyed(unit, committee_staff, full=3)
    with pytest.raises(RuleError, match="“机关代管公司”登记的单位党组织"):
        follow_proposals(unit_ids=[unit.pk], actor=community_secretary)
    url = reverse("members:coverage-units") + "?group=undecided"
    page = client_for(community_secretary)
    assert 'name="units"' not in page.get(url).text
    refused = page.post(reverse("members:coverage-follow"), {"units": unit.pk})
    assert refused.status_code == 302
    assert follow_proposals(unit_ids=[unit.pk], actor=committee_staff) == 1


def test_the_board_links_to_what_the_list_shows(
    community_a, committee_staff, branch_a1, client_for
):
    own = two_new(community_a, "未核定公司", organization=branch_a1)
    surveyed(own, committee_staff, full=3)
    page = client_for(committee_staff)
    assert "看名单" not in page.get(reverse("members:coverage")).text
    works_in(two_new(community_a, "没有表公司"), 3)
    assert "看名单" in page.get(reverse("members:coverage")).text


def test_a_branch_is_near_though_committees_come_first(
    unit, community_a, committee_staff
):
    for kind in ("committee", "committee", "branch"):
        OrganizationFactory(parent=community_a, kind=kind)
    assert proposal_for(unit, surveyed(unit, committee_staff)).form == "attached"


def test_a_visit_brings_the_next(unit, committee_staff):
    facts = VisitFacts(ago(9), "周干事", "thinking", words="再谈", next_on=ago(2))
    asked = {"unit_id": unit.pk, "actor": committee_staff}
    visit = record_door_visit(**asked, facts=facts, request_id=(key := uuid4()))
    assert record_door_visit(**asked, facts=facts, request_id=key) == visit
    assert warned("visit_due", committee_staff) == [unit.name]
    again = record_door_visit(**asked, facts=VisitFacts(ago(1), "周干事", "agreed"))
    assert warned("visit_due", committee_staff) == []
    withdraw_door_visit(visit_id=again.pk, reason="记错", actor=committee_staff)
    assert warned("visit_due", committee_staff) == [unit.name]
    with pytest.raises(RuleError, match="已经撤回"):
        withdraw_door_visit(visit_id=again.pk, reason="记错", actor=committee_staff)


def test_the_pages_lead_from_the_list_to_the_decision(
    unit, community_secretary, branch_a1, client_for
):
    page = client_for(community_secretary)
    here = reverse("members:coverage-unit", args=[unit.pk])
    assert "还没有一企一表" in page.get(here).text
    sheet = {
        "found_on": ago(20),
        "state": "operating",
        "staff": 40,
        "full_members": 3,
        "probationary": 0,
        "not_moved_in": 9,
        "version": 0,
    }
    url = reverse("members:coverage-sheet", args=[unit.pk])
    refused = page.post(url, sheet)
    assert refused.status_code == 422
    assert "不能多于党员总数" in refused.text
    assert page.post(url, sheet | {"not_moved_in": 1}).status_code == 302
    listed = page.get(reverse("members:coverage-units") + "?group=unbuilt").text
    assert unit.name in listed
    url = reverse("members:coverage-decide", args=[unit.pk])
    assert "系统建议：单独组建" in page.get(url).text
    decision = {"form": "own", "starts_on": ago(3), "version": 0}
    refused = page.post(url, decision)
    assert "请选择覆盖这家单位的党组织" in refused.text
    decision["organization"] = branch_a1.pk
    assert page.post(url, decision).status_code == 302
    assert page.post(url, decision).status_code == 409
    board = page.get(reverse("members:coverage")).text
    assert "100%" in board
    assert page.get(here).text.count("单独组建") >= 1
