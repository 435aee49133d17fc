"""The whole-roster workbook: columns in the national order, rows streamed.

Headings are those of the national system's export, so that the
file can be imported again; columns the portal does not keep are left out, those it
keeps besides stand behind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO, Any

from config.lib.masks import mask_id_number
from config.lib.xlsx import Column, ExportInfo, Saved, Sheet, write_table
from members.choices import (
    EDUCATION,
    ETHNIC_GROUPS,
    JOB_POSTS,
    AffiliationKind,
    Category,
    MembershipStatus,
    MemberType,
    Precision,
    Sex,
)
from members.models import Affiliation
from organizations.models import Organization, User

CHUNK = 2000
# Rows between two signs of life to the job.
STEP = 5000

Convert = Callable[[Any], Any]


@dataclass(frozen=True)
class RosterColumn:
    heading: str
    source: str  # a path from the affiliation
    width: float = 12
    kind: str = "text"
    convert: Convert | None = None
    needs: str = ""  # "contact" where the column is sensitive


def _words(choices: Any) -> Convert:
    known = dict(choices)
    return lambda value: known.get(value, value)


def _yes(value: bool) -> str:
    return "是" if value else "否"


_COLUMNS = (
    RosterColumn("姓名", "member__name"),
    RosterColumn("性别", "member__sex", 6, convert=_words(Sex.choices)),
    RosterColumn("公民身份号码", "member__id_number", 21),
    RosterColumn("民族", "member__ethnicity", 10, convert=_words(ETHNIC_GROUPS)),
    RosterColumn("出生日期", "member__born_on", 12, "date"),
    RosterColumn("学历", "member__education", 16, convert=_words(EDUCATION)),
    RosterColumn(
        "人员类别", "member__member_type", 10, convert=_words(MemberType.choices)
    ),
    RosterColumn("学位", "member__degree", 12),
    RosterColumn("所在党支部", "organization__name", 36),
    RosterColumn("手机号码", "member__phone", 14, needs="contact"),
    RosterColumn("入党日期", "member__joined_on", 12, "date"),
    RosterColumn("转正日期", "member__confirmed_on", 12, "date"),
    RosterColumn("工作岗位", "member__job_post", 20, convert=_words(JOB_POSTS)),
    RosterColumn("现居住地", "member__address", 30, needs="contact"),
    RosterColumn("户籍所在地", "member__household_address", 30, needs="contact"),
    RosterColumn("是否失联党员", "member__is_lost", 10, convert=_yes),
    RosterColumn("是否流动党员", "member__is_mobile", 10, convert=_yes),
    RosterColumn("失去联系日期", "member__lost_since", 12, "date"),
    RosterColumn(
        "党籍状态", "member__status", 12, convert=_words(MembershipStatus.choices)
    ),
    RosterColumn("党员类别", "member__category", 14, convert=_words(Category.choices)),
    RosterColumn("职务", "member__job_title", 14),
    RosterColumn("工作单位", "member__home_unit__name", 26),
    RosterColumn("籍贯", "member__native_place", 14),
    RosterColumn("居住社区", "member__community__name", 14),
)
# How much of a date the source gave goes with it, or the file would invent days.
_PRECISIONS = {
    "member__joined_on": "member__joined_precision",
    "member__confirmed_on": "member__confirmed_precision",
}


@dataclass(frozen=True)
class RosterQuery:
    """What to export: the subtree, one category or all, which sensitive columns."""

    organization: Organization
    category: str = ""
    with_id_number: bool = False
    with_contact: bool = False

    def rows(self, user: User) -> Any:
        """On-roll relations that `user` sees now, by branch and name."""
        found = Affiliation.objects.visible_to(user).filter(
            ends_on__isnull=True,
            kind=AffiliationKind.ON_ROLL,
            organization__in=Organization.objects.subtree(self.organization),
        )
        return found.filter(member__category=self.category) if self.category else found

    def words(self) -> str:
        """The filters as sheet 说明 tells them."""
        category = dict(Category.choices).get(self.category, "全部")
        return (
            f"在册党员；类别：{category}；"
            f"身份号码：{'完整' if self.with_id_number else '遮蔽'}；"
            f"联系方式：{'包含' if self.with_contact else '不包含'}"
        )

    def filters(self) -> dict[str, Any]:
        return {
            "category": self.category,
            "with_id_number": self.with_id_number,
            "with_contact": self.with_contact,
        }


def columns_for(query: RosterQuery) -> list[RosterColumn]:
    return [c for c in _COLUMNS if query.with_contact or c.needs != "contact"]


def write_roster(
    query: RosterQuery,
    user: User,
    target: Path | str | IO[bytes],
    info: ExportInfo,
    progress: Callable[[int], None] = lambda done: None,
) -> tuple[Saved, int]:
    """Stream the roster to a workbook; return its hash and the number of rows."""
    columns = columns_for(query)
    counted = _Counted(_rows(query, user, columns), progress)
    heads = [Column("序号", "int", 7)]
    heads += [Column(column.heading, column.kind, column.width) for column in columns]
    saved = write_table(
        target, sheets=[Sheet("党员花名册", heads, counted, autofilter=True)], info=info
    )
    return saved, counted.number


class _Counted:
    """Rows with their number in front, telling how far they are."""

    def __init__(
        self, rows: Iterator[list[Any]], progress: Callable[[int], None]
    ) -> None:
        self.rows = rows
        self.progress = progress
        self.number = 0

    def __iter__(self) -> Iterator[list[Any]]:
        for row in self.rows:
            self.number += 1
            if self.number % STEP == 0:
                self.progress(self.number)
            yield [self.number, *row]


def _rows(
    query: RosterQuery, user: User, columns: list[RosterColumn]
) -> Iterator[list[Any]]:
    sources = [column.source for column in columns]
    precisions = [(sources.index(day), hint) for day, hint in _PRECISIONS.items()]
    converts = [(i, c.convert) for i, c in enumerate(columns) if c.convert]
    masked = None if query.with_id_number else sources.index("member__id_number")
    width = len(sources)
    found = (
        query.rows(user)
        .order_by("organization__path", "member__name_pinyin", "member_id")
        .values_list(*sources, *(hint for _, hint in precisions))
    )
    for values in found.iterator(chunk_size=CHUNK):
        row = list(values[:width])
        for place, convert in converts:
            row[place] = convert(row[place])
        for (place, _), precision in zip(precisions, values[width:], strict=True):
            if row[place] is not None and precision != Precision.DAY:
                row[place] = _short_date(row[place], precision)
        if masked is not None:
            row[masked] = mask_id_number(row[masked])
        yield row


def _short_date(day: date, precision: str) -> str:
    return (
        f"{day.year}.{day.month:02d}" if precision == Precision.MONTH else str(day.year)
    )
