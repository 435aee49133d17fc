"""Making and changing organizations."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from config.lib.errors import RuleError
from config.lib.versions import StaleError
from organizations import rules
from organizations.choices import AuditAction, OrganizationField, OrganizationKind
from organizations.models import AuditEvent, Community, Organization
from organizations.services.structure import (
    create_organization,
    update_organization,
)
from organizations.signals import facts_changed
from organizations.system import SYSTEM
from tests.organizations.audit_steps import actions

BRANCH = OrganizationKind.BRANCH


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
