"""Warnings of what home units told and nobody has settled."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from config.lib.registry import Alert, AlertItem, register_alert
from liaison.models import UnitReport
from organizations.access import Right


def _open(user: Any, today: date) -> QuerySet[UnitReport]:
    reports = UnitReport.objects.visible_to(user).open()
    return reports.select_related("work_unit").order_by("told_at", "pk")


def _open_item(report: UnitReport, today: date) -> AlertItem:
    return AlertItem(
        report.organization_id,
        report.work_unit.name,
        report.get_absolute_url(),
        timezone.localdate(report.told_at),
        f"单位反映{report.person_name}：{report.get_kind_display()}，请核实办理",
    )


register_alert(
    Alert(
        "liaison.unit_reports",
        "单位反映待办",
        "warning",
        "工作单位对党员的情况有出入、离开单位、表彰、变动等反映，还没有办结。",
        "街道经验材料《街道党建创新》：情况的反馈机制（双向反馈）",
        Right.KEEP_CARDS,
        _open,
        _open_item,
    )
)
