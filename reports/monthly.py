"""The content of a monthly workbook: a plain dictionary, frozen when a month closes.

Rows are the direct children of an organization and itself (本级) where something lies
there; the total is the organization's own summary row, so it is right by definition
and proved by the tests' recount.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from config.lib import registry
from config.lib.errors import RuleError
from config.lib.paths import STEP, is_within
from config.lib.periods import Month
from members.choices import AffiliationKind, EndReason, StartReason
from members.models import Affiliation
from organizations.models import Organization
from reports import layout
from reports.services import summaries
from reports.services.summaries import Figures

VERSION = 1
OWN = "本级"
# Facts that commit while the content is put together; then it is put together again.
_TRIES = 5

Content = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """One person who came or left in the month, as the workbook names him."""

    path: str
    line: dict[str, str]


def month_of(label: str) -> Month:
    """Read "2026-10"; raises RuleError."""
    year, _, number = label.partition("-")
    if not (year.isdigit() and number.isdigit() and len(year) == 4):
        raise RuleError("月份请写成 2026-10 这样的形式。", code="month")
    return Month(int(year), int(number))


def check_begun(month: Month, today: date) -> None:
    if month.start > today:
        raise RuleError(f"{month.title}还没有到，不能生成月报。", code="future")


def live_content(organization: Organization, month: Month, today: date) -> Content:
    """Content of one organization from today's facts."""
    return live_contents([organization], month, today)[organization.pk]


def live_contents(
    organizations: Iterable[Organization], month: Month, today: date
) -> dict[int, Content]:
    """Contents by organization id, all of one moment; raises RuleError."""
    check_begun(month, today)
    wanted = list(organizations)
    for _ in range(_TRIES):
        contents = _assembled(wanted, month, today)
        if not any(summaries.is_stale(node, [month]) for node in _roots(wanted)):
            return contents
    raise RuleError("数据正在变动，暂时无法生成，请过一会儿再试。", code="busy")


def _roots(nodes: list[Organization]) -> list[Organization]:
    return [
        node
        for node in nodes
        if not any(n.pk != node.pk and is_within(node.path, n.path) for n in nodes)
    ]


def _assembled(
    wanted: list[Organization], month: Month, today: date
) -> dict[int, Content]:
    children: dict[int, list[Organization]] = defaultdict(list)
    below = Organization.objects.filter(parent__in=[node.pk for node in wanted])
    for child in below.order_by("path"):
        children[child.parent_id].append(child)
    nodes = {node.pk: node for node in wanted}
    nodes |= {child.pk: child for each in children.values() for child in each}
    figures = summaries.read({month: list(nodes.values())}, today)[month]
    sheets = {node.pk: layout.sheets_of(node) for node in wanted}
    changes = changes_of(_roots(wanted), month)
    return {
        node.pk: {
            "version": VERSION,
            "organization": {"id": node.pk, "name": node.name, "code": node.code},
            "short_name": str(node),
            "month": month.label,
            "title": month.title,
            "filled_on": str(today),
            "sheets": sheets[node.pk],
            **_rows(node, children[node.pk], figures, layout.keys_of(sheets[node.pk])),
            "changes": [c.line for c in changes if is_within(c.path, node.path)],
        }
        for node in wanted
    }


def _rows(
    node: Organization,
    children: list[Organization],
    figures: dict[int, Figures],
    keys: list[str],
) -> dict[str, Any]:
    def chosen(values: dict[str, int]) -> dict[str, int]:
        return {key: values[key] for key in keys}

    rows = [
        {
            "organization_id": child.pk,
            "name": str(child),
            "values": chosen(figures[child.pk].values),
        }
        for child in children
    ]
    gone = {child.pk for child in children if not child.is_open}
    rows = [
        row
        for row in rows
        if row["organization_id"] not in gone or any(row["values"].values())
    ]
    own = chosen(figures[node.pk].own)
    # What lies at a street by its nature stands in the total alone.
    shared = [key for key in keys if not registry.indicator(key).street_only]
    if not rows or any(own[key] for key in shared):
        name = OWN if rows else str(node)
        rows.append({"organization_id": node.pk, "name": name, "values": own})
    return {"rows": rows, "total": chosen(figures[node.pk].values)}


def changes_of(roots: Iterable[Organization], month: Month) -> list[Change]:
    """Who came and who left the rolls in the month, by date, branch and name.

    Filing a person who had long been a member (建档登记) is counted, not named.
    """
    rolls = Affiliation.objects.filter(
        kind=AffiliationKind.ON_ROLL,
        organization__in=Organization.objects.within(
            [node.path for node in roots]
        ).values("pk"),
    )
    came = rolls.filter(starts_on__gte=month.start, starts_on__lt=month.end)
    left = rolls.filter(ends_on__gte=month.start, ends_on__lt=month.end)
    return [
        *_named(
            came.exclude(start_reason=StartReason.REGISTERED),
            "增加",
            "starts_on",
            "start_reason",
            dict(StartReason.choices),
        ),
        *_named(left, "减少", "ends_on", "end_reason", dict(EndReason.choices)),
    ]


def _named(
    rows: Any, direction: str, day: str, reason: str, words: dict[str, str]
) -> list[Change]:
    found = rows.order_by(
        day, "organization__path", "member__name_pinyin", "pk"
    ).values_list(
        "organization__path",
        "organization__short_name",
        "member__name",
        "member__sex",
        day,
        reason,
        "note",
    )
    sexes = {"male": "男", "female": "女"}
    return [
        Change(
            path,
            {
                "direction": direction,
                "name": name,
                "sex": sexes[sex],
                "branch": branch,
                "date": str(when),
                "reason": words.get(why, why),
                "note": note,
            },
        )
        for path, branch, name, sex, when, why, note in found
    ]


def street_of(organization: Organization) -> Organization:
    return Organization.objects.get(path=organization.path[:STEP])


def file_name(content: Content) -> str:
    return f"{content['title']}党建工作月报_{content['short_name']}.xlsx"
