"""Organizations, communities and work units in the browser admin and the API."""

import re

import pytest
from django.urls import reverse

from organizations.choices import AuditAction
from organizations.models import AuditEvent, Community, Organization, WorkUnit
from tests.factories.organizations import WorkUnitFactory


@pytest.fixture
def staff(client_for, committee_staff):
    return client_for(committee_staff)


def page(name: str, *arguments) -> str:
    return reverse(f"admin:organizations_{name}", args=arguments)


def values(row, *fields: str, **changes) -> dict:
    given = {field: getattr(row, field) or "" for field in fields}
    return given | {"opened_version": getattr(row, "version", "")} | changes


ORGANIZATION = ("name", "short_name", "kind", "field", "founded_on")
INLINE = {"buildings-TOTAL_FORMS": 0, "buildings-INITIAL_FORMS": 0}


def text(response) -> str:
    return response.content.decode()


# The admin ----------------------------------------------------------------------------


def test_the_admin_lists_only_the_own_street(staff, branch_a1, other_street):
    content = text(staff.get(page("organization_changelist")))

    assert branch_a1.short_name in content
    assert other_street.short_name not in content
    assert reverse("organizations:import") in content


def test_the_admin_adds_through_the_service(staff, community_a):
    response = staff.post(
        page("organization_add"),
        {
            "parent": community_a.pk,
            "name": "中共沿江社区第八支部委员会",
            "kind": "branch",
        },
    )

    assert response.status_code == 302
    made = Organization.objects.get(name="中共沿江社区第八支部委员会")
    assert (made.code, made.short_name) == ("YJSQ01", "沿江社区第八支部")
    actions = AuditEvent.objects.values_list("action", flat=True)
    assert AuditAction.ORGANIZATION_CREATED in actions


def test_the_admin_changes_through_the_service(staff, branch_a1):
    response = staff.post(
        page("organization_change", branch_a1.pk),
        values(branch_a1, *ORGANIZATION, contact_name="李明"),
    )

    branch_a1.refresh_from_db()
    assert response.status_code == 302
    assert (branch_a1.contact_name, branch_a1.version) == ("李明", 2)


def test_the_admin_refuses_a_stale_change(staff, branch_a1):
    Organization.objects.filter(pk=branch_a1.pk).update(version=7)

    response = staff.post(
        page("organization_change", branch_a1.pk),
        values(branch_a1, *ORGANIZATION, contact_name="李明"),
    )

    branch_a1.refresh_from_db()
    assert "刚刚被别人修改过" in text(response)
    assert branch_a1.contact_name == ""


def test_the_admin_refuses_a_kind_that_does_not_fit(staff, branch_a1):
    response = staff.post(
        page("organization_add"),
        {"parent": branch_a1.pk, "name": "中共某支部委员会", "kind": "branch"},
    )

    assert "党支部之下不能设党支部" in text(response)


def test_the_admin_offers_no_delete(staff, branch_a1):
    assert staff.get(page("organization_delete", branch_a1.pk)).status_code == 403


def test_the_admin_hides_another_street(staff, other_street):
    response = staff.get(page("organization_change", other_street.pk))

    assert response.status_code in {302, 404}


def test_the_admin_saves_a_community(staff, community_a):
    place = community_a.community

    staff.post(
        page("community_change", place.pk),
        values(place, "name", organization=community_a.pk, grid_count=9) | INLINE,
    )

    assert Community.objects.get(pk=place.pk).grid_count == 9


def test_the_admin_saves_a_work_unit(staff, work_unit):
    staff.post(
        page("workunit_change", work_unit.pk),
        values(
            work_unit, "name", "kind", "feedback_channel", "version", industry="教育"
        ),
    )

    assert WorkUnit.objects.get(pk=work_unit.pk).industry == "教育"


@pytest.mark.parametrize("model", ["organization", "community", "workunit"])
def test_the_admin_pages_speak_chinese(model, staff, community_a, branch_a1, work_unit):
    for address in (page(f"{model}_changelist"), page(f"{model}_add")):
        # The frame around it is the same on every page of the admin.
        content = text(staff.get(address))
        content = re.split(r'id="content"[^>]*>', content)[1]
        shown = re.sub(r"<script.*?</script>|<style.*?</style>|<[^>]+>", " ", content)
        words = set(re.findall(r"[A-Za-z]{4,}", shown))
        assert not words - {"rsaquo", "nbsp"}


# The API ------------------------------------------------------------------------------


def test_the_api_lists_what_the_requester_sees(
    client_for, community_secretary, branch_a1, branch_b1
):
    rows = client_for(community_secretary).get("/api/v1/organizations/").json()

    names = {row["name"] for row in rows["results"]}
    assert branch_a1.name in names
    assert branch_b1.name not in names
    assert not any("phone" in key for row in rows["results"] for key in row)


def test_the_api_answers_404_out_of_scope(client_for, community_secretary, branch_b1):
    client = client_for(community_secretary)

    assert client.get(f"/api/v1/organizations/{branch_b1.pk}/").status_code == 404


def test_the_api_writes_nothing(staff, branch_a1):
    address = f"/api/v1/organizations/{branch_a1.pk}/"

    assert staff.delete(address).status_code == 405
    assert staff.put(address, {}).status_code == 405


def test_the_api_is_closed_to_outsiders(client_for, outsider, work_unit):
    client = client_for(outsider)

    assert client.get("/api/v1/organizations/").status_code == 403
    assert client.get("/api/v1/work-units/").status_code == 403


def test_the_api_pages_work_units_by_key(staff):
    for _ in range(51):
        WorkUnitFactory()

    first = staff.get("/api/v1/work-units/").json()
    second = staff.get(first["next"]).json()

    assert (len(first["results"]), len(second["results"])) == (50, 1)


def test_the_schema_is_for_staff(client_for, staff, branch_secretary):
    assert staff.get("/api/v1/schema/").status_code == 200
    assert client_for(branch_secretary).get("/api/v1/schema/").status_code == 403
