"""The workbook a home unit receives: a letter to seal, a table, and the details."""

from __future__ import annotations

import math
from datetime import date
from functools import lru_cache
from typing import Any

from config.lib.xlsx import Page, SmallWorkbook
from liaison.letter import heading, letter
from liaison.rules import supplement_title
from liaison.supplementing import REMOVED, changes

COVER_WIDTHS = (22, 22, 22, 22)
PEOPLE_WIDTHS = (6, 10, 18, 24, 8, 10, 10, 40)
CHANGES_WIDTHS = (6, 10, 18, 24, 8, 60)
DEEDS_WIDTHS = (6, 10, 13, 14, 46, 10)
# The letter in points: a line and the characters it holds at 16 pt, what an A4 page
# takes, and the rows that are always the same (title, number, seal, slip).
_LINE = 30
_CHARACTERS = 32
_PAGE = 740
_FIXED = 58 + 22 + 14 + 3 * _LINE + 20 + 40 + 3 * _LINE


def packet_workbook(content: dict[str, Any]) -> bytes:
    """Return the .xlsx of a packet's frozen content; always the same bytes."""
    pages = [_cover(content)]
    if content.get("supplement"):
        pages.append(_changes(content))
        # As the lines read now, for whoever keeps a table of them.
        stay = [line for line in content["people"] if line["change"] != REMOVED]
        content = content | {"people": stay}
    pages += [_people(content), _deeds(content)]
    title = heading(content)
    return SmallWorkbook(pages, title=title).to_bytes()


def file_name(content: dict[str, Any]) -> str:
    supplement = supplement_title(content.get("supplement", {}).get("serial", 0))
    return f"{content['period_title']}在职党员反馈{supplement}_{content['unit']}.xlsx"


def _cover(content: dict[str, Any]) -> Page:
    """The letter on one printed page, with room for the seal and a slip to return."""
    words = letter(content)
    body = [words.addressee + "：", *(f"　　{text}" for text in words.paragraphs)]
    slip = f"　　编号 {words.number} 的反馈函已收到，经核对：□属实　□需更正。"
    back = [words.sender + "：", slip]
    used = _FIXED + sum(_height(text) for text in (*body, *back))
    space = max(_PAGE - used, 40)
    page = Page("反馈函", COVER_WIDTHS)
    page.merged(words.title, "letter_title", height=58)
    page.merged(f"编号：{words.number}", "note_right", height=22)
    page.blank(14)
    for text in body:
        page.merged(text, "letter", height=_height(text))
    page.blank(space * 0.6)
    for text in (words.sender, "（盖章）", words.issued_on):
        page.merged([("", 2), (text, 2)], "letter_center", height=_LINE)
    page.blank(space * 0.4)
    page.merged("－ " * 30, "note_center", height=20)
    page.merged("回　执", "letter_center", height=40)
    for text in back:
        page.merged(text, "letter", height=_height(text))
    for text in ("单位（盖章）：", "经办人：", "日期：　　　年　　月　　日"):
        page.merged([("", 2), (text, 2)], "letter", height=_LINE)
    return page


@lru_cache(maxsize=256)
def _height(text: str) -> float:
    """Points that a text of the letter needs: merged cells do not grow by themselves.

    Latin letters and digits take about half a Chinese character.
    """
    width = sum(1 if ord(char) > 0x2E7F else 0.55 for char in text)
    return _LINE * max(1, math.ceil(width / _CHARACTERS))


def _changes(content: dict[str, Any]) -> Page:
    page = Page(
        "更正内容", CHANGES_WIDTHS, landscape=True, repeat_rows=(2, 2), freeze=2
    )
    page.merged(f"{heading(content)}更正内容", "title", height=36)
    page.line(
        ("序号", "姓名", "联系卡号", "社区党支部", "办理", "更正内容"),
        "head",
        height=30,
    )
    looks = ("cell_int", "cell_center", "cell_center", "cell", "cell_center", "cell")
    rows = (
        (
            number,
            change.name,
            change.card,
            change.branch,
            change.label,
            "\n".join(change.sentences),
        )
        for number, change in enumerate(changes(content), start=1)
    )
    page.lines(rows, looks)
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
    rows = (
        (
            number,
            person["name"],
            person["card"],
            person["branch"],
            person["times"],
            float(person["hours"]),
            person["grade"] or "未评定",
            person["words"],
        )
        for number, person in enumerate(content["people"], start=1)
    )
    page.lines(rows, looks)
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
    deeds = [
        (person["name"], deed)
        for person in content["people"]
        for deed in person["deeds"]
    ]
    rows = (
        (
            number,
            name,
            date.fromisoformat(deed["on"]),
            deed["kind"],
            deed["content"],
            float(deed["hours"]),
        )
        for number, (name, deed) in enumerate(deeds, start=1)
    )
    page.lines(rows, looks)
    if not deeds:
        page.merged("本期没有服务记录。", "note_center")
    return page
