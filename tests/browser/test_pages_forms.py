"""Pages that no link leads to: refused forms, the roster wizard, the unit's link."""

import pytest
from playwright.sync_api import expect

from liaison.models import FeedbackPacket
from tests.browser import month
from tests.browser.pages import faults, told
from tests.browser.whole_month import branch_of, people_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

REFUSED = {
    # address of a form: its button
    "/members/add/": "保存",
    "/members/find/": "查找",
    "/members/roster/": "上传并识别",
    "/members/transfers/in/": "接收并编入",
    "/activities/record/": "保存",
    "/account/password/": "修改密码",
    "/account/two-step/": "开启",
}


def test_refused_forms(open_page, portal):
    page = open_page("branch")
    page.watch.allowed = {422}
    found = {}
    for address, button in REFUSED.items():
        page.goto(address)
        for box in page.locator("main input[type=text]").all():
            box.fill("")
        page.locator("main").get_by_role("button", name=button, exact=True).click()
        expect(page.locator(".error-summary")).to_be_visible()
        found[address] = faults(page, set(portal.passwords))
    wrong = {address: each for address, each in found.items() if each}
    assert not wrong, told(wrong)


def test_the_roster_wizard(open_page, portal, tmp_path):
    names = set(portal.passwords)
    page = open_page("branch")
    branch = branch_of("branch")
    file = month.roster(tmp_path, people_of(branch, "retired", "on_roll")[0])
    found = {}
    page.goto("/members/roster/")
    page.locator("[name=file]").set_input_files(file)
    page.get_by_role("button", name="上传并识别").click()
    expect(page.get_by_role("heading", name="核对各列")).to_be_visible()
    found["mapping"] = faults(page, names)
    page.get_by_role("button", name="开始校验").click()
    expect(page.get_by_role("heading", name="预览")).to_be_visible()
    found["preview"] = faults(page, names)
    page.get_by_role("button", name="写入无误的行").click()
    expect(page.get_by_role("heading", name="导入结果")).to_be_visible()
    found["result"] = faults(page, names)
    page.get_by_role("link", name="撤销这次导入").click()
    found["undo"] = faults(page, names)
    page.goto("/organizations/jobs/")
    page.locator("main tbody a").first.click()
    found["job"] = faults(page, names)
    wrong = {step: each for step, each in found.items() if each}
    assert not wrong, told(wrong)


def test_the_link_of_a_unit(open_page, portal):
    names = set(portal.passwords)
    packet = FeedbackPacket.objects.filter(sent_at=None).first()
    board = f"/liaison/periods/{packet.period_id}/units/"
    street = open_page("street")
    link = month.deliver_by_link(street, board, packet.work_unit.name)
    found = {"packet": faults(street, names)}
    page = open_page()
    page.watch.allowed = {422}
    page.goto(link)
    found["door"] = faults(page, names)
    page.get_by_role("button", name="查看反馈材料").click()
    found["packet by link"] = faults(page, names)
    page.get_by_role("button", name="确认收到").click()
    expect(page.locator(".error-summary")).to_be_visible()
    found["refused"] = faults(page, names)
    wrong = {step: each for step, each in found.items() if each}
    assert not wrong, told(wrong)
