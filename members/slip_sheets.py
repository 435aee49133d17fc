"""A unit's workbook of people who report: from its cells to report slips, unsaved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from config.lib.dates import parse_date
from config.lib.identity import IdNumber
from members.choices.reporting import SlipSource
from members.imports.layout import FIELDS
from members.imports.parse import converter
from members.models import ReportSlip
from members.rules import reporting as rules
from members.services.reporting import (
    SlipFacts,
    community_of,
    known_here,
    new_slip,
)
from members.sheet_lines import SheetKind, SheetLine, short_text
from organizations.access import Right
from organizations.models import Community, Organization, User, WorkUnit

MOST_ROWS = 1000
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
class SlipLine(SheetLine):
    """A row with the slip that becomes of it."""

    slip: ReportSlip | None = None

    @property
    def name(self) -> str:
        return str(self.values.get("name") or "")


def slip_sheet(today: date) -> SheetKind:
    """What a list of people who report holds, read on this day."""

    def convert(key: str, raw: Any) -> Any:
        if key == "id_number":
            return IdNumber.parse(raw, today=today).digits
        if key in {"joined_on", "reported_on"}:
            return parse_date(raw, today=today)
        if key in _OWN:
            return short_text(raw, rules.TEXT_LENGTH)
        return converter(key)(raw)

    return SheetKind(
        headings={key: _headings(key) for key in ORDER},
        required=("name", "id_number", "home_unit"),
        marks=(("id_number",), ("name", "home_unit")),
        noun="报到的人",
        most_rows=MOST_ROWS,
        convert=convert,
        line=SlipLine,
    )


def label(key: str) -> str:
    """The heading of the workbook that is handed out."""
    return _headings(key)[0]


def _headings(key: str) -> tuple[str, ...]:
    if key in _OWN:
        return _OWN[key]
    known = FIELDS[key]
    return (known.label, *known.aliases)


def plan_lines(
    lines: list[SlipLine], organization: Organization, actor: User, today: date
) -> None:
    """Give each good line its slip, and every other all that is wrong with it."""
    planner = _Planner(lines, organization, actor, today)
    for line in lines:
        planner.plan(line)
    planner.refuse_known()


class _Planner:
    def __init__(
        self,
        lines: list[SlipLine],
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
        self.first: dict[tuple[int, str], SlipLine] = {}

    def plan(self, line: SlipLine) -> None:
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

    def _place(self, line: SlipLine) -> tuple[Organization, Community] | None:
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
