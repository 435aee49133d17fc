"""Warnings of pair building: no plan, no activity, an item of the plan overdue."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from config.lib.registry import Alert, AlertItem, register_alert
from liaison.models import Pair, PairTask
from liaison.parameters.pairs import IDLE_DAYS, PLAN_DAYS
from liaison.rules.pairs import plan_due
from organizations import parameters
from organizations.access import Right

_SEED = "街道经验材料《街道党建创新》：结对共建"
_YEARLY = "结对共建协议通行约定：双方每年定计划、每次共建活动登记在案"


def _unplanned(user: Any, today: date) -> QuerySet[Pair]:
    rows = Pair.objects.visible_to(user).unplanned(today)
    return rows.order_by("starts_on", "pk")


def _unplanned_item(row: Pair, today: date) -> AlertItem:
    return AlertItem(
        organization_id=row.organization_id,
        label=row.title,
        url=row.get_absolute_url(),
        due_on=plan_due(row.starts_on, today, parameters.get(PLAN_DAYS)),
        detail=f"{today.year}年的共建计划还没有写",
    )


def _idle(user: Any, today: date) -> QuerySet[Pair]:
    rows = Pair.objects.visible_to(user).idle(today, parameters.get(IDLE_DAYS))
    return rows.order_by("moved_on", "pk")


def _idle_item(row: Pair, today: date) -> AlertItem:
    last = (
        f"上次活动在{row.last_on}"
        if row.last_on is not None
        else "结对以来还没有一次活动"
    )
    return AlertItem(
        organization_id=row.organization_id,
        label=row.title,
        url=row.get_absolute_url(),
        due_on=row.moved_on + timedelta(days=parameters.get(IDLE_DAYS)),
        detail=last,
    )


def _overdue(user: Any, today: date) -> QuerySet[PairTask]:
    rows = PairTask.objects.visible_to(user).owed().overdue(today)
    rows = rows.select_related("pair", "partner__unit", "partner__organization")
    return rows.order_by("due_on", "pk")


def _overdue_item(row: PairTask, today: date) -> AlertItem:
    return AlertItem(
        organization_id=row.pair.organization_id,
        label=row.words,
        url=row.pair.get_absolute_url(),
        due_on=row.due_on,
        detail=f"{row.pair}，{row.partner or '社区'}牵头",
    )


register_alert(
    Alert(
        key="liaison.pair_unplanned",
        name="结对共建今年没有计划",
        level="warning",
        definition=(
            "没有结束的对子，今年还没有一项计划（取消的不计）；"
            "期限为年初或结对后规定天数。"
        ),
        source=_YEARLY,
        right=Right.KEEP_AGREEMENTS,
        queryset=_unplanned,
        item=_unplanned_item,
        parameters=(PLAN_DAYS,),
    )
)
register_alert(
    Alert(
        key="liaison.pair_idle",
        name="结对共建久无活动",
        level="warning",
        definition="没有结束的对子，上次活动（没有活动的，结对日期）已过规定天数。",
        source=_YEARLY,
        right=Right.KEEP_AGREEMENTS,
        queryset=_idle,
        item=_idle_item,
        parameters=(IDLE_DAYS,),
    )
)
register_alert(
    Alert(
        key="liaison.pair_task_overdue",
        name="结对计划逾期未办",
        level="danger",
        definition="对子的计划事项，期限已过，没有一次活动完成它，也没有取消的。",
        source=_SEED,
        right=Right.KEEP_AGREEMENTS,
        queryset=_overdue,
        item=_overdue_item,
    )
)
