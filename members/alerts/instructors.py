"""Warnings of instructors: silent, too many units, term over, named in words alone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from config.lib.registry import Alert, AlertItem, register_alert
from members.models import Instructor, InstructorPosting
from members.parameters.instructors import CALL_DAYS, LOAD, VISIT_DAYS
from organizations import parameters
from organizations.access import Right
from organizations.coverage_choices import CoverageForm
from organizations.coverage_querysets import two_new
from organizations.models import Coverage, Organization

_CONTACT = "沁县党建工作指导员办法：每月至少走访一次，每周至少电话联系一次"
_LOAD = "党建工作指导员工作制度（2017）：每名指导员联系4至5家"
_TERM = "沁县、华蓥市党建工作指导员办法：任期两年"
_SEED = "街道经验材料：没有党员的单位，选派党建工作指导员"


def _postings(user: Any) -> Any:
    rows = InstructorPosting.objects.visible_to(user)
    return rows.select_related("instructor", "unit__community")


def _unvisited(user: Any, today: date) -> Any:
    found = _postings(user).unvisited(today, parameters.get(VISIT_DAYS))
    return found.order_by("moved_on", "pk")


def _uncalled(user: Any, today: date) -> Any:
    found = _postings(user).uncalled(today, parameters.get(CALL_DAYS))
    return found.order_by("moved_on", "pk")


def _loaded(user: Any, today: date) -> Any:
    rows = Instructor.objects.kept_by(user).loaded(parameters.get(LOAD))
    return rows.order_by("-units", "pk")


def _expired(user: Any, today: date) -> Any:
    rows = Instructor.objects.kept_by(user).expired(today)
    return rows.order_by("ends_on", "pk")


def _unfit(user: Any, today: date) -> Any:
    return Instructor.objects.kept_by(user).unfit().order_by("starts_on", "pk")


def _unregistered(user: Any, today: date) -> QuerySet[Coverage]:
    """Units said to have an instructor of whom there is no record."""
    guided = InstructorPosting.objects.current().filter(unit=OuterRef("unit"))
    rows = Coverage.objects.visible_to(user).open().filter(two_new("unit__"))
    rows = rows.filter(~Exists(guided), form=CoverageForm.INSTRUCTOR)
    streets = Organization.objects.filter(parent__isnull=True).order_by("path")
    # A unit without a community is the street's own.
    home = Coalesce("unit__community__organization", Subquery(streets.values("pk")[:1]))
    rows = rows.annotate(place=home).select_related("unit")
    return rows.order_by("starts_on", "pk")


def _posting_item(row: Any, days: str, what: str) -> AlertItem:
    last = row.visited_on if days == VISIT_DAYS else row.met_on
    said = f"上次{what}在{last}" if last else f"{row.starts_on}起联系，还没有{what}"
    community = row.unit.community
    return AlertItem(
        organization_id=community.organization_id
        if community
        else row.instructor.organization_id,
        label=row.unit.name,
        url=row.instructor.get_absolute_url(),
        due_on=row.moved_on + timedelta(days=parameters.get(days)),
        detail=f"指导员{row.instructor}，{said}",
    )


def _item(row: Instructor, detail: str, due_on: date | None = None) -> AlertItem:
    return AlertItem(
        organization_id=row.organization_id,
        label=row.name,
        url=row.get_absolute_url(),
        due_on=due_on,
        detail=detail,
    )


def _loaded_item(row: Any, today: date) -> AlertItem:
    return _item(row, f"联系 {row.units} 家单位，一般不超过 {parameters.get(LOAD)} 家")


def _unregistered_item(row: Any, today: date) -> AlertItem:
    return AlertItem(
        organization_id=row.place,
        label=row.unit.name,
        url=reverse("members:coverage-unit", args=[row.unit_id]),
        due_on=row.starts_on,
        detail=f"核定由指导员{row.instructor_name}覆盖，名单里没有在任的指导员联系",
    )


def _register(key: str, name: str, level: str, **more: Any) -> None:
    register_alert(
        Alert(
            key=f"members.instructor_{key}",
            name=name,
            level=level,
            right=Right.KEEP_COVERAGE,
            **more,
        )
    )


_register(
    "unvisited",
    "指导员久未走访",
    "warning",
    definition="在任指导员联系的两新单位，上次走访（没有走访过的从联系起）已过规定天数；"
    "撤回的不计。",
    source=_CONTACT,
    queryset=_unvisited,
    item=lambda row, today: _posting_item(row, VISIT_DAYS, "走访"),
    parameters=(VISIT_DAYS,),
)
_register(
    "uncalled",
    "指导员久未联系",
    "info",
    definition="在任指导员联系的两新单位，上次走访或电话联系已过规定天数；撤回的不计。",
    source=_CONTACT,
    queryset=_uncalled,
    item=lambda row, today: _posting_item(row, CALL_DAYS, "联系"),
    parameters=(CALL_DAYS,),
)
_register(
    "loaded",
    "指导员联系单位过多",
    "warning",
    definition="在任指导员现在联系的两新单位多于规定家数；已移出名册的单位不计。",
    source=_LOAD,
    queryset=_loaded,
    item=_loaded_item,
    parameters=(LOAD,),
)
_register(
    "expired",
    "指导员任期已满",
    "warning",
    definition="任期截止日期已过，没有办理离任，也没有连任的指导员。",
    source=_TERM,
    queryset=_expired,
    item=lambda row, today: _item(
        row, f"任期到{row.ends_on}，请办理离任或者连任", row.ends_on
    ),
)
_register(
    "unfit",
    "指导员已不是正式党员",
    "warning",
    definition="在任指导员选自党员库，现在已不是党籍正常的正式党员"
    "（去世、停止党籍、除名等）；请办理离任，另派指导员。",
    source="沁县党建工作指导员办法：选派正式党员",
    queryset=_unfit,
    item=lambda row, today: _item(row, "已不是党籍正常的正式党员，请办理离任"),
)
_register(
    "unregistered",
    "选派的指导员没有登记",
    "info",
    definition="核定的覆盖形式是选派党建工作指导员，名单里没有在任的指导员联系这家单位。",
    source=_SEED,
    queryset=_unregistered,
    item=_unregistered_item,
)
