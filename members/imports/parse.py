"""Cells as offices fill them in, to typed values."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from config.lib.dates import (
    EARLIEST_YEAR,
    EMPTY_WORDS,
    PartialDate,
    clean_text,
    parse_date,
)
from config.lib.errors import RuleError
from config.lib.identity import IdNumber, normalize_phone
from config.lib.names import normalize_name
from config.lib.xlsx import Formula, Part
from members.choices import (
    EDUCATION,
    ETHNIC_GROUPS,
    JOB_POSTS,
    MembershipStatus,
    MemberType,
    Sex,
)
from members.imports.layout import SheetLayout
from members.imports.lines import Finding, Line, Typed
from members.imports.places import Places

Convert = Callable[[Any], Any]
_MEMO = 50_000
_HAN_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}")
_NAME = re.compile(r"[^\W\d_]+(?:[· ][^\W\d_]+)*")

# A wrong value in one of these stops the row; in others the cell is left out.
STRICT = frozenset(
    {
        "name",
        "id_number",
        "ethnicity",
        "branch",
        "member_type",
        "joined_on",
        "confirmed_on",
        "status",
    }
)
# Follow from the ID number anyway, so the result of a formula is only compared.
FORMULA_ALLOWED = frozenset({"sex", "born_on"})

_ETHNICITY = {label: code for code, label in ETHNIC_GROUPS.items()}
_ETHNICITY |= {
    label.removesuffix("族"): code
    for code, label in ETHNIC_GROUPS.items()
    if label.endswith("族")
}
_ETHNICITY |= {"穿青人": "Other", "未识别民族": "Other", "其他族": "Other"}
_EDUCATION = {label: code for code, label in EDUCATION.items()}
_EDUCATION |= {
    "博士": "doctorate",
    "博士生": "doctorate",
    "硕士": "master",
    "研究生": "master",
    "硕士生": "master",
    "本科": "bachelor",
    "大学本科": "bachelor",
    "大本": "bachelor",
    "专科": "college",
    "大学专科": "college",
    "大专学历": "college",
    "中专": "secondary_specialized",
    "中等专业学校": "secondary_specialized",
    "职高": "vocational_high",
    "中职": "vocational_high",
    "技校": "skilled_worker_school",
    "中技": "skilled_worker_school",
    "高中": "high_school",
    "初级中学": "junior_high",
    "初中及以下": "junior_high",
    "党校研究生": "provincial_party_graduate",
    "党校本科": "provincial_party_bachelor",
    "党校大学": "provincial_party_bachelor",
    "党校大专": "provincial_party_college",
}
_JOB_POST = {label: code for code, label in JOB_POSTS.items()}
_JOB_POST |= {
    "离休": "retired_cadre",
    "退休": "retired",
    "离退休": "retired",
    "离退休人员": "retired",
    "退职": "resigned_with_pension",
    "个体": "self_employed",
    "个体工商户": "self_employed",
    "自由职业": "freelance",
    "自由职业者": "freelance",
    "下岗": "bankrupt_not_reemployed",
    "下岗失业": "bankrupt_not_reemployed",
    "失业": "other_unemployed",
    "无业": "other_unemployed",
    "社区工作者": "community_worker",
    "在校学生": "student",
}
_MEMBER_TYPE = {label: code for code, label in MemberType.choices}
_MEMBER_TYPE |= {"正式": "full", "预备": "probationary", "中共党员": "full"}
_MEMBER_TYPE |= {"中共正式党员": "full", "中共预备党员": "probationary"}
_STATUS = {label: code for code, label in MembershipStatus.choices}
_STATUS |= {"正常党籍": "normal", "在册": "normal", "死亡": "deceased"}
_SEX = {"男": Sex.MALE, "女": Sex.FEMALE, "男性": Sex.MALE, "女性": Sex.FEMALE}
_YES_NO = {"是": True, "否": False, "√": True, "有": True, "\u00d7": False, "y": True}
_YES_NO |= {"n": False, "yes": True, "no": False, "1": True, "0": False}
_ON_POST = {"在岗": True, "是": True, "在职": True, "不在岗": False, "否": False}
_ON_POST |= {"离岗": False, "下岗": False, "退休": False, "内退": False}


def _choice(table: dict[str, Any], code: str, hint: str) -> Convert:
    """Look a text up, without spaces and in either width of brackets."""
    plain = {_plain(label): value for label, value in table.items()}

    def convert(raw: Any) -> Any:
        text = clean_text(raw)
        if text in EMPTY_WORDS and text != "无":
            return None
        if (key := _plain(text)) in plain:
            return plain[key]
        if text in EMPTY_WORDS:
            return None
        raise RuleError(f"“{text[:20]}”不是可识别的{hint}。", code=code)

    return convert


def _plain(text: str) -> str:
    return "".join(text.lower().split()).replace("(", "（").replace(")", "）")


def _text(limit: int) -> Convert:
    def convert(raw: Any) -> str | None:
        text = clean_text(raw)
        if text in EMPTY_WORDS:
            return None
        if len(text) > limit:
            raise RuleError(f"内容超过{limit}个字，请缩短。", code="too_long")
        return text

    return convert


def _name(raw: Any) -> str | None:
    if type(raw) is str and _HAN_NAME.fullmatch(raw):
        return raw  # as nearly all are written
    text = clean_text(raw)
    if text in EMPTY_WORDS:
        return None
    name = normalize_name(text)
    if text.startswith(("=", "+", "@")):
        raise RuleError(
            "姓名处是公式而不是文字，请改为直接填写姓名。", code="name_formula"
        )
    if len(name) > 60 or not _NAME.fullmatch(name):
        raise RuleError(
            "姓名中有数字或符号，请只填写汉字（或字母、间隔点）。", code="name_form"
        )
    return name


def _phone(raw: Any) -> str | None:
    return normalize_phone(raw) or None


def converter(key: str) -> Convert:
    """Return how a cell under this key is read, for other sheets of the kind."""
    return _CONVERT[key]


@dataclass(frozen=True, slots=True)
class _Refused:
    """What becomes of a cell that cannot be read."""

    finding: Finding
    stops_row: bool


@dataclass(slots=True)
class _Column:
    """A column of the sheet, and what its cells turned out to mean so far."""

    place: int
    key: str
    heading: str
    convert: Convert
    memo: dict[Any, Any] = field(default_factory=dict)
    has_refused: bool = False

    def read(self, raws: Sequence[Any]) -> Iterator[Any]:
        """Yield the value of each cell, None for a blank one, or _Refused."""
        memo, convert = self.memo, self.convert
        if len(memo) > _MEMO:
            memo.clear()
        if not _ALIKE.isdisjoint(map(type, raws)):
            raws = [_typed(raw) if type(raw) in _ALIKE else raw for raw in raws]
        for raw in set(raws).difference(memo):
            try:
                memo[raw] = self._value(raw) if type(raw) is not str else convert(raw)
            except RuleError as error:
                memo[raw] = self._refused(error, self.key in STRICT)
        return map(memo.__getitem__, raws)

    def _value(self, raw: Any) -> Any:
        """Return what a cell that is no text means. Raises RuleError."""
        if type(raw) is tuple:
            raw = raw[1]
        if type(raw) is Formula:
            if self.key not in FORMULA_ALLOWED:
                return self._refused(_formula_error(self.heading), stops_row=True)
            raw = raw.cached
        return None if raw is None else self.convert(raw)

    def _refused(self, error: RuleError, stops_row: bool) -> _Refused:
        text = error.text if stops_row else error.text + "该列未导入。"
        self.has_refused = True
        return _Refused(Finding(error.code, text, self.heading, self.place), stops_row)


def _tell_refused(lines: list[Line], found: Iterable[Any]) -> Iterator[Any]:
    """Yield the values; what could not be read is told and left blank."""
    for line, value in zip(lines, found, strict=True):
        if type(value) is not _Refused:
            yield value
            continue
        yield None
        if value.stops_row:
            line.refuse(value.finding)
        else:
            line.warnings.append(value.finding)


# 1, 1.0 and True are one key of a dict, and different things in a cell.
_ALIKE = frozenset({int, float, bool})


def _typed(raw: Any) -> tuple[type, Any]:
    return type(raw), raw


def _formula_error(heading: str) -> RuleError:
    return RuleError(
        f"“{heading}”处是公式，请复制后“选择性粘贴—数值”，或直接填写。",
        code="formula",
    )


@dataclass(slots=True)
class Parser:
    """Reads the rows of one sheet, column by column: a value met before is known."""

    layout: SheetLayout
    places: Places
    today: date
    _columns: list[_Column] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        for place, key in self.layout.columns.items():
            heading = self.layout.heading_of(key)
            self._columns.append(_Column(place, key, heading, self._convert(key)))

    def parse(self, part: Part) -> list[Line]:
        """Return the rows' values; what cannot be read is a finding."""
        lines = [Line(self.layout.name, number) for number in part.numbers]
        columns: dict[str, Iterable[Any]] = {}
        for column in self._columns:
            if column.place >= len(part.columns):
                continue
            found: Iterable[Any] = column.read(part.columns[column.place])
            if column.has_refused:
                found = list(_tell_refused(lines, found))
            columns[column.key] = found
        blank = [None] * len(lines)
        typed = zip(*(columns.get(key, blank) for key in Typed._fields), strict=True)
        for line, values in zip(lines, map(Typed._make, typed), strict=True):
            line.values = values
            line.name = values.name or ""
        return lines

    def _convert(self, key: str) -> Convert:
        if key in {"joined_on", "confirmed_on", "lost_since"}:
            return self._date
        if key == "born_on":
            return self._birth(self.layout.heading_of(key))
        if key == "id_number":
            return self._id_number
        if key == "branch":
            return self.places.branch
        return _CONVERT[key]

    def _id_number(self, raw: Any) -> IdNumber | None:
        if isinstance(raw, str) and clean_text(raw) in EMPTY_WORDS:
            return None
        return IdNumber.parse(raw, today=self.today)

    def _date(self, raw: Any) -> PartialDate | None:
        # Most rosters write 1991-05-12 throughout, as a date or as text; the rest goes
        # the long way.
        day = raw if type(raw) is date else _iso_day(raw)
        if day is not None and day.year >= EARLIEST_YEAR and day <= self.today:
            return PartialDate(day)
        return parse_date(raw, today=self.today)

    @staticmethod
    def _birth(heading: str) -> Convert:
        """A date under 出生年月 is a month: its first day says nothing."""
        is_month = "年月" in heading and "日" not in heading

        def convert(raw: Any) -> PartialDate | None:
            parsed = parse_date(raw)
            if parsed and is_month and isinstance(raw, date) and raw.day == 1:
                return parsed.as_month()
            return parsed

        return convert


def _iso_day(raw: Any) -> date | None:
    if type(raw) is str and len(raw) == 10 and raw.isascii():
        with suppress(ValueError):
            return date.fromisoformat(raw)
    return None


_CONVERT: dict[str, Convert] = {
    "name": _name,
    "phone": _phone,
    "sex": _choice(_SEX, "sex_unknown", "性别，请填写男或女"),
    "ethnicity": _choice(
        _ETHNICITY, "ethnicity_unknown", "民族，请填写国家标准的民族名称，如汉族"
    ),
    "member_type": _choice(
        _MEMBER_TYPE, "member_type_unknown", "人员类别，请填写正式党员或预备党员"
    ),
    "education": _choice(_EDUCATION, "education_unknown", "学历"),
    "job_post": _choice(_JOB_POST, "job_post_unknown", "工作岗位"),
    "status": _choice(_STATUS, "status_unknown", "党籍状态，一般填写正常"),
    "is_lost": _choice(_YES_NO, "yes_no", "选项，请填写是或否"),
    "is_mobile": _choice(_YES_NO, "yes_no", "选项，请填写是或否"),
    "on_post": _choice(_ON_POST, "on_post_unknown", "在岗情况，请填写在岗或不在岗"),
    "degree": _text(40),
    "job_title": _text(60),
    "home_unit": _text(120),
    "native_place": _text(60),
    "address": _text(200),
    "household_address": _text(200),
}
