"""What the pages show of a stay, in words."""

from __future__ import annotations

from datetime import date
from typing import Any

from config.lib.dates import PartialDate
from config.lib.masks import mask_phone
from members.choices.mobile import MobileDirection, MobileState
from members.models import MobileStay

TONES = {
    MobileState.AWAY: "info",
    MobileState.REGISTERED: "warn",
    MobileState.VERIFIED: "warn",
    MobileState.PLACED: "ok",
    MobileState.ENDED: "mute",
}
_SOON, _LATE = 30, 90


def silence(stay: MobileStay, today: date) -> tuple[str, str]:
    """How long nobody was in contact, and the tone of it."""
    days = (today - stay.last_contact_on).days
    tone = "ok" if days < _SOON else "warn" if days < _LATE else "bad"
    return ("今天" if days <= 0 else f"{days}天前"), tone


def row_of(stay: MobileStay, today: date) -> dict[str, Any]:
    """One row of a list."""
    words, tone = silence(stay, today)
    return {
        "url": stay.get_absolute_url(),
        "name": stay.person_name,
        "state": stay.get_state_display(),
        "tone": TONES[stay.state],
        "home": stay.home.short_name if stay.home else stay.home_name,
        "host": stay.host.short_name if stay.host else stay.host_name,
        "place": stay.division_name,
        "reason": stay.get_reason_display(),
        "started_on": stay.started_on,
        "expected_end_on": stay.expected_end_on,
        "has_card": bool(stay.card_number),
        "silence": words,
        "silence_tone": tone,
        "ended_on": stay.ended_on,
    }


def facts_of(stay: MobileStay) -> list[tuple[str, object]]:
    """Everything that is written down, in the order in which it came to be."""
    is_out = stay.direction == MobileDirection.OUT
    facts: list[tuple[str, object]] = [
        ("姓名", stay.person_name),
        ("流动方向", stay.get_direction_display()),
    ]
    if stay.member_id is None:
        facts += _unknown_person(stay)
    facts += [
        ("组织关系所在党组织", stay.origin_name),
        ("原支部联系人", _reach(stay.home_contact, stay.home_phone)),
        ("流入地党组织", stay.destination_name),
        ("接收支部联系人", _reach(stay.host_contact, stay.host_phone)),
        ("流出地点" if is_out else "流入前所在地", stay.division_name),
        ("详细地点", stay.place),
        ("流动原因", stay.get_reason_display()),
        ("外出流向", stay.get_work_display()),
        ("流动开始日期", stay.started_on),
        ("预计结束日期", stay.expected_end_on or ""),
        ("活动证", _card(stay)),
        ("登记日期", stay.registered_on),
    ]
    if not is_out:
        facts += _inside(stay)
    if stay.ended_on:
        facts += [
            ("结束日期", stay.ended_on),
            ("结束原因", stay.get_end_reason_display()),
            ("结束说明", stay.closing_note),
        ]
    return facts


def _unknown_person(stay: MobileStay) -> list[tuple[str, object]]:
    joined = stay.joined_on and PartialDate(stay.joined_on, stay.joined_precision)
    return [
        ("人员类别", stay.get_member_type_display()),
        ("入党日期", str(joined) if joined else ""),
        ("学历", stay.get_education_display()),
        ("本人手机号码", mask_phone(stay.phone)),
    ]


def _inside(stay: MobileStay) -> list[tuple[str, object]]:
    """How the membership was verified, and where the person was placed."""
    facts: list[tuple[str, object]] = []
    if stay.verified_on:
        facts += [
            ("身份核实", f"{stay.verified_on}，{stay.get_proof_display()}"),
            ("核实人", stay.verified_by),
            ("核实说明", stay.proof_words),
        ]
    if stay.placed_on:
        placed = f"{stay.placed_on}，{stay.host}"
        facts.append(("编入", "，".join(filter(None, (placed, stay.group_name)))))
    return facts


def _reach(name: str, phone: str) -> str:
    return " ".join(filter(None, (name, phone)))


def _card(stay: MobileStay) -> str:
    if not stay.card_number:
        return "没有"
    return f"{stay.card_number}（{stay.card_issued_on}发）"
