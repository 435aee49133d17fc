"""Moving, merging and closing organizations."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from config.lib.errors import RuleError
from organizations.choices import AuditAction
from organizations.models import AuditEvent, Organization, Post
from organizations.services.structure import (
    close_organization,
    merge_organizations,
    move_organization,
)
from organizations.signals import organization_closing
from tests.factories.organizations import OrganizationFactory, WorkUnitFactory
from tests.organizations.audit_steps import actions

# Moving ------------------------------------------------------------------------


def test_moving_a_branch_takes_its_groups_along(
    branch_a1, community_b, committee_staff
):
    group = OrganizationFactory(kind="group", parent=branch_a1)
    code = branch_a1.code

    moved = move_organization(
        organization_id=branch_a1.pk,
        new_parent_id=community_b.pk,
        actor=committee_staff,
    )

    group.refresh_from_db()
    assert moved.path == "000001000002000001"
    assert group.path == "000001000002000001000001"
    assert moved.code == code
    assert actions() == [AuditAction.ORGANIZATION_MOVED]


def test_moving_changes_who_sees_the_branch(
    branch_a1, community_b, community_secretary, committee_staff
):
    assert branch_a1 in Organization.objects.visible_to(community_secretary)

    move_organization(
        organization_id=branch_a1.pk,
        new_parent_id=community_b.pk,
        actor=committee_staff,
    )

    assert branch_a1 not in Organization.objects.visible_to(community_secretary)


def test_an_organization_cannot_move_below_itself(street, committee_staff):
    upper = OrganizationFactory(kind="committee", parent=street)
    lower = OrganizationFactory(kind="committee", parent=upper)

    with pytest.raises(RuleError, match="下级之下"):
        move_organization(
            organization_id=upper.pk, new_parent_id=lower.pk, actor=committee_staff
        )


def test_the_root_cannot_move(street, community_a, committee_staff):
    with pytest.raises(RuleError, match="最高一级"):
        move_organization(
            organization_id=street.pk,
            new_parent_id=community_a.pk,
            actor=committee_staff,
        )


def test_nothing_moves_into_another_street(branch_a1, other_street, committee_staff):
    with pytest.raises(Organization.DoesNotExist):
        move_organization(
            organization_id=branch_a1.pk,
            new_parent_id=other_street.pk,
            actor=committee_staff,
        )


def test_a_move_that_makes_the_tree_too_deep_is_refused(street, committee_staff):
    chain = [street]
    for _ in range(8):
        chain.append(OrganizationFactory(kind="committee", parent=chain[-1]))
    tall = OrganizationFactory(kind="committee", parent=street)
    OrganizationFactory(kind="branch", parent=tall)

    with pytest.raises(RuleError, match="层级最多10级"):
        move_organization(
            organization_id=tall.pk,
            new_parent_id=chain[-1].pk,
            actor=committee_staff,
        )


# Merging -----------------------------------------------------------------------


def merge(source, target, actor, on_date=date(2026, 6, 30)):
    return merge_organizations(
        source_id=source.pk, target_id=target.pk, on_date=on_date, actor=actor
    )


def test_merging_moves_the_children_and_closes_the_source(
    community_a, community_b, branch_a1, branch_b1, committee_staff
):
    source = merge(community_a, community_b, committee_staff)

    branch_a1.refresh_from_db()
    assert (source.closed_on, source.merged_into) == (date(2026, 6, 30), community_b)
    assert branch_a1.parent == community_b
    assert branch_a1.path == "000001000002000002"


def test_merging_ends_the_posts_at_the_source(
    community_a, community_b, community_secretary, committee_staff
):
    merge(community_a, community_b, committee_staff)

    assert Post.objects.get(user=community_secretary).ends_on == date(2026, 6, 30)
    assert AuditEvent.objects.filter(action=AuditAction.POST_ENDED).count() == 1


def test_merging_hands_over_work_units_and_buildings(
    community_a, community_b, committee_staff
):
    unit = WorkUnitFactory(organization=community_a, community=community_a.community)
    community_a.community.buildings.create(name="1号楼")
    community_b.community.buildings.create(name="2号楼")

    merge(community_a, community_b, committee_staff)

    unit.refresh_from_db()
    assert (unit.organization, unit.community) == (community_b, community_b.community)
    names = community_b.community.buildings.values_list("name", flat=True)
    assert sorted(names) == ["1号楼", "2号楼"]


def test_different_kinds_do_not_merge(community_a, branch_b1, committee_staff):
    with pytest.raises(RuleError, match="类别不同"):
        merge(community_a, branch_b1, committee_staff)


def test_a_merger_in_the_future_is_refused(branch_a1, branch_a2, committee_staff):
    with pytest.raises(RuleError, match="不能晚于今天"):
        merge(
            branch_a1,
            branch_a2,
            committee_staff,
            timezone.localdate() + timedelta(days=1),
        )


# Closing -----------------------------------------------------------------------


def close(organization, actor):
    return close_organization(
        organization_id=organization.pk,
        on_date=date(2026, 6, 30),
        reason="党员全部转出",
        actor=actor,
    )


def test_an_organization_with_open_children_is_not_closed(
    community_a, branch_a1, branch_a2, committee_staff
):
    with pytest.raises(RuleError, match="还有2个下级党组织"):
        close(community_a, committee_staff)


def test_an_app_above_can_refuse_a_closing(branch_a1, committee_staff):
    def refuse(sender, organization, **kwargs):
        raise RuleError("还有党员在册。")

    organization_closing.connect(refuse)
    try:
        with pytest.raises(RuleError, match="还有党员在册"):
            close(branch_a1, committee_staff)
    finally:
        organization_closing.disconnect(refuse)

    branch_a1.refresh_from_db()
    assert branch_a1.is_open


def test_a_closed_organization_stays_on_record(
    branch_a1, branch_secretary, committee_staff
):
    closed = close(branch_a1, committee_staff)

    assert (closed.closed_reason, closed.version) == ("党员全部转出", 2)
    assert Post.objects.get(user=branch_secretary).ends_on == date(2026, 6, 30)
    assert actions() == [AuditAction.POST_ENDED, AuditAction.ORGANIZATION_CLOSED]


def test_a_closed_organization_is_not_closed_again(branch_a1, committee_staff):
    close(branch_a1, committee_staff)

    with pytest.raises(RuleError, match="早已撤销"):
        close(branch_a1, committee_staff)
