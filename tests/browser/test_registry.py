"""A registration authority's list comes in, and each difference is settled by hand."""

import pytest
from playwright.sync_api import expect

from config.lib.xlsx.table import Column, Sheet, write_table
from organizations.coverage_querysets import two_new
from organizations.models import CensusSheet, RegistryList, WorkUnit
from tests.browser.month import go
from tests.browser.pages import faults, told
from tests.browser.watch import WIDTHS
from tests.members.coverage_steps import HEADINGS

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
AUTHORITY = "区市场监督管理局"
LIMITED = "有限责任公司"
SOCIAL = "民办非企业单位"


def workbook(path, rows, headings=HEADINGS):
    columns = [Column(heading, width=24) for heading in headings]
    write_table(path, sheets=[Sheet("名单", columns, rows)])
    return path


def row_of(unit, **changed):
    kind = SOCIAL if unit.kind == "social_organization" else LIMITED
    code = unit.credit_code or f"91220000BARE{unit.pk:06d}"
    row = [code, unit.name, kind, unit.address, "", "存续"]
    for heading, value in changed.items():
        row[HEADINGS.index(heading)] = value
    return row


def units():
    """The register: first the units whose code it knows."""
    return list(WorkUnit.objects.filter(two_new()).order_by("-credit_code", "name"))


def upload(page, file):
    go(page, "登记名单")
    page.get_by_role("link", name="导入登记名单").click()
    page.get_by_label("登记机关").fill(AUTHORITY)
    page.get_by_label("名单范围").select_option(label="两类都有")
    page.locator("[name=file]").set_input_files(file)
    page.get_by_role("button", name="导入并核对").click()


def test_a_list_is_compared_and_each_difference_settled(open_page, portal, tmp_path):
    """At the desk; the last differences on a phone."""
    known, names, found = units(), set(portal.passwords), {}
    gone, renamed, moved_house, away, *same = known
    new_name, other_name = f"{renamed.name}（新）", "初来商行"
    new_code = "91220000DEMO001366"
    rows = [row_of(unit) for unit in same]
    rows += [
        row_of(renamed, 企业名称=new_name),
        row_of(moved_house, 住所="江滨街道滨江路199号"),
        row_of(away, 登记状态="注销"),
        [new_code, other_name, LIMITED, "外区某路7号", "吴经理", "存续"],
    ]
    page = open_page("street")
    page.watch.allowed = {422}
    upload(page, workbook(tmp_path / "名单.xlsx", rows))
    expect(page.get_by_text("名单已核对。名册还没有改动")).to_be_visible()
    bare = sum(not unit.credit_code for unit in known)
    tabs = page.get_by_role("navigation", name="差异")
    for label, number in (
        ("新登记", 1),
        ("名单上没有", 2),
        ("名称变更", 1),
        ("其他变更", 1 + bare),
        ("已处理", 0),
    ):
        expect(tabs.get_by_text(f"{label}（{number}）")).to_be_visible()
    assert units() == known
    assert [unit.name for unit in units()] == [unit.name for unit in known]

    def look(kind, width, **options):
        found[kind] = faults(page, names, **options)
        page.set_viewport_size(WIDTHS[width])

    def settle(outcome, done, *ticked):
        for name in ticked:
            page.locator("main form label.choice").filter(has_text=name).click()
        page.locator("[name=outcome]").select_option(label=outcome)
        page.get_by_role("button", name="处理勾选的").click()
        if done:
            expect(page.get_by_text(f"已处理{done}项。")).to_be_visible()

    # New: the address names no community, so somebody says which.
    expect(page.locator("main")).to_contain_text("外区某路7号")
    settle("纳入", 0, other_name)
    expect(page.get_by_role("alert")).to_contain_text("看不出在哪个社区")
    look("refused", "desk")
    assert not WorkUnit.objects.filter(credit_code=new_code).exists()
    box = page.get_by_role("checkbox", name=other_name)
    expect(box).to_be_checked()
    page.get_by_label("所在社区").select_option(index=1)
    page.get_by_role("button", name="处理勾选的").click()
    expect(page.get_by_text("已处理1项。")).to_be_visible()
    new = WorkUnit.objects.get(credit_code=new_code)
    assert (new.name, new.kind, new.is_resident) == (
        *(other_name, "private_enterprise", True),
    )

    tabs.get_by_role("link", name="名单上没有").click()
    look("gone", "desk", with_axe=False)
    settle("不改", 0, gone.name)
    expect(page.get_by_role("alert")).to_contain_text("请写明原因")
    settle("移出名册", 1)
    settle("记为已迁出", 1, away.name)
    tabs.get_by_role("link", name="名称变更").click()
    look("renamed", "phone", with_axe=False)
    settle("改名", 1, renamed.name)
    tabs.get_by_role("link", name="其他变更").click()
    settle("按名单改", 1 + bare, "这一类全部")
    tabs.get_by_role("link", name="已处理").click()
    look("settled", "phone", with_axe=False)
    expect(tabs.get_by_text(f"已处理（{5 + bare}）")).to_be_visible()

    # The register shows it.
    for unit in (gone, renamed, moved_house):
        unit.refresh_from_db()
    assert not gone.is_active
    assert renamed.name == new_name
    assert moved_house.address == "江滨街道滨江路199号"
    assert CensusSheet.objects.open().get(unit=away).state == "moved"
    page.goto("/members/coverage/units/")
    register = page.get_by_role("table", name="两新单位")
    for name in (new_name, other_name, away.name):
        expect(register.get_by_role("link", name=name, exact=True)).to_be_visible()
    expect(register.get_by_role("link", name=gone.name, exact=True)).to_have_count(0)
    wrong = {step: each for step, each in found.items() if each}
    assert not wrong, told(wrong)


def test_a_file_with_other_headings_is_refused_and_nothing_written(
    open_page, portal, tmp_path
):
    before = WorkUnit.objects.order_by("pk").values_list()
    before, lists = list(before), RegistryList.objects.count()
    page = open_page("street", "phone")
    page.watch.allowed = {422}
    rows = [row_of(unit)[:3] for unit in units()]
    upload(page, workbook(tmp_path / "工资.xlsx", rows, ("编号", "姓名", "工资")))
    refusal = page.get_by_role("alert")
    expect(refusal).to_contain_text("没有找到表头")
    expect(refusal).to_contain_text("统一社会信用代码")
    expect(refusal).to_contain_text("没有写入任何数据")
    expect(page.get_by_label("登记机关")).to_have_value(AUTHORITY)
    expect(page.get_by_label("名单范围")).to_have_value("both")
    assert list(WorkUnit.objects.order_by("pk").values_list()) == before
    assert RegistryList.objects.count() == lists
    wrong = faults(page, set(portal.passwords))
    assert not wrong, wrong
