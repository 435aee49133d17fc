"""A registration authority's list comes in, and each difference is settled by hand."""

import pytest
from playwright.sync_api import expect

from config.lib.xlsx.table import Column, Sheet, write_table
from organizations.coverage_querysets import two_new
from organizations.models import CensusSheet, RegistryList, WorkUnit
from tests.browser.month import go
from tests.browser.pages import faults, told
from tests.browser.watch import PHONE
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


def register():
    return list(WorkUnit.objects.order_by("pk").values_list())


def upload(page, file):
    go(page, "登记名单")
    page.get_by_role("link", name="导入登记名单").click()
    page.get_by_label("登记机关").fill(AUTHORITY)
    page.get_by_label("名单范围").select_option(label="两类都有")
    page.locator("[name=file]").set_input_files(file)
    page.get_by_role("button", name="导入并核对").click()


def settle(page, outcome, *ticked):
    """Choose what becomes of those ticked, and say so."""
    for name in ticked:
        page.locator("main form label.choice").filter(has_text=name).click()
    page.locator("[name=outcome]").select_option(label=outcome)
    page.get_by_role("button", name="处理勾选的").click()


def settled(page, number):
    expect(page.get_by_text(f"已处理{number}项。")).to_be_visible()


def tab(page, name):
    tabs = page.get_by_role("navigation", name="差异")
    return tabs.get_by_role("link", name=name)


def refused(page, words):
    expect(page.get_by_role("alert")).to_contain_text(words)


def take_in(page, name):
    """The address names no community, so somebody says which; the tick stays."""
    settle(page, "纳入", name)
    refused(page, "看不出在哪个社区")
    assert not WorkUnit.objects.filter(name=name).exists()
    expect(page.get_by_role("checkbox", name=name)).to_be_checked()
    page.get_by_label("所在社区").select_option(index=1)
    page.get_by_role("button", name="处理勾选的").click()
    settled(page, 1)


def test_a_list_is_compared_and_each_difference_settled(open_page, portal, tmp_path):
    """At the desk; the last differences on a phone."""
    known, names, found = units(), set(portal.passwords), {}
    gone, renamed, moved_house, away, *same = known
    bare = sum(not unit.credit_code for unit in known)
    new_name, new = f"{renamed.name}（新）", "初来商行"
    new_code, address = "91220000DEMO001366", "江滨街道滨江路199号"
    rows = [row_of(unit) for unit in same]
    rows += [
        row_of(renamed, 企业名称=new_name),
        row_of(moved_house, 住所=address),
        row_of(away, 登记状态="注销"),
        [new_code, new, LIMITED, "外区某路7号", "吴经理", "存续"],
    ]
    page = open_page("street")
    page.watch.allowed = {422}
    before = register()
    upload(page, workbook(tmp_path / "名单.xlsx", rows))
    expect(page.get_by_text("名单已核对。名册还没有改动")).to_be_visible()
    for name, number in (
        ("新登记", 1),
        ("名单上没有", 2),
        ("名称变更", 1),
        ("其他变更", 1 + bare),
        ("已处理", 0),
    ):
        expect(tab(page, f"{name}（{number}）")).to_be_visible()
    assert register() == before

    take_in(page, new)
    tab(page, "名单上没有").click()
    settle(page, "不改", gone.name)
    refused(page, "请写明原因")
    found["refused"] = faults(page, names)
    page.set_viewport_size(PHONE)
    settle(page, "移出名册")
    settled(page, 1)
    settle(page, "记为已迁出", away.name)
    settled(page, 1)
    tab(page, "名称变更").click()
    found["renamed"] = faults(page, names, with_axe=False)
    page.set_viewport_size(PHONE)
    settle(page, "改名", renamed.name)
    settled(page, 1)
    tab(page, "其他变更").click()
    settle(page, "按名单改", "这一类全部")
    settled(page, 1 + bare)
    tab(page, f"已处理（{5 + bare}）").click()
    found["settled"] = faults(page, names, with_axe=False)

    for unit in (gone, renamed, moved_house):
        unit.refresh_from_db()
    assert (gone.is_active, renamed.name) == (False, new_name)
    assert moved_house.address == address
    assert WorkUnit.objects.get(credit_code=new_code).name == new
    assert CensusSheet.objects.open().get(unit=away).state == "moved"
    page.goto("/members/coverage/units/")
    shown = page.get_by_role("table", name="两新单位")
    for name in (new_name, new, away.name):
        expect(shown.get_by_role("link", name=name, exact=True)).to_be_visible()
    expect(shown.get_by_role("link", name=gone.name, exact=True)).to_have_count(0)
    wrong = {step: each for step, each in found.items() if each}
    assert not wrong, told(wrong)


def test_a_file_with_other_headings_is_refused_and_nothing_written(
    open_page, portal, tmp_path
):
    before, lists = register(), RegistryList.objects.count()
    page = open_page("street", "phone")
    page.watch.allowed = {422}
    rows = [row_of(unit)[:3] for unit in units()]
    upload(page, workbook(tmp_path / "工资.xlsx", rows, ("编号", "姓名", "工资")))
    refused(page, "没有找到表头")
    refused(page, "须有“统一社会信用代码”和“企业名称”")
    refused(page, "没有写入任何数据")
    expect(page.get_by_label("登记机关")).to_have_value(AUTHORITY)
    expect(page.get_by_label("名单范围")).to_have_value("both")
    assert register() == before
    assert RegistryList.objects.count() == lists
    wrong = faults(page, set(portal.passwords))
    assert not wrong, wrong
