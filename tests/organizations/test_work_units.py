"""Employers and communities: who may keep them, and what is refused."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from config.lib.errors import RuleError
from config.lib.versions import StaleError
from organizations.choices import AuditAction
from organizations.models import AuditEvent, Organization, WorkUnit
from organizations.services.communities import BuildingLine, save_community
from organizations.services.work_units import (
    create_work_unit,
    find_or_add_work_unit,
    update_work_unit,
)
from tests.factories.organizations import WorkUnitFactory


def test_a_work_unit_is_saved_and_audited(committee_staff):
    unit = create_work_unit(
        name="江滨 小学",
        kind="institution",
        credit_code="12 3301 0600 0000 001x",
        contact_phone="0571-8888 1234",
        actor=committee_staff,
    )

    assert (unit.credit_code, unit.contact_phone) == (
        "12330106000000001X",
        "057188881234",
    )
    event = AuditEvent.objects.get()
    assert (event.action, event.details) == (
        AuditAction.WORK_UNIT_SAVED,
        {"created": True},
    )


def test_a_stale_change_of_a_work_unit_is_refused(work_unit, committee_staff):
    change = {"work_unit_id": work_unit.pk, "actor": committee_staff}
    update_work_unit(version=1, industry="教育", **change)

    with pytest.raises(StaleError):
        update_work_unit(version=1, industry="体育", **change)


def test_contact_details_stay_out_of_the_audit_trail(work_unit, committee_staff):
    update_work_unit(
        work_unit_id=work_unit.pk,
        version=1,
        contact_phone="13800001111",
        contact_email="a@example.test",
        industry="教育",
        actor=committee_staff,
    )

    assert AuditEvent.objects.get().details["changed"] == {
        "contact_phone": ["***", "***"],
        "contact_email": ["***", "***"],
        "industry": ["", "教育"],
    }


def test_secretaries_do_not_change_work_units(work_unit, community_secretary):
    with pytest.raises(PermissionDenied):
        update_work_unit(
            work_unit_id=work_unit.pk,
            version=1,
            industry="教育",
            actor=community_secretary,
        )


def test_mail_delivery_needs_an_address(committee_staff):
    with pytest.raises(ValidationError, match="联络邮箱"):
        create_work_unit(
            name="甲单位",
            kind="other",
            feedback_channel="email",
            actor=committee_staff,
        )


def test_one_credit_code_belongs_to_one_unit(committee_staff):
    WorkUnitFactory(credit_code="91330106MA27X00001")

    with pytest.raises(ValidationError, match="已登记在另一个单位"):
        create_work_unit(
            name="乙单位",
            kind="other",
            credit_code="91330106ma27x00001",
            actor=committee_staff,
        )


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("江滨市场监督管理局", "agency"),
        ("江滨第一小学", "institution"),
        ("大成贸易有限公司", "private_enterprise"),
        ("江滨书法协会", "social_organization"),
        ("某处", "other"),
    ],
)
def test_a_roster_adds_units_by_name_with_a_guessed_kind(name, kind, branch_secretary):
    unit = find_or_add_work_unit(name=name, actor=branch_secretary)

    assert unit.kind == kind
    assert find_or_add_work_unit(name=name, actor=branch_secretary) == unit


def test_an_outsider_adds_no_unit(outsider):
    with pytest.raises(PermissionDenied):
        find_or_add_work_unit(name="某公司", actor=outsider)
    assert not WorkUnit.objects.exists()


# Communities -----------------------------------------------------------------------


def save(community, actor, **values):
    values = {"name": community.name, "grid_count": 3} | values
    return save_community(
        community_id=community.pk,
        organization_id=community.organization_id,
        actor=actor,
        **values,
    )


def test_buildings_that_stay_keep_their_rows(community_a, committee_staff):
    place = community_a.community
    kept = place.buildings.create(name="1号楼", grid="一")
    place.buildings.create(name="2号楼")

    lines = [BuildingLine("1号楼", "二"), BuildingLine("3号楼")]
    save(place, committee_staff, buildings=lines)

    assert place.buildings.get(name="1号楼") == kept
    names = place.buildings.order_by("name").values_list("name", "grid")
    assert list(names) == [("1号楼", "二"), ("3号楼", "")]


def test_a_building_written_twice_is_refused(community_a, committee_staff):
    lines = [BuildingLine("1号楼"), BuildingLine("1号楼")]

    with pytest.raises(RuleError, match="写了两次"):
        save(community_a.community, committee_staff, buildings=lines)


def test_a_community_out_of_scope_does_not_exist(community_b, community_secretary):
    with pytest.raises(Organization.DoesNotExist):
        save(community_b.community, community_secretary)


def test_a_secretary_does_not_change_the_place(community_a, community_secretary):
    with pytest.raises(PermissionDenied):
        save(community_a.community, community_secretary)
