"""What pages show of funds: totals by organization, by source, of one year."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from organizations.fund_choices import FundSource
from organizations.fund_rules import NOTHING
from organizations.models import FundLine, FundYear


@dataclass
class Row:
    """Sums of some lines, in yuan; `came` includes what was carried in."""

    fund_year: FundYear | None = None
    budget: Decimal = NOTHING
    came: Decimal = NOTHING
    reserved: Decimal = NOTHING
    paid: Decimal = NOTHING
    balance: Decimal = NOTHING
    lines: list[Any] = field(default_factory=list)

    def add(self, line: Any) -> None:
        self.budget += line.budget
        self.came += line.came
        self.reserved += line.reserved
        self.paid += line.paid
        self.balance += line.balance
        self.lines.append(line)


def lines_of(rows: Any) -> list[FundLine]:
    """The lines with all their sums, in the order shown."""
    found = rows.with_money().with_came().select_related("fund_year__organization")
    order = list(FundSource.values)
    return sorted(
        found,
        key=lambda line: (
            line.fund_year.organization.path,
            order.index(line.source),
            line.pk,
        ),
    )


def by_organization(lines: Iterable[FundLine]) -> list[Row]:
    rows: dict[int, Row] = {}
    for line in lines:
        row = rows.setdefault(line.fund_year_id, Row(line.fund_year))
        row.add(line)
    return list(rows.values())


def total_of_lines(lines: Iterable[FundLine]) -> Row:
    row = Row()
    for line in lines:
        row.add(line)
    return row


def by_source(lines: Sequence[FundLine]) -> list[dict[str, Any]]:
    """What came from each source, of all that came; each source, come or not."""
    whole = total_of_lines(lines).came
    return [
        {
            "label": source.label,
            "came": (came := total_of_lines(_from(lines, source)).came),
            "share": f"{came * 100 / whole:.1f}%" if whole else "—",
        }
        for source in FundSource
    ]


def _from(lines: Iterable[FundLine], source: str) -> list[FundLine]:
    return [line for line in lines if line.source == source]
