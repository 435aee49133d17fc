"""Warnings of two-way contact: an answer overdue, an exchange due."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from config.lib.registry import Alert, AlertItem, register_alert
from liaison.choices.authorities import Direction
from liaison.models import Authority, Exchange
from liaison.parameters.authorities import EXCHANGE_MONTHS, EXCHANGE_SOON_DAYS
from organizations import parameters
from organizations.access import Right

_SEED = "街道经验材料《街道党建创新》：双向联系制度"


def _overdue(user: Any, today: date) -> QuerySet[Exchange]:
    rows = Exchange.objects.visible_to(user).overdue(today)
    return rows.select_related("authority").order_by("due_on", "pk")


def _overdue_item(row: Exchange, today: date) -> AlertItem:
    whose = "等对方答复" if row.direction == Direction.SENT else "等街道答复"
    return AlertItem(
        organization_id=row.authority.organization_id,
        label=row.matter,
        url=row.get_absolute_url(),
        due_on=row.due_on,
        detail=f"{row.authority}，{whose}",
    )


def _due(user: Any, today: date) -> QuerySet[Authority]:
    rows = Authority.objects.visible_to(user).due(
        today, parameters.get(EXCHANGE_MONTHS), parameters.get(EXCHANGE_SOON_DAYS)
    )
    return rows.order_by("moved_on", "pk")


def _due_item(row: Authority, today: date) -> AlertItem:
    last = f"上次往来在{row.last_on}" if row.last_on else "还没有往来过"
    return AlertItem(
        organization_id=row.organization_id,
        label=row.name,
        url=row.get_absolute_url(),
        due_on=row.due_on(parameters.get(EXCHANGE_MONTHS)),
        detail=last,
    )


register_alert(
    Alert(
        key="liaison.answer_overdue",
        name="双向联系逾期未答复",
        level="danger",
        definition="要答复的往来，期限已过还没有登记答复的；收到的由街道答复，也算。",
        source=_SEED,
        right=Right.KEEP_AUTHORITIES,
        queryset=_overdue,
        item=_overdue_item,
    )
)
register_alert(
    Alert(
        key="liaison.exchange_due",
        name="该与部门往来",
        level="warning",
        definition=(
            "在联系的部门，从上次往来（没有往来过的，建立联系）起满规定月数，"
            "提前规定天数提醒；部门另定了频次的，按部门的。"
        ),
        source=_SEED,
        right=Right.KEEP_AUTHORITIES,
        queryset=_due,
        item=_due_item,
        parameters=(EXCHANGE_MONTHS, EXCHANGE_SOON_DAYS),
    )
)
