"""Warnings about two-new units: no organization, not covered, plans, census, lists."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from config.lib.registry import Alert, AlertItem, register_alert
from members import coverage as reads
from members.parameters.coverage import CENSUS_DAYS
from organizations import parameters
from organizations.access import Right
from organizations.coverage_choices import DifferenceKind
from organizations.coverage_reads import kept_units
from organizations.models import Organization, RegistryDifference

_CHARTER = "《中国共产党支部工作条例（试行）》第四条：正式党员3人以上的都应当成立党支部"
_BOTH = "两新组织“两个覆盖”；街道经验材料：就近挂靠、选派党建工作指导员"
_CENSUS = "两新组织“六个清”摸底、一企一表"
_DOORS = "街道经验材料：主动上门，帮助建立健全党组织"
_LISTS = "街道经验材料：与登记机关双向联系、定期核对名单"


def _units(user: Any) -> Any:
    """Two-new units in scope, with their place."""
    streets = Organization.objects.filter(parent__isnull=True).order_by("path")
    streets = streets.values("pk")[:1]
    units = reads.with_facts(kept_units(user)).select_related("community")
    return units.annotate(
        # A unit without a community is the street's own.
        place=Coalesce(F("community__organization"), Subquery(streets)),
        due_on=F("cover__due_on"),
        surveyed_on=F("sheet__starts_on"),
        is_surveyed=F("sheet__is_surveyed"),
        responsible=F("cover__responsible_name"),
        reason=F("cover__reason"),
    )


def _item(unit: Any, detail: str, due_on: date | None = None) -> AlertItem:
    return AlertItem(
        organization_id=unit.place,
        label=unit.name,
        url=reverse("members:coverage-unit", args=[unit.pk]),
        due_on=due_on,
        detail=detail,
    )


def _placed(unit: Any) -> str:
    return str(unit.community or "没有登记社区")


def _unbuilt(user: Any, today: date) -> Any:
    return reads.unbuilt(_units(user)).order_by("-full", "pk")


def _uncovered(user: Any, today: date) -> Any:
    return reads.uncovered(_units(user)).order_by("name", "pk")


def _overdue(user: Any, today: date) -> Any:
    return reads.overdue(_units(user), today).order_by("due_on", "pk")


def _unsurveyed(user: Any, today: date) -> Any:
    found = reads.unsurveyed(_units(user), today, parameters.get(CENSUS_DAYS))
    return found.order_by("surveyed_on", "pk")


def _to_visit(user: Any, today: date) -> Any:
    return reads.to_visit_again(_units(user), today).order_by("next_on", "pk")


def _differences(user: Any, today: date) -> Any:
    rows = RegistryDifference.objects.visible_to(user).open()
    rows = rows.select_related("registry", "community")
    return rows.order_by("registry__imported_at", "pk")


def _unbuilt_item(unit: Any, today: date) -> AlertItem:
    detail = f"{_placed(unit)}，正式党员{unit.full}人，还没有党组织"
    return _item(unit, detail, unit.due_on)


def _uncovered_item(unit: Any, today: date) -> AlertItem:
    return _item(unit, f"{_placed(unit)}，{unit.reason or '还没有核定'}", unit.due_on)


def _overdue_item(unit: Any, today: date) -> AlertItem:
    who = unit.responsible or "没有写责任人"
    return _item(unit, f"{_placed(unit)}，责任人：{who}", unit.due_on)


def _unsurveyed_item(unit: Any, today: date) -> AlertItem:
    if not unit.is_surveyed:
        return _item(unit, f"{_placed(unit)}，还没有上门核查过")
    due_on = unit.surveyed_on + timedelta(days=parameters.get(CENSUS_DAYS))
    return _item(unit, f"{_placed(unit)}，上次核查在{unit.surveyed_on}", due_on)


def _visit_item(unit: Any, today: date) -> AlertItem:
    return _item(unit, f"{_placed(unit)}，约定再次上门", unit.next_on)


def _difference_item(row: RegistryDifference, today: date) -> AlertItem:
    community = row.community
    place = community.organization_id if community else row.registry.organization_id
    return AlertItem(
        organization_id=place,
        label=row.name,
        url=f"{row.registry.get_absolute_url()}?group={row.kind}",
        detail=f"{row.registry}：{DifferenceKind(row.kind).label}",
    )


def _register(
    key: str,
    name: str,
    level: str,
    definition: str,
    source: str,
    queryset: Callable[[Any, date], Any],
    item: Callable[[Any, date], AlertItem],
    *used: str,
) -> None:
    register_alert(
        Alert(
            key=f"members.{key}",
            name=name,
            level=level,
            definition=definition,
            source=source,
            right=Right.KEEP_COVERAGE,
            queryset=queryset,
            item=item,
            parameters=used,
        )
    )


_register(
    "coverage_unbuilt",
    "两新单位应建未建党组织",
    "danger",
    "正常经营（或者还没有核查）、正式党员3人以上（一企一表登记的，和党员库里登记在该单位工作的，取较多的），"
    "没有单独、联合、区域、行业组建，也没有登记单位党组织的。",
    _CHARTER,
    _unbuilt,
    _unbuilt_item,
)
_register(
    "coverage_uncovered",
    "两新单位没有覆盖",
    "warning",
    "正常经营、正式党员不足3人，没有党组织覆盖，没有就近挂靠，也没有选派党建工作指导员的；"
    "应建未建的另列。",
    _BOTH,
    _uncovered,
    _uncovered_item,
)
_register(
    "coverage_overdue",
    "两新单位组建期限已过",
    "danger",
    "正常经营、核定为没有覆盖（或挂靠、派员，还要组建）的，完成期限已过，没有重新核定的。",
    _CENSUS,
    _overdue,
    _overdue_item,
)
_register(
    "coverage_census_due",
    "两新单位待上门核查",
    "info",
    "名册上没有一企一表、只按登记名单建表，或者上次核查已过规定天数的；已迁出的不计。",
    _CENSUS,
    _unsurveyed,
    _unsurveyed_item,
    CENSUS_DAYS,
)
_register(
    "coverage_visit_due",
    "两新单位应再次上门",
    "warning",
    "最近一次上门记录（撤回的不计）约定了下次上门的日期，日期已到，还没有再去的。",
    _DOORS,
    _to_visit,
    _visit_item,
)
_register(
    "registry_unsettled",
    "登记名单差异没有处理",
    "warning",
    "登记机关名单和名册核对出的差异，还没有人处理的；撤回的和由新名单代替的不计。",
    _LISTS,
    _differences,
    _difference_item,
)
