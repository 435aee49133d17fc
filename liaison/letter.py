"""The words of the letter to a unit: one text for screen, paper and workbook."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from liaison.service_record import short_number

TITLE = "在职党员参加社区建设情况反馈函"


@dataclass(frozen=True)
class Letter:
    number: str
    addressee: str
    paragraphs: tuple[str, ...]
    sender: str
    issued_on: str


def letter(content: dict[str, Any]) -> Letter:
    """Word the letter of a packet's frozen content."""
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
    return Letter(
        number=content["number"],
        addressee=content["party_organization"] or f"{content['unit']}党组织",
        paragraphs=(
            f"贵单位 {len(people)} 名在职党员已向居住地社区党组织报到。"
            f"{content['period_title']}，他们{deeds}。{verdict}"
            "现将各人表现情况随函反馈（见附表）。",
            "请贵单位党组织核对，并将回执寄回或通过链接确认收到。"
            "感谢对街道和社区工作的支持！",
        ),
        sender=content["street"],
        issued_on=chinese_date(content["issued_on"]),
    )


def chinese_date(iso: str) -> str:
    day = date.fromisoformat(iso)
    return f"{day.year}年{day.month}月{day.day}日"
