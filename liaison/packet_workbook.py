"""The workbook a home unit receives: a letter to seal, a table, and the details."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from config.lib.xlsx import Page, SmallWorkbook

COVER_WIDTHS = (22, 22, 22, 22)
PEOPLE_WIDTHS = (6, 10, 18, 24, 8, 10, 10, 40)
DEEDS_WIDTHS = (6, 10, 13, 14, 46, 10)


def packet_workbook(content: dict[str, Any]) -> bytes:
    """Return the .xlsx of a packet's frozen content; always the same bytes."""
    pages = [_cover(content), _people(content), _deeds(content)]
    title = f"{content['period_title']}在职党员反馈"
    return SmallWorkbook(pages, title=title).to_bytes()


def file_name(content: dict[str, Any]) -> str:
    return f"{content['period_title']}在职党员反馈_{content['unit']}.xlsx"


def _cover(content: dict[str, Any]) -> Page:
    """The letter, one printed page, with room for the seal."""
    page = Page("反馈函", COVER_WIDTHS)
    people = len(content["people"])
    worded = sum(bool(person["grade"]) for person in content["people"])
    hours = sum((Decimal(person["hours"]) for person in content["people"]), Decimal(0))
    times = sum(person["times"] for person in content["people"])
    addressee = content["party_organization"] or f"{content['unit']}党组织"
    page.merged("在职党员参加社区建设情况反馈函", "letter_title", height=60)
    page.merged(f"编号：{content['number']}", "note_right", height=24)
    page.blank(16)
    page.merged(f"{addressee}：", "letter", height=32)
    page.merged(
        f"　　贵单位 {people} 名在职党员已向居住地社区党组织报到。"
        f"{content['period_title']}，他们参加社区服务和党组织活动共 {times} 次、"
        f"{hours.normalize():f} 小时。社区党组织已对其中 {worded} 名同志作出评价，"
        "现将各人表现情况随函反馈（见附表）。",
        "letter",
        height=170,
    )
    page.merged(
        "　　请贵单位党组织核对，并在收到后将回执寄回或通过链接确认。感谢对街道"
        "社区工作的支持。",
        "letter",
        height=90,
    )
    page.blank(60)
    page.merged([("", 2), (content["street"], 2)], "letter", height=32)
    page.merged([("", 2), ("（盖章）", 2)], "letter", height=60)
    page.merged(
        [("", 2), (_chinese_date(content["issued_on"]), 2)], "letter", height=32
    )
    return page


def _people(content: dict[str, Any]) -> Page:
    page = Page("党员表现", PEOPLE_WIDTHS, landscape=True, repeat_rows=(3, 3), freeze=3)
    page.merged(f"{content['period_title']}在职党员表现情况表", "title", height=36)
    page.merged(
        [(f"单位：{content['unit']}", 5), (f"编号：{content['number']}", 3)], "note"
    )
    page.line(
        (
            "序号",
            "姓名",
            "联系卡号",
            "社区党支部",
            "次数",
            "时长（小时）",
            "等次",
            "评语",
        ),
        "head",
        height=30,
    )
    looks = (
        "cell_int",
        "cell_center",
        "cell_center",
        "cell",
        "cell_int",
        "cell_decimal",
        "cell_center",
        "cell",
    )
    for number, person in enumerate(content["people"], start=1):
        page.line(
            (
                number,
                person["name"],
                person["card"],
                person["branch"],
                person["times"],
                Decimal(person["hours"]),
                person["grade"] or "未评定",
                person["words"],
            ),
            looks,
        )
    return page


def _deeds(content: dict[str, Any]) -> Page:
    page = Page("服务明细", DEEDS_WIDTHS, landscape=True, repeat_rows=(2, 2), freeze=2)
    page.merged(f"{content['period_title']}服务明细", "title", height=36)
    page.line(
        ("序号", "姓名", "日期", "类别", "内容", "时长（小时）"), "head", height=30
    )
    looks = (
        "cell_int",
        "cell_center",
        "cell_date",
        "cell_center",
        "cell",
        "cell_decimal",
    )
    number = 0
    for person in content["people"]:
        for deed in person["deeds"]:
            number += 1
            page.line(
                (
                    number,
                    person["name"],
                    date.fromisoformat(deed["on"]),
                    deed["kind"],
                    deed["content"],
                    Decimal(deed["hours"]),
                ),
                looks,
            )
    if not number:
        page.merged("本期没有服务记录。", "note_center")
    return page


def _chinese_date(iso: str) -> str:
    day = date.fromisoformat(iso)
    return f"{day.year}年{day.month}月{day.day}日"
