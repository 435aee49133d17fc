"""The words of the letter to a unit: one text for screen, paper and workbook."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from liaison.rules import supplement_title
from liaison.service_record import short_number

TITLE = "在职党员参加社区建设情况反馈函"


SUPPLEMENT_TITLE = "在职党员情况反馈补充函"


@dataclass(frozen=True)
class Letter:
    title: str
    heading: str
    number: str
    addressee: str
    paragraphs: tuple[str, ...]
    sender: str
    issued_on: str


def letter(content: dict[str, Any]) -> Letter:
    """Word the letter of a packet's frozen content."""
    supplement = content.get("supplement")
    return Letter(
        title=SUPPLEMENT_TITLE if supplement else TITLE,
        heading=heading(content),
        number=content["number"],
        addressee=content["party_organization"] or f"{content['unit']}党组织",
        paragraphs=(_correcting(content) if supplement else _telling(content)),
        sender=content["street"],
        issued_on=chinese_date(content["issued_on"]),
    )


def heading(content: dict[str, Any]) -> str:
    """2026年第三季度在职党员情况反馈, and which supplement it is."""
    serial = content.get("supplement", {}).get("serial", 0)
    return f"{content['period_title']}在职党员情况反馈{supplement_title(serial)}"


def _correcting(content: dict[str, Any]) -> tuple[str, ...]:
    supplement = content["supplement"]
    reason = supplement["reason"].rstrip("。")
    return (
        f"我们于{chinese_date(supplement['issued_on'])}送达的"
        f"{content['period_title']}反馈函（编号 {supplement['number']}）"
        f"有 {len(content['people'])} 名同志的内容需要更正（见附表），"
        f"以{supplement_title(supplement['serial'])}为准，其余内容不变。",
        f"更正原因：{reason}。",
        "请贵单位党组织核对，并将回执寄回或通过链接确认收到。",
    )


def _telling(content: dict[str, Any]) -> tuple[str, ...]:
    people = content["people"]
    hours = sum((Decimal(person["hours"]) for person in people), Decimal(0))
    times = sum(person["times"] for person in people)
    worded = sum(bool(person["grade"]) for person in people)
    if times:
        deeds = f"参加社区服务和党组织活动共 {times} 次、{short_number(hours)} 小时"
    else:
        deeds = "没有参加社区服务和党组织活动的记录"
    verdict = (
        f"社区党组织已对其中 {worded} 名同志作出评价，"
        if 0 < worded < len(people)
        else "社区党组织已对各位同志作出评价，"
        if worded
        else ""
    )
    return (
        f"贵单位 {len(people)} 名在职党员已向居住地社区党组织报到。"
        f"{content['period_title']}，他们{deeds}。{verdict}"
        "现将各人表现情况随函反馈（见附表）。",
        "请贵单位党组织核对，并将回执寄回或通过链接确认收到。"
        "感谢对街道和社区工作的支持！",
    )


def chinese_date(iso: str) -> str:
    day = date.fromisoformat(iso)
    return f"{day.year}年{day.month}月{day.day}日"
