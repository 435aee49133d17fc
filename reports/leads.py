"""The year's 双带 ledger as a workbook: the deeds, and who works at services opened.

Source: the ledger streets keep of “双带” (姓名, 带动方式, 单位或项目, 人数).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.db.models import Q, QuerySet

from activities.models import Placement, ProjectFounder
from config.lib.periods import Year
from config.lib.xlsx import Column, ExportInfo, Saved, Sheet, write_table
from members.models import Lead
from organizations.models import Organization, User

CHUNK = 1000
_ELSEWHERE = "（在其他党组织）"


@dataclass(frozen=True)
class LeadsQuery:
    """The deeds of which year, of whose members."""

    organization: Organization
    year: int

    def deeds(self, user: User) -> QuerySet[Lead]:
        """Those that branches below wrote down, of members whom `user` sees."""
        year = Year(self.year)
        return (
            Lead.objects.visible_to(user)
            .counted()
            .written_in(user)
            .filter(
                organization__in=self._below(),
                starts_on__gte=year.start,
                starts_on__lt=year.end,
            )
            .select_related("member", "organization")
            .order_by("organization__path", "starts_on", "pk")
        )

    def placements(self, user: User) -> QuerySet[Placement]:
        """Who worked at a service on some day of the year."""
        year = Year(self.year)
        return (
            Placement.objects.visible_to(user)
            .counted()
            .filter(
                Q(ends_on__isnull=True) | Q(ends_on__gt=year.start),
                post__project__organization__in=self._below(),
                starts_on__lt=year.end,
            )
            .with_names(user)
            .select_related(
                *("member", "post__project__community"),
                "post__project__organization",
            )
            .order_by("post__project__organization__path", "post__project", "pk")
        )

    def _below(self) -> QuerySet[Organization]:
        return Organization.objects.subtree(self.organization)

    def words(self) -> str:
        return f"{self.year}年；撤回的不列"


def write_leads(
    query: LeadsQuery,
    user: User,
    target: Path | str | IO[bytes],
    info: ExportInfo,
) -> Saved:
    deeds = [
        Column("序号", "int", 7),
        Column("姓名"),
        Column("登记的党支部", width=30),
        Column("日期", "date", 12),
        Column("带动方式", width=16),
        Column("去向或项目", width=30),
        Column("带领人数", "int", 10),
        Column("新增岗位", "int", 10),
        Column("依据", width=30),
        Column("来源", width=12),
    ]
    people = [
        Column("序号", "int", 7),
        Column("服务项目", width=24),
        Column("服务领域", width=12),
        Column("社区", width=16),
        Column("登记的党支部", width=30),
        Column("开办人", width=20),
        Column("岗位", width=16),
        Column("上岗的人"),
        Column("党员或居民", width=12),
        Column("上岗日期", "date", 12),
        Column("离岗日期", "date", 12),
        Column("离岗原因", width=24),
    ]
    return write_table(
        target,
        sheets=[
            Sheet("双带事迹", deeds, _deeds(query, user), autofilter=True),
            Sheet("服务项目上岗", people, _people(query, user), autofilter=True),
        ],
        info=info,
    )


def _deeds(query: LeadsQuery, user: User) -> Iterator[list[Any]]:
    found = query.deeds(user).iterator(chunk_size=CHUNK)
    for number, lead in enumerate(found, start=1):
        yield [
            number,
            lead.member.name,
            str(lead.organization),
            lead.starts_on,
            lead.get_kind_display(),
            lead.title,
            lead.people_count or None,
            lead.posts_count or None,
            lead.evidence,
            lead.get_source_display(),
        ]


def _people(query: LeadsQuery, user: User) -> Iterator[list[Any]]:
    rows = query.placements(user)
    founders: dict[int, list[str]] = defaultdict(list)
    named = ProjectFounder.objects.visible_to(user).with_names(user)
    of_these = rows.order_by().values("post__project")
    for each in named.filter(project__in=of_these).select_related("member"):
        founders[each.project_id].append(
            each.member.name if each.is_named else _ELSEWHERE
        )
    for number, row in enumerate(rows.iterator(chunk_size=CHUNK), start=1):
        project = row.post.project
        name = row.member.name if row.member else row.person_name
        yield [
            number,
            project.name,
            project.get_field_display(),
            str(project.community),
            str(project.organization),
            "、".join(founders[project.pk]),
            row.post.name,
            name if row.is_named else _ELSEWHERE,
            "党员" if row.member_id else "居民",
            row.starts_on,
            row.ends_on,
            "：".join(filter(None, (row.get_leaving_display(), row.leaving_words))),
        ]
