"""Which row of a sheet holds the headings, and which column is what."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from config.lib.dates import clean_text
from config.lib.xlsx import Formula, Part, Row, SheetData

HEADING_DEPTH = 30  # rows searched for the headings
_NOTES = re.compile(r"[（(][^（）()]*[）)]$")
_EDGES = "*:：、.。 "


@dataclass(frozen=True, slots=True)
class RosterField:
    """A column that is understood, under the names that systems and offices use."""

    key: str
    label: str
    aliases: tuple[str, ...]


def _field(key: str, label: str, aliases: str = "") -> RosterField:
    return RosterField(key, label, (label, *aliases.split()))


FIELDS: dict[str, RosterField] = {
    item.key: item
    for item in (
        _field("name", "姓名", "党员姓名 名字"),
        _field(
            "id_number",
            "公民身份号码",
            "身份证号码 身份证号 公民身份证号码 公民身份证号 居民身份证号 "
            "居民身份证号码 证件号码 证件号 身份证 身份号码",
        ),
        _field("sex", "性别"),
        _field("ethnicity", "民族"),
        _field("born_on", "出生日期", "出生年月 出生年月日 生日 出生时间 出生"),
        _field(
            "branch",
            "所在党支部",
            "所属党支部 党支部 所在支部 所属支部 支部 支部名称 党支部名称 所在党组织 "
            "所属党组织 党组织 党组织名称 组织关系所在党支部 组织关系所在支部 "
            "所在党支部名称",
        ),
        _field(
            "member_type", "人员类别", "正式/预备党员 党员类型 正式/预备 党员类别 类别"
        ),
        _field(
            "joined_on",
            "入党日期",
            "加入党组织日期 入党时间 加入党组织时间 入党年月 加入中共党组织日期",
        ),
        _field(
            "confirmed_on",
            "转正日期",
            "转为正式党员日期 转正时间 转为正式党员时间 转正年月",
        ),
        _field("education", "学历", "文化程度 最高学历 文化"),
        _field("degree", "学位"),
        _field(
            "phone",
            "手机号码",
            "手机号 联系电话 电话 联系方式 手机 移动电话 电话号码 本人电话",
        ),
        _field("job_post", "工作岗位", "岗位"),
        _field("job_title", "职务", "党内职务 行政职务"),
        _field(
            "home_unit",
            "工作单位",
            "所在单位 工作/学习单位 单位 单位名称 现工作单位 工作学习单位",
        ),
        _field("on_post", "在岗情况", "是否在岗 在岗状态"),
        _field(
            "address",
            "现居住地",
            "家庭住址 住址 现住址 家庭地址 居住地址 现居住地址 居住地 详细住址",
        ),
        _field(
            "household_address",
            "户籍所在地",
            "户口所在地 户籍地址 户籍地 户籍住址 户籍所在地址",
        ),
        _field("native_place", "籍贯"),
        _field("status", "党籍状态"),
        _field("is_lost", "是否失联党员", "是否为失联党员 是否失联"),
        _field("lost_since", "失去联系日期", "失联日期 失联时间 失去联系时间"),
        _field("is_mobile", "是否流动党员", "是否为流动党员 是否流动"),
    )
}
# Without these a sheet cannot be taken in.
REQUIRED = ("name", "id_number", "joined_on")
_ALIASES = {
    alias: (key, rank)
    for key, item in FIELDS.items()
    for rank, alias in enumerate(item.aliases)
}


@dataclass(slots=True)
class SheetLayout:
    """How one sheet is read; `heading` is the Excel row, 0 where none was found."""

    name: str
    heading: int = 0
    headings: list[str] = field(default_factory=list)
    columns: dict[int, str] = field(default_factory=dict)
    row_count: int = 0
    hidden: bool = False
    skipped: bool = False

    @property
    def missing(self) -> list[str]:
        """Labels of needed columns that no column stands for."""
        found = set(self.columns.values())
        return [FIELDS[key].label for key in REQUIRED if key not in found]

    @property
    def is_read(self) -> bool:
        return not self.skipped and bool(self.heading) and not self.missing

    @property
    def has_branch(self) -> bool:
        return "branch" in self.columns.values()

    @property
    def signature(self) -> str:
        """Name the row of headings, so that its mapping can be remembered."""
        joined = "\x1f".join(normalize_heading(text) for text in self.headings)
        return hashlib.sha256(joined.encode()).hexdigest()

    def place_of(self, key: str) -> int | None:
        for place, found in self.columns.items():
            if found == key:
                return place
        return None

    def heading_of(self, key: str) -> str:
        """Return the sheet's own heading of a field, our label where it has none."""
        place = self.place_of(key)
        if place is None or place >= len(self.headings):
            return FIELDS[key].label
        return self.headings[place] or FIELDS[key].label

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "heading": self.heading,
            "headings": self.headings,
            "columns": {str(place): key for place, key in self.columns.items()},
            "row_count": self.row_count,
            "hidden": self.hidden,
            "skipped": self.skipped,
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> SheetLayout:
        columns = {int(place): key for place, key in stored["columns"].items()}
        return cls(**(stored | {"columns": columns}))


def normalize_heading(value: object) -> str:
    """Return a heading without spaces, line breaks and notes in brackets.

    联系电话（手机/固定） is 联系电话, 姓  名 is 姓名, *学历： is 学历.
    """
    if isinstance(value, Formula):
        value = value.cached
    text = "".join(clean_text(value).split()).strip(_EDGES)
    return _NOTES.sub("", text).strip(_EDGES) or text


def recognize(sheet: SheetData, heading: int | None = None) -> SheetLayout:
    """Find the row of headings and say what each column is.

    `heading` names the row where the user has said so. The row with the most known
    headings wins, and the earlier of two.
    """
    layout = SheetLayout(
        name=sheet.name,
        row_count=len(sheet.rows),
        hidden=sheet.hidden,
        skipped=sheet.hidden,
    )
    best = 1  # one known word may stand in any cell
    for row in islice(iter(sheet.rows), HEADING_DEPTH):
        if heading is not None and row.number != heading:
            continue
        columns = _match(row)
        if len(columns) > best or heading is not None:
            best = len(columns)
            layout.heading = row.number
            layout.columns = columns
            layout.headings = [_shown(value) for value in row.values]
    if not layout.heading or (heading is None and layout.missing):
        layout.skipped = True
    return layout


def _match(row: Row) -> dict[int, str]:
    """Map columns to fields; of two columns for a field the better name wins."""
    best: dict[str, tuple[int, int]] = {}
    for place, value in enumerate(row.values):
        known = _ALIASES.get(normalize_heading(value)) if value is not None else None
        if known is None:
            continue
        key, rank = known
        if key not in best or rank < best[key][0]:
            best[key] = (rank, place)
    return {place: key for key, (_rank, place) in sorted(best.items())}


def _shown(value: object) -> str:
    if isinstance(value, Formula):
        value = value.cached
    return clean_text(value)[:60]


_DIGIT = re.compile(r"\d")
# A totals row, a signature row or a note under the list.
_CLOSING = re.compile(
    r"^(合\s*计|总\s*计|小\s*计|共计|总数|填表|填报|制表|审核|审批|复核|负责人|经办|联系人"
    r"|说明|备注|注[:：]|注$|单位[（(]?盖章|盖章|年\s*月\s*日)"
)


def data_parts(sheet: SheetData, layout: SheetLayout) -> Iterator[Part]:
    """Yield the rows of people: below the headings, without totals and signatures."""
    place = layout.place_of("id_number")
    for part in sheet.rows.parts():
        numbers = () if place is None else part.columns[place : place + 1]
        if part.numbers[0] > layout.heading and _are_numbered(numbers):
            yield part  # as nearly all are
            continue
        rows = [row for row in part.rows() if row.number > layout.heading]
        if rows := [row for row in rows if _is_person(row, layout, place)]:
            yield Part.of(rows)


def _are_numbered(columns: Sequence[Sequence[object]]) -> bool:
    return bool(columns) and all(map(_is_numbered, columns[0]))


def _is_numbered(written: object) -> bool:
    return type(written) is str and len(written) > 6 and written[:7].isdecimal()


def _is_person(row: Row, layout: SheetLayout, place: int | None) -> bool:
    values, width = row.values, len(row.values)
    written = values[place] if place is not None and place < width else ""
    if _is_numbered(written):
        return True
    # Only a row without an ID number has to be looked at cell by cell.
    if _is_blank(written) and not any(
        other < width and not _is_blank(values[other]) for other in layout.columns
    ):
        return False
    if _has_digits(written):
        return True
    # Not the headings again, on a printed page further down.
    return not _is_closing(row) and not (
        isinstance(written, str) and normalize_heading(written) in _ALIASES
    )


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _has_digits(value: object) -> bool:
    return len(_DIGIT.findall(str(value or ""))) > 6


def _is_closing(row: Row) -> bool:
    first = next((value for value in row.values if value is not None), None)
    if isinstance(first, str):
        return bool(_CLOSING.match(clean_text(first)))
    return False
