"""A unit's workbook of people who report: from its cells to report slips, unsaved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError

from config.lib.dates import EMPTY_WORDS, clean_text, parse_date
from config.lib.errors import RuleError
from config.lib.identity import IdNumber
from config.lib.xlsx import Formula, SheetData, Workbook
from members.choices.reporting import SlipSource
from members.imports.layout import FIELDS, HEADING_DEPTH, normalize_heading
from members.imports.parse import converter
from members.models import ReportSlip
from members.rules import reporting as rules
from members.services.reporting import (
    SlipFacts,
    community_of,
    known_here,
    new_slip,
)
from organizations.access import Right
from organizations.models import Community, Organization, User, WorkUnit

MOST_ROWS = 1000
REQUIRED = ("name", "id_number", "home_unit")
_OWN: dict[str, tuple[str, ...]] = {
    "community": ("报到社区", "居住社区", "所在社区", "社区"),
    "reported_on": ("报到日期", "报到时间"),
    "skills": ("特长", "专长", "个人特长", "兴趣特长"),
    "wishes": ("服务意向", "意向", "认领岗位", "服务岗位"),
}
# In the order of the workbook that is handed out.
ORDER = (
    *("name", "id_number", "home_unit", "job_title", "phone", "address"),
    *("community", "member_type", "joined_on", "ethnicity", "skills", "wishes"),
    "reported_on",
)


@dataclass
class SheetLine:
    """One row of the workbook, with what becomes of it or what is wrong."""

    sheet: str
    number: int
    values: dict[str, Any] = field(default_factory=dict)
    errors: list[tuple[str, str]] = field(default_factory=list)
    slip: ReportSlip | None = None

    @property
    def name(self) -> str:
        return str(self.values.get("name") or "")


def label(key: str) -> str:
    """The heading of the workbook that is handed out."""
    return _OWN[key][0] if key in _OWN else FIELDS[key].label


def _aliases(key: str) -> tuple[str, ...]:
    return _OWN[key] if key in _OWN else FIELDS[key].aliases


_BY_HEADING = {alias: key for key in ORDER for alias in _aliases(key)}


def read_lines(workbook: Workbook, today: date) -> list[SheetLine]:
    """Return the rows of people. Raises RuleError where there is no such sheet."""
    lines = [
        line
        for sheet in workbook.sheets
        if not sheet.hidden
        for line in _lines(sheet, today)
    ]
    if not lines:
        wanted = "、".join(label(key) for key in REQUIRED)
        raise RuleError(
            f"没有找到报到的人：前{HEADING_DEPTH}行中须有“{wanted}”等栏目，"
            "下面每人一行。可以下载模板填写。",
            code="no_headings",
        )
    if len(lines) > MOST_ROWS:
        raise RuleError(
            f"一份名单最多{MOST_ROWS}人，这份有{len(lines)}人，请分开上传。",
            code="too_many",
        )
    return lines


def _lines(sheet: SheetData, today: date) -> Iterator[SheetLine]:
    heading, columns = 0, {}
    for row in islice(iter(sheet.rows), HEADING_DEPTH):
        found = {
            place: key
            for place, value in enumerate(row.values)
            if (key := _BY_HEADING.get(normalize_heading(value or "")))
        }
        if set(REQUIRED) <= set(found.values()):
            heading, columns = row.number, found
            break
    if not columns:
        return
    for row in sheet.rows:
        if row.number <= heading:
            continue
        cells = {
            key: row.values[place]
            for place, key in columns.items()
            if place < len(row.values) and not _is_blank(row.values[place])
        }
        # A totals row or a signature has neither a unit nor a number.
        if "id_number" in cells or {"name", "home_unit"} <= cells.keys():
            yield _line(SheetLine(sheet.name, row.number), cells, today)


def _is_blank(value: Any) -> bool:
    return value is None or (
        isinstance(value, str) and clean_text(value) in EMPTY_WORDS
    )


def _line(line: SheetLine, cells: dict[str, Any], today: date) -> SheetLine:
    for key in REQUIRED:
        if key not in cells:
            line.errors.append((label(key), "没有填写。"))
    for key, raw in cells.items():
        try:
            if isinstance(raw, Formula):
                raise RuleError("是公式，请直接填写文字。", code="formula")
            line.values[key] = _converter(key, today)(raw)
        except RuleError as error:
            line.errors.append((label(key), error.text))
    return line


def _converter(key: str, today: date) -> Callable[[Any], Any]:
    if key == "id_number":
        return lambda raw: IdNumber.parse(raw, today=today).digits
    if key in {"joined_on", "reported_on"}:
        return lambda raw: parse_date(raw, today=today)
    if key in _OWN:
        return _short_text
    return converter(key)


def _short_text(raw: Any) -> str:
    text = clean_text(raw)
    if len(text) > rules.TEXT_LENGTH:
        raise RuleError(f"内容超过{rules.TEXT_LENGTH}个字，请缩短。", code="too_long")
    return text


def plan_lines(
    lines: list[SheetLine], organization: Organization, actor: User, today: date
) -> None:
    """Give each good line its slip, and every other all that is wrong with it."""
    planner = _Planner(lines, organization, actor, today)
    for line in lines:
        planner.plan(line)
    planner.refuse_known()


class _Planner:
    def __init__(
        self,
        lines: list[SheetLine],
        organization: Organization,
        actor: User,
        today: date,
    ) -> None:
        self.lines, self.organization = lines, organization
        self.actor, self.today = actor, today
        self.default = community_of(organization)
        mine = Organization.objects.with_right(actor, Right.EDIT_MEMBERS).open()
        self.communities = {
            community.name.removesuffix("社区"): community
            for community in Community.objects.filter(
                organization__in=mine
            ).select_related("organization")
        }
        names = {line.values.get("home_unit") for line in lines}
        self.units = {
            unit.name: unit
            for unit in WorkUnit.objects.filter(name__in=names - {None, ""})
        }
        self.first: dict[tuple[int, str], SheetLine] = {}

    def plan(self, line: SheetLine) -> None:
        place = self._place(line)
        if line.errors or place is None:
            return
        try:
            slip = new_slip(*place, self._facts(line.values), self.actor)
        except ValidationError as error:
            key = getattr(error, "code", "")
            heading = label(key) if key in ORDER else "这一行"
            line.errors.append((heading, "".join(error.messages)))
            return
        slip.source = SlipSource.SHEET
        first = self.first.setdefault((slip.community_id, slip.id_index), line)
        if first is not line:
            line.errors.append(
                (label("id_number"), f"与第{first.number}行是同一个人，请删去一行。")
            )
            return
        line.slip = slip

    def _place(self, line: SheetLine) -> tuple[Organization, Community] | None:
        if not (name := line.values.get("community")):
            return self.organization, self.default
        found = self.communities.get(str(name).removesuffix("社区"))
        if found is None:
            line.errors.append(
                (
                    label("community"),
                    f"“{name}”不在您的管理范围内，或名称与社区名录不一致。",
                )
            )
            return None
        if found == self.default:
            return self.organization, found
        return found.organization, found

    def _facts(self, values: dict[str, Any]) -> SlipFacts:
        unit = self.units.get(values["home_unit"])
        joined, reported = values.get("joined_on"), values.get("reported_on")
        return SlipFacts(
            name=values["name"],
            id_number=values["id_number"],
            source=SlipSource.SHEET,
            reported_on=reported.date if reported else self.today,
            joined_on=joined.date if joined else None,
            joined_precision=joined.precision if joined else "day",
            work_unit=unit,
            unit_name="" if unit else values["home_unit"],
            ethnicity=values.get("ethnicity") or "Han",
            member_type=values.get("member_type") or "full",
            **{
                key: values.get(key) or ""
                for key in ("phone", "address", "job_title", "skills", "wishes")
            },
        )

    def refuse_known(self) -> None:
        """Tell of everybody who waits, or is co-managed, in his community already."""
        line_of = {id(line.slip): line for line in self.lines if line.slip is not None}
        slips = [line.slip for line in self.lines if line.slip is not None]
        waiting = set(
            ReportSlip.objects.received()
            .filter(id_index__in=[slip.id_index for slip in slips])
            .values_list("community_id", "id_index")
        )
        known = {id(slip) for slip in known_here(slips)}
        for slip in slips:
            line, error = line_of[id(slip)], None
            if (slip.community_id, slip.id_index) in waiting:
                error = rules.waiting_here()
            elif id(slip) in known:
                error = rules.known_here(str(slip.community))
            if error is not None:
                line.errors.append((label("id_number"), error.text))
                line.slip = None
