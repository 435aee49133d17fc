"""Registration lists: compared, settled by a person, nothing written before."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from config.lib.errors import RuleError
from organizations.models import (
    CensusSheet,
    RegistryDifference,
    RegistryList,
    WorkUnit,
)
from organizations.services import registry_settling
from organizations.services.registry import withdraw_registry
from organizations.services.registry_settling import settle_differences
from organizations.services.work_units import find_or_add_work_unit
from tests.members.coverage_steps import listed, surveyed, two_new, workbook
from tests.races import needs_server, race

pytestmark = pytest.mark.django_db

CODES = [f"91310000MA1FL{number:05d}" for number in range(5)]
LIMITED = "有限责任公司"


@pytest.fixture
def units(community_a, community_b, committee_staff):
    """Four in the register: as listed, renamed, gone, and one without a code."""
    found = [
        two_new(community_a, "照旧公司", credit_code=CODES[0], address="沿江路1号"),
        two_new(community_a, "旧名公司", credit_code=CODES[1], address="沿江路2号"),
        two_new(community_b, "不见公司", credit_code=CODES[2]),
        two_new(community_b, "无码公司"),
    ]
    for unit in found:
        surveyed(unit, committee_staff, owner_name="张三")
    return found


ROWS = [
    [CODES[0], "照旧公司", LIMITED, "沿江路1号", "张三", "存续"],
    [CODES[1], "新名公司", LIMITED, "沿江路9号", "张三", "存续"],
    [CODES[3], "无码公司", LIMITED, "", "张三", "存续"],
    [CODES[4], "初来公司", LIMITED, "江滨街道沿江社区沿江路7号", "李四", "存续"],
    ["12", "坏码公司", LIMITED, "", "", ""],
]


@pytest.fixture
def taken(street, units, committee_staff):
    return listed(street, committee_staff, *ROWS)


def open_of(kind, user):
    rows = RegistryDifference.objects.visible_to(user).open().filter(kind=kind)
    return [row.name for row in rows]


def settled(registry, kind, outcome, actor, **more):
    rows = registry.differences.filter(kind=kind)
    return settle_differences(
        registry_id=registry.pk,
        difference_ids=[row.pk for row in rows],
        outcome=outcome,
        actor=actor,
        **more,
    )


def register():
    return list(WorkUnit.objects.order_by("pk").values())


def test_a_list_is_compared_and_nothing_written(
    street, units, committee_staff, community_secretary
):
    before = register()
    taken = listed(street, committee_staff, *ROWS)
    assert register() == before
    assert (taken.row_count, taken.unchanged, taken.problem_count) == (4, 1, 1)
    assert "应为18位" in taken.problems[0][1]
    assert open_of("new", committee_staff) == ["初来公司"]
    assert open_of("gone", committee_staff) == ["不见公司"]
    assert open_of("renamed", committee_staff) == ["旧名公司"]
    assert open_of("changed", committee_staff) == ["旧名公司", "无码公司"]
    # A community settles what is its own; where somebody is new, the address tells.
    assert open_of("new", community_secretary) == ["初来公司"]
    assert open_of("gone", community_secretary) == []


def test_each_kind_is_settled_and_written(
    taken, units, committee_staff, community_secretary, community_a
):
    _, renamed, gone, bare = units
    assert settled(taken, "new", "taken", community_secretary) == 1
    new = WorkUnit.objects.get(credit_code=CODES[4])
    assert (new.kind, new.community, new.is_resident) == (
        *("private_enterprise", community_a.community, True),
    )
    sheet = CensusSheet.objects.open().get(unit=new)
    assert (sheet.owner_name, sheet.is_surveyed) == ("李四", False)
    with pytest.raises(RegistryDifference.DoesNotExist):
        settled(taken, "gone", "struck", community_secretary)
    with pytest.raises(RuleError, match="只能选"):
        settled(taken, "gone", "renamed", committee_staff)
    settled(taken, "gone", "moved", committee_staff)
    settled(taken, "renamed", "renamed", committee_staff)
    settled(taken, "changed", "changed", committee_staff)
    for unit in units:
        unit.refresh_from_db()
    assert (renamed.name, renamed.address) == ("新名公司", "沿江路9号")
    assert bare.credit_code == CODES[3]
    assert gone.census_sheets.open().get().state == "moved"
    assert gone.census_sheets.count() == 2
    with pytest.raises(RuleError, match="刚刚已经处理过"):
        settled(taken, "renamed", "renamed", committee_staff)
    with pytest.raises(RuleError, match="不能撤回"):
        withdraw_registry(registry_id=taken.pk, actor=committee_staff)


def test_what_was_left_with_a_reason_is_not_asked_again(
    street, taken, units, committee_staff
):
    with pytest.raises(RuleError, match="请写明原因"):
        settled(taken, "changed", "left", committee_staff)
    settled(taken, "changed", "left", committee_staff, reason="实际经营地不同")
    again = listed(street, committee_staff, *ROWS)
    kinds = set(again.differences.values_list("kind", flat=True))
    assert kinds == {"new", "gone", "renamed"}
    # What the earlier list left open is asked by the newer one alone.
    assert not taken.differences.filter(settled_at__isnull=True).exists()


def test_a_unit_changed_since_is_not_overwritten(taken, units, committee_staff):
    WorkUnit.objects.filter(pk=units[1].pk).update(address="手工改的路")
    with pytest.raises(RuleError, match="又被修改过"):
        settled(taken, "changed", "changed", committee_staff)
    units[3].refresh_from_db()
    assert units[3].credit_code == ""  # all or none


def test_a_list_is_taken_once_and_may_be_withdrawn(street, units, committee_staff):
    key = uuid4()
    first = listed(street, committee_staff, *ROWS, request_id=key)
    assert listed(street, committee_staff, *ROWS, request_id=key) == first
    withdraw_registry(registry_id=first.pk, actor=committee_staff)
    assert open_of("new", committee_staff) == []
    with pytest.raises(RuleError, match="已经撤回"):
        settled(first, "new", "taken", committee_staff)


def test_a_unit_that_a_roster_named_is_taken_in(
    street, community_a, committee_staff, branch_secretary
):
    unit = find_or_add_work_unit(name="初来公司", actor=branch_secretary)
    taken = listed(street, committee_staff, *ROWS[3:4])
    assert taken.differences.get().unit == unit
    assert settled(taken, "new", "taken", committee_staff) == 1
    unit.refresh_from_db()
    assert (unit.credit_code, unit.community) == (CODES[4], community_a.community)
    assert unit.address == "江滨街道沿江社区沿江路7号"
    assert unit.registration_authority == "区市场监管局"
    # One that a roster brings between the comparison and the settling, too.
    later = listed(street, committee_staff, [CODES[3], "再来公司", LIMITED, "沿江社区"])
    found = find_or_add_work_unit(name="再来公司", actor=branch_secretary)
    settled(later, "new", "taken", committee_staff)
    found.refresh_from_db()
    assert (found.credit_code, found.is_resident) == (CODES[3], True)


@pytest.mark.parametrize(("words", "is_asked"), [("", False), (LIMITED, True)])
def test_a_known_unit_keeps_its_kind_where_the_list_names_none(
    street, community_a, committee_staff, words, is_asked
):
    unit = two_new(
        community_a, "沿江机械厂", credit_code=CODES[4], kind="state_enterprise"
    )
    taken = listed(street, committee_staff, [CODES[4], unit.name, words, "", "", ""])
    assert taken.differences.exists() is is_asked
    if is_asked:
        row = taken.differences.get()
        row.after.pop("kind")
        row.save()
        with pytest.raises(RuleError, match="不属于两新"):
            settled(taken, "new", "taken", committee_staff)
        unit.refresh_from_db()
        assert unit.kind == "state_enterprise"


def test_a_list_expects_the_units_of_its_own_authority(
    street, community_a, committee_staff
):
    for name, authority in (("甲", "市市场监管局"), ("乙", "区市场监管局"), ("丙", "")):
        two_new(community_a, name, registration_authority=authority)
    taken = listed(street, committee_staff, *ROWS[3:4])
    gone = taken.differences.filter(kind="gone").values_list("name", flat=True)
    assert set(gone) == {"乙", "丙"}


def test_a_list_supersedes_its_own_scope_and_no_later_quarter(
    street, units, committee_staff
):
    def left(*lists):
        return [bool(each.differences.filter(settled_at=None)) for each in lists]

    first = listed(street, committee_staff, *ROWS, month=4)
    social = listed(street, committee_staff, *ROWS[3:4], scope="social", month=4)
    older = listed(street, committee_staff, *ROWS, month=1)
    assert left(first, social, older) == [True, True, True]
    both = listed(street, committee_staff, *ROWS, scope="both", month=4)
    assert left(first, social, older) == [False, False, False]
    last = listed(street, committee_staff, *ROWS, month=7)
    assert left(both) == [True]
    # What the last list supersedes all the same does not come back.
    withdraw_registry(registry_id=both.pk, actor=committee_staff)
    assert left(first, social, older) == [False, True, False]
    withdraw_registry(registry_id=last.pk, actor=committee_staff)
    assert left(first, social, older) == [True, True, True]
    assert settled(first, "gone", "struck", committee_staff) == 1


def test_a_list_withdrawn_while_the_street_is_waited_for_is_not_settled(
    taken, committee_staff, monkeypatch
):
    def withdrawn_meanwhile(organization_id):
        assert organization_id == taken.organization_id
        RegistryList.objects.update(withdrawn_at=timezone.now())

    monkeypatch.setattr(registry_settling, "lock_street", withdrawn_meanwhile)
    with pytest.raises(RuleError, match="已经撤回"):
        settled(taken, "new", "taken", committee_staff)


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (workbook(["x", "甲"], headings=["编号", "企业名称"]), "没有找到表头"),
        (workbook(), "没有读出一家单位"),
        (SimpleUploadedFile("名单.xlsx", b"\x00\x01no"), "文件的内容不是"),
    ],
)
def test_a_file_of_another_kind_is_refused_in_words(
    street, units, committee_staff, client_for, file, words
):
    page = client_for(committee_staff)
    url = reverse("members:registry-add")
    asked = {"authority": "区民政局", "scope": "both", "quarter": "", "file": file}
    asked["quarter"] = page.get(url).context["form"].fields["quarter"].choices[0][0]
    file.seek(0)
    response = page.post(url, asked)
    assert response.status_code == 422
    assert words in response.text
    assert not RegistryList.objects.exists()


def test_differences_are_settled_on_the_page(taken, committee_staff, client_for):
    page = client_for(committee_staff)
    url = f"{taken.get_absolute_url()}?group=gone"
    assert "不见公司" in page.get(url).text
    refused = page.post(url, {"outcome": "left", "everything": "on"})
    assert refused.status_code == 422
    assert "请写明原因" in refused.text
    assert "请先勾选" in page.post(url, {"outcome": "struck"}).text
    # What was ticked and chosen stands there again.
    assert 'name="everything" value="on" checked' in refused.text
    [row] = RegistryDifference.objects.filter(kind="gone")
    refused = page.post(url, {"outcome": "left", "ids": [row.pk]}).text
    assert f'name="ids" value="{row.pk}" checked' in refused
    assert '<option value="left" selected' in refused
    assert page.post(url, {"outcome": "struck", "everything": "on"}).status_code == 302
    assert not WorkUnit.objects.get(name="不见公司").is_active
    assert "移出名册" in page.get(taken.get_absolute_url() + "?group=settled").text


@needs_server
@pytest.mark.django_db(transaction=True)
def test_two_who_take_in_the_same_units_add_them_once(taken, committee_staff):
    def take(number):
        return settled(taken, "new", "taken", committee_staff)

    assert sorted(map(str, race(take, 4))) == ["1", *["settled"] * 3]
    assert WorkUnit.objects.filter(credit_code=CODES[4]).count() == 1
