"""Making, changing, moving, merging and closing organizations."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.versions import StaleError
from organizations import rules
from organizations.choices import AuditAction, OrganizationField, OrganizationKind
from organizations.models import AuditEvent, Community, Organization, Post
from organizations.services.structure import (
    close_organization,
    create_organization,
    merge_organizations,
    move_organization,
    update_organization,
)
from organizations.signals import facts_changed, organization_closing
from organizations.system import SYSTEM
from tests.factories.organizations import OrganizationFactory, WorkUnitFactory

BRANCH = OrganizationKind.BRANCH


def actions() -> list[str]:
    return list(AuditEvent.objects.order_by("id").values_list("action", flat=True))


def make_branch(parent, actor, name="中共沿江社区第九支部委员会", **values):
    return create_organization(
        parent_id=parent.pk, name=name, kind=BRANCH, actor=actor, **values
    )


@pytest.fixture
def heard():
    """Record what the apps above would hear."""
    calls = []

    def listen(sender, organization_ids, since, **kwargs):
        calls.append((organization_ids, since))

    facts_changed.connect(listen)
    yield calls
    facts_changed.disconnect(listen)


# Creating ----------------------------------------------------------------------


def test_a_new_branch_gets_the_next_path_and_an_audit_row(
    branch_a1, branch_a2, community_a, committee_staff
):
    branch = make_branch(community_a, committee_staff)

    assert branch.path == "000001000001000003"
    assert branch.short_name == "沿江社区第九支部"
    assert branch.field == OrganizationField.COMMUNITY
    assert actions() == [AuditAction.ORGANIZATION_CREATED]


def test_short_codes_are_letters_of_the_name_and_a_number(community_a, committee_staff):
    codes = [
        make_branch(community_a, committee_staff, f"中共沿江社区第{n}支部委员会").code
        for n in "一二三"
    ]

    assert codes == ["YJSQ01", "YJSQ02", "YJSQ03"]


def test_figures_above_a_new_branch_are_told(
    street, community_a, committee_staff, heard
):
    branch = make_branch(community_a, committee_staff)

    assert heard == [({street.pk, community_a.pk, branch.pk}, date.min)]


def test_a_community_committee_brings_its_place(street, committee_staff):
    organization = create_organization(
        parent_id=street.pk,
        name="中共致和社区委员会",
        kind=OrganizationKind.COMMITTEE,
        actor=committee_staff,
    )

    assert Community.objects.get().name == "致和社区"
    assert Community.objects.get().organization == organization


@pytest.mark.parametrize(
    ("name", "kind", "place"),
    [
        ("中共江滨社区委员会", "committee", "江滨社区"),
        ("中共江滨街道沿江社区委员会", "committee", "沿江社区"),
        ("中共和平社区总支部委员会", "general_branch", "和平社区"),
        ("中共和平社区第一支部委员会", "branch", ""),
        ("中共大成公司委员会", "committee", ""),
    ],
)
def test_only_a_community_committee_looks_after_a_place(name, kind, place):
    assert rules.community_name(name, kind) == place


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("中共江滨街道工作委员会", "江滨街道党工委"),
        ("中共江滨社区委员会", "江滨社区党委"),
        ("中共和平社区总支部委员会", "和平社区党总支"),
        ("中国共产党和平社区第一支部委员会", "和平社区第一支部"),
    ],
)
def test_short_names_follow_usage(name, short):
    assert rules.infer_short_name(name) == short


@pytest.mark.parametrize(
    ("kind", "above", "fits"),
    [
        ("branch", "work_committee", True),
        ("branch", "committee", True),
        ("branch", "general_branch", True),
        ("branch", "branch", False),
        ("group", "branch", True),
        ("group", "committee", False),
        ("committee", "work_committee", True),
        ("committee", "branch", False),
        ("general_branch", "general_branch", False),
        ("work_committee", "work_committee", False),
        ("work_committee", "", True),
        ("branch", "", False),
        ("branch", "group", False),
    ],
)
def test_which_kind_may_stand_under_which(kind, above, fits):
    if fits:
        rules.check_kind(kind, above)
    else:
        with pytest.raises(RuleError, match="请"):
            rules.check_kind(kind, above)


def test_a_second_organization_of_the_same_name_is_refused(
    community_a, branch_a1, committee_staff
):
    with pytest.raises(ValidationError, match="已有名为") as caught:
        make_branch(community_a, committee_staff, branch_a1.name)

    assert list(caught.value.message_dict) == ["name"]


def test_nothing_is_made_under_a_closed_parent(community_a, committee_staff):
    Organization.objects.filter(pk=community_a.pk).update(closed_on=date(2026, 1, 1))

    with pytest.raises(RuleError, match="已撤销"):
        make_branch(community_a, committee_staff)


def test_a_parent_out_of_scope_does_not_exist(other_street, committee_staff):
    with pytest.raises(Organization.DoesNotExist):
        make_branch(other_street, committee_staff)


@pytest.mark.parametrize("person", ["community_secretary", "branch_secretary"])
def test_secretaries_may_not_change_the_tree(person, branch_a1, request):
    actor = request.getfixturevalue(person)

    with pytest.raises(PermissionDenied):
        update_organization(
            organization_id=branch_a1.pk, version=1, short_name="新", actor=actor
        )


def test_a_system_administrator_may_change_the_tree(community_a, sysadmin):
    assert make_branch(community_a, sysadmin).pk


def test_no_user_may_make_a_root(street, committee_staff, sysadmin):
    for actor in (committee_staff, sysadmin):
        with pytest.raises(PermissionDenied):
            create_organization(
                parent_id=None, name="新街", kind="work_committee", actor=actor
            )


@pytest.mark.django_db
def test_the_system_makes_the_first_root():
    root = create_organization(
        parent_id=None,
        name="中共江滨街道工作委员会",
        kind="work_committee",
        actor=SYSTEM,
    )

    assert (root.path, root.field) == ("000001", OrganizationField.STREET_OFFICE)
    assert AuditEvent.objects.get().actor_label == "系统"


# Changing ----------------------------------------------------------------------


def test_a_change_counts_the_version_up_and_is_audited(branch_a1, committee_staff):
    updated = update_organization(
        organization_id=branch_a1.pk,
        version=1,
        contact_name="李 明",
        contact_phone="138-0000-1111",
        actor=committee_staff,
    )

    assert (updated.version, updated.contact_name) == (2, "李明")
    assert updated.contact_phone == "13800001111"
    details = AuditEvent.objects.get().details["changed"]
    assert details["contact_phone"] == ["***", "***"]
    assert updated.history.first().contact_name == "李明"


def test_a_stale_change_is_refused(branch_a1, committee_staff):
    change = {"organization_id": branch_a1.pk, "actor": committee_staff}
    update_organization(version=1, contact_name="甲", **change)

    with pytest.raises(StaleError):
        update_organization(version=1, contact_name="乙", **change)

    branch_a1.refresh_from_db()
    assert branch_a1.contact_name == "甲"


def test_a_change_of_nothing_writes_nothing(branch_a1, committee_staff):
    update_organization(
        organization_id=branch_a1.pk,
        version=1,
        name=branch_a1.name,
        actor=committee_staff,
    )

    assert not AuditEvent.objects.exists()


def test_a_kind_that_does_not_fit_the_children_is_refused(
    community_a, branch_a1, committee_staff
):
    with pytest.raises(RuleError, match="之下不能设"):
        update_organization(
            organization_id=community_a.pk,
            version=1,
            kind=BRANCH,
            actor=committee_staff,
        )


def test_a_term_that_ends_before_the_founding_is_refused(branch_a1, committee_staff):
    with pytest.raises(RuleError, match="届满日期早于成立日期"):
        update_organization(
            organization_id=branch_a1.pk,
            version=1,
            term_ends_on=date(2009, 1, 1),
            actor=committee_staff,
        )


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
