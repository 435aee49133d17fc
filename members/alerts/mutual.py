"""Warnings of mutual aid: a payment waits, a drive is over and not published."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from config.lib.money import yuan
from config.lib.registry import Alert, AlertItem, register_alert
from members.models import AidDrive, AidPayment
from members.parameters.mutual import PUBLISH_DAYS, WAIT_DAYS
from members.querysets.mutual import AidDriveQuerySet, AidPaymentQuerySet
from organizations import parameters
from organizations.access import Right


def _waiting(user: Any, today: date) -> AidPaymentQuerySet:
    """Those that somebody else entered: one's own one may not confirm."""
    first = today - timedelta(days=parameters.get(WAIT_DAYS))
    begin = timezone.make_aware(datetime.combine(first, time.min))
    rows = AidPayment.objects.with_right(user, Right.CONFIRM_AID).waiting()
    rows = rows.exclude(entered_by=user).filter(entered_at__lt=begin)
    return rows.select_related("fund").order_by("entered_at", "pk")


def _waiting_item(row: AidPayment, today: date) -> AlertItem:
    entered_on = timezone.localdate(row.entered_at)
    return AlertItem(
        organization_id=row.fund.organization_id,
        label=f"凭证 {row.voucher}",
        url=row.get_absolute_url(),
        due_on=entered_on + timedelta(days=parameters.get(WAIT_DAYS)),
        detail=f"{yuan(row.amount)} 元，{row.fund}，{entered_on}登记",
    )


def _unpublished(user: Any, today: date) -> AidDriveQuerySet:
    before = today - timedelta(days=parameters.get(PUBLISH_DAYS))
    rows = AidDrive.objects.visible_to(user).unpublished(before).received()
    rows = rows.filter(fund__closed_on__isnull=True)
    return rows.select_related("fund").order_by("ends_on", "pk")


def _unpublished_item(row: AidDrive, today: date) -> AlertItem:
    return AlertItem(
        organization_id=row.fund.organization_id,
        label=row.name,
        url=row.get_absolute_url(),
        due_on=row.ends_on + timedelta(days=parameters.get(PUBLISH_DAYS)),
        detail=f"{row.ends_on}结束，还没有公示",
    )


register_alert(
    Alert(
        key="members.mutual_payment_waiting",
        name="互助金支出等待确认",
        level="warning",
        definition="别人登记、过了规定天数还没有确认的互助金支出；自己登记的不列。",
        source="《会计法》第二十五条：经办、审批相互分离",
        right=Right.CONFIRM_AID,
        queryset=_waiting,
        item=_waiting_item,
        parameters=(WAIT_DAYS,),
    )
)
register_alert(
    Alert(
        key="members.mutual_drive_unpublished",
        name="捐助活动结束未公示",
        level="warning",
        definition="已经结束、收到过捐赠的捐助活动，过了规定天数还没有公示。",
        source="《慈善法》：募捐情况应当公开；“共产党员献爱心”捐献的收支向党员、群众公布",
        right=Right.KEEP_AID,
        queryset=_unpublished,
        item=_unpublished_item,
        parameters=(PUBLISH_DAYS,),
    )
)
