"""Masks for personal values: what a page may show without a reason given.

An ID number shows its first and last character only: with a birth date and
sex on the same page, the usual 6+4 leaves a single candidate.
"""

import re

_ROAD = re.compile(r"路(?!街道)|街(?!道)|小区|社区")
_DISTRICT = re.compile(r"街道|[镇乡区县市]")
_NUMBER = re.compile(r"\d|[一二三四五六七八九十百〇零]+(?:号|栋|幢|楼|单元|室)")
_HIDDEN = "***"


def mask_id_number(number: str | None) -> str:
    """Return the first and last character, the rest as stars."""
    text = (number or "").strip()
    if len(text) < 6:
        return "*" * len(text)
    return f"{text[0]}{'*' * (len(text) - 2)}{text[-1]}"


def mask_name(name: str | None) -> str:
    """Return the first character of a name, the rest as stars."""
    text = (name or "").strip()
    return f"{text[0]}{'*' * max(1, len(text) - 1)}" if text else ""


def mask_phone(phone: str | None) -> str:
    """Return 3+4 of a full number; of a shorter one the last two digits."""
    text = (phone or "").strip()
    if len(text) >= 11:
        return f"{text[:3]}{'*' * (len(text) - 7)}{text[-4:]}"
    if len(text) >= 7:
        return f"{'*' * (len(text) - 2)}{text[-2:]}"
    return "*" * len(text)


def mask_address(address: str | None) -> str:
    """Return the address up to its first road or estate, never a house number."""
    text = (address or "").strip()
    if not text:
        return ""
    if road := _ROAD.search(text):
        shown = text[: road.end()]
    else:
        districts = list(_DISTRICT.finditer(text))
        shown = text[: districts[-1].end()] if districts else ""
    if number := _NUMBER.search(shown):
        shown = shown[: number.start()]
    return shown + _HIDDEN
