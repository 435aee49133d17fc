"""The steps of a branch secretary's month, as done with the mouse or a thumb."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import openpyxl
from playwright.sync_api import Page, expect

from tests.liaison.mailbox import Mailbox
from tests.members.roster_files import person, write_roster
from tests.ops.processes import wait_until

RED = "FFFFC7CE"


def download(page: Page, folder: Path, **link: Any) -> Path:
    """Click the link or button named by a role and return the file."""
    with page.expect_download() as waiting:
        page.get_by_role("link", **link).click()
    target = folder / waiting.value.suggested_filename
    waiting.value.save_as(target)
    return target


def go(page: Page, entry: str) -> None:
    """Follow an entry of the navigation: at the side, or under 更多 on a phone."""
    if page.viewport_size["width"] < 800:
        page.locator(".bottombar summary").click()
        page.locator(".bottombar .menu__panel").get_by_role("link", name=entry).click()
    else:
        page.locator(".sidenav").get_by_role("link", name=entry, exact=True).click()


# Roster -----------------------------------------------------------------------


def roster(folder: Path, known: Any) -> Path:
    """A new person, a known one with another phone, and one in error."""
    new = person(number=11, 姓名="雷新民")
    changed = person(
        姓名=known.name,
        性别=known.get_sex_display(),
        公民身份号码=known.id_number,
        出生日期=f"{known.born_on}",
        入党日期=f"{known.joined_on}",
        转正日期=f"{known.confirmed_on}",
        手机号码="13900008888",
    )
    for heading in ("民族", "学历", "工作岗位", "现居住地", "是否流动党员"):
        changed[heading] = None  # a blank cell overwrites nothing
    wrong = person(number=13, 姓名="雷错行", 公民身份号码="22029919800304")
    return write_roster(folder / "花名册.xlsx", new, changed, wrong)


def import_roster(page: Page, file: Path, folder: Path) -> Path:
    """Lead `file` through the wizard; return the marked workbook of the result."""
    go(page, "导入花名册")
    page.locator("[name=file]").set_input_files(file)
    page.get_by_role("button", name="上传并识别").click()
    expect(page.get_by_role("heading", name="核对各列")).to_be_visible()
    expect(page.get_by_label("A列 姓名")).to_have_value("name")
    page.get_by_role("button", name="开始校验").click()
    expect(page.get_by_role("heading", name="预览")).to_be_visible()
    summary = page.get_by_text("共 3 行")
    expect(summary).to_contain_text("新增 1，变更 1，无变化 0，有错误 1")
    page.get_by_role("link", name=re.compile("^变更")).click()
    expect(page.locator("del")).to_be_visible()
    page.get_by_role("button", name="写入无误的行").click()
    expect(page.get_by_role("heading", name="导入结果")).to_be_visible()
    expect(page.get_by_text("新增 1，更新 1，有错误未写入 1")).to_be_visible()
    return download(page, folder, name="下载标注结果的原表")


def check_marked(file: Path) -> None:
    """The user's own rows in their order, the wrong one in red with its reason."""
    sheet = openpyxl.load_workbook(file)["党员"]
    headings = [cell.value for cell in sheet[1]]
    assert headings[-1] == "错误说明"
    column = headings.index("公民身份号码") + 1
    assert [sheet.cell(row, 1).value for row in (2, 4)] == ["雷新民", "雷错行"]
    assert "身份" in sheet.cell(4, len(headings)).value
    assert sheet.cell(4, column).fill.fgColor.rgb == RED
    assert not sheet.cell(2, len(headings)).value
    assert sheet.cell(2, column).fill.fgColor.rgb != RED


# Activity ---------------------------------------------------------------------


def record_activity(page: Page, title: str, absent: str) -> int:
    """Record 义务劳动 with everybody but `absent`; return how many were there."""
    go(page, "记一次活动")
    page.locator(".chip").get_by_text("义务劳动", exact=True).click()
    page.get_by_role("textbox", name="主题").fill(title)
    page.get_by_text("全部到会", exact=True).click()
    people = page.locator("fieldset .people")
    # A row's number on the sheet of paper stands before the name.
    person = people.get_by_role("checkbox", name=re.compile(rf"^\d*\s*{absent}"))
    person.uncheck(force=True)
    number = people.get_by_role("checkbox").count()
    expect(page.locator("[data-checklist-count]").first).to_have_text(
        f"已选 {number - 1} / {number}"
    )
    page.get_by_role("button", name="保存").click()
    saved = page.get_by_text(f"已保存：{title}，到会 {number - 1} 人。")
    expect(saved).to_be_visible()
    return number - 1


def labour_done(page: Page) -> dict[str, int]:
    """Return how often each mobile member has done 义务劳动, from 项目完成."""
    go(page, "项目完成")
    page.get_by_label("清单").select_option(label="五个一")
    page.get_by_role("button", name="查看").click()
    expect(page.locator("table.completion")).to_be_visible()
    texts = page.locator("table.completion tbody tr").evaluate_all(
        """(rows) => rows.map((row) => [
          row.querySelector(".data-table__main a").textContent,
          row.querySelector("[data-label*=义务劳动]").textContent,
        ])"""
    )
    return {name: int(re.search(r"(\d+)/", text)[1]) for name, text in texts}


# Card and feedback ------------------------------------------------------------


def open_card(page: Page, member: Any, deed: str) -> None:
    """Open a liaison card from the member's page and note one service."""
    page.goto(member.get_absolute_url())
    page.get_by_role("link", name="建联系卡").click()
    page.get_by_label("服务意向").fill("法律咨询")
    page.get_by_role("button", name="建卡").click()
    expect(page.get_by_text(f"已为{member.name}建立联系卡")).to_be_visible()
    entry = page.locator("#entry")
    entry.get_by_label("时长（小时）").fill("2")
    entry.get_by_label("内容").fill(deed)
    entry.get_by_role("button", name="记入联系卡").click()
    expect(page.get_by_text("已记入联系卡。")).to_be_visible()
    expect(page.locator(".timeline").get_by_text(deed)).to_be_visible()


def word_remarks(page: Page, name: str, grade: str, words: str) -> None:
    """Grade one member of the branch in the open round, and word the remark."""
    go(page, "单位反馈")
    open_round = page.get_by_role("row").filter(has_text="填写中")
    open_round.get_by_role("link").first.click()
    page.get_by_role("link", name="填写", exact=True).click()
    remark = page.locator(".remark").filter(
        has=page.get_by_role("heading", name=name, exact=True)
    )
    remark.get_by_label("等次").select_option(grade)
    remark.get_by_label("评语").fill(words)
    page.get_by_role("button", name="保存全部评语").click()
    expect(page.get_by_text("已保存 1 人的评语。")).to_be_visible()
    expect(remark.get_by_label("评语")).to_have_value(words)


def finish_job(page: Page) -> None:
    """Wait on a job's page until the job has succeeded."""
    expect(page.locator("#job .state--ok")).to_be_visible()


def build_round(page: Page) -> str:
    """As street staff: close the open round, build its packets; return its board."""
    go(page, "单位反馈")
    open_round = page.get_by_role("row").filter(has_text="填写中")
    open_round.get_by_role("link").first.click()
    page.get_by_role("link", name="截止填写").click()
    page.get_by_role("button", name="截止").click()
    board = page.url
    page.get_by_role("button", name="生成材料").click()
    finish_job(page)
    return board


def deliver_by_link(page: Page, board: str, unit: str) -> str:
    """Open the link for one unit's packet; return its address."""
    page.goto(board)
    page.get_by_role("link", name=unit).click()
    # By the keyboard: the radio lies unseen behind its label, and a click by place may
    # meet a bar that is still moving.
    way = page.get_by_role("radio", name="链接")
    way.press("Space")
    expect(way).to_be_checked()
    page.locator("#deliver").get_by_role("button", name="送达").click()
    expect(page.get_by_text("链接已开通")).to_be_visible()
    return page.locator(".link-box").inner_text()


def take_mail(page: Page, unit_url: str, address: str) -> None:
    """As street staff: have a unit's packets come to it by mail."""
    page.goto(unit_url)
    page.get_by_role("link", name="修改").click()
    page.get_by_label("联络邮箱").fill(address)
    page.get_by_label("反馈送达方式").select_option(label="电子邮件")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text(address)).to_be_visible()


def deliver_by_mail(page: Page, board: str, unit: str, mailbox: Mailbox) -> str:
    """Send one unit its packet, and return the link in the mail that arrived."""
    page.goto(board)
    page.get_by_role("link", name=unit).click()
    way = page.get_by_role("radio", name="电子邮件")
    expect(way).to_be_checked()
    page.locator("#deliver").get_by_role("button", name="送达").click()
    expect(page.get_by_text("邮件正在发送")).to_be_visible()
    assert wait_until(lambda: mailbox.messages, 60)
    [mail] = mailbox.parsed()
    [attached] = mail.iter_attachments()
    assert attached.get_filename().endswith(".xlsx")
    link = re.search(r"http://\S+/liaison/u/\S+", mail.get_body().get_content())
    assert link is not None
    return link[0]


def confirm_as_unit(page: Page, link: str, folder: Path, reply: str) -> Path:
    """Open the link as the unit's contact, keep the workbook, confirm with words."""
    page.goto(link)
    page.get_by_role("button", name="查看反馈材料").click()
    file = download(page, folder, name="下载工作簿")
    page.get_by_label("确认人").fill("张干事")
    page.get_by_label("回复意见").fill(reply)
    page.get_by_role("button", name="确认收到").click()
    expect(page.get_by_role("heading", name="已确认收到")).to_be_visible()
    return file


# Workbook of the month ----------------------------------------------------------


def monthly_workbook(page: Page, month: str, folder: Path) -> Path:
    go(page, "月报")
    page.get_by_label("月份").select_option(month)
    page.get_by_role("button", name="生成工作簿").click()
    finish_job(page)
    return download(page, folder, name="下载文件")


def first_total(file: Path, sheet: str) -> int:
    """Return the first figure of the row 合计."""
    rows = openpyxl.load_workbook(file)[sheet].iter_rows(values_only=True)
    return next(row[1] for row in rows if row[0] == "合计")


def on_roll(branch: Any, month: Any) -> int:
    """Count who is on the branch's roll at the end of the month, row by row."""
    return sum(
        row.kind == "on_roll"
        and row.starts_on < month.end
        and (row.ends_on is None or row.ends_on >= month.end)
        for row in branch.affiliations.all()
    )
