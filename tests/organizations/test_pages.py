"""The pages of the tree, work units, communities and the register's import."""

import pytest
from django.urls import reverse
from django.utils import timezone

from organizations.jobs import run_job
from organizations.models import Job, Organization, StoredFile, WorkUnit
from organizations.scope_change import scope_change
from organizations.tree_page import MOST_IN_A_ROW
from tests.factories.organizations import OrganizationFactory, WorkUnitFactory
from tests.organizations.registers import SAMPLE, line, write


@pytest.fixture
def staff(client_for, committee_staff):
    return client_for(committee_staff)


def url(name: str, *arguments) -> str:
    return reverse(f"organizations:{name}", args=arguments)


def text(response) -> str:
    return response.content.decode()


def form_values(organization: Organization, **changes) -> dict:
    values = {
        "name": organization.name,
        "short_name": organization.short_name,
        "kind": organization.kind,
        "field": organization.field,
        "version": organization.version,
    }
    return values | changes


# Reading --------------------------------------------------------------------------


def test_the_tree_opens_level_by_level(staff, branch_a1, branch_b1):
    top = text(staff.get(url("list")))
    opened = text(staff.get(url("list"), {"node": branch_a1.parent_id}))

    assert "沿江社区党委" in top
    assert branch_a1.short_name not in top
    assert branch_a1.short_name in opened
    assert branch_b1.short_name not in opened


def test_a_very_long_row_ends_with_a_link_to_the_list(staff, community_a):
    branches = Organization.objects.bulk_create(
        Organization(
            name=f"中共第{n}支部",
            short_name=f"第{n}支部",
            code=f"L{n}",
            kind="branch",
            field="community",
            parent=community_a,
            path=f"{community_a.path}{n:06d}",
        )
        for n in range(1, MOST_IN_A_ROW + 6)
    )
    group = OrganizationFactory(kind="group", parent=branches[-1])

    row = text(staff.get(url("list"), {"node": community_a.pk}))
    assert "其余 5 个，在列表里查看" in row
    assert f"?under={community_a.pk}&amp;state=open" in row
    assert branches[-1].short_name not in row
    opened = text(staff.get(url("list"), {"node": branches[-1].pk}))
    assert group.short_name in opened
    assert "其余 4 个" in opened


def test_htmx_gets_the_tree_alone(staff, branch_a1):
    response = staff.get(
        url("list"), {"node": branch_a1.parent_id}, headers={"HX-Request": "true"}
    )

    assert text(response).lstrip().startswith("<section")
    assert "HX-Request" in response.headers["Vary"]


def test_a_branch_secretary_sees_the_own_branch_alone(
    client_for, branch_secretary, branch_a2
):
    client = client_for(branch_secretary)

    page = text(client.get(url("list")))
    assert "沿江社区第一党支部" in page
    assert "沿江社区第二党支部" not in page
    assert client.get(url("detail", branch_a2.pk)).status_code == 404
    assert client.get(url("list"), {"node": branch_a2.pk}).status_code == 404


def test_the_list_finds_by_name_code_and_kind(staff, branch_a1, branch_b1):
    assert branch_a1.short_name in text(staff.get(url("list"), {"q": "沿江社区第一"}))
    by_code = text(staff.get(url("list"), {"q": branch_b1.code}))
    assert branch_b1.short_name in by_code
    assert branch_a1.short_name not in by_code
    groups = text(staff.get(url("list"), {"kind": "group"}))
    assert "没有符合条件的党组织" in groups


@pytest.mark.parametrize("person", ["auditor", "outsider", "expired"])
def test_without_a_post_in_the_tree_there_is_no_list(person, client_for, request):
    client = client_for(request.getfixturevalue(person))

    assert client.get(url("list")).status_code == 403
    assert client.get(url("work-unit-list")).status_code == 403


def test_the_detail_page_shows_code_posts_and_children(
    staff, community_a, community_secretary, branch_a1
):
    page = text(staff.get(url("detail", community_a.pk)))

    assert community_a.code in page
    assert "安社生" in page
    assert branch_a1.short_name in page


def test_the_detail_page_masks_the_phone(staff, branch_a1):
    branch_a1.contact_phone = "13800001111"
    branch_a1.save()

    page = text(staff.get(url("detail", branch_a1.pk)))

    assert "138****1111" in page
    assert "13800001111" not in page


def test_the_tree_page_costs_the_same_however_many_branches(
    staff, community_a, django_assert_max_num_queries
):
    for _ in range(60):
        OrganizationFactory(parent=community_a)

    with django_assert_max_num_queries(12):
        staff.get(url("list"), {"node": community_a.pk})
    with django_assert_max_num_queries(12):
        staff.get(url("detail", community_a.pk))
    with django_assert_max_num_queries(12):
        staff.get(url("list"), {"kind": "branch"})


# Changing -------------------------------------------------------------------------


def test_a_new_branch_is_made_on_its_parents_page(staff, community_a):
    response = staff.post(
        url("create", community_a.pk),
        {"name": "中共沿江社区第五支部委员会", "kind": "branch"},
    )

    made = Organization.objects.get(name="中共沿江社区第五支部委员会")
    assert response.headers["Location"] == made.get_absolute_url()
    assert made.parent == community_a


def test_a_refused_form_comes_back_with_422(staff, community_a, branch_a1):
    response = staff.post(
        url("create", community_a.pk), {"name": branch_a1.name, "kind": "branch"}
    )

    assert response.status_code == 422
    assert "已有同名的党组织" in text(response)


def test_an_edit_is_saved(staff, branch_a1):
    response = staff.post(
        url("edit", branch_a1.pk), form_values(branch_a1, contact_name="李明")
    )

    branch_a1.refresh_from_db()
    assert response.status_code == 302
    assert branch_a1.contact_name == "李明"


def test_what_stands_on_a_letter_is_kept_and_shown(staff, branch_a1):
    letter = {"fax": "0432 6200 1234", "address": " 滨江路1号 ", "postcode": "132000"}

    response = staff.post(url("edit", branch_a1.pk), form_values(branch_a1, **letter))

    assert response.status_code == 302
    branch_a1.refresh_from_db()
    assert branch_a1.fax == "043262001234"
    page = text(staff.get(branch_a1.get_absolute_url()))
    assert "滨江路1号" in page
    assert "132000" in page


@pytest.mark.parametrize(
    ("field", "wrong", "sentence"),
    [
        ("postcode", "13200", "邮政编码是6位数字"),
        ("fax", "0432甲6200123", "数字以外的字符"),
    ],
)
def test_what_could_not_stand_on_a_letter_is_refused(
    staff, branch_a1, field, wrong, sentence
):
    values = form_values(branch_a1, **{field: wrong})

    response = staff.post(url("edit", branch_a1.pk), values)

    assert response.status_code == 422
    assert sentence in text(response)


def test_a_stale_edit_shows_both_values_and_saves_nothing(staff, branch_a1):
    values = form_values(branch_a1, contact_name="我写的")
    Organization.objects.filter(pk=branch_a1.pk).update(
        version=2, contact_name="别人写的"
    )

    response = staff.post(url("edit", branch_a1.pk), values)

    assert response.status_code == 409
    page = text(response)
    assert "我写的" in page
    assert "别人写的" in page
    assert 'name="version" value="2"' in page
    branch_a1.refresh_from_db()
    assert branch_a1.contact_name == "别人写的"


def test_a_secretary_is_offered_and_allowed_no_change(
    client_for, community_secretary, community_a
):
    client = client_for(community_secretary)

    assert url("edit", community_a.pk) not in text(
        client.get(url("detail", community_a.pk))
    )
    for name in ("edit", "create", "move", "merge", "close"):
        assert client.get(url(name, community_a.pk)).status_code == 403
        assert client.post(url(name, community_a.pk)).status_code == 403


def test_changes_out_of_scope_are_404(staff, other_street):
    for name in ("edit", "create", "move", "merge", "close"):
        assert staff.get(url(name, other_street.pk)).status_code == 404


def test_a_move_says_first_who_will_see_the_branch(
    staff, branch_a1, community_b, community_secretary
):
    page = text(staff.get(url("move", branch_a1.pk), {"new_parent": community_b.pk}))

    assert "将不再能看到其党员的人（1）：安社生" in page
    branch_a1.refresh_from_db()
    assert branch_a1.parent_id != community_b.pk


def test_a_confirmed_move_is_made(staff, branch_a1, community_b):
    staff.post(url("move", branch_a1.pk), {"new_parent": community_b.pk, "version": 1})

    branch_a1.refresh_from_db()
    assert branch_a1.parent == community_b


def test_a_move_confirmed_on_an_old_page_is_refused(staff, branch_a1, community_b):
    Organization.objects.filter(pk=branch_a1.pk).update(version=5)

    response = staff.post(
        url("move", branch_a1.pk), {"new_parent": community_b.pk, "version": 1}
    )

    assert response.status_code == 422
    assert "刚刚被别人修改过" in text(response)


def test_a_forged_parent_is_no_choice(staff, branch_a1, other_street, branch_a2):
    for forged in (other_street, branch_a2):
        response = staff.get(url("move", branch_a1.pk), {"new_parent": forged.pk})
        assert response.status_code == 422


def test_who_sees_both_places_is_in_neither_list(
    community_a, community_b, community_secretary, committee_staff, secretary_b
):
    change = scope_change(
        community_a.path, community_b.path, today=timezone.localdate()
    )

    assert [post.user for post in change.losing] == [community_secretary]
    assert change.gaining == []


def test_a_merger_is_shown_then_made(staff, branch_a1, branch_a2, branch_secretary):
    values = {"target": branch_a2.pk, "on_date": "2026-06-30"}

    page = text(staff.get(url("merge", branch_a1.pk), values))
    assert "随之结束的岗位" in page
    staff.post(url("merge", branch_a1.pk), values | {"version": 1})

    branch_a1.refresh_from_db()
    assert branch_a1.merged_into == branch_a2


def test_a_closing_with_children_says_what_to_do(staff, community_a, branch_a1):
    response = staff.post(
        url("close", community_a.pk),
        {"on_date": "2026-06-30", "reason": "合并村社", "version": 1},
    )

    assert response.status_code == 422
    assert "请先划转、合并或撤销" in text(response)


def test_a_closed_organization_leaves_the_tree(staff, community_a, branch_a1):
    staff.post(
        url("close", branch_a1.pk),
        {"on_date": "2026-06-30", "reason": "转出", "version": 1},
        follow=True,
    )

    tree = text(staff.get(url("list"), {"node": community_a.pk}))
    assert branch_a1.short_name not in tree
    assert branch_a1.short_name in text(staff.get(url("list"), {"state": "closed"}))


# Work units and communities ----------------------------------------------------------


def test_work_units_are_found_and_filtered(staff, community_a):
    WorkUnitFactory(name="甲公司", is_resident=True, kind="private_enterprise")
    WorkUnitFactory(name="乙学校", is_resident=False, kind="institution")

    assert "乙学校" not in text(staff.get(url("work-unit-list"), {"q": "甲"}))
    assert "甲公司" not in text(staff.get(url("work-unit-list"), {"resident": "no"}))
    assert "乙学校" in text(staff.get(url("work-unit-list"), {"kind": "institution"}))


def test_a_work_unit_is_added_with_a_warning_about_its_code(staff):
    response = staff.post(
        url("work-unit-create"),
        {
            "name": "甲公司",
            "kind": "private_enterprise",
            "feedback_channel": "paper",
            "credit_code": "91330106MA27X00001",
            "is_active": "on",
        },
        follow=True,
    )

    assert "校验位不符" in text(response)
    assert WorkUnit.objects.get().credit_code == "91330106MA27X00001"


def test_a_unit_contact_sees_the_own_unit_alone(client_for, unit_contact, work_unit):
    other = WorkUnitFactory(name="别的单位")
    client = client_for(unit_contact)

    assert client.get(url("work-unit-detail", work_unit.pk)).status_code == 200
    assert client.get(url("work-unit-detail", other.pk)).status_code == 404
    assert client.get(url("work-unit-edit", work_unit.pk)).status_code == 403


def test_a_community_is_saved_with_its_buildings(staff, community_a):
    place = community_a.community

    staff.post(
        url("community-edit", place.pk),
        {
            "name": place.name,
            "organization": community_a.pk,
            "grid_count": 4,
            "buildings": "1号楼，第一网格\n\n2号楼",
        },
    )

    assert list(place.buildings.values_list("name", "grid")) == [
        ("2号楼", ""),
        ("1号楼", "第一网格"),
    ]
    assert "沿江社区" in text(staff.get(url("community-list")))


# The register ------------------------------------------------------------------------


def upload(client, path):
    with path.open("rb") as file:
        return client.post(url("import"), {"file": file})


def test_a_register_is_previewed_then_imported_by_a_job(
    staff, street, committee_staff, django_capture_on_commit_callbacks
):
    preview = upload(staff, SAMPLE).headers["Location"]
    page = text(staff.get(preview))
    assert "中共致和社区第二支部委员会" in page
    assert Organization.objects.count() == 1

    staff.post(preview)
    job = Job.objects.get()
    assert run_job(job.pk, heartbeat=False) == Job.State.SUCCEEDED

    job.refresh_from_db()
    assert job.result["created"] == 24
    assert Organization.objects.count() == 25


def test_the_preview_names_row_and_reason(staff, street, tmp_path):
    path = write(tmp_path / "a.xlsx", line("甲支部", "没有这个党委"))

    response = staff.get(upload(staff, path).headers["Location"])

    assert "找不到上级党组织“没有这个党委”" in text(response)
    assert "确认导入</button>" not in text(response)


def test_a_file_that_is_no_register_is_refused_at_once(staff, street, tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"%PDF-1.4 not a workbook")

    response = upload(staff, path)

    assert response.status_code == 422


def test_another_persons_upload_is_404(client_for, staff, street, sysadmin):
    preview = upload(staff, SAMPLE).headers["Location"]

    assert client_for(sysadmin).get(preview).status_code == 404
    assert StoredFile.objects.count() == 1


def test_secretaries_import_no_register(client_for, community_secretary):
    client = client_for(community_secretary)

    assert client.get(url("import")).status_code == 403
    assert client.post(url("import")).status_code == 403
