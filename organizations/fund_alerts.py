"""Warnings of funds: late, not published, not spent, waiting for a second person."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from config.lib.money import yuan
from config.lib.registry import Alert, AlertItem, register_alert
from organizations import parameters
from organizations.access import Right
from organizations.fund_parameters import (
    PUBLISH_DAYS,
    UNSPENT_PERCENT,
    YEAR_END_DAYS,
)
from organizations.fund_querysets import (
    FundLineQuerySet,
    FundProjectQuerySet,
    PaymentQuerySet,
)
from organizations.models import FundLine, FundPayment, FundProject

_STEPS = "宝应《为民服务经费办法》：议、备、拨、做、付、验、公示"
_YEARLY = "昆山、徐州《社区为民服务专项经费管理办法》：按年度安排使用"
_TWO_PEOPLE = "《会计法》第二十五条：经办、审批相互分离"


def _late(user: Any, today: date) -> FundProjectQuerySet:
    rows = FundProject.objects.visible_to(user).late(today)
    return rows.order_by("planned_end", "pk")


def _unpublished(user: Any, today: date) -> FundProjectQuerySet:
    before = today - timedelta(days=parameters.get(PUBLISH_DAYS))
    rows = FundProject.objects.visible_to(user).unpublished(before)
    return rows.order_by("accepted_on", "pk")


def _project_item(row: FundProject, due_on: date | None, detail: str) -> AlertItem:
    return AlertItem(
        organization_id=row.organization_id,
        label=row.title,
        url=row.get_absolute_url(),
        due_on=due_on,
        detail=detail,
    )


def _unpublished_item(row: FundProject, today: date) -> AlertItem:
    assert row.accepted_on is not None
    due_on = row.accepted_on + timedelta(days=parameters.get(PUBLISH_DAYS))
    return _project_item(row, due_on, f"{row.accepted_on}验收，还没有公示")


def _unspent(user: Any, today: date) -> FundLineQuerySet:
    rows = FundLine.objects.visible_to(user)
    last_day = date(today.year, 12, 31)
    if (last_day - today).days >= parameters.get(YEAR_END_DAYS):
        return rows.none()
    found = rows.unspent(today.year, parameters.get(UNSPENT_PERCENT))
    return found.select_related("fund_year").order_by("pk")


def _unspent_item(row: FundLine, today: date) -> AlertItem:
    money = row.money
    return AlertItem(
        organization_id=row.fund_year.organization_id,
        label=str(row),
        url=row.get_absolute_url(),
        due_on=date(today.year, 12, 31),
        detail=f"已拨付 {yuan(money.allotted)} 元，"
        f"还有 {yuan(money.allotted - money.paid)} 元没有付出",
    )


def _waiting(user: Any, today: date) -> PaymentQuerySet:
    """Those that somebody else entered: one's own one may not confirm."""
    rows = FundPayment.objects.with_right(user, Right.CONFIRM_FUNDS).waiting()
    rows = rows.exclude(entered_by=user).select_related("line__fund_year")
    return rows.order_by("paid_on", "pk")


def _waiting_item(row: FundPayment, today: date) -> AlertItem:
    return AlertItem(
        organization_id=row.line.fund_year.organization_id,
        label=f"凭证 {row.voucher}",
        url=row.get_absolute_url(),
        due_on=row.paid_on,
        detail=f"{yuan(row.amount)} 元，{row.line}",
    )


register_alert(
    Alert(
        key="organizations.fund_project_late",
        name="经费项目逾期未验收",
        level="warning",
        definition="没有终止的项目，计划完成日期已过，还没有验收。",
        source=_STEPS,
        right=Right.KEEP_FUNDS,
        queryset=_late,
        item=lambda row, today: _project_item(
            row, row.planned_end, f"{row.get_stage_display()}，还没有验收"
        ),
    )
)
register_alert(
    Alert(
        key="organizations.fund_project_unpublished",
        name="经费项目验收未公示",
        level="warning",
        definition="已经验收的项目，过了规定天数还没有公示。",
        source=_STEPS,
        right=Right.KEEP_FUNDS,
        queryset=_unpublished,
        item=_unpublished_item,
        parameters=(PUBLISH_DAYS,),
    )
)
register_alert(
    Alert(
        key="organizations.fund_unspent",
        name="年底经费未用",
        level="warning",
        definition=(
            "当年没有年结的预算，年底前规定天数以内，"
            "已拨付（含上年结转）而没有付出的达到规定比例。"
        ),
        source=_YEARLY,
        right=Right.KEEP_FUNDS,
        queryset=_unspent,
        item=_unspent_item,
        parameters=(YEAR_END_DAYS, UNSPENT_PERCENT),
    )
)
register_alert(
    Alert(
        key="organizations.fund_payment_waiting",
        name="付款等待确认",
        level="info",
        definition="别人登记、等待确认的付款；自己登记的不列。",
        source=_TWO_PEOPLE,
        right=Right.CONFIRM_FUNDS,
        queryset=_waiting,
        item=_waiting_item,
    )
)
