"""The year of dues as a workbook: 党费月报 by person and by organization.

Source: 党费月报 as streets file it, 核算基数, 缴费金额, 1月…12月.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import IO, Any

from django.db.models import Sum

from config.lib.periods import Year
from config.lib.xlsx import Column, ExportInfo, Saved, Sheet, write_table
from members.choices import AffiliationKind
from members.dues import KINDS, bases_in
from members.models import Affiliation, DuesMonth
from organizations.models import Organization, User

CHUNK = 1000
_MONTHS = range(1, 13)
_TOTAL = "合计"


@dataclass(frozen=True)
class DuesQuery:
    """Whose dues of which year."""

    organization: Organization
    year: int

    def rolls(self, user: User) -> Any:
        """Open rolls below the organization in scope, by branch and name."""
        return (
            Affiliation.objects.visible_to(user)
            .open()
            .filter(
                kind=AffiliationKind.ON_ROLL,
                organization__in=Organization.objects.subtree(self.organization),
            )
            .order_by("organization__path", "member__name_pinyin", "member_id")
        )

    def words(self) -> str:
        return f"{self.year}年；现在在册的党员；金额单位：元"

    def shown_month(self, today: date) -> date:
        """The month whose base is shown: this one, or the last of the year."""
        return min(today.replace(day=1), date(self.year, 12, 1))


def write_dues(
    query: DuesQuery,
    user: User,
    target: Path | str | IO[bytes],
    info: ExportInfo,
    today: date,
) -> Saved:
    months = [Column(f"{n}月", "decimal", 9) for n in _MONTHS]
    people = [
        Column("序号", "int", 7),
        Column("姓名"),
        Column("所在党支部", width=30),
        Column("缴费类别", width=20),
        Column("核算基数", "decimal", 12),
        Column("缴费金额", "decimal", 12),
        *months,
        Column(_TOTAL, "decimal", 11),
    ]
    places = [
        Column("序号", "int", 7),
        Column("党组织", width=36),
        *months,
        Column(_TOTAL, "decimal", 11),
    ]
    return write_table(
        target,
        sheets=[
            Sheet("党员党费月报", people, _people(query, user, today), autofilter=True),
            Sheet("党组织党费月报", places, _places(query, user)),
        ],
        info=info,
    )


def _people(query: DuesQuery, user: User, today: date) -> Iterator[list[Any]]:
    rolls = query.rolls(user).values_list(
        "member_id", "member__name", "organization__short_name"
    )
    found, number = rolls.iterator(chunk_size=CHUNK), 0
    while part := list(islice(found, CHUNK)):
        ids = [pk for pk, _, _ in part]
        bases = bases_in(ids, query.shown_month(today))
        paid: dict[int, dict[int, Decimal]] = defaultdict(dict)
        for pk, month, total in _of_year(query, user, member__in=ids).values_list(
            "member_id", "month", "paid"
        ):
            paid[pk][month.month] = total
        for pk, name, branch in part:
            number += 1
            base = bases.get(pk)
            head = [number, name, branch]
            if base is None:
                head += ["", None, None]
            else:
                income = None if base.kind == "reduced" else base.value
                head += [KINDS[base.kind], income, base.monthly]
            yield head + _line(paid[pk])


def _places(query: DuesQuery, user: User) -> Iterator[list[Any]]:
    """A line for each branch that took dues in the year, and their sum."""
    below = Organization.objects.subtree(query.organization)
    taken: dict[int, dict[int, Decimal]] = defaultdict(dict)
    rows = (
        DuesMonth.objects.counted()
        .filter(
            organization__in=below & Organization.objects.with_members_visible_to(user),
            month__gte=Year(query.year).start,
            month__lt=Year(query.year).end,
        )
        .order_by()
        .values_list("organization_id", "month")
        .annotate(total=Sum("paid"))
    )
    whole: dict[int, Decimal] = defaultdict(Decimal)
    for pk, month, total in rows:
        taken[pk][month.month] = total
        whole[month.month] += total
    places = below.filter(pk__in=taken).order_by("path")
    for number, place in enumerate(places, start=1):
        yield [number, str(place), *_line(taken[place.pk])]
    yield [None, _TOTAL, *_line(whole)]


def _of_year(query: DuesQuery, user: User, **narrowed: Any) -> Any:
    year = Year(query.year)
    return (
        DuesMonth.objects.visible_to(user)
        .counted()
        .filter(month__gte=year.start, month__lt=year.end, **narrowed)
    )


def _line(paid: dict[int, Decimal]) -> list[Decimal | None]:
    return [*(paid.get(n) for n in _MONTHS), sum(paid.values(), Decimal(0))]
