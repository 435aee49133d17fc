"""A community's own workbook of households: from its cells to what would change."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError

from activities.choices.households import Circumstance
from activities.models import Household
from activities.rules import households as rules
from activities.services.households import HouseholdFacts
from config.lib.dates import clean_text
from config.lib.errors import RuleError
from config.lib.identity import normalize_phone
from members.sheet_lines import SheetKind, SheetLine, short_text
from organizations.models import Community, Organization

MOST_ROWS = 5000
# What a row that finds its door on the list may change.
_CHANGING = {
    "organization_id": "责任党支部",
    "householder": "户主姓名",
    "phone": "联系电话",
    "people_count": "家庭人口",
    "circumstances": "家庭情况",
    "note": "备注",
}
_HEADINGS: dict[str, tuple[str, ...]] = {
    "estate": ("小区", "小区名称", "院落", "网格小区"),
    "building": ("楼栋", "楼号", "幢号", "栋号", "楼幢", "小区楼栋", "楼栋号"),
    "unit": ("单元", "单元号"),
    "room": ("门牌", "室号", "房号", "门牌号", "房间号", "户号"),
    "householder": ("户主姓名", "户主", "姓名", "住户姓名"),
    "phone": ("联系电话", "电话", "手机", "手机号码", "手机号"),
    "people_count": ("家庭人口", "人口", "人口数", "家庭人口数", "人数", "常住人口"),
    "circumstances": ("家庭情况", "家庭类别", "类别", "住户类别", "特殊情况"),
    "organization": ("责任党支部", "责任党组织", "包联党支部", "党支部", "包户支部"),
    "note": ("备注", "说明"),
}
_WORDS = {each.label: each.value for each in Circumstance} | {
    "独居": Circumstance.LIVES_ALONE,
    "空巢": Circumstance.EMPTY_NEST,
    "残疾人": Circumstance.DISABLED,
    "低保户": Circumstance.LOW_INCOME,
    "大病": Circumstance.GRAVE_ILLNESS,
    "失独": Circumstance.BEREAVED,
    "军属": Circumstance.HONOURED,
    "优抚": Circumstance.HONOURED,
    "党员": Circumstance.PARTY_HOME,
    "租户": Circumstance.TENANT,
    "出租": Circumstance.TENANT,
}
_BETWEEN = re.compile(r"[、，,；;/\s]+")
_COUNT = re.compile(r"(\d{1,3})\s*(?:人|口)?")


@dataclass
class HouseholdLine(SheetLine):
    """A row with its door, unsaved or as it would be; `changed` names what changes."""

    household: Household | None = None
    is_new: bool = False
    changed: list[str] = field(default_factory=list)

    @property
    def door(self) -> str:
        """Where the row says it is, put together of up to four cells."""
        return f"{self.building} {self.room}".strip()

    @property
    def building(self) -> str:
        return f"{self.values.get('estate', '')}{self.values.get('building', '')}"

    @property
    def room(self) -> str:
        unit, room = self.values.get("unit", ""), self.values.get("room", "")
        if not unit:
            return room
        return f"{unit.removesuffix('单元')}单元{room}"


def _convert(key: str, raw: Any) -> Any:
    if key == "phone":
        return normalize_phone(raw)
    if key == "people_count":
        if (found := _COUNT.fullmatch(clean_text(raw))) is None:
            raise RuleError("人口应是一个整数，如“3”。", code="people_count")
        return int(found[1])
    if key == "circumstances":
        return _circumstances(clean_text(raw))
    most = {"householder": rules.NAME_LENGTH, "note": rules.TEXT_LENGTH}
    return short_text(raw, most.get(key, rules.BUILDING_LENGTH))


def _circumstances(text: str) -> list[str]:
    """Codes of the words in a cell; 一般 and 无 say that there is nothing special."""
    codes, unknown = [], []
    for word in filter(None, _BETWEEN.split(text)):
        if word in _WORDS:
            codes.append(str(_WORDS[word]))
        elif word not in {"一般", "普通", "正常", "一般户", "普通户"}:
            unknown.append(word)
    if unknown:
        known = "、".join(each.label for each in Circumstance)
        raise RuleError(
            f"“{'、'.join(unknown)}”不在家庭情况之列，请改为：{known}；"
            "其他情况写在“备注”。",
            code="circumstances",
        )
    return codes


SHEET = SheetKind(
    headings=_HEADINGS,
    required=("building", "room"),
    marks=(("building", "room"), ("room", "householder"), ("building", "householder")),
    noun="住户",
    most_rows=MOST_ROWS,
    convert=_convert,
    line=HouseholdLine,
)


def plan_lines(
    lines: list[HouseholdLine], community: Community, listed: list[Household]
) -> None:
    """Say of each good row what it is: new, changed or as it stands; of the rest why.

    `listed` is the whole list of the community. An empty cell changes nothing.
    """
    known = {each.door_index: each for each in listed}
    branches = _branches(community)
    first: dict[str, HouseholdLine] = {}
    for line in lines:
        if (facts := _facts(line, community, branches)) is None:
            continue
        try:
            values = facts.values()
        except ValidationError as error:
            key = getattr(error, "code", "")
            heading = SHEET.label(key) if key in _HEADINGS else "这一行"
            line.errors.append((heading, "".join(error.messages)))
            continue
        earlier = first.setdefault(values["door_index"], line)
        if earlier is not line:
            line.errors.append(
                (SHEET.label("room"), f"与第{earlier.number}行是同一户，请删去一行。")
            )
            continue
        _settle(line, values, known.get(values["door_index"]))


def _settle(
    line: HouseholdLine, values: dict[str, Any], household: Household | None
) -> None:
    if household is None:
        line.household, line.is_new = Household(**values), True
        return
    line.household = household
    for name, label in _CHANGING.items():
        attribute = name.removesuffix("_id")
        value = values[attribute]
        if attribute not in line.values:
            continue
        if name == "organization_id":
            value = value.pk
        if getattr(household, name) != value:
            setattr(household, name, value)
            line.changed.append(label)


def _facts(
    line: HouseholdLine, community: Community, branches: dict[str, Organization]
) -> HouseholdFacts | None:
    organization, name = None, line.values.get("organization", "")
    if name and (organization := branches.get(name)) is None:
        line.errors.append(
            (
                SHEET.label("organization"),
                f"“{name}”不是{community}的党组织或其下的党支部，请写党组织简称或全称。",
            )
        )
    if line.errors:
        return None
    given = ("householder", "phone", "people_count", "circumstances", "note")
    return HouseholdFacts(
        community=community,
        building=line.building,
        room=line.room,
        organization=organization,
        **{name: line.values[name] for name in given if name in line.values},
    )


def _branches(community: Community) -> dict[str, Organization]:
    """Organizations of a community by what they are called; no name that two bear."""
    found = list(Organization.objects.subtree(community.organization).open())
    names = Counter(name for each in found for name in {each.name, each.short_name})
    return {
        name: each
        for each in found
        for name in (each.name, each.short_name)
        if names[name] == 1
    }
